"""The wording of the letters that the product comes with, for tests that send some."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sloyfe.common.yaml_files import read_yaml
from sloyfe.letters.models import LetterText

LETTERS = Path(__file__).resolve().parents[1] / "programmes" / "letters.yaml"


@cache
def _texts() -> list[tuple[str, str, str, str]]:
    return [
        (letter["code"], language, subject.strip(), letter["body"][language])
        for letter in read_yaml(LETTERS).data["letters"]
        for language, subject in letter["subject"].items()
    ]


def write_letters() -> None:
    """Let every letter have its words. All at once: as the product does it, it takes longer than most tests."""
    LetterText.objects.bulk_create(
        (
            LetterText(code=code, scope="", language=language, subject=subject, body=body)
            for code, language, subject, body in _texts()
        ),
        ignore_conflicts=True,
    )
