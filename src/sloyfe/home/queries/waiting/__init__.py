"""What waits for a person, and what came back since last time.

Each file is a subject with its own `WAITING` and `NEWS`: functions that say which rows to read for somebody,
and how a row becomes a line. All rows are read at once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import ModuleType

from sloyfe.accounts.models import Person
from sloyfe.home.queries.waiting import (
    agreements,
    evaluation,
    needs,
    steering,
    yearly_reports,
)
from sloyfe.home.queries.waiting.shapes import News as News
from sloyfe.home.queries.waiting.shapes import Waiting as Waiting
from sloyfe.home.queries.waiting.shapes import read
from sloyfe.home.rules import NEWS_DAYS

SUBJECTS: tuple[ModuleType, ...] = (
    evaluation,
    agreements,
    yearly_reports,
    needs,
    steering,
)


def waiting(person: Person, today: dt.date) -> list[Waiting]:
    """Give all that waits for a person, the earliest date first; then what has none, the oldest first.

    One query, and those that find out where the person works.
    """
    found = read(ask(person, today) for subject in SUBJECTS for ask in subject.WAITING)
    return sorted(
        (replace(line, age=(today - line.since).days) if line.since else line for line in found),
        key=lambda line: (line.due is None, line.due or line.since or today, line.text),
    )


def came_back(person: Person, today: dt.date) -> list[News]:
    """Give what came back to a person lately, newest first. One query, and those of `waiting`."""
    since = today - NEWS_DAYS
    found = read(ask(person, since) for subject in SUBJECTS for ask in subject.NEWS)
    return sorted(found, key=lambda line: (-line.on.toordinal(), line.text))[:12]
