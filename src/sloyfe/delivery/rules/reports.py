"""The life of a yearly report, without Django."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from statistics import median


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
# The item of the form in which a municipality may estimate how many minutes the report took.
TIME_ITEM = "time_used"

# Days from the due day on which those that have not sent are reminded, and how many letters that makes.
REMIND_ON = (dt.timedelta(days=-14), dt.timedelta(days=-3), dt.timedelta(days=7))
MOST_REMINDERS = len(REMIND_ON)
# A reminder that nobody could send on its day still goes out within a week; later it would only confuse.
REMIND_WITHIN = dt.timedelta(days=7)
# A municipality that gets its report after the others has at least this long to write it.
LEAST_TIME = dt.timedelta(days=30)
# How late a day an extension may give.
LONGEST_EXTENSION = dt.timedelta(days=365)
# What one person writes in a report within this time is told as one event.
SITTING = dt.timedelta(minutes=30)
# Years of reporting that can be planned.
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Completeness:
    """How many reports are expected, sent and answered. Excused ones are not expected."""

    expected: int
    sent: int
    answered: int
    excused: int = 0

    @property
    def missing(self) -> int:
        """How many have not been sent."""
        return self.expected - self.sent

    @property
    def unanswered(self) -> int:
        """How many are still without an answer, sent or not."""
        return self.expected - self.answered

    @property
    def percent(self) -> int | None:
        """How many of a hundred expected ones have been sent; None where none is expected.

        Rounded half up from the counts, but 100 only when all have been sent.
        """
        return _percent(self.sent, self.expected)

    @property
    def answered_percent(self) -> int | None:
        """How many of a hundred sent ones have been answered; None where none has been sent."""
        return _percent(self.answered, self.sent)

    def as_figures(self) -> dict[str, int]:
        """Give the counts as they are kept with a summary that is sent."""
        return {
            "expected": self.expected,
            "sent": self.sent,
            "answered": self.answered,
            "excused": self.excused,
        }


def _percent(part: int, whole: int) -> int | None:
    if whole == 0:
        return None
    if part == whole:
        return 100
    return min(99, (200 * part + whole) // (2 * whole))


def completeness(states: Iterable[str]) -> Completeness:
    """Count reports by where they stand. What is sent was expected, so it is never over 100 per cent."""
    count = Counter(ReportState(state) for state in states)
    return Completeness(
        expected=sum(count.values()) - count[ReportState.EXCUSED],
        sent=sum(count[state] for state in SENT_STATES),
        answered=count[ReportState.ANSWERED] + count[ReportState.CLOSED],
        excused=count[ReportState.EXCUSED],
    )


@dataclass(frozen=True)
class Remindable:
    """What decides whether somebody is reminded. `invited_on` is when the municipality was asked to report."""

    state: ReportState
    due_on: dt.date
    reminders: int
    reminded_on: dt.date | None
    invited_on: dt.date


def reminder_due(report: Remindable, on: dt.date) -> bool:
    """Tell whether a municipality is reminded on a day: three days, at most three letters, none once it has sent."""
    if report.state not in WRITABLE or report.reminders >= MOST_REMINDERS:
        return False
    passed = [report.due_on + after for after in REMIND_ON if report.due_on + after <= on]
    if not passed:
        return False
    last = passed[-1]
    told = max(filter(None, (report.reminded_on, report.invited_on)))
    return told < last and on <= last + REMIND_WITHIN


def due_day(due_on: dt.date, asked_on: dt.date) -> dt.date:
    """Give the day by which a report is due for a municipality that was asked on a day."""
    return max(due_on, asked_on + LEAST_TIME)


def typical_time(minutes: Iterable[object]) -> float | None:
    """Give the middle one of the estimates of time used; None where too few have given one."""
    known = [
        value
        for value in minutes
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    ]
    return median(known) if len(known) >= FEWEST_TIMES else None
