"""What the letters say, and the letters that need a person's decision."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sloyfe.common.errors import InputProblem
from sloyfe.fieldwork import permissions
from sloyfe.fieldwork.actions import mailings
from sloyfe.fieldwork.forms import LetterTextForm
from sloyfe.fieldwork.models import Case, Mailing, Round
from sloyfe.fieldwork.rules import MAILING_CODES, RoundState
from sloyfe.fieldwork.views.rounds import crumbs, fetch_round
from sloyfe.letters import actions as outbox
from sloyfe.letters.queries import letters_become_files, texts_for, written_letters
from sloyfe.letters.rules import LetterState, fill
from sloyfe.letters.texts import LANGUAGE_TEXT, LETTER_TEXT, STATE_TEXT
from sloyfe.ui.components import Button
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text

LANGUAGES = ("nb", "nn")
UNDECIDED = (LetterState.UNCERTAIN, LetterState.FAILED, LetterState.BOUNCED)


def _may_edit(request: HttpRequest, round_: Round) -> bool:
    runs = permissions.is_evaluator_of(request.user, round_, timezone.localdate())
    return runs and round_.state != RoundState.CLOSED


def _decisions(slug: str, row: Mailing, why: str) -> list[Button]:
    def button(label: str, what: str, variant: str) -> Button:
        url = reverse("fieldwork:letter_decide", args=[slug, row.letter_id, what])
        return Button(label, url, why, variant=variant)

    again = button(_("Send it again"), "send", "secondary")
    if row.letter.state == LetterState.BOUNCED:
        return [button(_("Send it to the new contact"), "send", "secondary")]
    if row.letter.state == LetterState.UNCERTAIN:
        return [again, button(_("Count it as sent"), "leave", "tertiary")]
    return [again, button(_("Withdraw it"), "leave", "tertiary")]


@require_GET
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """What do the letters of this survey say?"""
    round_ = fetch_round(request, slug)
    shown = []
    for code in MAILING_CODES.values():
        texts = texts_for(code, mailings.scopes_of(round_))
        shown.append(
            {
                "code": code,
                "title": LETTER_TEXT[code],
                "texts": [
                    {
                        "language": language,
                        "name": LANGUAGE_TEXT[language],
                        "subject": fill(text.subject, mailings.sample_values(round_, language)),
                        "body": fill(text.body, mailings.sample_values(round_, language)),
                    }
                    for language, text in sorted(texts.items())
                    if language in LANGUAGES
                ],
                "lacking": [
                    {"language": language, "name": LANGUAGE_TEXT[language]}
                    for language in LANGUAGES
                    if language not in texts
                ],
            }
        )
    outbox_rows = []
    if permissions.is_evaluator_of(request.user, round_, timezone.localdate()):
        why = refusal_text(permissions.check_may_send, request.user, round_, timezone.localdate())
        rows = (
            Mailing.objects.filter(
                case__population__round=round_, letter__state__in=[s.value for s in UNDECIDED]
            )
            .select_related("letter", "case__organisation")
            .order_by("case__organisation__sort_key")
        )
        outbox_rows = [
            {
                "organisation": row.case.organisation.name,
                "state": STATE_TEXT[LetterState(row.letter.state)],
                "trouble": row.letter.trouble,
                "buttons": _decisions(slug, row, why),
            }
            for row in rows
        ]
    context = {
        "round": round_,
        "is_simulated": round_.is_simulated,
        "crumbs": crumbs(round_, _("Letters")),
        "letters": shown,
        "may_edit": _may_edit(request, round_),
        "outbox": outbox_rows,
        "may_read_written": letters_become_files()
        and permissions.may_read_written_letters(request.user, round_, timezone.localdate()),
    }
    return render(request, "fieldwork/letters.html", context)


@never_cache  # the letters hold links that open questionnaires
@require_GET
def written(request: HttpRequest, slug: str) -> HttpResponse:
    """Read the letters of an exercise that were written to files instead of being sent."""
    round_ = fetch_round(request, slug)
    today = timezone.localdate()
    if not (
        letters_become_files() and permissions.may_read_written_letters(request.user, round_, today)
    ):
        raise Http404
    sent = Mailing.objects.filter(case__population__round=round_)
    shown = written_letters(sent.values_list("letter__message_id", flat=True))
    context = {
        "round": round_,
        "is_simulated": round_.is_simulated,
        "crumbs": crumbs(round_, _("Letters as they went")),
        "page": Paginator(shown, 20).get_page(request.GET.get("side")),
    }
    return render(request, "fieldwork/letters_written.html", context)


@require_http_methods(["GET", "POST"])
def letter_text(request: HttpRequest, slug: str, code: str, language: str) -> HttpResponse:
    """Change what a letter of this survey says, in one language."""
    round_ = fetch_round(request, slug)
    permissions.check_may_run(request.user, round_, timezone.localdate())
    if code not in MAILING_CODES.values() or language not in LANGUAGES:
        raise Http404
    text = texts_for(code, mailings.scopes_of(round_)).get(language)
    initial = {"subject": text.subject, "body": text.body} if text else {}
    form = LetterTextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            outbox.save_text(
                code=code,
                scope=mailings.scopes_of(round_)[0],
                language=language,
                subject=form.cleaned_data["subject"],
                body=form.cleaned_data["body"],
                actor=request.user,
                now=timezone.now(),
            )
        except InputProblem as wrong:
            for problem in wrong.problems:
                form.add_error("body", problem.message)
        else:
            say(request, _("The letter is changed."))
            return redirect("fieldwork:letters", slug)
    context = {
        "round": round_,
        "is_simulated": round_.is_simulated,
        "form": form,
        "title": _("%(letter)s in %(language)s")
        % {"letter": LETTER_TEXT[code], "language": LANGUAGE_TEXT[language]},
        "lead": _("These places are filled in when the letter is sent: %(slots)s.")
        % {"slots": "{organisation}, {round}, {link}, {closes}, {controller}, {contact}"},
        "submit": _("Save the letter"),
        "crumbs": crumbs(round_, _("Letters")),
    }
    return render(request, "ui/form_page.html", context, status=422 if form.errors else 200)


@require_POST
def letter_decide(request: HttpRequest, slug: str, letter: uuid.UUID, what: str) -> HttpResponse:
    """Send an uncertain or failed letter once more, or leave it."""
    round_ = fetch_round(request, slug)
    permissions.check_may_send(request.user, round_, timezone.localdate())
    row = get_object_or_404(
        Mailing.objects.select_related("letter", "case__population__round"),
        case__population__round=round_,
        letter_id=letter,
    )
    if what == "send":
        mailings.send_again(mailing=row, actor=request.user, now=timezone.now())
        say(request, _("The letter is on its way again."))
    elif what == "leave":
        mailings.leave(mailing=row, actor=request.user, now=timezone.now())
        say(request, _("The letter is left as it is."))
    else:
        raise Http404
    return redirect("fieldwork:letters", slug)


@require_POST
def new_link(request: HttpRequest, slug: str, case: uuid.UUID) -> HttpResponse:
    """Make every earlier link of a case void."""
    round_ = fetch_round(request, slug)
    permissions.check_may_send(request.user, round_, timezone.localdate())
    row = get_object_or_404(
        Case.objects.select_related("population__round"), pk=case, population__round=round_
    )
    mailings.make_new_link(case=row, actor=request.user, now=timezone.now())
    say(request, _("Earlier links are void. The next letter carries a new one."))
    return redirect("fieldwork:population", slug, row.population.code)
