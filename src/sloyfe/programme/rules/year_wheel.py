"""What holds for the year wheel, without Django: kinds of dates, notice, and whom a date concerns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sloyfe.programme.rules.mandates import RoleKind


class DateKind(StrEnum):
    REPORT_DUE = "report_due"  # the municipality's yearly report
    ANSWER_DUE = "answer_due"  # the regional office's answer to it
    SUMMARY_DUE = "summary_due"  # a region's or the nation's summary
    GATHERING = "gathering"
    MEETING = "meeting"
    SURVEY = "survey"
    DEADLINE = "deadline"
    OTHER = "other"


class ChangeKind(StrEnum):
    NEW = "new"
    MOVED = "moved"
    CANCELLED = "cancelled"


# A date nearer than this needs a reason and is announced.
NOTICE_DAYS = 365
# So long a change stands marked on the wheel.
MARKED_DAYS = 60
# The wheel shows so many months.
MONTHS_SHOWN = 12
LONGEST_REASON = 600
# No date lies further ahead: a slip of the pen, not a plan.
FURTHEST_DAYS = 5 * 366
LONGEST_DATE = 366


def doers(kind: DateKind, roles: Iterable[RoleKind]) -> frozenset[RoleKind]:
    """Give those of the roles that a date concerns who do the work that it asks for.

    A report, an answer or a summary is written by one of them; the others are told when it comes.
    """
    concerned = frozenset(roles)
    writers = {
        DateKind.REPORT_DUE: (RoleKind.MUNICIPALITY,),
        DateKind.ANSWER_DUE: (RoleKind.REGIONAL_OFFICE,),
        DateKind.SUMMARY_DUE: (RoleKind.REGIONAL_OFFICE, RoleKind.NATIONAL_LEAD),
    }.get(kind)
    if writers is None:
        return concerned
    first = next((role for role in writers if role in concerned), None)
    return concerned if first is None else frozenset({first})


def needs_reason(today: dt.date, *days: dt.date | None) -> bool:
    """Tell whether one of the days is so near that those it concerns have already planned their year."""
    return any(day is not None and (day - today).days < NOTICE_DAYS for day in days)


def is_marked(changed_on: dt.date, today: dt.date) -> bool:
    """Tell whether a change still stands marked on the wheel."""
    return 0 <= (today - changed_on).days < MARKED_DAYS


@dataclass(frozen=True)
class Reach:
    """Whom a date concerns: roles, narrowed to one subprogramme or one region where those are given."""

    roles: frozenset[RoleKind]
    subprogramme: int | None = None
    region: int | None = None


@dataclass(frozen=True)
class Reader:
    """Who asks what concerns them: a role, and the subprogrammes and region of their organisation.

    None means: whichever; a reader without an organisation sees what concerns the role anywhere.
    """

    role: RoleKind
    subprogrammes: frozenset[int] | None = None
    regions: frozenset[int] | None = None
    organisation: int | None = None


@dataclass(frozen=True)
class OwnDay:
    """A day that another subject keeps and the wheel shows: a meeting, a report's last day, an agreement's end.

    `code` names it for as long as it is the same thing, whatever day it is moved to. `concerns` names those
    that it concerns, in words, where that is narrower than the roles.
    """

    code: str
    title: str
    kind: DateKind
    day: dt.date
    roles: tuple[RoleKind, ...]
    changed_at: dt.datetime
    sequence: int
    concerns: str = ""
    is_cancelled: bool = False
    url: str = ""


# What of a year's reporting may stand on the wheel as a date and in the reporting itself: it is shown once.
TOLD_ONCE = frozenset({DateKind.REPORT_DUE, DateKind.ANSWER_DUE, DateKind.SUMMARY_DUE})


def without_doubles(
    days: Iterable[OwnDay], on_wheel: Collection[tuple[DateKind, dt.date]]
) -> list[OwnDay]:
    """Leave out the days of a year's reporting for which a date of the wheel stands on the same last day."""
    return [
        each for each in days if each.kind not in TOLD_ONCE or (each.kind, each.day) not in on_wheel
    ]


def concerns(reach: Reach, reader: Reader) -> bool:
    """Tell whether a date concerns a reader.

    A subprogramme narrows municipalities only: the offices that run it are concerned whoever is in it.
    """
    if reader.role not in reach.roles:
        return False
    if (
        reach.subprogramme is not None
        and reader.role == RoleKind.MUNICIPALITY
        and reader.subprogrammes is not None
        and reach.subprogramme not in reader.subprogrammes
    ):
        return False
    narrowed = reader.role in (RoleKind.MUNICIPALITY, RoleKind.REGIONAL_OFFICE)
    return not (
        reach.region is not None
        and narrowed
        and reader.regions is not None
        and reach.region not in reader.regions
    )


def concerns_any(reach: Reach, readers: Iterable[Reader]) -> bool:
    """Tell whether a date concerns one of several readers."""
    return any(concerns(reach, reader) for reader in readers)


def months_from(start: dt.date, number: int = MONTHS_SHOWN) -> list[dt.date]:
    """Give the first day of a day's month and of those that follow it."""
    place = start.year * 12 + start.month - 1
    return [dt.date(each // 12, each % 12 + 1, 1) for each in range(place, place + number)]


def date_problems(
    *,
    starts_on: dt.date | None,
    ends_on: dt.date | None,
    roles: Collection[RoleKind],
    today: dt.date,
) -> list[tuple[str, str]]:
    """Give what is wrong with a date as (field, code); empty when it may stand on the wheel."""
    found: list[tuple[str, str]] = []
    if starts_on is None:
        found.append(("starts_on", "date_missing"))
    elif (starts_on - today).days > FURTHEST_DAYS:
        found.append(("starts_on", "date_too_far"))
    if ends_on is not None and starts_on is not None:
        if ends_on < starts_on:
            found.append(("ends_on", "date_ends_before"))
        elif (ends_on - starts_on).days > LONGEST_DATE:
            found.append(("ends_on", "date_too_long"))
    if not roles:
        found.append(("roles", "date_concerns_nobody"))
    return found
