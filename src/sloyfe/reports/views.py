"""Pages of reports: the list, one report, writing, comments, publishing, files."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sloyfe.accounts.models import Person
from sloyfe.analysis.models import PrintedRound
from sloyfe.comments.actions import answer_comment, write_comment
from sloyfe.comments.models import Comment
from sloyfe.comments.rules import Outcome
from sloyfe.comments.texts import OUTCOMES
from sloyfe.common.errors import ChangedMeanwhile, NotAllowed
from sloyfe.delivery.models import ReportingYear
from sloyfe.fieldwork.models import Round
from sloyfe.programme.queries import roles_of
from sloyfe.render import html
from sloyfe.reports import actions, exports, permissions
from sloyfe.reports.forms import AnswerForm, CirculateForm, CommentForm, ReportForm, TextBlockForm
from sloyfe.reports.models import Report
from sloyfe.reports.queries.documents import document_of, owner_of, years_to_tell
from sloyfe.reports.rules import BlockKind, ReportState
from sloyfe.reports.texts import BLOCK_TEXT, FORMAT_TEXT, STATE_TEXT
from sloyfe.ui.components import Button, Crumb, Step
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text, sentence
from sloyfe.ui.templatetags.ui import pick
from sloyfe.ui.visibility import get_visible_or_404

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _report(request: HttpRequest, slug: str) -> Report:
    return get_visible_or_404(
        Report.objects.select_related(
            "programme",
            "round__programme",
            "round__evaluator",
            "reporting_year__programme",
            "reporting_year__form__instrument",
        ),
        request.user,
        slug=slug,
    )


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def _crumbs(report: Report, last: str = "") -> list[Crumb]:
    way = [Crumb(_("Reports"), reverse("reports:list"))]
    if last:
        return [
            *way,
            Crumb(report.title, reverse("reports:report", args=[report.slug])),
            Crumb(last),
        ]
    return [*way, Crumb(report.title)]


@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """Which reports are there to read?"""
    reports = (
        Report.objects.visible_to(request.user)
        .select_related("programme")
        .order_by("-published_at", "title")
    )
    rows = [{"report": row, "state": STATE_TEXT[ReportState(row.state)]} for row in reports]
    printed = PrintedRound.objects.visible_to(request.user).select_related("round")
    new = [
        Button(
            _("Make the programme report for %(year)s") % {"year": year.year},
            reverse("reports:make_year", args=[year.programme.slug, year.year]),
            method="get",
            variant="secondary",
        )
        for year in years_to_tell(request.user, timezone.localdate())
    ]
    context = {"rows": rows, "printed": printed, "new": new}
    return render(request, "reports/report_list.html", context)


@require_http_methods(["GET", "POST"])
def make_report(request: HttpRequest, round_slug: str) -> HttpResponse:
    """Make a report of a closed survey."""
    round_: Round = get_visible_or_404(
        Round.objects.select_related("programme", "evaluator"), request.user, slug=round_slug
    )
    permissions.check_may_make(request.user, round_, timezone.localdate())
    initial = {
        "title": pick(round_.title),
        "slug": round_.slug,
        "language": "nb",
        "publisher": str(round_.evaluator or ""),
    }
    form = ReportForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if Report.objects.filter(slug=data["slug"]).exists():
            form.add_error("slug", _("Another report has this short name. Choose another."))
        else:
            report = actions.make_report(
                round_=round_,
                slug=data["slug"],
                title=data["title"],
                subtitle=data["subtitle"],
                language=data["language"],
                publisher=data["publisher"],
                actor=request.user,
                now=timezone.now(),
            )
            say(
                request,
                _("The report is made. Its tables are being checked and will soon stand in it."),
            )
            return redirect("reports:report", report.slug)
    context = {
        "form": form,
        "title": _("Make a report"),
        "submit": _("Make the report"),
        "crumbs": [Crumb(_("Reports"), reverse("reports:list")), Crumb(_("Make a report"))],
        "is_simulated": round_.is_simulated,
    }
    return render(request, "ui/form_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def make_report_of_year(request: HttpRequest, programme: str, year: int) -> HttpResponse:
    """Make the programme's report of a year from what was reported, said and answered."""
    today = timezone.localdate()
    found = (
        ReportingYear.objects.filter(
            year=year,
            programme__slug=programme,
            programme__in={role.programme_id for role in roles_of(request.user, today)},
        )
        .select_related("programme", "form__instrument")
        .first()
    )
    if found is None:
        raise Http404
    permissions.check_may_make_of_year(request.user, found, today)
    made = Report.objects.filter(reporting_year=found).first()
    if made is not None:
        return redirect("reports:report", made.slug)
    title = _("Programme report for %(year)s") % {"year": year}
    form = ReportForm(
        request.POST or None,
        initial={
            "title": f"{pick(found.programme.title)}: {title}",
            "slug": f"{programme}-{year}",
            "language": "nb",
            "publisher": owner_of(found.programme, today),
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if Report.objects.filter(slug=data["slug"]).exists():
            form.add_error("slug", _("Another report has this short name. Choose another."))
        else:
            report = actions.make_report_of_year(
                year=found,
                slug=data["slug"],
                title=data["title"],
                subtitle=data["subtitle"],
                language=data["language"],
                publisher=data["publisher"],
                actor=request.user,
                now=timezone.now(),
            )
            say(request, _("The report is made. The owner publishes it when you have written it."))
            return redirect("reports:report", report.slug)
    context = {
        "form": form,
        "title": _("Make the programme report for %(year)s") % {"year": year},
        "submit": _("Make the report"),
        "crumbs": [Crumb(_("Reports"), reverse("reports:list")), Crumb(title)],
        "is_simulated": found.programme.is_simulated,
    }
    return render(request, "ui/form_page.html", context, status=422 if form.errors else 200)


@require_GET
def report_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Read a report."""
    report = _report(request, slug)
    request.programme = report.programme  # type: ignore[attr-defined]
    today = timezone.localdate()
    published = report.state in (ReportState.PUBLISHED, ReportState.WITHDRAWN)
    if published:
        stored = report.files.get(format="html")
        body = bytes(stored.content).decode()
    else:
        body = html.render(document_of(report, day=today))
    edits = not refusal_text(permissions.check_may_edit, request.user, report, today)
    publishes = not refusal_text(permissions.check_may_publish, request.user, report, today)
    comments = [
        {
            "comment": row,
            "outcome": OUTCOMES[Outcome(row.outcome)],
            "open": row.outcome == Outcome.OPEN,
        }
        for row in _comments(report)
    ]
    context = {
        "report": report,
        "crumbs": _crumbs(report),
        # Rendered by our own formats, which escape everything that anybody wrote.
        "body": mark_safe(body),  # noqa: S308
        "published": published,
        "state": STATE_TEXT[ReportState(report.state)],
        "steps": _steps(report),
        "formats": [
            (FORMAT_TEXT[name], reverse("reports:file", args=[slug, name])) for name in MEDIA_TYPES
        ],
        "edits": edits,
        "may_comment": permissions.may_comment(request.user, report, today),
        "comment_form": CommentForm(),
        "comments": comments if not published or edits else [],
        "is_simulated": report.is_simulated,
        "publish": Button(
            _("Publish the report"), reverse("reports:publish", args=[slug]), method="get"
        )
        if publishes
        else None,
        "circulate_form": CirculateForm() if report.state == ReportState.DRAFT else None,
    }
    return render(request, "reports/report_page.html", context)


def _comments(report: Report) -> list[Comment]:
    return list(
        Comment.objects.filter(about_kind=report._meta.label_lower, about_id=str(report.pk))
        .select_related("author", "answered_by")
        .order_by("made_at")
    )


def _steps(report: Report) -> list[Step]:
    order = [ReportState.DRAFT, ReportState.COMMENTING, ReportState.PUBLISHED]
    state = ReportState(report.state)
    now = order.index(state) if state in order else len(order)
    return [
        Step(STATE_TEXT[each], "done" if place < now else "now" if place == now else "next")
        for place, each in enumerate(order)
    ]


@require_GET
def report_file(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Take the report away as a file: as it was published, or as the draft stands."""
    report = _report(request, slug)
    if name not in MEDIA_TYPES:
        raise Http404
    stored = report.files.filter(format=name).first()
    if stored is not None:
        content = bytes(stored.content)
    else:
        content = exports.draft_file(report, name, day=timezone.localdate())
    response = HttpResponse(content, content_type=MEDIA_TYPES[name])
    response["Content-Disposition"] = f'attachment; filename="{report.slug}.{name}"'
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
    return response


@require_GET
def edit_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What stands in the report, in what order?"""
    report = _report(request, slug)
    permissions.check_may_edit(request.user, report, timezone.localdate())
    return _edit(request, report)


def _edit(
    request: HttpRequest,
    report: Report,
    form: TextBlockForm | None = None,
    *,
    at: int = -1,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the plan; `form` holds a text that could not be put in, after the block at place `at`."""
    items, titles = {}, {}
    populations = (
        report.round.populations.select_related("version") if report.round is not None else ()
    )
    for population in populations:
        titles[population.code] = pick(population.title)
        for page in population.version.definition["pages"]:
            for question in page["questions"]:
                items[population.code, question["code"]] = pick(question["text"])
    blocks = [
        {
            "place": place,
            "code": spec["kind"],
            "kind": BLOCK_TEXT[BlockKind(spec["kind"])],
            "text": _about(spec, items, titles),
            "first": place == 0,
            "last": place == len(report.plan) - 1,
            # A place past the end is where the report ends now.
            "form": form if place == min(at, len(report.plan) - 1) else None,
        }
        for place, spec in enumerate(report.plan)
    ]
    context = {
        "report": report,
        "crumbs": _crumbs(report, _("Write the report")),
        "blocks": blocks,
        "form": form,
        "refused": refused,
        "is_simulated": report.is_simulated,
    }
    return render(request, "reports/report_edit.html", context, status=status)


def _about(
    spec: dict[str, object], items: dict[tuple[str, str], str], titles: dict[str, str]
) -> str:
    if "question" in spec:
        return items.get((str(spec["population"]), str(spec["question"])), str(spec["question"]))
    if "population" in spec:
        return titles.get(str(spec["population"]), "")
    text = spec.get("text", "")
    shown = pick(text) if isinstance(text, dict) else str(text)
    if not shown and spec["kind"] == BlockKind.HEADING:
        return _("How it was done")
    return shown[:200]


@require_POST
def change_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Move or remove a block, or put a text after it."""
    report = _report(request, slug)
    permissions.check_may_edit(request.user, report, timezone.localdate())
    try:
        place, revision = int(request.POST.get("place", "")), int(request.POST.get("revision", ""))
    except ValueError:
        raise Http404 from None
    what = request.POST.get("what", "")
    if place < 0 or what not in {"remove", "up", "down", "insert"}:
        raise Http404
    form = TextBlockForm(request.POST) if what == "insert" else None
    if form is not None and not form.is_valid():
        return _edit(request, report, form, at=place, status=422)
    plan = _changed(list(report.plan), what, place, form)
    try:
        actions.save_plan(
            report=report, plan=plan, revision=revision, actor=request.user, now=timezone.now()
        )
    except ChangedMeanwhile as refusal:
        # What was written is given back, beside the report as it stands now.
        report.refresh_from_db(fields=["plan", "revision"])
        return _edit(request, report, form, at=place, refused=sentence(refusal), status=409)
    return redirect(reverse("reports:edit", args=[slug]) + f"#block-{place}")


def _changed(
    plan: list[dict[str, object]], what: str, place: int, form: TextBlockForm | None
) -> list[dict[str, object]]:
    """Give the plan with one change. What points past the end changes nothing but at the end."""
    if form is not None:
        spec: dict[str, object] = {
            "kind": form.cleaned_data["kind"],
            "text": form.cleaned_data["text"],
        }
        if spec["kind"] == BlockKind.HEADING:
            spec["level"] = 2
        plan.insert(place + 1, spec)
    elif what == "remove":
        del plan[place : place + 1]
    elif (other := place + (1 if what == "down" else -1)) in range(len(plan)) and place < len(plan):
        plan[other], plan[place] = plan[place], plan[other]
    return plan


@require_POST
def circulate(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the draft to the client's project group for comments."""
    report = _report(request, slug)
    form = CirculateForm(request.POST)
    if not form.is_valid():
        say(request, _("Write the day by which comments are wanted."))
        return redirect("reports:report", slug)
    actions.send_for_comments(
        report=report,
        comments_by=form.cleaned_data["comments_by"],
        actor=request.user,
        now=timezone.now(),
    )
    say(request, _("The project group can read and comment on the draft now."))
    return redirect("reports:report", slug)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish a report, after telling what that means."""
    report = _report(request, slug)
    permissions.check_may_publish(request.user, report, timezone.localdate())
    if request.method == "POST":
        actions.publish(report=report, actor=_person(request), now=timezone.now())
        say(request, _("The report is published."))
        return redirect("reports:report", slug)
    context = {
        "report": report,
        "unanswered": actions.open_comments(report),
        "crumbs": _crumbs(report, _("Publish the report")),
        "button": Button(_("Publish the report"), reverse("reports:publish", args=[slug])),
        "is_simulated": report.is_simulated,
    }
    return render(request, "reports/report_publish.html", context)


@require_POST
def comment(request: HttpRequest, slug: str) -> HttpResponse:
    """Comment on a draft."""
    report = _report(request, slug)
    if not permissions.may_comment(request.user, report, timezone.localdate()):
        raise NotAllowed("report.not_open_for_comments")
    write_comment(
        about=report,
        anchor="",
        text=request.POST.get("text", ""),
        actor=_person(request),
        now=timezone.now(),
    )
    say(request, _("Your comment is sent to the evaluator."))
    return redirect("reports:report", slug)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say what was done with a comment."""
    report = _report(request, slug)
    permissions.check_may_edit(request.user, report, timezone.localdate())
    row = next((each for each in _comments(report) if each.pk == number), None)
    if row is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer_comment(
            comment=row,
            about=report,
            outcome=form.cleaned_data["outcome"],
            answer=form.cleaned_data["answer"],
            actor=_person(request),
            now=timezone.now(),
        )
        return redirect("reports:report", slug)
    context = {
        "form": form,
        "title": _("Answer a comment"),
        "lead": row.text,
        "submit": _("Save the answer"),
        "crumbs": _crumbs(report, _("Answer a comment")),
        "is_simulated": report.is_simulated,
    }
    return render(request, "ui/form_page.html", context, status=422 if form.errors else 200)
