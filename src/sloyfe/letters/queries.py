"""Questions about letter texts and the outbox."""

from __future__ import annotations

import datetime as dt
import email.policy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

from django.conf import settings

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


@dataclass(frozen=True)
class WrittenLetter:
    """A letter that was written to a file because no mail server is set."""

    message_id: str
    recipient: str
    subject: str
    body: str


# What Django's file backend puts between two letters of one file.
_BETWEEN = b"\n" + b"-" * 79 + b"\n"
MOST_WRITTEN = 500


def letters_become_files() -> bool:
    """Tell whether letters are written to files here instead of being sent."""
    return str(settings.EMAIL_BACKEND).endswith("filebased.EmailBackend")


def written_letters(message_ids: Iterable[str]) -> list[WrittenLetter]:
    """Give the letters with these Message-IDs that stand in files, newest file first.

    At most the newest 500 files are read. None where letters are sent by a server.
    """
    if not letters_become_files():
        return []
    wanted = set(message_ids)
    folder = Path(str(getattr(settings, "EMAIL_FILE_PATH", "")))
    found = []
    for file in sorted(folder.glob("*.log"), reverse=True)[:MOST_WRITTEN]:
        for raw in file.read_bytes().split(_BETWEEN):
            letter = message_from_bytes(raw.lstrip(), policy=email.policy.default)
            if str(letter["Message-ID"]) not in wanted:
                continue
            found.append(
                WrittenLetter(
                    message_id=str(letter["Message-ID"]),
                    recipient=str(letter["To"]),
                    subject=" ".join(str(letter["Subject"]).split()),
                    body=str(letter.get_content()),
                )
            )
    return found
