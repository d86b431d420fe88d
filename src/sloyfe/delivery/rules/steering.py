"""Steering dialogue, standing groups, and what is asked upwards, without Django."""

from __future__ import annotations

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
    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


MATTER_MOVES: dict[MatterState, frozenset[MatterState]] = {
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
