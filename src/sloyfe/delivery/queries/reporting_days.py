"""The days of a year's reporting, and which are proposed for one that nobody has planned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sloyfe.programme.models import Programme, YearDate
from sloyfe.programme.rules.mandates import RoleKind
from sloyfe.programme.rules.year_wheel import DateKind


@dataclass(frozen=True)
class YearDates:
    """The days of a year's reporting, in their order."""

    opens_on: dt.date
    due_on: dt.date
    answer_by: dt.date
    summary_by: dt.date
    national_by: dt.date


@dataclass(frozen=True)
class ProposedDates:
    """Days proposed for a year's reporting, and how many of its four deadlines stand on the wheel.

    `on_wheel` stand there for this very year; `as_before` are those of the last year that the wheel has them for.
    """

    dates: YearDates
    on_wheel: int
    as_before: int


def _on_wheel(programme: Programme, year: int) -> dict[str, dt.date]:
    """Give the deadlines of a year's reporting by name, as far as the year wheel has them for all. One query.

    The summaries are told apart by whom they concern: the national one is not the regional offices' to send.
    """
    rows = list(
        YearDate.objects.filter(
            programme=programme,
            kind__in=[
                DateKind.REPORT_DUE.value,
                DateKind.ANSWER_DUE.value,
                DateKind.SUMMARY_DUE.value,
            ],
            is_cancelled=False,
            subprogramme=None,
            region=None,
            starts_on__year=year,
        ).order_by("starts_on", "pk")
    )
    found: dict[str, dt.date] = {}
    for row in rows:
        name = {DateKind.REPORT_DUE: "due_on", DateKind.ANSWER_DUE: "answer_by"}.get(
            DateKind(row.kind),
            "summary_by" if RoleKind.REGIONAL_OFFICE in row.roles else "national_by",
        )
        found.setdefault(name, row.ends_on or row.starts_on)
    return found


def is_on_wheel(programme: Programme, year: int, due_on: dt.date) -> bool:
    """Tell whether the year wheel says already that the reports of a year are due on this day. One query."""
    return _on_wheel(programme, year + 1).get("due_on") == due_on


def _years_later(day: dt.date, year: int) -> dt.date:
    """Give the same day of another year; the first weekday after it where that is no weekday."""
    moved = dt.date(year, day.month, min(day.day, 28) if day.month == 2 else day.day)
    return moved + dt.timedelta(days=7 - moved.weekday() if moved.weekday() > 4 else 0)


def propose_dates(programme: Programme, year: int) -> ProposedDates:
    """Propose the days for reporting on a year. Two queries.

    Those of the year wheel; where it is silent those of the year before, and where that is silent too a
    month apart.
    """
    after = year + 1
    now, before = _on_wheel(programme, after), _on_wheel(programme, after - 1)
    wheel = {name: _years_later(day, after) for name, day in before.items()} | now
    due = wheel.get("due_on") or dt.date(after, 2, 15)
    answer = max(wheel.get("answer_by") or due + dt.timedelta(days=45), due)
    summary = max(wheel.get("summary_by") or answer + dt.timedelta(days=30), answer)
    national = max(wheel.get("national_by") or summary + dt.timedelta(days=30), summary)
    opens = max(due - dt.timedelta(days=42), dt.date(after, 1, 2))
    return ProposedDates(
        YearDates(min(opens, due), due, answer, summary, national),
        on_wheel=len(now),
        as_before=len(before.keys() - now.keys()),
    )


def usual_dates(programme: Programme, year: int) -> YearDates:
    """Give the days that are proposed for reporting on a year."""
    return propose_dates(programme, year).dates
