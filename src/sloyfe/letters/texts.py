"""Words for the life of a letter and for what may be wrong with one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sloyfe.letters.rules import LetterState

STATE_TEXT = {
    LetterState.QUEUED: _("waiting to be sent"),
    LetterState.SENDING: _("being sent"),
    LetterState.SENT: _("sent"),
    LetterState.UNCERTAIN: _("uncertain: the server may have taken it"),
    LetterState.FAILED: _("not sent: the server could not take it"),
    LetterState.BOUNCED: _("returned: the address does not take letters"),
    LetterState.CANCELLED: _("withdrawn"),
}

LETTER_TEXT = {
    "invitation": _("Invitation"),
    "reminder_1": _("First reminder"),
    "reminder_2": _("Second reminder"),
    "receipt": _("Receipt"),
    "sign_in": _("Sign-in letter"),
    "date_new": _("New date on the year wheel"),
    "date_moved": _("Moved date on the year wheel"),
    "date_cancelled": _("Cancelled date on the year wheel"),
    "need_confirm": _("Confirming a need"),
    "need_received": _("Need received"),
    "need_answered": _("Need answered"),
    "report_invitation": _("Invitation to the yearly report"),
    "report_reminder": _("Reminder of the yearly report"),
    "report_receipt": _("Receipt for the yearly report"),
    "report_question": _("Question about the yearly report"),
    "report_answered": _("Answer to the yearly report"),
    "report_extended": _("More time for the yearly report"),
    "report_excused": _("Excused from the yearly report"),
    "agreement_sent": _("Programme agreement to confirm"),
    "meeting_planned": _("Meeting planned"),
}
LANGUAGE_TEXT = {"nb": _("bokmål"), "nn": _("nynorsk"), "en": _("English (the language)")}

EVENTS = {
    "letters.text.save": _("The wording of the letter “%(code)s” in %(language)s was saved."),
    "letters.letter.uncertain": _(
        "A letter was marked as uncertain, since nobody knows whether it left."
    ),
    "letters.letter.move": _("A letter got the status “%(to)s”."),
}
# What stands in the details as a code, and is told by its word.
EVENT_WORDS = {
    "letters.text.save": {"code": LETTER_TEXT, "language": LANGUAGE_TEXT},
    "letters.letter.move": {"to": STATE_TEXT},
}

REFUSALS = {
    "letter.empty": _("The letter has no subject or no text. Write both."),
    "letter.subject_is_one_line": _("The subject must stand on one line."),
    "letter.unknown_slot": _(
        "The letter has the place {%(slot)s}, which we cannot fill. Use one of these: %(known)s."
    ),
    "letter.broken_braces": _(
        "A brace in the letter is not closed. Write {organisation} with both braces."
    ),
    "letter.missing_slot": _("The letter lacks {%(slot)s}. Without it nobody can use the letter."),
    "letter.no_text": _(
        "The letter “%(code)s” has no text in %(language)s. Write it before you send."
    ),
    "letter.cannot_move": _("A letter that is %(state)s cannot become %(wanted)s."),
}
