"""The life of a programme agreement and of the meetings around it, without Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class AgreementState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"  # sent by the office, waits for the municipality
    IN_FORCE = "in_force"
    REPLACED = "replaced"  # a later version took its place
    ENDED = "ended"


# What both sides have agreed on, also where it holds no longer.
SETTLED_AGREEMENTS = frozenset(
    {AgreementState.IN_FORCE, AgreementState.REPLACED, AgreementState.ENDED}
)
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

# How many meetings a municipality and its office hold in a year, and which of them count.
MEETINGS_A_YEAR = 2
COUNTED_MEETINGS = frozenset({MeetingKind.STATUS, MeetingKind.REPORT})
# How long before its last day an agreement is told to run out.
EXPIRES_SOON = dt.timedelta(days=90)
MOST_PRIORITIES = 5
# What a municipality may say by itself when it leaves; the rest is the office's to say.
MUNICIPALITY_ENDS = frozenset({EndKind.WITHDRAWN})


def last_day(valid_to: dt.date | None) -> dt.date | None:
    """Give the last day on which something holds; None while no end is set."""
    return None if valid_to is None else valid_to - dt.timedelta(days=1)


def expires_soon(valid_to: dt.date | None, on: dt.date) -> bool:
    """Tell whether an agreement in force runs out within the time in which it is told, or has run out."""
    return valid_to is not None and valid_to <= on + EXPIRES_SOON


Term = str | tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """One term that two versions of an agreement have differently.

    A text has `before` and `after`; a list has what was taken out and what was put in.
    """

    term: str
    before: str = ""
    after: str = ""
    taken_out: tuple[str, ...] = ()
    put_in: tuple[str, ...] = ()
    reordered: bool = False


def what_changed(before: Mapping[str, Term], after: Mapping[str, Term]) -> tuple[Changed, ...]:
    """Give what differs between two versions of an agreement, in the order of the later one's terms.

    A term is a text or a list of lines; one that a version lacks counts as empty.
    """
    found: list[Changed] = []
    for term in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(term, ""), after.get(term, "")
        if isinstance(old, tuple) or isinstance(new, tuple):
            olds = old if isinstance(old, tuple) else tuple(filter(None, [old]))
            news = new if isinstance(new, tuple) else tuple(filter(None, [new]))
            if olds != news:
                out = tuple(line for line in olds if line not in news)
                into = tuple(line for line in news if line not in olds)
                found.append(
                    Changed(term, taken_out=out, put_in=into, reordered=not out and not into)
                )
        elif old != new:
            found.append(Changed(term, old, new))
    return tuple(found)
