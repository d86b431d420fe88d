"""How much is asked of each office, held against what it has, without Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MONTHS = range(1, 13)
NONE_ASKED = Decimal(0)


@dataclass(frozen=True)
class Work:
    """Working days asked of an office in a month."""

    office: int
    year: int
    month: int
    days: Decimal


@dataclass(frozen=True)
class OfficeLoad:
    """What one office has and what is asked of it in a year, in working days.

    `available` is None where the office has not said. `by_month` has twelve numbers.
    """

    office: int
    year: int
    available: Decimal | None
    by_month: tuple[Decimal, ...]

    @property
    def asked(self) -> Decimal:
        """Give what is asked in the whole year."""
        return sum(self.by_month, NONE_ASKED)

    @property
    def difference(self) -> Decimal | None:
        """Give what is left; negative where too much is asked."""
        return None if self.available is None else self.available - self.asked

    @property
    def is_too_much(self) -> bool:
        """Tell whether more is asked than there is."""
        return self.difference is not None and tenths(self.difference) < 0


def tenths(days: Decimal) -> Decimal:
    """Round working days to tenths, half up, as they are shown."""
    return days.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def in_force(
    periods: Iterable[tuple[int, dt.date, dt.date | None]], year: int, month: int
) -> int | None:
    """Give which mandate holds in a month: that of its first day, the latest begun where several do."""
    first = dt.date(year, month, 1)
    holding = [
        (start, key)
        for key, start, end in periods
        if start <= first and (end is None or end > first)
    ]
    return max(holding)[1] if holding else None


def task_work(office: int, year: int, months: Iterable[int], days_a_year: Decimal) -> list[Work]:
    """Spread a task's effort evenly: a twelfth of the year's days in each month that it is asked for."""
    return [Work(office, year, month, days_a_year / 12) for month in months]


def loads(
    available: Mapping[tuple[int, int], Decimal], work: Iterable[Work]
) -> dict[tuple[int, int], OfficeLoad]:
    """Add up what is asked, by (office, year), and hold it against the days available."""
    asked: dict[tuple[int, int], list[Decimal]] = {key: [NONE_ASKED] * 12 for key in available}
    for each in work:
        asked.setdefault((each.office, each.year), [NONE_ASKED] * 12)[each.month - 1] += each.days
    return {
        (office, year): OfficeLoad(office, year, available.get((office, year)), tuple(months))
        for (office, year), months in asked.items()
    }


@dataclass(frozen=True)
class Overload:
    """An office that a change would ask too much of, in working days of one year."""

    office: int
    year: int
    available: Decimal
    asked_before: Decimal
    asked: Decimal

    @property
    def too_much(self) -> Decimal:
        """Give by how many days too much is asked."""
        return self.asked - self.available


def overloads(
    before: Mapping[tuple[int, int], OfficeLoad], after: Mapping[tuple[int, int], OfficeLoad]
) -> tuple[Overload, ...]:
    """Give the offices of which more is asked after a change than before, and more than they have.

    An office that has not said what it has cannot be asked too much; the capacity page shows that.
    """
    found = []
    for key, load in sorted(after.items()):
        was = before[key].asked if key in before else NONE_ASKED
        if load.available is not None and load.is_too_much and tenths(load.asked) > tenths(was):
            found.append(Overload(load.office, load.year, load.available, was, load.asked))
    return tuple(found)
