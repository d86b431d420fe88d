"""The way of a summary up: from a region to nasjonalt fagansvar, from there to the owner. No Django."""

from __future__ import annotations

from enum import StrEnum

# Stands in an address where a region's code stands otherwise.
NATIONAL = "nasjonal"


class Level(StrEnum):
    REGION = "region"
    NATION = "nation"


class SummaryState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    READ = "read"
    ANSWERED = "answered"


SUMMARY_MOVES: dict[SummaryState, frozenset[SummaryState]] = {
    SummaryState.DRAFT: frozenset({SummaryState.SENT}),
    SummaryState.SENT: frozenset({SummaryState.READ}),
    SummaryState.READ: frozenset({SummaryState.ANSWERED}),
    SummaryState.ANSWERED: frozenset(),
}
