"""Words for municipalities and what happened to them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sloyfe.organisations.rules import ChangeKind, LanguageForm, Register

REGISTER_TEXT = {
    Register.NORWAY: _("Norway's municipalities"),
    Register.EXERCISE: _("Invented municipalities (exercise)"),
}
LANGUAGE_FORM_TEXT = {
    LanguageForm.BOKMAAL: _("bokmål"),
    LanguageForm.NYNORSK: _("nynorsk"),
    LanguageForm.NEUTRAL: _("neutral"),
    LanguageForm.UNKNOWN: _("not known"),
}
SIZE_CLASS_TEXT: dict[str, str | Promise] = {
    "0-5000": _("up to 5 000 inhabitants"),
    "5001-15000": _("5 001 to 15 000 inhabitants"),
    "15001-50000": _("15 001 to 50 000 inhabitants"),
    "50001-100000": _("50 001 to 100 000 inhabitants"),
    "100001-": _("more than 100 000 inhabitants"),
    "unknown": _("number of inhabitants not known"),
}
CHANGE_TEXT = {
    ChangeKind.RENAME: _("%(before)s changed its name to %(after)s."),
    ChangeKind.RENUMBER: _("%(before)s got a new number and became %(after)s."),
    ChangeKind.MERGE: _("%(before)s were merged into %(after)s."),
    ChangeKind.SPLIT: _("%(before)s was split between %(after)s."),
    ChangeKind.MOVE: _("%(before)s moved to another county or region and became %(after)s."),
}
EVENTS = {
    "organisations.register.store": _("The register of municipalities was loaded from %(about)s."),
}
MOVED_UNDER_ITS_NAME = _("%(before)s moved to another county or region.")


def listed(words: Sequence[str]) -> str:
    """Write a list as people say it: "A, B and C"."""
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def change_told(kind: ChangeKind, before: Sequence[str], after: Sequence[str]) -> str:
    """Tell a change in a sentence, in the reader's language."""
    text = CHANGE_TEXT[kind]
    if kind is ChangeKind.MOVE and list(before) == list(after):
        text = MOVED_UNDER_ITS_NAME
    return str(text) % {"before": listed(before), "after": listed(after)}


def spaced(number: int | None) -> str:
    """Write a whole number with thin spaces between thousands; an unknown one as "–"."""
    return "–" if number is None else f"{number:,}".replace(",", "\u202f")
