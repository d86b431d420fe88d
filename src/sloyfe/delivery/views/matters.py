"""Pages of matters and decisions, and what was sent and answered."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from sloyfe.accounts.models import Person
from sloyfe.delivery.actions import matters as actions
from sloyfe.delivery.forms.matters import DecisionForm, MatterForm, NoteForm, WhyForm
from sloyfe.delivery.forms.summaries import AnswerForm
from sloyfe.delivery.models import Decision, Matter
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.permissions import matters as permissions
from sloyfe.delivery.queries import matters as queries
from sloyfe.delivery.queries import passage
from sloyfe.delivery.queries.steering import carriers, decision_list
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.steering import DecisionState, MatterKind, MatterState
from sloyfe.delivery.texts.matters import (
    DECISION_STATE_TEXT,
    MATTER_KIND_TEXT,
    MATTER_STATE_TEXT,
)
from sloyfe.delivery.texts.passage import SENT_TEXT, SETTLED_TEXT
from sloyfe.delivery.views.pages import check_first, fetch_programme, form_page, home_of
from sloyfe.programme.models import Programme
from sloyfe.ui.components import Button, Crumb, Step
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.visibility import get_visible_or_404

PER_PAGE = 30
# So much of what an office has settled stands on one page, the latest.
MOST_SETTLED = 50


def fetch_matter(request: HttpRequest, programme: str, matter: int) -> Matter:
    """Give the matter, or answer 404 to somebody who may not read it."""
    return get_visible_or_404(
        Matter.objects.select_related("programme", "asked_by", "addressed_to"),
        request.user,
        programme__slug=programme,
        pk=matter,
    )


def person_of(request: HttpRequest) -> Person:
    """Give the person who has signed in; visitors never come so far."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def address(matter: Matter, name: str = "matter") -> str:
    """Give the address of one of a matter's pages."""
    return reverse(f"delivery:{name}", args=[matter.programme.slug, matter.pk])


def crumbs(programme: Programme, *last: Crumb) -> list[Crumb]:
    """Give the way back to the list of matters."""
    return [Crumb(_("Matters"), reverse("delivery:matters", args=[programme.slug])), *last]


def days_waited(matter: Matter) -> int:
    """Give for how many days a matter has waited."""
    return (timezone.localdate() - matter.asked_on).days


def waited(matter: Matter) -> str:
    """Say for how long a matter has waited."""
    days = days_waited(matter)
    if days < 1:
        return _("for less than a day")
    return ngettext("for %(days)s day", "for %(days)s days", days) % {"days": days}


@require_safe
def matter_list(request: HttpRequest, programme: str) -> HttpResponse:
    """What waits for an answer, and what was answered?"""
    today = timezone.localdate()
    row = fetch_programme(request, programme, today)
    shown = queries.matters_to_show(row, request.user, today)
    inside = row.pk in reach_of(request.user, today).inside
    if not inside and not shown.exists() and not passage.has_passage(request.user, row, today):
        raise Http404
    waiting = list(shown.filter(state=MatterState.ASKED.value).order_by("asked_on", "pk"))
    ended = shown.filter(
        state__in=[MatterState.ANSWERED.value, MatterState.WITHDRAWN.value]
    ).order_by("-answered_at", "-withdrawn_at", "-pk")
    page = Paginator(ended, PER_PAGE).get_page(request.GET.get("side"))
    why = refusal_text(permissions.check_may_ask, request.user, row, today)
    context = {
        "programme": row,
        "inside": inside,
        "waiting": [{"matter": matter, "waited": waited(matter)} for matter in waiting],
        "page": page,
        "ended": [
            {"matter": matter, "state": MATTER_STATE_TEXT[MatterState(matter.state)]}
            for matter in page
        ],
        "ask": Button(
            _("Ask for a decision"), reverse("delivery:ask_matter", args=[row.slug]), method="get"
        )
        if not why
        else None,
        "crumbs": [
            *(
                [Crumb(_("Steering"), reverse("delivery:steering", args=[row.slug]))]
                if inside
                else []
            ),
            Crumb(_("Matters")),
        ],
    }
    return render(request, "delivery/steering/matters.html", context)


def _steps(chain: queries.Chain) -> list[Step]:
    matter = chain.matter
    answered = matter.state == MatterState.ANSWERED
    if matter.state == MatterState.WITHDRAWN:
        return [Step(_("Asked"), "done"), Step(_("Withdrawn"), "now")]
    taken_up = bool(chain.agenda)
    open_ = [row for row in chain.decisions if row.state == DecisionState.OPEN]
    found = [
        Step(
            _("Asked by %(office)s") % {"office": matter.asked_by.name},
            "done" if answered or taken_up else "now",
        )
    ]
    if taken_up or not answered:
        found.append(
            Step(_("On the agenda"), "done" if answered else "now" if taken_up else "next")
        )
    found.append(
        Step(
            _("Decided") if chain.decisions or not answered else _("Answered"),
            "next" if not answered else "done" if chain.decisions and not open_ else "now",
        )
    )
    if chain.decisions or not answered:
        found.append(Step(_("Carried out"), "done" if answered and not open_ else "next"))
    return found


@require_safe
def matter_page(request: HttpRequest, programme: str, matter: int) -> HttpResponse:
    """What was asked, on what does it rest, and what came of it?"""
    row = fetch_matter(request, programme, matter)
    today = timezone.localdate()
    chain = queries.chain_of(row, request.user, today)
    buttons = []
    if row.state == MatterState.ASKED:
        if permissions.asked_it(request.user, row, today):
            buttons.append(
                Button(
                    _("Withdraw"),
                    address(row, "withdraw_matter"),
                    refusal_text(permissions.check_may_withdraw_matter, request.user, row, today),
                    method="get",
                    variant="tertiary",
                )
            )
        else:
            for label, name, check in (
                (_("Decide"), "decide_matter", _may_decide),
                (_("Answer in words"), "answer_matter", permissions.check_may_answer_matter),
            ):
                if not refusal_text(check, request.user, row, today):
                    variant = "secondary" if buttons else "primary"
                    buttons.append(Button(label, address(row, name), method="get", variant=variant))
    elif row.state == MatterState.PREPARED and permissions.asked_it(request.user, row, today):
        buttons.append(
            Button(_("Withdraw"), address(row, "withdraw_matter"), method="get", variant="tertiary")
        )
    context = {
        "programme": row.programme,
        "matter": row,
        "chain": chain,
        "kind": MATTER_KIND_TEXT[MatterKind(row.kind)],
        "state": MATTER_STATE_TEXT[MatterState(row.state)],
        "waited": waited(row),
        "steps": _steps(chain),
        "buttons": buttons,
        "decisions": [decision_line(decision) for decision in chain.decisions],
        "crumbs": crumbs(row.programme, Crumb(row.title)),
    }
    return render(request, "delivery/steering/matter.html", context)


def _may_decide(person: Any, matter: Matter, on: Any) -> None:
    permissions.check_may_decide(person, matter.programme, on, matter)


def decision_line(decision: Decision) -> dict[str, object]:
    """Give a decision with its state in words and whether it is late."""
    still = decision.state == DecisionState.OPEN
    return {
        "decision": decision,
        "state": DECISION_STATE_TEXT[DecisionState(decision.state)],
        "is_open": still,
        "is_late": still and decision.due_on < timezone.localdate(),
    }


@require_http_methods(["GET", "POST"])
def ask_matter(request: HttpRequest, programme: str) -> HttpResponse:
    """Ask the office that decides."""
    today = timezone.localdate()
    row = fetch_programme(request, programme, today)
    actor = person_of(request)
    permissions.check_may_ask(actor, row, today)
    asking = queries.asking_offices(row, actor, today)
    form = MatterForm(
        request.POST or None,
        asking=asking,
        asked=queries.answering_offices(row, [asking[0].pk] if len(asking) == 1 else [], today),
        reports=queries.reports_to_rest_on(row, actor, today),
        needs=queries.needs_to_rest_on(row, actor, today),
    )

    def ask() -> str:
        data = form.cleaned_data
        matter = actions.ask_matter(
            programme=row,
            kind=MatterKind(data["kind"]),
            title=data["title"],
            text=data["text"],
            proposal=data["proposal"],
            asked_by=data.get("asked_by") or asking[0],
            addressed_to=data["addressed_to"],
            need=data.get("need"),
            reports=data.get("reports") or (),
            access=Access(data["access"]),
            legal_ground=data["legal_ground"],
            actor=actor,
            now=timezone.now(),
        )
        return address(matter)

    return form_page(
        request,
        form,
        programme=row,
        title=_("Ask for a decision"),
        submit=_("Ask"),
        crumbs=crumbs(row, Crumb(_("Ask"))),
        do=ask,
        said=_("The matter has been asked. It stays at the top until it is answered."),
        lead=_(
            "The office that you ask sees the matter at once, and it stays at the top of its list until it is answered."
        ),
    )


@require_http_methods(["GET", "POST"])
def answer_matter(request: HttpRequest, programme: str, matter: int) -> HttpResponse:
    """Answer a matter in words."""
    row = fetch_matter(request, programme, matter)
    actor, today = person_of(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_answer_matter(actor, row, today))
    form = AnswerForm(request.POST or None)

    def answer() -> str:
        done = actions.answer_matter(
            matter=row, answer=form.cleaned_data["answer"][:4000], actor=actor, now=timezone.now()
        )
        return address(done)

    form.fields["answer"].max_length = 4000  # type: ignore[attr-defined]
    return form_page(
        request,
        form,
        programme=row.programme,
        title=_("Answer to %(office)s") % {"office": row.asked_by.name},
        submit=_("Send the answer"),
        crumbs=crumbs(row.programme, Crumb(row.title, address(row)), Crumb(_("Answer"))),
        do=answer,
        said=_("The answer has been sent to %(office)s.") % {"office": row.asked_by.name},
        quoted=row,
    )


@require_http_methods(["GET", "POST"])
def withdraw_matter(request: HttpRequest, programme: str, matter: int) -> HttpResponse:
    """Take the matter back, and say why."""
    row = fetch_matter(request, programme, matter)
    actor, today = person_of(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_withdraw_matter(actor, row, today))
    form = WhyForm(request.POST or None)

    def withdraw() -> str:
        done = actions.withdraw_matter(
            matter=row, why=form.cleaned_data["why"], actor=actor, now=timezone.now()
        )
        return address(done)

    return form_page(
        request,
        form,
        programme=row.programme,
        title=_("Withdraw “%(title)s”") % {"title": row.title},
        submit=_("Withdraw"),
        crumbs=crumbs(row.programme, Crumb(row.title, address(row)), Crumb(_("Withdraw"))),
        do=withdraw,
        said=_("The matter is withdrawn. It stays readable, with your reason."),
    )


@require_http_methods(["GET", "POST"])
def decide_matter(request: HttpRequest, programme: str, matter: int) -> HttpResponse:
    """Decide on a matter; it is answered with the decision."""
    row = fetch_matter(request, programme, matter)
    actor, today = person_of(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_decide(actor, row.programme, today, row))
    first = {"text": row.proposal} if row.proposal else {}
    form = DecisionForm(
        request.POST or None, initial=first, carriers=carriers(row.programme, today)
    )

    def decide() -> str:
        data = form.cleaned_data
        actions.decide(
            programme=row.programme,
            matter=row,
            text=data["text"],
            owner=data["owner"],
            due_on=data["due_on"],
            actor=actor,
            now=timezone.now(),
        )
        return address(row)

    return form_page(
        request,
        form,
        programme=row.programme,
        title=_("Decide on “%(title)s”") % {"title": row.title},
        submit=_("Decide"),
        crumbs=crumbs(row.programme, Crumb(row.title, address(row)), Crumb(_("Decide"))),
        do=decide,
        said=_("The decision stands, and %(office)s has its answer.")
        % {"office": row.asked_by.name},
        quoted=row,
    )


@require_safe
def decisions(request: HttpRequest, programme: str) -> HttpResponse:
    """What has been decided, what is late, and what is done?"""
    today = timezone.localdate()
    row = fetch_programme(request, programme, today)
    found = decision_list(row, request.user, today)
    inside = row.pk in reach_of(request.user, today).inside
    if not inside and not (found.late or found.open or found.ended):
        raise Http404

    def line(decision: Decision) -> dict[str, object]:
        return {
            **decision_line(decision),
            "may_finish": not refusal_text(
                permissions.check_may_finish_decision, request.user, decision, today
            ),
            "may_drop": not refusal_text(
                permissions.check_may_drop_decision, request.user, decision, today
            ),
        }

    page = Paginator(found.ended, PER_PAGE).get_page(request.GET.get("side"))
    context = {
        "programme": row,
        "late": [line(each) for each in found.late],
        "open": [line(each) for each in found.open],
        "ended": [line(each) for each in page],
        "page": page,
        "crumbs": [
            *(
                [Crumb(_("Steering"), reverse("delivery:steering", args=[row.slug]))]
                if inside
                else []
            ),
            Crumb(_("Decisions")),
        ],
    }
    return render(request, "delivery/steering/decisions.html", context)


def _decision(request: HttpRequest, programme: str, decision: int) -> Decision:
    return get_visible_or_404(
        Decision.objects.select_related("programme", "owner", "matter"),
        request.user,
        programme__slug=programme,
        pk=decision,
    )


@require_http_methods(["GET", "POST"])
def finish_decision(request: HttpRequest, programme: str, decision: int) -> HttpResponse:
    """Say that a decision has been carried out, and how."""
    row = _decision(request, programme, decision)
    actor, today = person_of(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_finish_decision(actor, row, today))
    form = NoteForm(request.POST or None)

    def finish() -> str:
        actions.finish_decision(
            decision=row, note=form.cleaned_data["note"], actor=actor, now=timezone.now()
        )
        return reverse("delivery:decisions", args=[row.programme.slug])

    return form_page(
        request,
        form,
        programme=row.programme,
        title=_("The decision has been carried out"),
        submit=_("Report as carried out"),
        crumbs=[
            Crumb(_("Decisions"), reverse("delivery:decisions", args=[row.programme.slug])),
            Crumb(_("Carried out")),
        ],
        do=finish,
        said=_("The decision is reported as carried out. Those who asked for it see how."),
        decided=row,
    )


@require_http_methods(["GET", "POST"])
def drop_decision(request: HttpRequest, programme: str, decision: int) -> HttpResponse:
    """Drop a decision, and say why."""
    row = _decision(request, programme, decision)
    actor, today = person_of(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_drop_decision(actor, row, today))
    form = WhyForm(request.POST or None)

    def drop() -> str:
        actions.drop_decision(
            decision=row, why=form.cleaned_data["why"], actor=actor, now=timezone.now()
        )
        return reverse("delivery:decisions", args=[row.programme.slug])

    return form_page(
        request,
        form,
        programme=row.programme,
        title=_("Drop the decision"),
        submit=_("Drop"),
        crumbs=[
            Crumb(_("Decisions"), reverse("delivery:decisions", args=[row.programme.slug])),
            Crumb(_("Drop")),
        ],
        do=drop,
        said=_("The decision is dropped. Those who asked for it see why."),
        decided=row,
    )


@require_safe
def passage_page(request: HttpRequest, programme: str) -> HttpResponse:
    """What have we sent, which office received it, and what came of it?"""
    today = timezone.localdate()
    row = fetch_programme(request, programme, today)
    if not passage.has_passage(request.user, row, today):
        raise Http404
    found = passage.passages(row, request.user, today)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("side"))
    unanswered = sum(not one.is_answered for one in found)
    settled = passage.settled(row, request.user, today)
    context = {
        "programme": row,
        "page": page,
        "rows": [
            {
                "passage": one,
                "kind": SENT_TEXT[one.kind],
                "outcomes": [
                    {
                        "matter": outcome.matter,
                        "state": MATTER_STATE_TEXT[MatterState(outcome.matter.state)],
                        "decisions": [decision_line(each) for each in outcome.decisions],
                    }
                    for outcome in one.outcomes
                ],
            }
            for one in page
        ],
        "number": len(found),
        "unanswered": unanswered,
        "settled": [
            {"one": each, "kind": SETTLED_TEXT[each.kind]} for each in settled[:MOST_SETTLED]
        ],
        "crumbs": [home_of(row), Crumb(_("Sent and answered"))],
    }
    return render(request, "delivery/steering/passage.html", context)
