"""A version as a respondent will meet it: the preview, which writes nothing, and the pilot, which keeps
what is answered apart from every round.

Both carry the answers so far in the page itself, so that nothing has to be stored on the way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sloyfe.instruments import actions, permissions
from sloyfe.instruments.models import PilotAnswer, Version
from sloyfe.instruments.rules.answers import (
    FieldProblem,
    Form,
    Page,
    Value,
    check_answer,
    check_complete,
    counted,
    merge,
    read_form,
    read_page,
    relevant_pages,
    relevant_questions,
    walk,
)
from sloyfe.instruments.rules.pages import (
    answer_lines,
    first_field_id,
    from_answers,
    from_posted,
    page_view,
)
from sloyfe.instruments.texts import problem_text, words_for
from sloyfe.instruments.views.fetching import address, crumbs, fetch_version, signed_in
from sloyfe.instruments.views.versions import WORDING_LANGUAGES, wording_language
from sloyfe.ui import components
from sloyfe.ui.middleware import say

# Names that no item can have, since a code begins with a letter or a digit.
EARLIER, STEP, REMARK, TOKEN = "_earlier", "_step", "_remark", "csrfmiddlewaretoken"
LONGEST_EARLIER = 300_000
LONGEST_REMARK = 4000


@dataclass
class _Turn:
    """One request in a walk through a version."""

    form: Form
    page: Page
    answers: dict[str, Value]
    language: str
    organisation: str


def _turn(request: HttpRequest, version: Version, page: str) -> _Turn:
    form = read_form(version.definition)
    found = form.by_page.get(page)
    if found is None:
        raise Http404
    organisation = _("Example municipality")
    answers = _earlier(form, request.POST.get(EARLIER, ""))
    return _Turn(form, found, answers, wording_language(request), organisation)


def _earlier(form: Form, carried: str) -> dict[str, Value]:
    """Read the answers that the page carried; what could not be an answer is left out."""
    if not carried or len(carried) > LONGEST_EARLIER:
        return {}
    try:
        found = json.loads(carried)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {item: value for item, value in found.items() if check_answer(form, item, value) is None}


def _problem_links(form: Form, problems: list[FieldProblem]) -> list[components.FieldProblem]:
    questions = {question.code: question for _page, question in walk(form)}
    links = []
    for problem in problems:
        question = questions.get(problem.question)
        anchor = first_field_id(question, problem.item) if question else ""
        links.append(components.FieldProblem(problem_text(problem), anchor))
    return links


@require_GET
def preview(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """Go to the first page as a respondent meets it."""
    version = fetch_version(request, programme, code, number)
    return redirect(address("preview_page", version, version.definition["pages"][0]["code"]))


@require_http_methods(["GET", "POST"])
def preview_page(
    request: HttpRequest, programme: str, code: str, number: int, page: str
) -> HttpResponse:
    """Show one page as a respondent meets it and check what is answered, without writing anything."""
    version = fetch_version(request, programme, code, number)
    return _walk(request, version, page, pilot=False)


@require_http_methods(["GET", "POST"])
def pilot_page(
    request: HttpRequest, programme: str, code: str, number: int, page: str
) -> HttpResponse:
    """Show one page of the pilot; what is sent from the last is kept apart from every round."""
    version = fetch_version(request, programme, code, number)
    permissions.check_may_pilot(request.user, version, timezone.now())
    return _walk(request, version, page, pilot=True)


def _walk(request: HttpRequest, version: Version, code: str, *, pilot: bool) -> HttpResponse:
    turn = _turn(request, version, code)
    if request.method == "GET":
        return _page(request, version, turn, turn.page, pilot=pilot)
    posted = {
        name: request.POST.getlist(name)
        for name in request.POST
        if name not in {EARLIER, STEP, REMARK, TOKEN}
    }
    changes, problems = read_page(turn.form, code, posted, turn.answers)
    if request.POST.get(STEP) == "back":
        # Going back keeps what was right and asks for nothing.
        turn.answers = merge(turn.answers, changes)
        before = _neighbour(turn, -1)
        return _page(request, version, turn, before or turn.page, pilot=pilot)
    if problems:
        return _page(
            request, version, turn, turn.page, pilot=pilot, posted=posted, problems=problems
        )
    turn.answers = merge(turn.answers, changes)
    following = _neighbour(turn, 1)
    if following is not None:
        return _page(request, version, turn, following, pilot=pilot)
    remaining = check_complete(turn.form, turn.answers)
    if remaining:
        place = turn.form.by_page.get(remaining[0].page, turn.page)
        return _page(request, version, turn, place, pilot=pilot, problems=remaining)
    if pilot:
        actions.save_pilot_answer(
            version=version,
            answers=counted(turn.form, turn.answers),
            remark=request.POST.get(REMARK, "").replace("\x00", "").strip()[:LONGEST_REMARK],
            actor=signed_in(request),
            now=timezone.now(),
        )
        say(request, str(words_for(version.instrument.kind).tried))
        return redirect(address("version", version))
    return _end(request, version, turn)


def _neighbour(turn: _Turn, by: int) -> Page | None:
    """Give the page before or after that has something to ask, or nothing at the ends."""
    asked = {page.code for page in relevant_pages(turn.form, turn.answers)} | {turn.page.code}
    pages = [page for page in turn.form.pages if page.code in asked]
    place = pages.index(turn.page) + by
    return pages[place] if 0 <= place < len(pages) else None


def _page(
    request: HttpRequest,
    version: Version,
    turn: _Turn,
    page: Page,
    *,
    pilot: bool,
    posted: Mapping[str, list[str]] | None = None,
    problems: list[FieldProblem] | None = None,
) -> HttpResponse:
    problems = problems or []
    here = [problem for problem in problems if problem.page == page.code]
    sentences = {problem.item or problem.question: problem_text(problem) for problem in here}
    sentences |= {problem.question: problem_text(problem) for problem in here if problem.is_missing}
    asked = relevant_questions(turn.form, turn.answers)
    dynamic = (
        from_posted(posted, organisation=turn.organisation, asked=asked, problems=sentences)
        if posted is not None
        else from_answers(
            turn.answers, organisation=turn.organisation, asked=asked, problems=sentences
        )
    )
    pages = turn.form.pages
    place = pages.index(page) + 1
    name = "pilot_page" if pilot else "preview_page"
    query = f"?ordlyd={turn.language}"
    context = {
        "version": version,
        "programme": version.instrument.programme,
        "page": page_view(page, turn.language, dynamic),
        "pilot": pilot,
        "notice": words_for(version.instrument.kind).trying if pilot else "",
        "action": address(name, version, page.code) + query,
        "earlier": json.dumps(turn.answers, ensure_ascii=False),
        "place": place,
        "total": len(pages),
        "is_first": place == 1,
        "is_last": place == len(pages),
        "problems": _problem_links(turn.form, here),
        "language": turn.language,
        "languages": [(code, WORDING_LANGUAGES[code]) for code in turn.form.languages],
        "names": {"earlier": EARLIER, "step": STEP, "remark": REMARK},
        "crumbs": crumbs(version, _("Pilot") if pilot else _("Preview")),
    }
    status = 422 if here else 200
    return render(request, "instruments/version_preview.html", context, status=status)


def _end(request: HttpRequest, version: Version, turn: _Turn) -> HttpResponse:
    """Show what would have been sent. Nothing has been, and nothing is kept."""
    lines = [
        line
        for _page, question in walk(turn.form)
        if question.code in relevant_questions(turn.form, turn.answers)
        for line in answer_lines(question, turn.answers, turn.language, turn.organisation)
    ]
    context = {
        "version": version,
        "programme": version.instrument.programme,
        "lines": lines,
        "back": address("version", version),
        "again": address("preview", version),
        "crumbs": crumbs(version, _("Preview")),
    }
    return render(request, "instruments/preview_end.html", context)


@require_GET
def pilot_answers(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """What did the pilot give? For those who make the form alone."""
    version = fetch_version(request, programme, code, number)
    permissions.check_may_read_pilot_answers(request.user, version, timezone.now())
    form = read_form(version.definition)
    language = (translation.get_language() or "nb").split("-")[0]
    answers = (
        PilotAnswer.objects.all()
        .visible_to(request.user)
        .filter(version=version)
        .order_by("-made_on", "-pk")
    )
    rows = [
        {
            "made_on": answer.made_on,
            "remark": answer.remark,
            "lines": [
                line
                for _page, question in walk(form)
                for line in answer_lines(question, answer.answers, language, "…")
                if line.answer
            ],
        }
        for answer in answers[:200]
    ]
    context = {
        "version": version,
        "programme": version.instrument.programme,
        "rows": rows,
        "crumbs": crumbs(version, _("Pilot answers")),
    }
    return render(request, "instruments/pilot_list.html", context)
