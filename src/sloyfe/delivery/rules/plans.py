"""The life of an action plan, its measures and activities, without Django."""

from __future__ import annotations

import datetime as dt
import hashlib
from enum import StrEnum


class PlanState(StrEnum):
    DRAFT = "draft"
    ADOPTED = "adopted"
    CLOSED = "closed"


PLAN_MOVES: dict[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.ADOPTED}),
    PlanState.ADOPTED: frozenset({PlanState.DRAFT, PlanState.CLOSED}),
    PlanState.CLOSED: frozenset(),
}


class MeasureStatus(StrEnum):
    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    DONE = "done"
    STOPPED = "stopped"


UNFINISHED = frozenset({MeasureStatus.NOT_BEGUN, MeasureStatus.UNDER_WAY})
# A plan is for one year; nobody plans for years that no programme reaches.
FIRST_YEAR = 2000
LAST_YEAR = 2100
# A measure may outlast its plan's year; a day further off is a slip of the hand.
LONGEST_MEASURE = 10
MOST_MEASURES = 60
MOST_ACTIVITIES = 40


def stand_of(status: str, note: str, by_when: dt.date) -> str:
    """Give a short mark of how far a measure was said to have come: another mark means that it was said anew."""
    told = f"{status}\n{by_when:%Y-%m-%d}\n{note}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def is_late(status: MeasureStatus, by_when: dt.date, on: dt.date) -> bool:
    """Tell whether a measure's day has passed and it is neither done nor stopped."""
    return status in UNFINISHED and by_when < on
