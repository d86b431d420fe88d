"""The way of a needs notification (behovsmelding), without Django."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum


class NeedState(StrEnum):
    UNCONFIRMED = "unconfirmed"  # written on the open page, the address not yet confirmed
    RECEIVED = "received"
    IN_WORK = "in_work"  # triaged: the office has said who does what
    RAISED = "raised"  # nobody in the region can meet it: nasjonalt fagansvar has it
    ANSWERED = "answered"
    CLOSED = "closed"


NEED_MOVES: dict[NeedState, frozenset[NeedState]] = {
    NeedState.UNCONFIRMED: frozenset({NeedState.RECEIVED}),
    NeedState.RECEIVED: frozenset({NeedState.IN_WORK, NeedState.ANSWERED, NeedState.RAISED}),
    NeedState.IN_WORK: frozenset({NeedState.ANSWERED, NeedState.RAISED}),
    NeedState.RAISED: frozenset({NeedState.ANSWERED}),
    NeedState.ANSWERED: frozenset({NeedState.CLOSED, NeedState.IN_WORK}),
    NeedState.CLOSED: frozenset(),
}
# Needs that somebody still has to do something about.
OPEN_NEEDS = frozenset({NeedState.RECEIVED, NeedState.IN_WORK, NeedState.RAISED})


class Channel(StrEnum):
    OPEN_PAGE = "open_page"  # without sign-in
    SIGNED_IN = "signed_in"
    OFFICE = "office"  # written down by the office in a meeting or on the telephone


# Within how many days the regional office has looked at a need and said what happens next.
TRIAGE_WITHIN = dt.timedelta(days=14)
# An address that nobody confirms is forgotten, with what was written.
UNCONFIRMED_KEPT = dt.timedelta(days=7)
LONGEST_NEED = 4000
