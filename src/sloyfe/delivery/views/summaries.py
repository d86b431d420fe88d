"""Pages of the summaries: the year's overview, one summary, writing, sending, reading and answering it."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sloyfe.accounts.models import Person
from sloyfe.delivery.actions import matters as matter_actions
from sloyfe.delivery.actions import summaries as actions
from sloyfe.delivery.forms.matters import MatterForm
from sloyfe.delivery.forms.summaries import AnswerForm, SendForm, SummaryForm, summary_labels
from sloyfe.delivery.models import ReportingYear, Summary
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.permissions import summaries as permissions
from sloyfe.delivery.queries import summaries as queries
from sloyfe.delivery.queries.matters import needs_to_rest_on, reports_to_rest_on
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.results import Aggregation
from sloyfe.delivery.rules.steering import MatterKind, MatterState
from sloyfe.delivery.rules.summaries import NATIONAL, SummaryState
from sloyfe.delivery.texts.matters import MATTER_STATE_TEXT
from sloyfe.delivery.texts.results import withheld
from sloyfe.delivery.texts.summaries import SUMMARY_STATE_TEXT
from sloyfe.delivery.views.pages import check_first, check_takes_part, form_page
from sloyfe.ui.components import Button, Crumb, Step
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text


def _year(request: HttpRequest, programme: str, year: int, today: dt.date) -> ReportingYear:
    check_takes_part(request, programme, today)
    return get_object_or_404(
        ReportingYear.objects.select_related("programme"), programme__slug=programme, year=year
    )


def _fetch(request: HttpRequest, programme: str, year: int, region: str) -> Summary:
    """Give the summary, stored or not yet; 404 to those who may not know how far it has come."""
    today = timezone.localdate()
    row = _year(request, programme, year, today)
    summary = queries.summary_of(row, region, today)
    if summary is None:
        raise Http404
    inside = row.programme_id in reach_of(request.user, today).inside
    if not inside and not (
        summary.pk
        and Summary.objects.visible_to(request.user, today).filter(pk=summary.pk).exists()
    ):
        raise Http404
    return summary


def key_of(summary: Summary) -> str:
    """Give the word that names a summary in its address."""
    return summary.region.code if summary.region else NATIONAL


def address(summary: Summary, name: str = "summary") -> str:
    """Give the address of one of a summary's pages."""
    return reverse(
        f"delivery:{name}",
        args=[summary.programme.slug, summary.reporting_year.year, key_of(summary)],
    )


def title_of(summary: Summary) -> str:
    """Name a summary as its page's title does."""
    year = summary.reporting_year.year
    if summary.region is None:
        return _("The national summary of %(year)s") % {"year": year}
    return _("The summary of %(region)s for %(year)s") % {"region": summary.region, "year": year}


def crumbs(summary: Summary, last: str = "") -> list[Crumb]:
    """Give the way back from a page of a summary."""
    year = summary.reporting_year
    way = [
        Crumb(
            _("Summaries of %(year)s") % {"year": year.year},
            reverse("delivery:summaries", args=[summary.programme.slug, year.year]),
        )
    ]
    name = str(summary.region) if summary.region else _("The nation")
    if last:
        return [*way, Crumb(name, address(summary)), Crumb(last)]
    return [*way, Crumb(name)]


def _on(moment: dt.datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else ""


def steps(summary: Summary) -> list[Step]:
    """Draw where a summary stands: who has it and since when, from the same states as the rules."""
    order = list(SummaryState)
    at = order.index(summary.stands)
    whose = {
        SummaryState.DRAFT: summary.office.name,
        SummaryState.SENT: _on(summary.sent_at),
        SummaryState.READ: _on(summary.read_at),
        SummaryState.ANSWERED: _on(summary.answered_at),
    }
    titles = {
        SummaryState.DRAFT: _("Written"),
        SummaryState.SENT: _("Sent to %(office)s") % {"office": summary.to_office.name},
        SummaryState.READ: _("Has been read"),
        SummaryState.ANSWERED: _("Answered"),
    }
    return [
        Step(
            titles[state],
            "done" if place < at or at == len(order) - 1 else "now" if place == at else "next",
            whose[state],
        )
        for place, state in enumerate(order)
    ]


def _sentence(summary: Summary) -> str:
    """Say in a sentence who has the summary, since when, and what comes next."""
    names = {"office": summary.office.name, "above": summary.to_office.name}
    year = summary.reporting_year
    if summary.state == SummaryState.DRAFT:
        day = year.national_by if summary.is_national else year.summary_by
        return _("%(office)s writes the summary and sends it to %(above)s by %(day)s.") % {
            **names,
            "day": date_format(day, "DATE_FORMAT"),
        }
    if summary.state == SummaryState.SENT:
        return _("%(above)s has had the summary since %(day)s, and reads it next.") % {
            **names,
            "day": _on(summary.sent_at),
        }
    if summary.state == SummaryState.READ:
        return _("%(above)s read the summary on %(day)s, and answers next.") % {
            **names,
            "day": _on(summary.read_at),
        }
    return _("%(above)s answered on %(day)s.") % {**names, "day": _on(summary.answered_at)}


@require_safe
def summary_list(request: HttpRequest, programme: str, year: int) -> HttpResponse:
    """How far has the year come on its way up?"""
    today = timezone.localdate()
    row = _year(request, programme, year, today)
    inside = row.programme_id in reach_of(request.user, today).inside
    seen = set(
        Summary.objects.visible_to(request.user, today)
        .filter(reporting_year=row)
        .values_list("pk", flat=True)
    )
    if not inside and not seen:
        raise Http404
    lines = [
        line
        for line in queries.regional_lines(row)
        if inside or (line.summary and line.summary.pk in seen)
    ]
    national = queries.summary_of(row, NATIONAL, today)
    if national is not None and not inside and national.pk not in seen:
        national = None
    answered = sum(line.state == SummaryState.ANSWERED for line in lines)
    context = {
        "programme": row.programme,
        "year": row,
        "lines": [
            {
                "line": line,
                "state": SUMMARY_STATE_TEXT[line.state] if line.state else _("not begun"),
            }
            for line in lines
        ],
        "answered": answered,
        "national": national,
        "national_state": SUMMARY_STATE_TEXT[national.stands] if national and national.pk else "",
        "crumbs": [
            Crumb(_("Reporting"), reverse("delivery:reporting")),
            Crumb(_("Summaries of %(year)s") % {"year": year}),
        ],
    }
    return render(request, "delivery/summaries/list.html", context)


@require_safe
def summary_page(request: HttpRequest, programme: str, year: int, region: str) -> HttpResponse:
    """What does this region, or the nation, say of the year, and what was it answered?"""
    summary = _fetch(request, programme, year, region)
    today = timezone.localdate()
    writes = permissions.writes(request.user, summary, today)
    is_sent = summary.state != SummaryState.DRAFT
    shows_text = is_sent or writes
    matters = queries.matters_of_summary(summary, request.user, today) if shows_text else []
    inside = summary.programme_id in reach_of(request.user, today).inside
    now = queries.completeness_below(summary)
    context = {
        "programme": summary.programme,
        "summary": summary,
        "title": title_of(summary),
        "crumbs": crumbs(summary),
        "steps": steps(summary),
        "where": _sentence(summary),
        "shows_text": shows_text,
        "is_sent": is_sent,
        "inside": inside,
        "completeness": now,
        "figures": summary.figures if is_sent else {},
        "results": _results(summary) if is_sent else [],
        "withheld": withheld(queries.not_public_below(summary)) if is_sent or inside else "",
        "lines": queries.regional_lines(summary.reporting_year) if summary.is_national else [],
        "state_text": SUMMARY_STATE_TEXT,
        "words": queries.words_below(summary, request.user, today)
        if inside and not summary.is_national
        else [],
        "needs": queries.unanswered_needs(summary, request.user, today) if inside else [],
        "matters": [
            {"matter": matter, "state": MATTER_STATE_TEXT[MatterState(matter.state)]}
            for matter in matters
        ],
        "buttons": _buttons(request, summary, today),
    }
    return render(request, "delivery/summaries/page.html", context)


def _results(summary: Summary) -> list[dict[str, object]]:
    """Give the counts that were kept with a summary; ratios are read where they can be opened."""
    added = {Aggregation.SUM.value, Aggregation.LATEST.value}
    return [
        {**row, "number": row["value"][0] / row["value"][1]}
        for row in summary.figures.get("results", ())
        if row["aggregation"] in added
    ]


def _buttons(request: HttpRequest, summary: Summary, today: dt.date) -> list[Button]:
    person = request.user
    if summary.state == SummaryState.DRAFT and permissions.writes(person, summary, today):
        begun = summary.is_stored
        found = [
            Button(
                _("Continue writing") if begun else _("Begin to write"),
                address(summary, "write_summary"),
                method="get",
                variant="secondary" if begun else "primary",
            )
        ]
        if begun:
            found.append(
                Button(
                    _("Add a matter that somebody must decide"),
                    address(summary, "summary_matter"),
                    method="get",
                    variant="secondary",
                )
            )
            found.append(
                Button(
                    _("Send to %(office)s") % {"office": summary.to_office.name},
                    address(summary, "send_summary"),
                    refusal_text(permissions.check_may_send_summary, person, summary, today),
                    method="get",
                )
            )
        return found
    if not permissions.receives(person, summary, today):
        return []
    if summary.state == SummaryState.SENT:
        why = refusal_text(permissions.check_may_read_summary, person, summary, today)
        return [Button(_("Tell them that we have read it"), address(summary, "read_summary"), why)]
    if summary.state == SummaryState.READ:
        why = refusal_text(permissions.check_may_answer_summary, person, summary, today)
        return [Button(_("Answer"), address(summary, "answer_summary"), why, method="get")]
    return []


def _actor(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


@require_http_methods(["GET", "POST"])
def write_summary(request: HttpRequest, programme: str, year: int, region: str) -> HttpResponse:
    """Write the summary, with what it stands on beside it."""
    summary = _fetch(request, programme, year, region)
    actor, today = _actor(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_write_summary(actor, summary, today))
    first = {
        "revision": summary.revision,
        "overview": summary.overview,
        "worked": summary.worked,
        "was_hard": summary.was_hard,
        "asked_for": summary.asked_for,
        "incomplete_why": summary.incomplete_why,
    }
    form = SummaryForm(request.POST or None, initial=first)
    lines = queries.regional_lines(summary.reporting_year) if summary.is_national else []

    def save() -> str:
        data = dict(form.cleaned_data)
        revision = data.pop("revision")
        stored = actions.write_summary(
            reporting_year=summary.reporting_year,
            region=summary.region,
            text=actions.SummaryText(**data),
            revision=revision,
            actor=actor,
            now=timezone.now(),
        )
        return address(stored)

    def stands() -> tuple[int, list[tuple[str | Promise, str]]]:
        now = _fetch(request, programme, year, region)
        return now.revision, [
            (label, getattr(now, name)) for name, label in summary_labels().items()
        ]

    return form_page(
        request,
        form,
        programme=summary.programme,
        stands=stands,
        title=title_of(summary),
        submit=_("Save"),
        crumbs=crumbs(summary, _("Write")),
        do=save,
        said=_("The summary is saved. Nobody else reads it before you send it."),
        template="delivery/summaries/write.html",
        summary=summary,
        completeness=queries.completeness_below(summary),
        lines=lines,
        words=[] if summary.is_national else queries.words_below(summary, actor, today),
        regional=[
            line.summary
            for line in lines
            if line.summary is not None and line.state != SummaryState.DRAFT
        ],
        needs=queries.unanswered_needs(summary, actor, today),
        withheld=withheld(queries.not_public_below(summary)),
    )


@require_http_methods(["GET", "POST"])
def send_summary(request: HttpRequest, programme: str, year: int, region: str) -> HttpResponse:
    """Look once more, and send."""
    summary = _fetch(request, programme, year, region)
    actor, today = _actor(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_send_summary(actor, summary, today))
    form = SendForm(request.POST or None, initial={"revision": summary.revision})

    def send() -> str:
        sent = actions.send_summary(
            summary=summary,
            revision=form.cleaned_data["revision"],
            actor=actor,
            now=timezone.now(),
        )
        return address(sent)

    matters = queries.matters_of_summary(summary, actor, today)
    return form_page(
        request,
        form,
        programme=summary.programme,
        title=_("Send the summary to %(office)s") % {"office": summary.to_office.name},
        submit=_("Send"),
        crumbs=crumbs(summary, _("Send")),
        do=send,
        said=_("The summary has been sent to %(office)s.") % {"office": summary.to_office.name},
        template="delivery/summaries/send.html",
        summary=summary,
        matters=matters,
        completeness=queries.completeness_below(summary),
    )


@require_POST
def read_summary(request: HttpRequest, programme: str, year: int, region: str) -> HttpResponse:
    """Say that the summary has been read."""
    summary = _fetch(request, programme, year, region)
    actions.read_summary(summary=summary, actor=_actor(request), now=timezone.now())
    say(
        request,
        _("%(office)s now sees that the summary has been read.") % {"office": summary.office.name},
    )
    return redirect(address(summary))


@require_http_methods(["GET", "POST"])
def answer_summary(request: HttpRequest, programme: str, year: int, region: str) -> HttpResponse:
    """Answer the summary in writing."""
    summary = _fetch(request, programme, year, region)
    actor, today = _actor(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_answer_summary(actor, summary, today))
    form = AnswerForm(request.POST or None)

    def answer() -> str:
        done = actions.answer_summary(
            summary=summary,
            answer=form.cleaned_data["answer"],
            actor=actor,
            now=timezone.now(),
        )
        return address(done)

    return form_page(
        request,
        form,
        programme=summary.programme,
        title=_("Answer to %(office)s") % {"office": summary.office.name},
        submit=_("Send the answer"),
        crumbs=crumbs(summary, _("Answer")),
        do=answer,
        said=_("The answer has been sent to %(office)s.") % {"office": summary.office.name},
        template="delivery/summaries/answer.html",
        summary=summary,
    )


@require_http_methods(["GET", "POST"])
def summary_matter(request: HttpRequest, programme: str, year: int, region: str) -> HttpResponse:
    """Write a matter that goes up together with the summary."""
    summary = _fetch(request, programme, year, region)
    actor, today = _actor(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_write_summary(actor, summary, today))
    if not summary.is_stored:
        return redirect(address(summary, "write_summary"))
    needs = needs_to_rest_on(summary.programme, actor, today)
    form = MatterForm(
        request.POST or None,
        asking=[summary.office],
        reports=reports_to_rest_on(summary.programme, actor, today, summary),
        needs=needs if summary.is_national else needs.filter(office=summary.office),
        with_kind=False,
    )

    def ask() -> str:
        data = form.cleaned_data
        matter_actions.ask_matter(
            programme=summary.programme,
            kind=MatterKind.SUMMARY,
            title=data["title"],
            text=data["text"],
            proposal=data["proposal"],
            asked_by=summary.office,
            addressed_to=summary.to_office,
            summary=summary,
            need=data.get("need"),
            reports=data.get("reports") or (),
            access=Access(data["access"]),
            legal_ground=data["legal_ground"],
            actor=actor,
            now=timezone.now(),
        )
        return address(summary)

    return form_page(
        request,
        form,
        programme=summary.programme,
        title=_("A matter that %(office)s must decide") % {"office": summary.to_office.name},
        submit=_("Add to the summary"),
        crumbs=crumbs(summary, _("Matter")),
        do=ask,
        said=_("The matter goes up together with the summary when you send it."),
    )
