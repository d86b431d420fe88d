"""Who reads a case document: the offices it passed through, and everybody in the programme once it is public.

The distinction that is easily missed: a *regional office* reads what its own region's municipalities wrote,
also what they wrote while they lay in another region; a *municipality* reads what it wrote itself and what
those it came from wrote (a merged municipality inherits their papers).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import JSONObject

from sloyfe.accounts.models import Person
from sloyfe.delivery.rules.documents import Access
from sloyfe.organisations.models import MunicipalityChange, MunicipalityPeriod, valid_on
from sloyfe.programme.models import Region, RegionArea
from sloyfe.programme.queries import RegionMap, Visitor, roles_of
from sloyfe.programme.rules import Capacity

# Those who see every region: the levels above the offices, and the auditor.
ABOVE = frozenset({Capacity.HEAD_OFFICE, Capacity.OWNER, Capacity.NATIONAL_LEAD, Capacity.AUDITOR})
INSIDE = ABOVE | {Capacity.REGIONAL_OFFICE}


@dataclass(frozen=True)
class Reach:
    """What a person reaches on a day, in ids.

    `above`: programmes of which every region is seen. `inside`: programmes in which the person works for
    one of the programme's offices. `part_in`: programmes in which the person has any role. `offices`: own
    regional offices. `municipalities`: own, and those they came from. `region`: municipalities that lie in
    the regions of own offices today, and those they came from.
    """

    above: frozenset[int] = frozenset()
    inside: frozenset[int] = frozenset()
    part_in: frozenset[int] = frozenset()
    offices: frozenset[int] = frozenset()
    municipalities: frozenset[int] = frozenset()
    region: frozenset[int] = frozenset()


def reach_of(person: Visitor, on: dt.date) -> Reach:
    """Give what a person reaches on a day. At most two queries; remembered on the person object."""
    if not isinstance(person, Person):
        return Reach()
    known: tuple[dt.date, Reach] | None = getattr(person, "_reach", None)
    if known is not None and known[0] == on:
        return known[1]
    roles = roles_of(person, on)
    own = {role.organisation_id for role in roles if role.capacity is Capacity.MUNICIPALITY}
    offices = {role.organisation_id for role in roles if role.capacity is Capacity.REGIONAL_OFFICE}
    programmes = {role.programme_id for role in roles if role.capacity is Capacity.REGIONAL_OFFICE}
    land = land_of(programmes, on) if own or offices else Land()
    reach = Reach(
        above=frozenset(role.programme_id for role in roles if role.capacity in ABOVE),
        inside=frozenset(role.programme_id for role in roles if role.capacity in INSIDE),
        part_in=frozenset(role.programme_id for role in roles),
        offices=frozenset(offices),
        municipalities=land.with_predecessors(own),
        region=land.with_predecessors(land.lying_in(offices)),
    )
    person._reach = (on, reach)  # type: ignore[attr-defined]
    return reach


def organisations_of(
    person: Visitor, on: dt.date, programme_id: int | None = None
) -> frozenset[int]:
    """Give the ids of the organisations for which a person takes part, in one programme or in any."""
    return frozenset(
        role.organisation_id
        for role in roles_of(person, on)
        if programme_id in (None, role.programme_id)
    )


@dataclass(frozen=True)
class Land:
    """Where municipalities lie on a day and what they came from, as far as it matters to somebody."""

    divisions: tuple[RegionMap, ...] = ()
    places: tuple[tuple[int, str, str], ...] = ()
    came_from: dict[int, set[int]] = field(default_factory=dict)

    def lying_in(self, offices: Collection[int]) -> set[int]:
        """Give the municipalities that lie in the regions of these offices."""
        return {
            organisation
            for division in self.divisions
            for organisation, code, county in self.places
            if (region := division.region(code, county)) is not None and region.office_id in offices
        }

    def with_predecessors(self, organisations: Iterable[int]) -> frozenset[int]:
        """Give these municipalities and all that they came from."""
        found = set(organisations)
        waiting = list(found)
        while waiting:
            for before in self.came_from.get(waiting.pop(), set()) - found:
                found.add(before)
                waiting.append(before)
        return frozenset(found)


def land_of(programmes: Collection[int], on: dt.date) -> Land:
    """Read the division of these programmes into regions, where municipalities lie, and their changes.

    One query: most pages ask this of whoever opens them.
    """
    areas = RegionArea.objects.filter(valid_on(on), region__programme__in=programmes)
    periods = MunicipalityPeriod.objects.filter(valid_on(on))
    rows: dict[str, list[dict[str, Any]]] = {"area": [], "place": [], "change": []}
    asked: list[models.QuerySet[Any, Any]] = [
        MunicipalityChange.objects.values_list(
            Value("change"),
            JSONObject(before="before__organisation_id", after="after__organisation_id"),
        )
    ]
    if programmes:
        asked += [
            areas.values_list(
                Value("area"),
                JSONObject(
                    programme="region__programme_id",
                    office="region__office_id",
                    code="municipality_code",
                    county="county_code",
                    since="valid_from",
                ),
            ),
            periods.values_list(
                Value("place"),
                JSONObject(organisation="organisation_id", code="code", county="county_code"),
            ),
        ]
    for kind, row in asked[0].union(*asked[1:], all=True):
        rows[kind].append(row)
    divisions: dict[int, list[RegionArea]] = defaultdict(list)
    for row in sorted(rows["area"], key=lambda row: row["since"]):
        region = Region(programme_id=row["programme"], office_id=row["office"])
        divisions[row["programme"]].append(
            RegionArea(region=region, municipality_code=row["code"], county_code=row["county"])
        )
    came_from: dict[int, set[int]] = defaultdict(set)
    for row in rows["change"]:
        came_from[row["after"]].add(row["before"])
    return Land(
        tuple(RegionMap(own) for own in divisions.values()),
        tuple((row["organisation"], row["code"], row["county"]) for row in rows["place"]),
        came_from,
    )


def document_filter(
    person: Visitor,
    on: dt.date,
    *,
    settled: Q,
    from_office: Q | None = None,
    by_municipality: bool = False,
) -> Q:
    """Give the filter for case documents with `programme`, `municipality`, `office` and `access`.

    `settled` tells which have been sent on: only those are read by others than the two sides.
    `from_office` tells which are still only the office's own (a draft); the municipality does not see them.
    `by_municipality` is for what the municipality itself sends: it reads its own, whatever the level.
    """
    reach = reach_of(person, on)
    own = Q(municipality__in=reach.municipalities)
    if not by_municipality:
        own &= ~Q(access=Access.INTERNAL.value)
    if from_office is not None:
        own &= ~from_office
    return Q(programme__in=reach.part_in) & (
        own
        | Q(office__in=reach.offices)
        | (Q(municipality__in=reach.region))
        | (Q(programme__in=reach.above) & settled)
        | (settled & Q(access=Access.PUBLIC.value))
    )
