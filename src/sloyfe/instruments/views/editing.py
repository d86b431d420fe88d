"""Changing a draft by form: wording, order, questions in and out."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sloyfe.common.errors import InputProblem, NotPossible
from sloyfe.instruments import actions, permissions, queries
from sloyfe.instruments.forms import NewQuestionForm, QuestionForm
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules import QuestionKind, editing
from sloyfe.instruments.rules.definitions import Question
from sloyfe.instruments.texts import QUESTION_KINDS, words_for
from sloyfe.instruments.views.fetching import address, crumbs, fetch_version
from sloyfe.ui.components import Button, FieldProblem
from sloyfe.ui.middleware import say
from sloyfe.ui.templatetags.ui import pick


def _fetch_draft(request: HttpRequest, programme: str, code: str, number: int) -> Version:
    version = fetch_version(request, programme, code, number)
    permissions.check_may_edit(request.user, version, timezone.now())
    return version


def _find(version: Version, question: str) -> Question:
    try:
        return editing.find_question(version.definition, question)
    except editing.NoSuchQuestion:
        raise Http404 from None


@require_GET
def edit(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """What stands in the draft, in which order, and what can be done with each question?"""
    version = _fetch_draft(request, programme, code, number)
    pages = [
        {
            "code": page["code"],
            "title": pick(page["title"]),
            "add_url": address("add_question", version, page["code"]),
            "questions": [
                {
                    "code": question["code"],
                    "text": pick(question["text"]),
                    "kind": QUESTION_KINDS[QuestionKind(question["kind"])],
                    "url": address("edit_question", version, question["code"]),
                    "up": address("move_up", version, question["code"]) if place else "",
                    "down": address("move_down", version, question["code"])
                    if place + 1 < len(page["questions"])
                    else "",
                    "remove": address("remove_question", version, question["code"]),
                }
                for place, question in enumerate(page["questions"])
            ],
        }
        for page in version.definition["pages"]
    ]
    context = {
        "version": version,
        "programme": version.instrument.programme,
        "pages": pages,
        "drafting": words_for(version.instrument.kind).drafting,
        "crumbs": crumbs(version, _("Change the draft")),
    }
    return render(request, "instruments/version_edit.html", context)


@require_http_methods(["GET", "POST"])
def edit_question(
    request: HttpRequest, programme: str, code: str, number: int, question: str
) -> HttpResponse:
    """Change the wording and the rules of one question."""
    version = _fetch_draft(request, programme, code, number)
    found = _find(version, question)
    bank = queries.bank_of(version.instrument.programme)
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        question=found,
        bank=bank,
        instrument=version.instrument.kind,
        initial={"based_on": version.content_hash},
    )
    problems: list[FieldProblem] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_question(
                version=version,
                code=question,
                changes=form.changes,
                based_on=form.cleaned_data["based_on"],
                actor=request.user,
                now=timezone.now(),
            )
        except InputProblem as wrong:
            problems = [FieldProblem(problem.message) for problem in wrong.problems]
        else:
            say(request, _("The question has been changed."))
            return redirect(address("edit", version))
    title = _("Change the question")
    return _form_page(request, version, form, title, _("Save the question"), problems)


@require_http_methods(["GET", "POST"])
def add_question(
    request: HttpRequest, programme: str, code: str, number: int, page: str
) -> HttpResponse:
    """Put a question at the end of a page."""
    version = _fetch_draft(request, programme, code, number)
    if page not in [found["code"] for found in version.definition["pages"]]:
        raise Http404
    bank = queries.bank_of(version.instrument.programme)
    form = NewQuestionForm(
        request.POST if request.method == "POST" else None,
        bank=bank,
        instrument=version.instrument.kind,
        initial={"based_on": version.content_hash},
    )
    problems: list[FieldProblem] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_question(
                version=version,
                page=page,
                question=form.new_question,
                based_on=form.cleaned_data["based_on"],
                actor=request.user,
                now=timezone.now(),
            )
        except InputProblem as wrong:
            problems = [FieldProblem(problem.message) for problem in wrong.problems]
        else:
            say(request, _("The question has been added at the end of the page."))
            return redirect(address("edit", version))
    title = _("Add a question")
    return _form_page(request, version, form, title, _("Add the question"), problems)


def _form_page(
    request: HttpRequest,
    version: Version,
    form: QuestionForm | NewQuestionForm,
    title: str,
    submit: str,
    problems: list[FieldProblem],
) -> HttpResponse:
    context = {
        "version": version,
        "programme": version.instrument.programme,
        "form": form,
        "title": title,
        "submit": submit,
        "problems": problems,
        "back": address("edit", version),
        "crumbs": crumbs(version, title),
    }
    status = 422 if form.errors or problems else 200
    return render(request, "instruments/question_form.html", context, status=status)


@require_POST
def move_question(
    request: HttpRequest, programme: str, code: str, number: int, question: str, by: int
) -> HttpResponse:
    """Move one question up or down on its page."""
    version = _fetch_draft(request, programme, code, number)
    _find(version, question)
    actions.move_question(
        version=version,
        code=question,
        by=by,
        based_on=request.POST.get("based_on", ""),
        actor=request.user,
        now=timezone.now(),
    )
    return redirect(f"{address('edit', version)}#q-{question}")


@require_http_methods(["GET", "POST"])
def remove_question(
    request: HttpRequest, programme: str, code: str, number: int, question: str
) -> HttpResponse:
    """Say what is taken out, and take it out."""
    version = _fetch_draft(request, programme, code, number)
    found = _find(version, question)
    if request.method == "POST":
        try:
            actions.remove_question(
                version=version,
                code=question,
                based_on=request.POST.get("based_on", ""),
                actor=request.user,
                now=timezone.now(),
            )
        except InputProblem as wrong:
            raise NotPossible(
                "instrument.others_depend", question=pick(found["text"]) or question
            ) from wrong
        say(request, _("The question has been taken out of the draft. The bank keeps it."))
        return redirect(address("edit", version))
    loss = [
        _("“%(question)s” is taken out of this draft.") % {"question": pick(found["text"])},
        _("The bank keeps it, and other forms that ask it are not touched."),
    ]
    context = {
        "version": version,
        "programme": version.instrument.programme,
        "title": _("Take this question out?"),
        "loss": loss,
        "based_on": version.content_hash,
        "button": Button(_("Take out"), request.path, color="danger"),
        "back": address("edit", version),
        "crumbs": crumbs(version, _("Take out")),
    }
    return render(request, "instruments/confirm_form.html", context)
