"""What a round may do when, without Django.

Dispositions follow AAPOR Standard Definitions (10th ed., 2023), chapter on Internet surveys of specifically
named persons, in the few classes that a round of organisations needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

MAX_REMINDERS = 2
# A group in which fewer than this were asked is not told apart to anybody but the evaluator.
SMALLEST_GROUP = 5


class Origin(StrEnum):
    FIELDED = "fielded"  # asked and answered here
    SIMULATED = "simulated"  # made by a seeded model
    PUBLISHED = "published"  # fielded elsewhere; only printed figures are known


class RoundState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


ROUND_MOVES: dict[RoundState, frozenset[RoundState]] = {
    RoundState.PLANNED: frozenset({RoundState.OPEN}),
    RoundState.OPEN: frozenset({RoundState.CLOSED}),
    RoundState.CLOSED: frozenset(),
}


class Declaration(StrEnum):
    ANONYMOUS = "anonymous"
    CONFIDENTIAL_PANEL = "confidential_panel"
    ATTRIBUTABLE = "attributable"
    NOT_STATED = "not_stated"  # only of a round carried out elsewhere, whose report does not say


class Design(StrEnum):
    CENSUS = "census"
    STRATIFIED = "stratified"  # a fixed number per stratum, at random


class Disposition(StrEnum):
    DRAWN = "drawn"
    INVITED = "invited"
    PARTIAL = "partial"
    COMPLETE = "complete"
    REFUSED = "refused"
    BOUNCED = "bounced"


# How far a case has come → where it may come from: by what the respondent does, and by what becomes of a
# letter to it. A letter to a new contact brings a unit back whose first letter was returned.
ANSWERING_COMES_FROM: dict[Disposition, tuple[Disposition, ...]] = {
    Disposition.PARTIAL: (
        Disposition.DRAWN,
        Disposition.INVITED,
        Disposition.BOUNCED,
        Disposition.REFUSED,
    ),
    Disposition.COMPLETE: (
        Disposition.DRAWN,
        Disposition.INVITED,
        Disposition.BOUNCED,
        Disposition.REFUSED,
        Disposition.PARTIAL,
    ),
    Disposition.REFUSED: (
        Disposition.DRAWN,
        Disposition.INVITED,
        Disposition.BOUNCED,
        Disposition.PARTIAL,
    ),
}
LETTER_COMES_FROM: dict[Disposition, tuple[Disposition, ...]] = {
    Disposition.INVITED: (Disposition.DRAWN, Disposition.BOUNCED),
    Disposition.BOUNCED: (Disposition.DRAWN, Disposition.INVITED),
}


class ResponseState(StrEnum):
    PARTIAL = "partial"
    COMPLETE = "complete"


# Mailing number → kind of letter.
MAILING_CODES = {0: "invitation", 1: "reminder_1", 2: "reminder_2"}


def hidden_groups(asked: Mapping[str, int], smallest: int = SMALLEST_GROUP) -> frozenset[str]:
    """Give the groups that are too small to be told apart: in them a rate would say who has answered.

    `asked` is how many were asked in each group. Where those hidden together are still too few, or only
    one is hidden, the next smallest goes with them: the total less the others would give it away.
    """
    hidden: list[str] = []
    together = 0
    for n, key in sorted((n, key) for key, n in asked.items() if n):
        enough = not hidden or (together >= smallest and len(hidden) > 1)
        if n >= smallest and enough:
            break
        hidden.append(key)
        together += n
    return frozenset(hidden)
