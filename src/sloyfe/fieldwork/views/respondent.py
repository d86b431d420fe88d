"""What a respondent sees: start, one page at a time, look over, send, receipt.

No sign-in, no session, no cookie: the link is the whole credential, and the language stands in the address.
Opening a page never changes anything.

These views are exempt from Django's CSRF token. A forged request would have to hold the link itself, and who
holds the link may answer; there is no cookie for another site to misuse, and setting one would be the only
cookie here. Requests that a browser says come from another site are refused all the same.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.fieldwork.actions import answers as actions
from sloyfe.fieldwork.actions.answers import OpenCase
from sloyfe.fieldwork.models import Round
from sloyfe.fieldwork.rules import Disposition, RoundState
from sloyfe.fieldwork.views.sheets import page_html, troubled_page_html
from sloyfe.instruments.rules.answers import (
    FieldProblem,
    Form,
    Page,
    answered_count,
    check_complete,
    counted,
    merge,
    read_page,
    relevant_pages,
    relevant_questions,
    resume_page,
)
from sloyfe.instruments.rules.definitions import QuestionKind
from sloyfe.instruments.rules.pages import (
    answer_lines,
    first_field_id,
    from_posted,
    worded,
)
from sloyfe.instruments.texts import problem_text
from sloyfe.letters.rules import language_for
from sloyfe.ui.refusals import sentence
from sloyfe.ui.saving import asks_for_words, saved_words, unsaved_words

P = ParamSpec("P")

# Names that the page itself sends; item codes hold no hyphen.
REVISION, GO = "svar-revisjon", "svar-videre"
_DJANGO_LANGUAGE = {"nb": "nb", "nn": "nn", "en": "en-gb"}
# For telling beforehand how long it takes: choosing on a scale, and writing some sentences.
_SECONDS_TO_CHOOSE, _SECONDS_TO_WRITE = 10, 60


@dataclass(frozen=True)
class Visit:
    """One request by a respondent: the link, the case it opens, and the language."""

    token: str
    case: OpenCase
    language: str
    chosen: bool  # the language was chosen by hand and follows along in the address

    @property
    def form(self) -> Form:
        return self.case.form

    @property
    def base(self) -> str:
        return f"/svar/{self.token}/"

    @property
    def query(self) -> str:
        return f"?sprak={self.language}" if self.chosen else ""

    def at(self, name: str, **arguments: str) -> str:
        address = reverse(f"fieldwork:{name}", kwargs={"token": self.token, **arguments})
        return address + self.query


View = Callable[Concatenate[HttpRequest, Visit, P], HttpResponse]


def respondent_view(*methods: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Open the case that the link names, in the right language; or say plainly why that cannot be done."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def opened(
            request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            with translation.override(_DJANGO_LANGUAGE.get(request.GET.get("sprak", ""), "nb")):
                response = _answer(request, token, *args, **kwargs)
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        def _answer(
            request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if request.method not in methods and request.method != "HEAD":
                return _plain("method", 405)
            if request.method == "POST" and _from_elsewhere(request):
                return _plain("elsewhere", 403)
            link = actions.read_link(token)
            try:
                case = None if link is None else actions.open_case(link)
            except NotPossible as refusal:
                return _plain("trouble", 503, text=sentence(refusal))
            if case is None:
                return _plain("unknown", 404)
            visit = _visit(request, token, case)
            with translation.override(_DJANGO_LANGUAGE[visit.language]):
                return _stopped(request, visit) or view(request, visit, *args, **kwargs)

        return opened

    return decorate


def _visit(request: HttpRequest, token: str, case: OpenCase) -> Visit:
    wanted = request.GET.get("sprak", "")
    if wanted in case.form.languages and wanted in _DJANGO_LANGUAGE:
        return Visit(token, case, wanted, chosen=True)
    standard = language_for(case.language_form)
    known = standard if standard in case.form.languages else case.form.languages[0]
    return Visit(token, case, known, chosen=False)


def _from_elsewhere(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.get_host()


def _stopped(request: HttpRequest, visit: Visit) -> HttpResponse | None:
    """Give the page that stands instead, where the case cannot be answered; else None."""
    case = visit.case
    if not case.is_newest_link:
        return _plain("replaced", 410, visit)
    if case.is_complete:
        receipt = visit.at("answer_receipt")
        if request.path == receipt.partition("?")[0]:
            return None
        if asks_for_words(request):
            return unsaved_words(_said("answer.already_sent"), status=409)
        # Whoever sends once more gets the receipt once more.
        return HttpResponseRedirect(receipt)
    if not case.is_open:
        planned = case.round_state == RoundState.PLANNED
        if asks_for_words(request):
            code = "answer.not_open_yet" if planned else "answer.round_closed"
            return unsaved_words(_said(code), status=409)
        status = 409 if request.method == "POST" else 200
        return _plain("planned" if planned else "closed", status, visit)
    return None


def _said(code: str) -> str:
    return sentence(NotPossible(code))


def _render(template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    # Without the request: no context processor runs, so neither session nor person is looked up.
    html = get_template(f"fieldwork/respondent/{template}.html").render(dict(context))
    return HttpResponse(html, status=status)


def _plain(what: str, status: int, visit: Visit | None = None, **more: str) -> HttpResponse:
    """Show a page that says one thing."""
    context: dict[str, Any] = {"what": what, "language": translation.get_language()[:2], **more}
    if visit is not None:
        context |= {"round": _title(visit), "language": visit.language, "case": visit.case}
    response = _render("plain", context, status)
    if status == 405:
        response.headers["Allow"] = "GET, POST"
    return response


def _title(visit: Visit) -> str:
    return worded(visit.case.round_title, visit.language)


def _frame(visit: Visit) -> dict[str, Any]:
    """Give what every whole page shows around its content."""
    return {
        "base": visit.base,
        "query": visit.query,
        "path": visit.base,
        "round": _title(visit),
        "organisation": visit.case.organisation,
        "language": visit.language,
        "languages": visit.form.languages,
        "is_simulated": visit.case.is_simulated,
        "revision": visit.case.revision,
    }


# Start


@respondent_view("GET")
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who asks, why, how answers are kept, how long it takes; and where to go on."""
    case, form = visit.case, visit.form
    round_ = Round.objects.select_related("evaluator", "programme").get(pk=case.round_id)
    answered, asked = answered_count(form, case.answers)
    here = resume_page(form, case.answers)
    pages = relevant_pages(form, case.answers)
    context = _frame(visit) | {
        "about": round_,
        "programme": worded(round_.programme.title, visit.language),
        "group": worded(case.population_title, visit.language),
        "privacy": worded(round_.privacy_notice, visit.language),
        "answered": answered,
        "asked": asked,
        "page_count": len(pages),
        "minutes": _minutes(form),
        "go_on": visit.at("answer_page", page_code=here.code) if here else visit.at("answer_check"),
        "has_begun": bool(case.answers),
        "said_no": case.disposition == Disposition.REFUSED,
        "refuse": visit.at("answer_refuse"),
    }
    return _render("start", context)


def _minutes(form: Form) -> int:
    seconds = 0
    for page in form.pages:
        for question in page.questions:
            long = question.kind is QuestionKind.LONG_TEXT
            seconds += len(question.items) * (_SECONDS_TO_WRITE if long else _SECONDS_TO_CHOOSE)
    return max(1, math.ceil(seconds / 60))


# One page


@respondent_view("GET", "POST")
def answer_page(request: HttpRequest, visit: Visit, page_code: str) -> HttpResponse:
    """One page of questions: shown with what is saved, or taken in."""
    page = visit.form.by_page.get(page_code)
    if page is None:
        return _plain("no_page", 404, visit)
    if request.method == "POST":
        return _take_in(request, visit, page)
    asked = relevant_questions(visit.form, visit.case.answers)
    frame = _page_frame(visit, page)
    return HttpResponse(page_html(visit.case, page, visit.language, frame=frame, asked=asked))


def _page_frame(visit: Visit, page: Page) -> dict[str, str]:
    pages = _pages_with(visit, page)
    at = pages.index(page)
    return {
        "base": visit.base,
        "query": visit.query,
        "path": f"{visit.base}{page.code}/",
        "round": _title(visit),
        "organisation": visit.case.organisation,
        "revision": str(visit.case.revision),
        "position": str(at + 1),
        "total": str(len(pages)),
    }


def _pages_with(visit: Visit, page: Page) -> tuple[Page, ...]:
    """Give the pages that apply, and the one that is open even if routing has since hidden it."""
    pages = relevant_pages(visit.form, visit.case.answers)
    if page in pages:
        return pages
    return tuple(one for one in visit.form.pages if one in pages or one is page)


@dataclass(frozen=True)
class _Sent:
    fields: Mapping[str, Sequence[str]]
    revision: int
    go: str


def _sent(request: HttpRequest) -> _Sent | HttpResponse:
    """Read what a browser sent; a page that says what is wrong where it is not a form."""
    try:
        if request.content_type == "application/x-www-form-urlencoded":
            request.body.decode()
        elif request.content_type != "multipart/form-data":
            return _unreadable(request, "not_a_form", 415)
        posted = dict(request.POST.lists())
    except UnicodeDecodeError:
        return _unreadable(request, "not_text", 400)
    except SuspiciousOperation:  # more than the settings allow in one page
        return _unreadable(request, "too_much", 413)
    except (BadRequest, MultiPartParserError):
        return _unreadable(request, "not_a_form", 400)
    revision = posted.pop(REVISION, [""])[-1]
    go = posted.pop(GO, ["next"])[-1]
    if not (revision.isascii() and revision.isdigit() and len(revision) < 10):
        return _unreadable(request, "not_a_form", 400)
    return _Sent(posted, int(revision), go)


def _unreadable(request: HttpRequest, what: str, status: int) -> HttpResponse:
    if asks_for_words(request):
        return unsaved_words(_("What was sent is too long or could not be read."), status=status)
    return _plain(what, status)


def _take_in(request: HttpRequest, visit: Visit, page: Page) -> HttpResponse:
    sent = _sent(request)
    if isinstance(sent, HttpResponse):
        return sent
    now = timezone.now()
    case = visit.case
    changes, problems = read_page(visit.form, page.code, sent.fields, case.answers)
    bad = [problem for problem in problems if not problem.is_missing]
    if bad:
        # Something is wrong in itself: nothing of the page is saved, all of it is shown again.
        return _shown_again(request, visit, page, sent, problems, status=422)
    try:
        case = actions.save_answers(case, changes=changes, revision=sent.revision, now=now)
    except ChangedMeanwhile as meanwhile:
        return _after_conflict(request, visit, page, sent, meanwhile)
    except NotPossible as refusal:
        return _refused(request, visit, refusal)
    visit_now = Visit(visit.token, case, visit.language, visit.chosen)
    if asks_for_words(request):
        return _saved_words(visit_now, page, now)
    if sent.go == "later":
        return HttpResponseRedirect(visit_now.at("answer_start"))
    if sent.go == "next" and problems:
        return _shown_again(request, visit_now, page, sent, problems, status=422)
    return HttpResponseRedirect(_whereto(visit, visit_now, page, sent.go))


def _saved_words(visit: Visit, page: Page, now: dt.datetime) -> HttpResponse:
    asked = relevant_questions(visit.form, visit.case.answers)
    return saved_words(
        revision=visit.case.revision,
        hidden=[q.code for q in page.questions if q.code not in asked],
        now=now,
    )


def _whereto(before: Visit, after: Visit, page: Page, go: str) -> str:
    pages = _pages_with(after, page)
    at = pages.index(page)
    if go == "back":
        if at == 0:
            return after.at("answer_start")
        return after.at("answer_page", page_code=pages[at - 1].code)
    # Without JavaScript a question that an answer on this very page brings up has not been seen yet.
    was_asked = relevant_questions(before.form, before.case.answers)
    is_asked = relevant_questions(after.form, after.case.answers)
    for question in page.questions:
        is_new = question.code in is_asked and question.code not in was_asked
        if is_new and any(item not in after.case.answers for item in question.items):
            return after.at("answer_page", page_code=page.code) + f"#q-{question.code}"
    if at + 1 < len(pages):
        return after.at("answer_page", page_code=pages[at + 1].code)
    return after.at("answer_check")


def _after_conflict(
    request: HttpRequest, visit: Visit, page: Page, sent: _Sent, meanwhile: ChangedMeanwhile
) -> HttpResponse:
    """Somebody was quicker. If they saved the very same, all is well; else the person's own is kept on the page."""
    link = actions.read_link(visit.token)
    case = link and actions.open_case(link)
    if not case:
        return _plain("unknown", 404)
    visit = Visit(visit.token, case, visit.language, visit.chosen)
    stopped = _stopped(request, visit)
    if stopped is not None:
        return stopped
    changes, problems = read_page(visit.form, page.code, sent.fields, case.answers)
    if not changes:
        if asks_for_words(request):
            return _saved_words(visit, page, timezone.now())
        if sent.go != "next" or not problems:
            return HttpResponseRedirect(_whereto(visit, visit, page, sent.go))
    alert = ""
    if changes:
        # What is left to answer can wait until the person has chosen which answers stand.
        alert = sentence(meanwhile)
        problems = [problem for problem in problems if not problem.is_missing]
    return _shown_again(request, visit, page, sent, problems, status=409, alert=alert)


def _shown_again(
    request: HttpRequest,
    visit: Visit,
    page: Page,
    sent: _Sent,
    problems: Sequence[FieldProblem],
    *,
    status: int,
    alert: str = "",
) -> HttpResponse:
    """Show the page as it was sent, with what is wrong and links to it."""
    form = visit.form
    if asks_for_words(request):  # what is left to answer is no news to somebody who is answering
        problems = [problem for problem in problems if not problem.is_missing]
    by_place: dict[str, str] = {}
    summary: list[tuple[str, str]] = []
    for problem in problems:
        text = problem_text(problem)
        place = form.by_item.get(problem.item) if problem.question else None
        summary.append((_anchor(place, problem), f"{_label(place, problem, visit)}{text}"))
        if place is not None:
            at = problem.question if problem.code == "field.rows_required" else problem.item
            by_place.setdefault(at, text)
    if asks_for_words(request):
        why = alert or " ".join(text for _id, text in summary)
        wrong = [problem.item for problem in problems if problem.question]
        return unsaved_words(why, status=status, wrong=wrong)
    changes, _all = read_page(form, page.code, sent.fields, visit.case.answers)
    asked = relevant_questions(form, merge(visit.case.answers, changes))
    dynamic = from_posted(
        sent.fields, organisation=visit.case.organisation, asked=asked, problems=by_place
    )
    html = troubled_page_html(
        visit.case,
        page,
        visit.language,
        frame=_page_frame(visit, page),
        dynamic=dynamic,
        summary=summary,
        alert=alert,
    )
    return HttpResponse(html, status=status)


def _anchor(place: tuple[Page, Any] | None, problem: FieldProblem) -> str:
    return first_field_id(place[1], problem.item) if place else ""


def _label(place: tuple[Page, Any] | None, problem: FieldProblem, visit: Visit) -> str:
    """Give the question's own words, shortened, to stand before what is wrong with the answer."""
    if place is None:
        return ""
    question = place[1]
    texts = question.text
    if problem.code != "field.rows_required":
        texts = next((row.text for row in question.rows if row.code == problem.item), texts)
    words = worded(texts, visit.language).replace("{organisation}", visit.case.organisation)
    if len(words) > 80:
        words = words[:79].rsplit(" ", 1)[0] + " …"
    return f"{words} – " if words else ""


def _refused(request: HttpRequest, visit: Visit, refusal: NotPossible) -> HttpResponse:
    """The case came to stand otherwise while the person wrote."""
    if asks_for_words(request):
        return unsaved_words(sentence(refusal), status=409)
    if refusal.code == "answer.already_sent":
        return HttpResponseRedirect(visit.at("answer_receipt"))
    return _plain("trouble", 409, visit, text=sentence(refusal))


# Looking over and sending


@respondent_view("GET")
def look_over(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everything that has been answered, with the way back to each page, before it is sent."""
    return _look_over(visit)


def _look_over(
    visit: Visit, *, alert: str = "", tell: bool = False, status: int = 200
) -> HttpResponse:
    form, case = visit.form, visit.case
    problems = check_complete(form, case.answers)
    summary = [
        (
            visit.at("answer_page", page_code=problem.page) + "#" + _anchor(place, problem)
            if (place := form.by_item.get(problem.item))
            else visit.base,
            f"{_label(place, problem, visit)}{problem_text(problem)}",
        )
        for problem in problems
    ]
    context = _frame(visit) | {
        "parts": _parts(visit),
        "summary": summary,
        "tell": tell,
        "alert": alert,
        "path": f"{visit.base}ferdig/se-over/",
        "copy": visit.at("answer_copy"),
        "send": visit.at("answer_send"),
    }
    return _render("look_over", context, status)


def _parts(visit: Visit) -> list[dict[str, Any]]:
    """Give the answers in words, page by page, with what routing hides left out."""
    form = visit.form
    kept = counted(form, visit.case.answers)
    asked = relevant_questions(form, visit.case.answers)
    parts = []
    for page in form.pages:
        questions = [
            {
                "label": worded(q.text, visit.language).replace(
                    "{organisation}", visit.case.organisation
                ),
                "is_battery": q.kind is QuestionKind.BATTERY,
                "lines": answer_lines(q, kept, visit.language, visit.case.organisation),
            }
            for q in page.questions
            if q.code in asked and q.items
        ]
        if questions:
            address = visit.at("answer_page", page_code=page.code)
            title = worded(page.title, visit.language)
            parts.append({"title": title, "address": address, "questions": questions})
    return parts


@respondent_view("POST")
def send(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Send the answers for good. Whoever sends once more gets the same receipt."""
    sent = _sent(request)
    if isinstance(sent, HttpResponse):
        return sent
    try:
        actions.submit(visit.case, revision=sent.revision, now=timezone.now())
    except actions.Unanswered:
        return _look_over(visit, tell=True, status=422)
    except ChangedMeanwhile as meanwhile:
        link = actions.read_link(visit.token)
        case = link and actions.open_case(link)
        if not case:
            return _plain("unknown", 404)
        again = Visit(visit.token, case, visit.language, visit.chosen)
        return _look_over(again, alert=sentence(meanwhile), status=409)
    except NotPossible as refusal:
        return _refused(request, visit, refusal)
    return HttpResponseRedirect(visit.at("answer_receipt"))


@respondent_view("GET")
def receipt(request: HttpRequest, visit: Visit) -> HttpResponse:
    """That the answers have come, what happens now, and when results will be seen. Never the answers."""
    if not visit.case.is_complete:
        return HttpResponseRedirect(visit.at("answer_start"))
    round_ = Round.objects.select_related("evaluator").get(pk=visit.case.round_id)
    context = _frame(visit) | {"code": actions.receipt_of(visit.case), "about": round_}
    return _render("receipt", context)


@respondent_view("GET")
def own_copy(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The respondent's own copy of the answers, as a file that opens in any browser."""
    context = _frame(visit) | {"parts": _parts(visit), "today": timezone.localdate()}
    response = _render("own_copy", context)
    response.headers["Content-Disposition"] = 'attachment; filename="svar.html"'
    return response


@respondent_view("GET", "POST")
def refuse(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say that the municipality will not take part; asked for once more before it is so."""
    context = _frame(visit) | {"has_begun": bool(visit.case.answers), "done": False}
    if request.method == "POST":
        try:
            actions.refuse(visit.case, now=timezone.now())
        except NotPossible as refusal:
            return _refused(request, visit, refusal)
        context["done"] = True
    return _render("refuse", context)
