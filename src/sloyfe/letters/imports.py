"""Reading the letter texts that come with Sløyfe."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sloyfe.audit.actions import Actor
from sloyfe.common.yaml_files import read_yaml
from sloyfe.letters.actions import save_text
from sloyfe.letters.models import LetterText
from sloyfe.letters.rules import SLOTS


def load_letter_texts(path: Path, *, actor: Actor, now: dt.datetime) -> int:
    """Load the general letter texts from ``letters.yaml``; those that are there already stay as they are.

    Gives how many were written. Raises InputProblem for a text with unknown or missing slots.
    """
    there = set(LetterText.objects.filter(scope="").values_list("code", "language"))
    written = 0
    for letter in read_yaml(path).data["letters"]:
        code = letter["code"].replace("-", "_")
        for language, subject in letter["subject"].items():
            if code not in SLOTS or (code, language) in there:
                continue
            save_text(
                code=code,
                scope="",
                language=language,
                subject=subject,
                body=letter["body"][language],
                actor=actor,
                now=now,
            )
            written += 1
    return written
