"""Who reads a case document: the offices it passed through, and everybody in the programme once it is public.

The distinction that is easily missed: a *regional office* reads what its own region's municipalities wrote,
also what they wrote while they lay in another region; a *municipality* reads what it wrote itself and what
those it came from wrote (a merged municipality inherits their papers).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

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
    """Give what a person reaches on a day. At most four queries; remembered on the person object."""
    if not isinstance(person, Person):
        return Reach()
    known: tuple[dt.date, Reach] | None = getattr(person, "_reach", None)
    if known is not None and known[0] == on:
        return known[1]
    roles = roles_of(person, on)
    own = {role.organisation_id for role in roles if role.capacity is Capacity.MUNICIPALITY}
    offices = {role.organisation_id for role in roles if role.capacity is Capacity.REGIONAL_OFFICE}
    programmes = {role.programme_id for role in roles if role.capacity is Capacity.REGIONAL_OFFICE}
    reach = Reach(
        above=frozenset(role.programme_id for role in roles if role.capacity in ABOVE),
        inside=frozenset(role.programme_id for role in roles if role.capacity in INSIDE),
        part_in=frozenset(role.programme_id for role in roles),
        offices=frozenset(offices),
        municipalities=with_predecessors(own),
        region=with_predecessors(lying_in(offices, programmes, on)) if offices else frozenset(),
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


def with_predecessors(organisations: Iterable[int]) -> frozenset[int]:
    """Give these municipalities and all that they came from. One query, or none."""
    found = set(organisations)
    if not found:
        return frozenset()
    came_from: dict[int, set[int]] = defaultdict(set)
    for before, after in MunicipalityChange.objects.values_list(
        "before__organisation_id", "after__organisation_id"
    ):
        came_from[after].add(before)
    waiting = list(found)
    while waiting:
        for before in came_from[waiting.pop()] - found:
            found.add(before)
            waiting.append(before)
    return frozenset(found)


def lying_in(offices: set[int], programmes: set[int], on: dt.date) -> set[int]:
    """Give the municipalities that lie in the regions of offices on a day. Two queries."""
    areas = list(
        RegionArea.objects.filter(valid_on(on), region__programme__in=programmes)
        .select_related("region")
        .order_by("valid_from")
    )
    registers: dict[int, list[RegionArea]] = defaultdict(list)
    for area in areas:
        registers[area.region.programme_id].append(area)
    periods = list(
        MunicipalityPeriod.objects.filter(valid_on(on)).values_list(
            "organisation_id", "code", "county_code"
        )
    )
    found: set[int] = set()
    for own in registers.values():
        places = RegionMap(own)
        for organisation, code, county in periods:
            region: Region | None = places.region(code, county)
            if region is not None and region.office_id in offices:
                found.add(organisation)
    return found


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
