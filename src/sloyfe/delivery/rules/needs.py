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
    # Back to work when the answer did not help; up when it says that the region cannot meet the need.
    NeedState.ANSWERED: frozenset({NeedState.CLOSED, NeedState.IN_WORK, NeedState.RAISED}),
    NeedState.CLOSED: frozenset(),
}
BEFORE_WORK = frozenset({NeedState.UNCONFIRMED, NeedState.RECEIVED, NeedState.IN_WORK})
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
# So long after an answer only the municipality says whether it helped; then the office may close the need.
ANSWER_STANDS = dt.timedelta(days=30)
# An answered need that nobody has said anything about is closed, and the address forgotten.
CLOSED_AFTER = dt.timedelta(days=90)
LONGEST_NEED = 4000
LONGEST_NOTE = 2000
# How many needs may be written on the open page within an hour: for one address, and from one client.
WRITTEN_PER_ADDRESS = 3
WRITTEN_PER_CLIENT = 20
WRITTEN_WITHIN = dt.timedelta(hours=1)
# The way that most needs go, for showing where one stands.
MAIN_WAY = (NeedState.RECEIVED, NeedState.IN_WORK, NeedState.ANSWERED, NeedState.CLOSED)


class StepState(StrEnum):
    DONE = "done"
    NOW = "now"
    NEXT = "next"


def way_of(
    state: NeedState, *, was_triaged: bool, was_raised: bool
) -> list[tuple[NeedState, StepState]]:
    """Give the steps of a need on its way: those behind it, the one where it stands, those to come.

    Nasjonalt fagansvar is a step only for a need that has been there; one that was answered at once was
    never in work.
    """
    way = [
        step
        for step in MAIN_WAY
        if step is not NeedState.IN_WORK or was_triaged or state in BEFORE_WORK
    ]
    if was_raised or state is NeedState.RAISED:
        way.insert(way.index(NeedState.ANSWERED), NeedState.RAISED)
    if state not in way:
        return [(step, StepState.NEXT) for step in way]
    here = way.index(state)
    return [
        (
            step,
            StepState.NOW if place == here else StepState.DONE if place < here else StepState.NEXT,
        )
        for place, step in enumerate(way)
    ]


def is_overdue(state: NeedState, due: dt.date | None, today: dt.date) -> bool:
    """Tell whether a need should have been looked at by now and has not."""
    return state is NeedState.RECEIVED and due is not None and due < today


def is_known_move(before: NeedState, after: NeedState, *, is_met: bool | None) -> bool:
    """Tell whether a need may go from one state to another; an answered one goes up only if not met."""
    if before is NeedState.ANSWERED and after is NeedState.RAISED and is_met is not False:
        return False
    return after in NEED_MOVES[before]
