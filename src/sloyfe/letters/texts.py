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
        "There is no letter text for %(code)s in %(language)s. Write it before you send."
    ),
    "letter.not_queued": _("This letter is %(state)s and cannot be sent now."),
    "letter.cannot_move": _("A letter that is %(state)s cannot become %(wanted)s."),
}
