"""Questions about the year wheel: which dates concern whom, and what has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
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
from sloyfe.programme.rules.calendar import feed_key
from sloyfe.programme.rules.mandates import RoleKind
from sloyfe.programme.rules.year_wheel import (
    ChangeKind,
    Reach,
    Reader,
    concerns_any,
    is_marked,
    months_from,
)


def reader_of(
    programme: Programme, role: RoleKind, organisation: Organisation | None, on: dt.date
) -> Reader:
    """Give what is needed to tell which dates concern a role, or one organisation in it."""
    if organisation is None:
        return Reader(role)
    subprogrammes: frozenset[int] | None = None
    regions: frozenset[int] | None = None
    if role == RoleKind.MUNICIPALITY:
        subprogrammes = frozenset(
            Membership.objects.filter(
                valid_on(on), organisation=organisation, subprogramme__programme=programme
            ).values_list("subprogramme_id", flat=True)
        )
        period = (
            MunicipalityPeriod.objects.filter(valid_on(on), organisation=organisation)
            .order_by("-valid_from")
            .first()
        )
        region = (
            region_map(programme, on).region(period.code, period.county_code) if period else None
        )
        regions = frozenset({region.pk} if region else ())
    elif role == RoleKind.REGIONAL_OFFICE:
        regions = frozenset(
            Region.objects.filter(programme=programme, office=organisation).values_list(
                "pk", flat=True
            )
        )
    return Reader(role, subprogrammes, regions)


def readers_of(person: Visitor, programme: Programme, on: dt.date) -> list[Reader]:
    """Give a person's own roles in a programme as readers of its wheel."""
    roles = [role for role in roles_of(person, on) if role.programme_id == programme.pk]
    offices = Organisation.objects.in_bulk([role.organisation_id for role in roles])
    return [
        reader_of(programme, RoleKind(role.capacity.value), offices[role.organisation_id], on)
        for role in roles
    ]


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
    rows = wheel_rows(programme, starts, ends)
    if not with_cancelled:
        rows = [row for row in rows if not row.is_cancelled]
    if not roles:
        return rows
    readers = [reader_of(programme, role, organisation, starts) for role in roles]
    return [row for row in rows if concerns_any(row.reach, readers)]


def wheel_rows(programme: Programme, starts: dt.date, ends: dt.date) -> list[YearDate]:
    """Give every date in a time, with its changes, latest first. Two queries."""
    return list(
        YearDate.objects.filter(programme=programme)
        .filter(Q(starts_on__lt=ends) & (Q(starts_on__gte=starts) | Q(ends_on__gte=starts)))
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
    dates: tuple[WheelDate, ...]


def year_wheel(
    programme: Programme, person: Visitor, readers: Iterable[Reader] | None, today: dt.date
) -> list[WheelMonth]:
    """Give twelve months of dates that a person may see, and that concern one of the readers if given.

    A cancelled date stands as long as its change is marked.
    """
    months = months_from(today)
    end = months_from(months[-1], 2)[1]
    seen = set(
        YearDate.objects.visible_to(person, today)
        .filter(programme=programme)
        .values_list("pk", flat=True)
    )
    asked = None if readers is None else list(readers)
    found: dict[dt.date, list[WheelDate]] = {first: [] for first in months}
    for row in wheel_rows(programme, months[0], end):
        change = marked_change(row, today)
        gone = row.is_cancelled and change is None
        if row.pk not in seen or gone or (asked is not None and not concerns_any(row.reach, asked)):
            continue
        first = max(row.starts_on.replace(day=1), months[0])
        found[first].append(WheelDate(row, change))
    return [WheelMonth(first, tuple(rows)) for first, rows in found.items()]


def marked_change(row: YearDate, today: dt.date) -> DateChange | None:
    """Give the latest change of a date while it still stands marked, or None."""
    for change in row.changes.all():
        if is_marked(change.made_at.date(), today):
            return change
    return None


def was_before(change: DateChange) -> dt.date | None:
    """Give the day on which a moved date stood before."""
    return change.old_starts_on if change.kind == ChangeKind.MOVED else None


def key_of_feed(programme: Programme, role: RoleKind) -> str:
    """Give the key of the address at which a role's calendar stands."""
    return feed_key(KeyStore(settings.KEYS).link_secret(), programme.slug, role.value)


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
