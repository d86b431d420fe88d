"""The life of a yearly report, without Django."""

from __future__ import annotations

from enum import StrEnum


class YearState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class ReportState(StrEnum):
    EXPECTED = "expected"
    BEGUN = "begun"
    TO_CONFIRM = "to_confirm"  # filled in by the adviser in the meeting; the municipality confirms
    SENT = "sent"
    RECEIVED = "received"  # by the office, not a person
    DISCUSSED = "discussed"
    ANSWERED = "answered"
    CLOSED = "closed"
    EXCUSED = "excused"  # no longer expected, with reason (agreement ended, municipality merged)


REPORT_MOVES: dict[ReportState, frozenset[ReportState]] = {
    ReportState.EXPECTED: frozenset({ReportState.BEGUN, ReportState.EXCUSED}),
    ReportState.BEGUN: frozenset({ReportState.TO_CONFIRM, ReportState.SENT, ReportState.EXCUSED}),
    ReportState.TO_CONFIRM: frozenset({ReportState.BEGUN, ReportState.SENT, ReportState.EXCUSED}),
    ReportState.SENT: frozenset({ReportState.RECEIVED}),
    ReportState.RECEIVED: frozenset({ReportState.DISCUSSED, ReportState.ANSWERED}),
    ReportState.DISCUSSED: frozenset({ReportState.ANSWERED}),
    ReportState.ANSWERED: frozenset({ReportState.CLOSED}),
    ReportState.CLOSED: frozenset(),
    ReportState.EXCUSED: frozenset(),
}
# Answers may be mended by the municipality until the office has answered.
MENDABLE = frozenset({ReportState.SENT, ReportState.RECEIVED, ReportState.DISCUSSED})
WRITABLE = frozenset({ReportState.EXPECTED, ReportState.BEGUN, ReportState.TO_CONFIRM})
# What the municipality has sent, whatever became of it.
SENT_STATES = frozenset(
    {
        ReportState.SENT,
        ReportState.RECEIVED,
        ReportState.DISCUSSED,
        ReportState.ANSWERED,
        ReportState.CLOSED,
    }
)
# The time used is a voluntary estimate; fewer answers than this and it is not shown.
FEWEST_TIMES = 5
