"""Steering dialogue, standing groups, and what is asked upwards, without Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class MatterKind(StrEnum):
    """Where a matter (sak) that somebody has to decide came from."""

    DECISION_WANTED = "decision_wanted"
    NEED = "need"  # needs that nobody could meet
    CAPACITY = "capacity"
    GROUP_ISSUE = "group_issue"
    SUMMARY = "summary"  # asked for in a regional or national summary
    CONTRADICTION = "contradiction"  # two texts of the programme say different things


class MatterState(StrEnum):
    PREPARED = "prepared"  # written; goes up together with the summary that it belongs to
    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


MATTER_MOVES: dict[MatterState, frozenset[MatterState]] = {
    MatterState.PREPARED: frozenset({MatterState.ASKED, MatterState.WITHDRAWN}),
    MatterState.ASKED: frozenset({MatterState.ANSWERED, MatterState.WITHDRAWN}),
    MatterState.ANSWERED: frozenset(),
    MatterState.WITHDRAWN: frozenset(),
}


class SteeringState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


STEERING_MOVES: dict[SteeringState, frozenset[SteeringState]] = {
    SteeringState.PLANNED: frozenset({SteeringState.HELD, SteeringState.CANCELLED}),
    SteeringState.HELD: frozenset(),
    SteeringState.CANCELLED: frozenset(),
}


class DecisionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


DECISION_MOVES: dict[DecisionState, frozenset[DecisionState]] = {
    DecisionState.OPEN: frozenset({DecisionState.DONE, DecisionState.DROPPED}),
    DecisionState.DONE: frozenset(),
    DecisionState.DROPPED: frozenset(),
}


class GroupRole(StrEnum):
    LEADER = "leader"
    SECRETARY = "secretary"
    MEMBER = "member"


class AgendaKind(StrEnum):
    """What a line of an agenda is about; in the order in which lines come when nobody has moved them."""

    MATTER = "matter"
    NEED = "need"
    DECISION = "decision"
    SUMMARY = "summary"
    HANDWRITTEN = "handwritten"


# A matter asked of somebody below the owner comes up in the steering dialogue when it has waited so long.
WAITED_LONG = dt.timedelta(days=30)
# As many meetings are planned at once as a year usually has.
MEETINGS_AT_ONCE = 4


@dataclass(frozen=True)
class AgendaPlace:
    """Where a line of an agenda may stand.

    `key` names the line. `carried`: it stood on an agenda before and got no answer. `since`: from when it
    has waited. `position`: where somebody put it; None where nobody has.
    """

    key: str
    kind: AgendaKind
    since: dt.date
    carried: bool = False
    position: int | None = None


def agenda_order(places: Iterable[AgendaPlace]) -> list[AgendaPlace]:
    """Give the lines of an agenda in order: what was carried over on top, the oldest first, whatever else.

    The others stand where they were put; those that nobody has put anywhere come after, by kind and age.
    """
    kinds = list(AgendaKind)

    def place(line: AgendaPlace) -> tuple[int, int, int, dt.date, str]:
        if line.carried:
            return (0, 0, 0, line.since, line.key)
        if line.position is not None:
            return (1, 0, line.position, dt.date.min, line.key)
        return (1, 1, kinds.index(line.kind), line.since, line.key)

    return sorted(places, key=place)


def moved(keys: Sequence[str], key: str, *, up: bool, fixed: int) -> list[str]:
    """Give the keys with one of them a place higher or lower; the first `fixed` ones are not moved past."""
    order = list(keys)
    at = order.index(key)
    to = at - 1 if up else at + 1
    if at < fixed or to < fixed or to >= len(order):
        return order
    order[at], order[to] = order[to], order[at]
    return order
