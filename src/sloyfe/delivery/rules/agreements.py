"""The life of a programme agreement and of the meetings around it, without Django."""

from __future__ import annotations

from enum import StrEnum


class AgreementState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"  # sent by the office, waits for the municipality
    IN_FORCE = "in_force"
    REPLACED = "replaced"  # a later version took its place
    ENDED = "ended"


AGREEMENT_MOVES: dict[AgreementState, frozenset[AgreementState]] = {
    AgreementState.DRAFT: frozenset({AgreementState.PROPOSED}),
    AgreementState.PROPOSED: frozenset({AgreementState.DRAFT, AgreementState.IN_FORCE}),
    AgreementState.IN_FORCE: frozenset({AgreementState.REPLACED, AgreementState.ENDED}),
    AgreementState.REPLACED: frozenset(),
    AgreementState.ENDED: frozenset(),
}


class EndKind(StrEnum):
    """Why an agreement no longer holds; a reason in words stands beside it."""

    EXPIRED = "expired"
    ROTATED = "rotated"  # the place goes to another municipality
    MERGED = "merged"  # the municipality became another
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    MUNICIPALITY = "municipality"
    OFFICE = "office"


class AgreementRoleKind(StrEnum):
    PROGRAMME_LEADER = "programme_leader"
    LEADERSHIP = "leadership"  # who answers for it in the municipality's or office's leadership
    PROGRAMME_CONTACT = "programme_contact"
    OTHER = "other"


class MeetingKind(StrEnum):
    DIALOGUE = "dialogue"  # the first step of the ladder
    STATUS = "status"  # the two a year
    REPORT = "report"  # where the yearly report is gone through
    OTHER = "other"


class MeetingState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


MEETING_MOVES: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PLANNED: frozenset({MeetingState.HELD, MeetingState.CANCELLED}),
    MeetingState.HELD: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}
