"""Writing in a report: one page of the form at a time, looking over, sending; and handing over in the meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible, Refused
from sloyfe.delivery.actions import reports as actions
from sloyfe.delivery.forms.reports import MeetingForm
from sloyfe.delivery.models import YearlyReport
from sloyfe.delivery.permissions import reports as permissions
from sloyfe.delivery.queries.reports import meetings_to_fill_in, with_all
from sloyfe.delivery.rules.agreements import Side
from sloyfe.delivery.rules.reports import MENDABLE, WRITABLE, ReportState
from sloyfe.delivery.texts.reports import NOT_ANSWERED, source_text
from sloyfe.delivery.views.agreements import day
from sloyfe.delivery.views.place import attempt, form_page
from sloyfe.delivery.views.reports.beside import (
    ALL_AREAS,
    beside,
    ended,
    readers_of,
    second_look,
    short,
)
from sloyfe.delivery.views.reports.place import (
    ReportPlace,
    label_of,
    no_meeting,
    parts_of,
    report_place,
)
from sloyfe.instruments.rules.answers import (
    FieldProblem,
    Page,
    Value,
    check_complete,
    merge,
    read_page,
    relevant_pages,
    relevant_questions,
    resume_page,
)
from sloyfe.instruments.rules.definitions import QuestionKind
from sloyfe.instruments.rules.pages import (
    Dynamic,
    answer_words,
    first_field_id,
    from_answers,
    from_posted,
    page_view,
)
from sloyfe.instruments.texts import problem_text
from sloyfe.ui.components import Button
from sloyfe.ui.components import FieldProblem as Shown
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text, sentence
from sloyfe.ui.saving import asks_for_words, saved_words, unsaved_words

# Names that the page itself sends; item codes hold no hyphen.
REVISION, GO = "rapport-revisjon", "rapport-videre"
# In the address of a page that was opened to put one thing right: from there it goes back to the overview.
ONE_THING = "ett"
# What a browser sends that cannot be read, and is little to write again.
_SHORT = (QuestionKind.NUMBER, QuestionKind.DATE)


def _page_of(place: ReportPlace, code: str) -> Page:
    page = place.form.by_page.get(code)
    if page is None:
        raise Http404
    return page


def _pages(place: ReportPlace, page: Page) -> tuple[Page, ...]:
    """Give the pages that apply, and the open one even if routing has since hidden it."""
    pages = relevant_pages(place.form, place.report.answers)
    return tuple(one for one in place.form.pages if one in pages or one is page)


def _sources(place: ReportPlace) -> dict[str, str]:
    return {item: source_text(source) for item, source in place.report.sources.items()}


def _show(
    request: HttpRequest,
    place: ReportPlace,
    page: Page,
    dynamic: Dynamic,
    *,
    problems: Sequence[Shown] = (),
    alert: str = "",
    meanwhile: Sequence[tuple[str, str]] = (),
    is_saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    report = place.report
    pages = _pages(place, page)
    dynamic = beside(request, place, page, dynamic)
    view = page_view(page, place.language, dynamic)
    one_thing = ONE_THING in request.GET
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    position = pages.index(page) + 1
    context = {
        "report": report,
        "page": view,
        "title": view.title or place.title,
        "heading": place.title,
        "position": position,
        "total": len(pages),
        "back": place.url("report")
        if report.stands in MENDABLE
        else _whereto(place, page, "check" if one_thing else "back"),
        "is_last": position == len(pages),
        "problems": problems,
        "alert": alert,
        "meanwhile": meanwhile,
        "is_saved": is_saved,
        "here": place.url("report_page", page.code) + query,
        "all_areas": f"?{request.GET.urlencode()}&{ALL_AREAS}=".replace("?&", "?")
        if dynamic.rows is not None
        else "",
        "one_thing": one_thing,
        "readers": readers_of(place),
        "overview": place.url("report"),
        "is_mending": report.stands in MENDABLE,
        "programme": place.programme,
        "is_simulated": place.municipality.is_simulated,
        "crumbs": [],
    }
    return render(request, "delivery/reports/page.html", context, status=status)


def _stored(place: ReportPlace) -> Dynamic:
    answers = place.report.answers
    return from_answers(
        answers,
        organisation=place.municipality.name,
        asked=relevant_questions(place.form, answers),
        sources=_sources(place),
    )


def resume(place: ReportPlace) -> str:
    """Give the page on which writing goes on: the first with something left, or looking over."""
    report = place.report
    if report.stands is ReportState.EXPECTED:
        return place.url("report_page", place.form.pages[0].code)
    here = resume_page(place.form, report.answers)
    return place.url("report_page", here.code) if here else place.url("report_check")


@require_GET
def go_on(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponseBase:
    """Lead to where writing goes on, from a list of what there is to do; what is not written in is shown."""
    place = report_place(request, programme, year, municipality)
    writes = not refusal_text(
        permissions.check_may_fill_in, request.user, place.report, timezone.localdate()
    )
    return redirect(
        resume(place) if writes and place.report.stands in WRITABLE else place.url("report")
    )


@require_http_methods(["GET", "POST"])
def fill_in(
    request: HttpRequest, programme: str, year: int, municipality: str, page: str
) -> HttpResponse:
    """One page of the report: shown with what is saved, taken in, or saved while somebody writes in it."""
    place = report_place(request, programme, year, municipality)
    shown = _page_of(place, page)
    if asks_for_words(request):
        return _save_unasked(request, place, shown)
    permissions.check_may_fill_in(request.user, place.report, timezone.localdate())
    if request.method == "POST":
        return _take_in(request, place, shown)
    return _show(request, place, shown, _stored(place))


def _sent(request: HttpRequest) -> tuple[dict[str, list[str]], int, str]:
    """Give the fields that a page sent, the revision that it rests on, and where to go on."""
    posted = dict(request.POST.lists())
    posted.pop("csrfmiddlewaretoken", None)
    revision = _number(posted.pop(REVISION, [""])[-1])
    go = posted.pop(GO, ["next"])[-1]
    return posted, revision, go


def _take_in(request: HttpRequest, place: ReportPlace, page: Page) -> HttpResponse:
    """Save what can be read of what a person sent, and go on; what cannot is told."""
    posted, revision, go = _sent(request)
    changes, problems = read_page(place.form, page.code, posted, place.report.answers)
    unreadable = [problem for problem in problems if not problem.is_missing]
    changes = _right(changes, unreadable)
    is_sent = place.report.stands in MENDABLE
    # What was sent is corrected all at once; and a page that was never shown is not taken in by halves.
    if unreadable and (is_sent or not all(problem.question for problem in unreadable)):
        return _again(request, place, page, posted, problems, status=422)
    now = timezone.now()
    try:
        report = actions.save_answers(
            report=place.report,
            changes=changes,
            revision=revision,
            actor=request.user,
            now=now,
            page=page.items,
        )
    except ChangedMeanwhile as meanwhile:
        return _after_conflict(request, place, page, posted, go, meanwhile)
    except actions.Incomplete as left:
        own = [problem for problem in left.problems if problem.page == page.code] or problems
        return _again(request, place, page, posted, own, status=422, alert=sentence(left))
    place = _with(place, report)
    left_out = [problem for problem in unreadable if not _isshort(place, problem)]
    if go in ("next", "check") and problems:
        left_out = problems if go == "next" else unreadable
    if left_out:
        return _again(request, place, page, posted, left_out, status=422, is_saved=True)
    if go == "later":
        _say_saved(request, place, unreadable, now)
    return redirect(_whereto(place, page, go))


def _right(
    changes: Mapping[str, Value | None], wrong: Sequence[FieldProblem]
) -> dict[str, Value | None]:
    """Leave out what can be read and is wrong all the same: a part that is larger than its whole."""
    items = {problem.item for problem in wrong}
    return {item: value for item, value in changes.items() if item not in items}


def _isshort(place: ReportPlace, problem: FieldProblem) -> bool:
    """Tell whether what cannot be read is little to write again, so that nobody is held up by it."""
    found = place.form.by_item.get(problem.item)
    return found is not None and found[1].kind in _SHORT


def _say_saved(
    request: HttpRequest, place: ReportPlace, unreadable: Sequence[FieldProblem], now: dt.datetime
) -> None:
    time = f"{timezone.localtime(now):%H.%M}"
    if not unreadable:
        text = _("What you have written is saved, at %(time)s. Go on when it suits you.")
        say(request, text % {"time": time})
        return
    why = " ".join(_told(place, problem) for problem in unreadable)
    text = _("Saved at %(time)s, but for this: %(why)s")
    say(request, text % {"time": time, "why": why})


def _save_unasked(request: HttpRequest, place: ReportPlace, page: Page) -> HttpResponse:
    """Save what is right on the page while somebody still writes, and say in words what is not."""
    posted, revision, _go = _sent(request)
    now = timezone.now()
    changes, problems = read_page(place.form, page.code, posted, place.report.answers)
    problems = [problem for problem in problems if not problem.is_missing]
    wrong = [problem.item for problem in problems]
    changes = _right(changes, problems)
    why = " ".join(_told(place, problem) for problem in problems)
    is_foreign = not all(problem.question for problem in problems)  # no such page was ever shown
    try:
        permissions.check_may_fill_in(request.user, place.report, timezone.localdate(now))
        if is_foreign or (wrong and not changes):
            return unsaved_words(why, status=422, wrong=wrong)
        report = actions.save_answers(
            report=place.report,
            changes=changes,
            revision=revision,
            actor=request.user,
            now=now,
            page=page.items,
            unasked=True,
        )
    except ChangedMeanwhile as meanwhile:
        report = with_all(YearlyReport.objects.all()).get(pk=place.report.pk)
        changes, _problems = read_page(place.form, page.code, posted, report.answers)
        if changes or wrong:
            why = _("%(why)s What you wrote is still here. Press “Save and go on” to compare.")
            return unsaved_words(why % {"why": sentence(meanwhile)}, status=409)
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return unsaved_words(sentence(refusal), status=status)
    asked = relevant_questions(place.form, report.answers)
    return saved_words(
        revision=report.revision,
        hidden=[question.code for question in page.questions if question.code not in asked],
        now=now,
        wrong=wrong,
        why=why,
    )


def _with(place: ReportPlace, report: YearlyReport) -> ReportPlace:
    return ReportPlace(place.programme, place.municipality, report)


def _number(text: str) -> int:
    """Read the revision; what is no number is one that never was."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _whereto(place: ReportPlace, page: Page, go: str) -> str:
    pages = _pages(place, page)
    at = pages.index(page)
    if place.report.stands in MENDABLE or go == "later" or (go == "back" and at == 0):
        return place.url("report")
    if go == "check":
        return place.url("report_check")
    if go == "back":
        return place.url("report_page", pages[at - 1].code)
    if at + 1 < len(pages):
        return place.url("report_page", pages[at + 1].code)
    return place.url("report_check")


def _after_conflict(
    request: HttpRequest,
    place: ReportPlace,
    page: Page,
    posted: dict[str, list[str]],
    go: str,
    meanwhile: ChangedMeanwhile,
) -> HttpResponse:
    """Somebody was quicker: what this person wrote stays on the page, and saving again is a choice."""
    now = _with(place, with_all(YearlyReport.objects.all()).get(pk=place.report.pk))
    permissions.check_may_fill_in(request.user, now.report, timezone.localdate())
    changes, problems = read_page(now.form, page.code, posted, now.report.answers)
    if not changes:  # they wrote the very same
        return redirect(_whereto(now, page, go))
    left = [problem for problem in problems if not problem.is_missing]
    return _again(
        request,
        now,
        page,
        posted,
        left,
        status=409,
        alert=sentence(meanwhile),
        meanwhile=_saved_meanwhile(now, page, changes),
    )


def _saved_meanwhile(
    place: ReportPlace, page: Page, changes: Collection[str]
) -> list[tuple[str, str]]:
    """Give what stands saved in the fields where a person has written something else, in words."""
    return [
        (
            short(label_of(place, item)),
            answer_words(question, place.report.answers.get(item), place.language)
            or str(NOT_ANSWERED),
        )
        for question in page.questions
        for item in question.items
        if item in changes
    ]


def _again(
    request: HttpRequest,
    place: ReportPlace,
    page: Page,
    posted: dict[str, list[str]],
    problems: Sequence[FieldProblem],
    *,
    status: int,
    alert: str = "",
    meanwhile: Sequence[tuple[str, str]] = (),
    is_saved: bool = False,
) -> HttpResponse:
    """Show the page as it was sent, with what is wrong at the top and at each field."""
    by_place: dict[str, str] = {}
    summary = []
    for problem in problems:
        text = problem_text(problem)
        found = place.form.by_item.get(problem.item) if problem.question else None
        anchor = first_field_id(found[1], problem.item) if found else ""
        summary.append(Shown(_told(place, problem), anchor))
        if found:
            at = problem.question if problem.code == "field.rows_required" else problem.item
            by_place.setdefault(at, text)
    changes, _all = read_page(place.form, page.code, posted, place.report.answers)
    dynamic = from_posted(
        posted,
        organisation=place.municipality.name,
        asked=relevant_questions(place.form, merge(place.report.answers, changes)),
        problems=by_place,
        sources={item: text for item, text in _sources(place).items() if item not in changes},
    )
    return _show(
        request,
        place,
        page,
        dynamic,
        problems=summary,
        alert=alert,
        meanwhile=meanwhile,
        is_saved=is_saved,
        status=status,
    )


def _told(place: ReportPlace, problem: FieldProblem) -> str:
    """Say what is wrong, with the words of the field before it."""
    text = problem_text(problem)
    label = label_of(place, problem.item) if problem.question else ""
    return f"{ended(short(label))} {text}" if label else text


@require_GET
def look_over(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponse:
    """Everything that stands in the report, with the way back to each page, before it is sent."""
    place = report_place(request, programme, year, municipality)
    permissions.check_may_fill_in(request.user, place.report, timezone.localdate())
    if place.report.stands in MENDABLE:  # it has been sent: there is nothing left to send
        return redirect(place.url("report"))
    return _look_over(request, place)


def _look_over(
    request: HttpRequest, place: ReportPlace, *, alert: str = "", status: int = 200
) -> HttpResponse:
    report, today = place.report, timezone.localdate()
    side = permissions.side_that_writes(request.user, report, today)
    problems = check_complete(place.form, report.answers)
    query = f"?{ONE_THING}="
    left = []
    for problem in problems:
        found = place.form.by_item.get(problem.item)
        label = short(label_of(place, problem.item))
        text = problem_text(problem)
        left.append(
            {
                "url": place.url("report_page", problem.page)
                + query
                + (f"#{first_field_id(found[1], problem.item)}" if found else "")
                if problem.page
                else place.url("report"),
                "text": f"{ended(label)} {text}" if label else text,
            }
        )
    handing = None
    if side is Side.OFFICE:
        handing = Button(
            _("Hand over to the municipality"),
            place.url("report_hand_over"),
            refusal_text(permissions.check_may_hand_over, request.user, report, today),
            method="get",
        )
    context = {
        "report": report,
        "title": _("Look over the report"),
        "heading": place.title,
        "parts": [
            part | {"url": place.url("report_page", part["code"]) + query}
            for part in parts_of(place)
        ],
        "left": left,
        "again": second_look(place, query),
        "readers": readers_of(place),
        "alert": alert,
        "may_send": side is Side.MUNICIPALITY and not left,
        "own": side is Side.MUNICIPALITY,
        "handing": handing,
        "send": place.url("report_send"),
        "confirms": report.stands is ReportState.TO_CONFIRM,
        "crumbs": place.crumbs(_("Look over the report")),
        "programme": place.programme,
        "is_simulated": place.municipality.is_simulated,
    }
    return render(request, "delivery/reports/look_over.html", context, status=status)


@require_POST
def send(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponseBase:
    """Send the report. Whoever sends once more comes to the report that has been sent."""
    place = report_place(request, programme, year, municipality)
    today = timezone.localdate()
    side = permissions.side_that_writes(request.user, place.report, today)
    if place.report.stands in MENDABLE and side is Side.MUNICIPALITY:
        return redirect(place.url("report"))
    permissions.check_may_send(request.user, place.report, today)
    try:
        actions.send_report(
            report=place.report,
            revision=_number(request.POST.get(REVISION, "")),
            actor=request.user,
            now=timezone.now(),
        )
    except (ChangedMeanwhile, NotPossible) as refusal:
        now = _with(place, with_all(YearlyReport.objects.all()).get(pk=place.report.pk))
        if now.report.stands in MENDABLE:
            return redirect(place.url("report"))
        status = 409 if isinstance(refusal, ChangedMeanwhile) else 422
        return _look_over(request, now, alert=sentence(refusal), status=status)
    say(
        request,
        _("The report has been sent. %(office)s receives it and answers by %(day)s.")
        % {
            "office": place.report.office.name,
            "day": day(place.report.reporting_year.answer_by),
        },
    )
    return redirect(place.url("report"))


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponse:
    """Hand over what was filled in with the municipality in a meeting."""
    place = report_place(request, programme, year, municipality)
    permissions.check_may_hand_over(request.user, place.report, timezone.localdate())
    title = _("In which meeting was the report filled in?")
    meetings = meetings_to_fill_in(place.report)
    if not meetings.exists():
        return no_meeting(request, place, title)
    form = MeetingForm(request.POST if request.method == "POST" else None, meetings=meetings)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: actions.hand_over(
                report=place.report,
                meeting=form.cleaned_data["meeting"],
                actor=request.user,
                now=timezone.now(),
            ),
        )
        if done is not None:
            say(request, _("The municipality has the report now, and confirms and sends it."))
            return redirect(place.url("report"))
    return form_page(
        request,
        place,
        form=form,
        title=title,
        submit=_("Hand over to the municipality"),
        crumbs=place.crumbs(_("Hand over")),
        lead=_(
            "The municipality reads what you wrote together, corrects it if it wants, and sends it. Is the"
            " meeting not in the list? Plan it on the municipality’s page first."
        ),
    )


@require_POST
def take_back(
    request: HttpRequest, programme: str, year: int, municipality: str
) -> HttpResponseBase:
    """Take the report back to write more in it."""
    place = report_place(request, programme, year, municipality)
    actions.take_back(report=place.report, actor=request.user, now=timezone.now())
    say(request, _("You can write in the report again."))
    return redirect(place.url("report"))
