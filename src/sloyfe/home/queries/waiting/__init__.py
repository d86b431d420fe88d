"""What waits for a person, and what came back since last time.

Each file is a subject with its own `WAITING` and `NEWS`: functions that give its lines.
"""

from __future__ import annotations

import datetime as dt
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
from sloyfe.home.rules import NEWS_DAYS

SUBJECTS: tuple[ModuleType, ...] = (
    evaluation,
    agreements,
    yearly_reports,
    needs,
    steering,
)


def waiting(person: Person, today: dt.date) -> list[Waiting]:
    """Give all that waits for a person, the earliest date first; what has no date comes last."""
    found = [
        line for subject in SUBJECTS for lines in subject.WAITING for line in lines(person, today)
    ]
    return sorted(found, key=lambda line: (line.due is None, line.due or today, line.text))


def came_back(person: Person, today: dt.date) -> list[News]:
    """Give what came back to a person lately, newest first."""
    since = today - NEWS_DAYS
    found = [
        line for subject in SUBJECTS for lines in subject.NEWS for line in lines(person, since)
    ]
    return sorted(found, key=lambda line: (-line.on.toordinal(), line.text))[:12]
