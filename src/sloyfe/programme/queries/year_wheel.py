"""Questions about the year wheel: which dates concern whom, and what has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q

from sloyfe.accounts.models import Person
from sloyfe.common.keys import KeyStore
from sloyfe.organisations.models import Affiliation, MunicipalityPeriod, Organisation, valid_on
from sloyfe.programme.models import (
    DateChange,
    Membership,
    Participation,
    Programme,
    Region,
    Statement,
    YearDate,
)
from sloyfe.programme.queries.programmes import Visitor, region_map, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.programme.rules.calendar import feed_key
from sloyfe.programme.rules.mandates import RoleKind
from sloyfe.programme.rules.year_wheel import (
    ChangeKind,
    DateKind,
    OwnDay,
    Reach,
    Reader,
    concerns_any,
    is_marked,
    months_from,
    without_doubles,
)


def reader_of(
    programme: Programme, role: RoleKind, organisation: Organisation | None, on: dt.date
) -> Reader:
    """Give what is needed to tell which dates concern a role, or one organisation in it."""
    if organisation is None:
        return Reader(role)
    if role == RoleKind.MUNICIPALITY:
        return _readers_of_municipalities(programme, [organisation.pk], on)[organisation.pk]
    regions: frozenset[int] | None = None
    if role == RoleKind.REGIONAL_OFFICE:
        regions = frozenset(
            Region.objects.filter(programme=programme, office=organisation).values_list(
                "pk", flat=True
            )
        )
    return Reader(role, None, regions, organisation.pk)


def _readers_of_municipalities(
    programme: Programme, municipalities: Collection[int], on: dt.date
) -> dict[int, Reader]:
    """Give the reader that each municipality is, by key. Three queries, however many they are."""
    subprogrammes: dict[int, set[int]] = {own: set() for own in municipalities}
    members = Membership.objects.filter(
        valid_on(on), organisation__in=municipalities, subprogramme__programme=programme
    )
    for own, subprogramme in members.values_list("organisation_id", "subprogramme_id"):
        subprogrammes[own].add(subprogramme)
    periods = {
        period.organisation_id: period
        for period in MunicipalityPeriod.objects.filter(
            valid_on(on), organisation__in=municipalities
        ).order_by("valid_from")
    }
    regions: dict[int, frozenset[int]] = dict.fromkeys(municipalities, frozenset())
    if periods:
        land = region_map(programme, on)
        for own, period in periods.items():
            region = land.region(period.code, period.county_code)
            regions[own] = frozenset({region.pk} if region else ())
    return {
        own: Reader(RoleKind.MUNICIPALITY, frozenset(subprogrammes[own]), regions[own], own)
        for own in municipalities
    }


@dataclass(frozen=True)
class OwnRole:
    """A role in which a person takes part in a programme, and for whom."""

    organisation: Organisation
    reader: Reader


def own_roles(person: Visitor, programme: Programme, on: dt.date) -> list[OwnRole]:
    """Give a person's own roles in a programme, each as a reader of its wheel."""
    roles = [role for role in roles_of(person, on) if role.programme_id == programme.pk]
    known = Organisation.objects.in_bulk([role.organisation_id for role in roles])
    municipal = [r.organisation_id for r in roles if r.capacity == Capacity.MUNICIPALITY]
    municipalities = _readers_of_municipalities(programme, municipal, on) if municipal else {}
    found = []
    for each in roles:
        role, organisation = RoleKind(each.capacity.value), known[each.organisation_id]
        if role == RoleKind.REGIONAL_OFFICE:
            mine = [
                r.pk for r in own_regions(person, programme, on) if r.office_id == organisation.pk
            ]
            reader = Reader(role, None, frozenset(mine), organisation.pk)
        elif role == RoleKind.MUNICIPALITY:
            reader = municipalities[organisation.pk]
        else:
            reader = reader_of(programme, role, organisation, on)
        found.append(OwnRole(organisation, reader))
    return found


def own_regions(person: Visitor, programme: Programme, on: dt.date) -> list[Region]:
    """Give the regions of the offices in which a person works; remembered on the person object."""
    offices = [
        role.organisation_id
        for role in roles_of(person, on)
        if role.programme_id == programme.pk and role.capacity == Capacity.REGIONAL_OFFICE
    ]
    if not offices:
        return []
    known: tuple[int, dt.date, list[Region]] | None = getattr(person, "_own_regions", None)
    if known is not None and known[:2] == (programme.pk, on):
        return known[2]
    found = list(Region.objects.filter(programme=programme, office__in=offices))
    person._own_regions = (programme.pk, on, found)  # type: ignore[union-attr]
    return found


class Source(Protocol):
    """A subject that keeps days of its own and lets the wheel show them."""

    def __call__(
        self,
        programme: Programme,
        readers: Collection[Reader],
        starts: dt.date,
        ends: dt.date,
        on: dt.date,
    ) -> list[OwnDay]:
        """Give the days from one until another, the second not included, that concern one of the readers.

        A reader with an organisation is told what concerns it alone; one without only what concerns
        everybody in its role. Cancelled days are given too. `on` is today. In the language that is active.
        """


SOURCES: dict[str, Source] = {}


def add_source(name: str, source: Source) -> None:
    """Let a subject above hand in days of its own; it calls this in its ``AppConfig.ready``."""
    SOURCES[name] = source


def own_days(
    programme: Programme,
    readers: Collection[Reader],
    starts: dt.date,
    ends: dt.date,
    on: dt.date,
) -> list[OwnDay]:
    """Give the days of every source that concern one of the readers, by day."""
    if not readers:
        return []
    found = [day for give in SOURCES.values() for day in give(programme, readers, starts, ends, on)]
    return sorted(found, key=lambda each: (each.day, each.code))


def dates_for(
    programme: Programme,
    *,
    roles: Collection[RoleKind] = (),
    organisation: Organisation | None = None,
    starts: dt.date,
    ends: dt.date,
    with_cancelled: bool = False,
) -> list[YearDate]:
    """Give the dates of a programme from one day until another, the second not included, by day.

    `roles` narrows to what concerns one of them, and `organisation` to what concerns it in those
    roles: its own subprogrammes and region. Without roles every date is given.
    """
    rows = wheel_rows(YearDate.objects.filter(programme=programme), starts, ends)
    if not with_cancelled:
        rows = [row for row in rows if not row.is_cancelled]
    if not roles:
        return rows
    readers = [reader_of(programme, role, organisation, starts) for role in roles]
    return [row for row in rows if concerns_any(row.reach, readers)]


def wheel_rows(dates: models.QuerySet[YearDate], starts: dt.date, ends: dt.date) -> list[YearDate]:
    """Give those of some dates that lie in a time, with their changes, latest first. Two queries."""
    return list(
        dates.filter(Q(starts_on__lt=ends) & (Q(starts_on__gte=starts) | Q(ends_on__gte=starts)))
        .select_related("subprogramme", "region", "arena")
        .prefetch_related(Prefetch("changes", DateChange.objects.order_by("-made_at", "-pk")))
        .order_by("starts_on", "pk")
    )


@dataclass(frozen=True)
class WheelDate:
    """A date as the wheel shows it, with the change that still stands marked on it, if any."""

    date: YearDate
    change: DateChange | None

    @property
    def day(self) -> dt.date:
        """Give the day by which it stands on the wheel."""
        return self.date.starts_on


@dataclass(frozen=True)
class WheelMonth:
    first: dt.date
    dates: tuple[WheelDate | OwnDay, ...]


def year_wheel(
    programme: Programme,
    person: Visitor,
    readers: Iterable[Reader] | None,
    today: dt.date,
    own_readers: Collection[Reader] = (),
) -> list[WheelMonth]:
    """Give twelve months of dates that a person may see, and that concern one of the readers if given.

    `own_readers` are those as whom the person is told the days that other subjects keep. A cancelled
    date stands as long as its change is marked.
    """
    months = months_from(today)
    end = months_from(months[-1], 2)[1]
    seen = YearDate.objects.visible_to(person, today).filter(programme=programme)
    asked = None if readers is None else list(readers)
    found: dict[dt.date, list[WheelDate]] = {first: [] for first in months}
    for row in wheel_rows(seen, months[0], end):
        change = marked_change(row, today)
        gone = row.is_cancelled and change is None
        if gone or (asked is not None and not concerns_any(row.reach, asked)):
            continue
        first = max(row.starts_on.replace(day=1), months[0])
        found[first].append(WheelDate(row, change))
    own = _without_doubles(own_days(programme, own_readers, months[0], end, today), found, today)
    return [
        WheelMonth(
            first,
            tuple(
                sorted(
                    [*rows, *(each for each in own if each.day.replace(day=1) == first)],
                    key=lambda each: each.day,
                )
            ),
        )
        for first, rows in found.items()
    ]


def _without_doubles(
    days: Iterable[OwnDay], found: Mapping[dt.date, Iterable[WheelDate]], today: dt.date
) -> list[OwnDay]:
    on_wheel = told_by(row.date for rows in found.values() for row in rows)
    stands = [
        each for each in days if not each.is_cancelled or is_marked(each.changed_at.date(), today)
    ]
    return without_doubles(stands, on_wheel)


def told_by(rows: Iterable[YearDate]) -> set[tuple[DateKind, dt.date]]:
    """Give what dates of the wheel that are not cancelled say: their kinds and last days."""
    return {
        (DateKind(row.kind), row.ends_on or row.starts_on) for row in rows if not row.is_cancelled
    }


def marked_change(row: YearDate, today: dt.date) -> DateChange | None:
    """Give the latest change of a date while it still stands marked, or None."""
    for change in row.changes.all():
        if is_marked(change.made_at.date(), today):
            return change
    return None


def was_before(change: DateChange) -> dt.date | None:
    """Give the day on which a moved date stood before."""
    return change.old_starts_on if change.kind == ChangeKind.MOVED else None


def key_of_feed(
    programme: Programme, role: RoleKind, organisation: Organisation | None = None
) -> str:
    """Give the key of the address at which the calendar of a role stands, or of one organisation in it."""
    own = organisation.slug if organisation else ""
    return feed_key(KeyStore(settings.KEYS).link_secret(), programme.slug, role.value, own)


def participant(
    programme: Programme, role: RoleKind, slug: str, on: dt.date
) -> Organisation | None:
    """Give the organisation of that name that takes part in a role on a day, or None."""
    return Organisation.objects.filter(
        pk__in=Participation.objects.filter(
            valid_on(on), programme=programme, capacity=role.value
        ).values("organisation"),
        slug=slug,
    ).first()


def arenas_of(programme: Programme) -> list[Statement]:
    """Give the arenas of a programme, which dates may belong to."""
    return list(Statement.objects.filter(programme=programme, kind="arena").order_by("position"))


@dataclass(frozen=True)
class Concerned:
    """Somebody who is registered at an organisation that a date concerns."""

    person: Person
    organisation: Organisation


def people_concerned(row: YearDate, on: dt.date) -> list[Concerned]:
    """Give the registered people of the offices and municipalities that a date concerns, each once."""
    return people_reached(row.programme, row.reach, on)


def _reached(programme: Programme, reach: Reach, on: dt.date) -> dict[int, Organisation]:
    """Give the offices and municipalities that something in a programme concerns, by id."""
    parts = list(
        Participation.objects.filter(
            valid_on(on), programme=programme, capacity__in=[role.value for role in reach.roles]
        )
        .select_related("organisation")
        .order_by("organisation__sort_key")
    )
    members: dict[int, set[int]] = {}
    for organisation, subprogramme in Membership.objects.filter(
        valid_on(on), subprogramme__programme=programme
    ).values_list("organisation_id", "subprogramme_id"):
        members.setdefault(organisation, set()).add(subprogramme)
    regions = _regions_by_organisation(programme, on) if reach.region else {}
    return {
        part.organisation_id: part.organisation
        for part in parts
        if concerns_any(
            reach,
            [
                Reader(
                    RoleKind(part.capacity),
                    frozenset(members.get(part.organisation_id, ())),
                    frozenset(regions.get(part.organisation_id, ())),
                )
            ],
        )
    }


def people_reached(programme: Programme, reach: Reach, on: dt.date) -> list[Concerned]:
    """Give the registered people of those whom something in a programme concerns, each once."""
    asked = _reached(programme, reach, on)
    found: dict[int, Concerned] = {}
    for work in (
        Affiliation.objects.filter(valid_on(on), organisation__in=asked, person__is_active=True)
        .select_related("person")
        .order_by("organisation__sort_key", "person_id")
    ):
        found.setdefault(work.person_id, Concerned(work.person, asked[work.organisation_id]))
    return list(found.values())


def without_address(row: YearDate, on: dt.date) -> list[Organisation]:
    """Give those whom a date concerns and for whom nobody is registered, so that no letter reaches them."""
    asked = _reached(row.programme, row.reach, on)
    reached = set(
        Affiliation.objects.filter(
            valid_on(on), organisation__in=asked, person__is_active=True
        ).values_list("organisation_id", flat=True)
    )
    return [organisation for pk, organisation in asked.items() if pk not in reached]


def _regions_by_organisation(programme: Programme, on: dt.date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for pk, office in Region.objects.filter(programme=programme).values_list("pk", "office_id"):
        if office is not None:
            found.setdefault(office, set()).add(pk)
    areas = region_map(programme, on)
    for organisation, code, county in MunicipalityPeriod.objects.filter(
        valid_on(on), organisation__participations__programme=programme
    ).values_list("organisation_id", "code", "county_code"):
        region = areas.region(code, county)
        if region is not None:
            found.setdefault(organisation, set()).add(region.pk)
    return found
