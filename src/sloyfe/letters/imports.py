"""Reading letter texts from a YAML file; every text is checked before anything is written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sloyfe.audit.actions import Actor
from sloyfe.common.errors import InputProblem, Problem
from sloyfe.common.yaml_files import read_yaml
from sloyfe.letters.actions import save_text
from sloyfe.letters.models import LetterText
from sloyfe.letters.rules import SLOTS, text_problems
from sloyfe.letters.texts import REFUSALS


def load_texts(path: Path, *, scope: str, actor: Actor, now: dt.datetime) -> int:
    """Write the letter texts of a file that are not there yet; gives how many.

    A text that somebody has changed since is left alone. Raises InputProblem with file, line and key.
    """
    document = read_yaml(path)
    letters = document.data.get("letters") if isinstance(document.data, dict) else None
    if not isinstance(letters, list):
        raise InputProblem(
            [Problem("letter.no_letters", "The file has no list of letters.", path.name)]
        )
    problems: list[Problem] = []
    found: list[tuple[str, str, str, str]] = []
    for place, letter in enumerate(letters):
        code = str(letter.get("code", ""))
        if code not in SLOTS:
            problems.append(
                document.problem(
                    "letter.unknown_kind", ("letters", place, "code"), "No such letter.", code
                )
            )
            continue
        for language in sorted(letter["subject"]):
            subject, body = letter["subject"][language], letter["body"].get(language, "")
            for wrong, details in text_problems(code, subject, body):
                where = ("letters", place, "body", language)
                problems.append(
                    document.problem(wrong, where, str(REFUSALS[wrong]) % details, code)
                )
            found.append((code, language, subject, body))
    if problems:
        raise InputProblem(problems)
    there = set(LetterText.objects.filter(scope=scope).values_list("code", "language"))
    new = [text for text in found if text[:2] not in there]
    for code, language, subject, body in new:
        save_text(
            code=code,
            scope=scope,
            language=language,
            subject=subject.strip(),
            body=body,
            actor=actor,
            now=now,
        )
    return len(new)
