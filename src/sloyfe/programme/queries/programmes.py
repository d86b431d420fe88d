"""Questions about programmes and who takes part in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q

from sloyfe.accounts.models import Person
from sloyfe.organisations.models import Affiliation, MunicipalityPeriod, valid_on
from sloyfe.organisations.queries import Municipality, as_of
from sloyfe.organisations.rules import Register
from sloyfe.programme.models import (
    Membership,
    Participation,
    Programme,
    Region,
    RegionArea,
    Statement,
)
from sloyfe.programme.rules import Capacity

Visitor = Person | AnonymousUser


@dataclass(frozen=True)
class Role:
    """A person's affiliation and its organisation's participation, both valid on the same day."""

    programme_id: int
    programme_slug: str
    capacity: Capacity
    organisation_id: int
    organisation_name: str
    organisation_slug: str
    programme_title: dict[str, str] = field(compare=False)
    programme_is_simulated: bool


def roles_of(person: Visitor, on: dt.date) -> tuple[Role, ...]:
    """Give every role that a person has on a day. One query; remembered on the person object."""
    if not isinstance(person, Person) or not person.is_active:
        return ()
    known: tuple[dt.date, tuple[Role, ...]] | None = getattr(person, "_roles", None)
    if known is not None and known[0] == on:
        return known[1]
    participation = "organisation__participations__"
    rows = (
        Affiliation.objects.filter(person=person)
        .filter(Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gt=on))
        .filter(
            Q(**{f"{participation}valid_from__lte": on}),
            Q(**{f"{participation}valid_to__isnull": True})
            | Q(**{f"{participation}valid_to__gt": on}),
        )
        .values_list(
            F(f"{participation}programme_id"),
            F(f"{participation}programme__slug"),
            F(f"{participation}capacity"),
            "organisation_id",
            "organisation__name",
            "organisation__slug",
            F(f"{participation}programme__title"),
            F(f"{participation}programme__is_simulated"),
        )
        .order_by(f"{participation}programme__slug", f"{participation}capacity", "organisation_id")
        .distinct()
    )
    roles = tuple(Role(p, slug, Capacity(c), *own) for p, slug, c, *own in rows)
    person._roles = (on, roles)  # type: ignore[attr-defined]
    return roles


def programmes_where(
    person: Visitor, on: dt.date, capacities: Iterable[Capacity] | None = None
) -> set[int]:
    """Give the ids of the programmes in which a person has one of these capacities, or any."""
    wanted = set(capacities) if capacities is not None else set(Capacity)
    return {role.programme_id for role in roles_of(person, on) if role.capacity in wanted}


def has_capacity(person: Visitor, on: dt.date, programme_id: int, *capacities: Capacity) -> bool:
    """Tell whether a person has one of these capacities in a programme on a day."""
    return programme_id in programmes_where(person, on, capacities)


BASIC_OFFER = "basic_offer"
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class FrameCandidate:
    """A municipality that a round may ask. `region_code` and `subprogramme` are "" where there is none."""

    organisation_id: int
    code: str
    name: str
    region_code: str
    inhabitants: int | None
    size_class: str
    subprogramme: str


class RegionMap:
    """Which region a municipality lies in on a day. Its own row wins over its county's."""

    def __init__(self, areas: Iterable[RegionArea]) -> None:
        self._own: dict[str, Region] = {}
        self._county: dict[str, Region] = {}
        for area in areas:
            if area.municipality_code:
                self._own[area.municipality_code] = area.region
            else:
                self._county[area.county_code] = area.region

    def region(self, code: str, county_code: str) -> Region | None:
        """Give the region of a municipality by its number and its county's, or None."""
        return self._own.get(code) or self._county.get(county_code)


def region_map(programme: Programme, on: dt.date) -> RegionMap:
    """Give a programme's division into regions on a day. One query."""
    return RegionMap(
        RegionArea.objects.filter(valid_on(on), region__programme=programme)
        .select_related("region")
        .order_by("valid_from")
    )


def region_maps(programmes: Iterable[Programme], on: dt.date) -> dict[int, RegionMap]:
    """Give the division of several programmes, by their ids, on a day or on their last. One query."""
    days = {
        each.pk: on if each.valid_to is None else min(on, each.valid_to - _DAY)
        for each in programmes
    }
    areas: dict[int, list[RegionArea]] = {programme: [] for programme in days}
    for area in (
        RegionArea.objects.filter(region__programme__in=days)
        .select_related("region")
        .order_by("valid_from")
    ):
        day = days[area.region.programme_id]
        if area.valid_from <= day and (area.valid_to is None or day < area.valid_to):
            areas[area.region.programme_id].append(area)
    return {programme: RegionMap(rows) for programme, rows in areas.items()}


def region_of(period: MunicipalityPeriod, on: dt.date, programme: Programme) -> Region | None:
    """Give the region in which a municipality lies in a programme on a day; None where nobody has said."""
    return region_map(programme, on).region(period.code, period.county_code)


def register_of(programme: Programme) -> Register:
    """Give the register that a programme's municipalities stand in."""
    return Register.EXERCISE if programme.is_simulated else Register.NORWAY


def municipalities_of(programme: Programme, on: dt.date) -> tuple[Municipality, ...]:
    """Give the municipalities that a programme is for on a day, in Norwegian order.

    A real programme is for every municipality of the country. An exercise programme is for its own.
    """
    everyone = as_of(register_of(programme), on)
    if not programme.is_simulated:
        return everyone
    own = set(
        Participation.objects.filter(
            valid_on(on), programme=programme, capacity=Capacity.MUNICIPALITY.value
        ).values_list("organisation_id", flat=True)
    )
    return tuple(row for row in everyone if row.organisation_id in own)


def subprogrammes_by_member(programme: Programme, on: dt.date) -> dict[int, tuple[str, ...]]:
    """Give the codes of the subprogrammes that each member is in on a day, by organisation. One query."""
    found: dict[int, tuple[str, ...]] = {}
    rows = (
        Membership.objects.filter(valid_on(on), subprogramme__programme=programme)
        .order_by("subprogramme__code")
        .values_list("organisation_id", "subprogramme__code")
    )
    for organisation_id, code in rows:
        if code not in found.get(organisation_id, ()):
            found[organisation_id] = (*found.get(organisation_id, ()), code)
    return found


def frame_candidates(
    programme: Programme, on: dt.date, subprogramme: str | None = None
) -> list[FrameCandidate]:
    """Give the municipalities that may be asked on a day, in Norwegian order. A fixed number of queries.

    `subprogramme` is the code of one, or `"basic_offer"` for those that are in none and so have the
    basic offer only; None is everyone. Where the names of a subprogramme's members are unknown, they
    cannot be told from those with the basic offer only: see `unnamed_members`.
    """
    regions = region_map(programme, on)
    members = subprogrammes_by_member(programme, on)
    found = []
    for row in municipalities_of(programme, on):
        codes = members.get(row.organisation_id, ())
        if subprogramme == BASIC_OFFER and codes:
            continue
        if subprogramme not in (None, BASIC_OFFER) and subprogramme not in codes:
            continue
        region = regions.region(row.code, row.county_code)
        own = subprogramme if subprogramme in codes else codes[0] if codes else ""
        found.append(
            FrameCandidate(
                organisation_id=row.organisation_id,
                code=row.code,
                name=row.name,
                region_code=region.code if region else "",
                inhabitants=row.inhabitants,
                size_class=row.size_class,
                subprogramme=own or "",
            )
        )
    return found


def unnamed_members(programme: Programme, on: dt.date) -> dict[str, int]:
    """Give how many members of each subprogramme a source tells of but nobody has named, where any."""
    known: dict[str, int] = {}
    for codes in subprogrammes_by_member(programme, on).values():
        for code in codes:
            known[code] = known.get(code, 0) + 1
    return {
        row.code: row.stated_members - known.get(row.code, 0)
        for row in programme.subprogrammes.order_by("code")
        if row.stated_members is not None and row.stated_members > known.get(row.code, 0)
    }


def period_of(programme: Programme, on: dt.date) -> Statement | None:
    """Give the programme's period on a day; its text is what people see instead of dates ("runde 2")."""
    return programme.statements.filter(valid_on(on), kind="period").order_by("-valid_from").first()


def statements(programme: Programme) -> dict[str, list[Statement]]:
    """Give all that a programme says, by kind, in its own order, parents at hand. One query."""
    found: dict[str, list[Statement]] = {}
    rows = programme.statements.select_related("parent").order_by(
        "kind", "parent__position", "position"
    )
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    return found
