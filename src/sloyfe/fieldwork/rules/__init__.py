"""What a round may do when, without Django.

Dispositions follow AAPOR Standard Definitions (10th ed., 2023), chapter on Internet surveys of specifically
named persons, in the few classes that a round of organisations needs.
"""

from __future__ import annotations

from enum import StrEnum

MAX_REMINDERS = 2


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


class ResponseState(StrEnum):
    PARTIAL = "partial"
    COMPLETE = "complete"


# Mailing number → kind of letter.
MAILING_CODES = {0: "invitation", 1: "reminder_1", 2: "reminder_2"}
