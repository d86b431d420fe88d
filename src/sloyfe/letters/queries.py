"""Questions about letter texts and the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sloyfe.common.errors import NotPossible
from sloyfe.letters.models import Letter, LetterText
from sloyfe.letters.rules import LetterState
from sloyfe.letters.texts import LANGUAGE_TEXT, LETTER_TEXT


def texts_for(code: str, scopes: Sequence[str]) -> dict[str, LetterText]:
    """Give the letter text per language, the nearest scope first (round, programme, then general)."""
    order = [*scopes, ""]
    found: dict[str, LetterText] = {}
    rows = LetterText.objects.filter(code=code, scope__in=order)
    for text in sorted(rows, key=lambda row: order.index(row.scope)):
        found.setdefault(text.language, text)
    return found


def require_texts(
    code: str, scopes: Sequence[str], languages: Iterable[str]
) -> dict[str, LetterText]:
    """Give the letter texts, or refuse with the language that lacks one."""
    found = texts_for(code, scopes)
    for language in sorted(set(languages)):
        if language not in found:
            raise NotPossible(
                "letter.no_text",
                code=LETTER_TEXT.get(code, code),
                language=LANGUAGE_TEXT.get(language, language),
            )
    return found


def stuck(before: dt.datetime) -> list[Letter]:
    """Give the letters that a worker claimed before a time and never told the end of."""
    return list(Letter.objects.filter(state=LetterState.SENDING.value, claimed_at__lt=before))
