"""What Sløyfe says when it will not do what somebody asked.

    SloyfeError
    ├── Refused(code, **details)     a rule says no; the code has a sentence in some app's texts.py
    │   ├── NotAllowed               this person may not do this
    │   ├── NotPossible              nobody may do this now
    │   └── ChangedMeanwhile         somebody was quicker; nothing was written
    ├── InputProblem(problems)       a file or form holds something wrong; each problem says where
    └── SettingProblem(message)      an environment variable is missing or wrong; says what to set

Everything else is a bug: it is logged once with an id, and the page shows that id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SloyfeError(Exception):
    """The common root, so that one handler can turn all of them into a page or an exit code."""

    exit_code = 1


class Refused(SloyfeError):
    """A rule says no.

    `code` is a stable, dotted word (``round.closed``); `details` fill the named slots of its sentence.
    """

    exit_code = 3

    def __init__(self, code: str, /, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        slots = ", ".join(f"{key}={value}" for key, value in self.details.items())
        return f"{self.code} ({slots})" if slots else self.code


class NotAllowed(Refused):
    """This person may see the thing but not do this with it."""

    exit_code = 4


class NotPossible(Refused):
    """Nobody may do this while things stand as they do."""


class ChangedMeanwhile(Refused):
    """Somebody else wrote first; nothing of this attempt was written."""

    exit_code = 5


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file: where it stands, the value, and what to do.

    `row` counts as the reader of the file does, from 1 with the header as row 1.
    """

    code: str
    message: str
    source: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        place = self.source
        if self.row is not None:
            place += f":{self.row}"
        if self.column:
            place += f" [{self.column}]"
        return f"{place.strip()}: {self.message}" if place.strip() else self.message


class InputProblem(SloyfeError):
    """A file or a form holds something wrong. Nothing of it was taken in."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class SettingProblem(SloyfeError):
    """An environment variable is missing or wrong; the message says what to set."""

    exit_code = 6
