"""Which office is above which in a programme, and for which of them a person works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet

from sloyfe.organisations.models import Organisation, valid_on
from sloyfe.programme.models import Participation, Programme
from sloyfe.programme.queries import Visitor, roles_of
from sloyfe.programme.rules import Capacity

# Those who hold the steering dialogue, from the top. They are the ones who are asked to decide.
STEERS = (Capacity.HEAD_OFFICE, Capacity.OWNER, Capacity.NATIONAL_LEAD)
# The offices of a programme, from the top.
OFFICES = (*STEERS, Capacity.REGIONAL_OFFICE)


def works_at(
    person: Visitor, programme_id: int, on: dt.date, capacities: Collection[Capacity] | None = None
) -> frozenset[int]:
    """Give the ids of the organisations for which a person works in a programme, in these capacities or any."""
    return frozenset(
        role.organisation_id
        for role in roles_of(person, on)
        if role.programme_id == programme_id and (capacities is None or role.capacity in capacities)
    )


def offices_with(
    programme: Programme, on: dt.date, capacities: Collection[Capacity]
) -> list[Organisation]:
    """Give the organisations that have one of these capacities on a day, those at the top first. One query."""
    order = list(Capacity)
    parts = (
        Participation.objects.filter(
            valid_on(on), programme=programme, capacity__in=[c.value for c in capacities]
        )
        .select_related("organisation")
        .order_by("organisation__sort_key")
    )
    found: list[Organisation] = []
    for part in sorted(parts, key=lambda part: order.index(Capacity(part.capacity))):
        if part.organisation not in found:
            found.append(part.organisation)
    return found


def deciders(programme: Programme, on: dt.date) -> list[Organisation]:
    """Give those who decide on what nasjonalt fagansvar cannot: the owner first, then the head office. One query."""
    return offices_with(programme, on, [Capacity.OWNER, Capacity.HEAD_OFFICE])[::-1]


def deciding_ids(programme: Programme, on: dt.date) -> QuerySet[Participation, int]:
    """Give the ids of those who decide, as a subquery."""
    return Participation.objects.filter(
        valid_on(on),
        programme=programme,
        capacity__in=[Capacity.OWNER.value, Capacity.HEAD_OFFICE.value],
    ).values_list("organisation_id", flat=True)


def is_head_office(programme: Programme, office_id: int, on: dt.date) -> bool:
    """Tell whether an organisation is the programme's head office on a day.

    One query; remembered on the programme object, as a page asks it of many matters.
    """
    known: tuple[dt.date, frozenset[int]] | None = getattr(programme, "_head_offices", None)
    if known is None or known[0] != on:
        offices = offices_with(programme, on, [Capacity.HEAD_OFFICE])
        known = (on, frozenset(office.pk for office in offices))
        programme._head_offices = known  # type: ignore[attr-defined]
    return office_id in known[1]


def office_with(programme: Programme, on: dt.date, capacity: Capacity) -> Organisation | None:
    """Give the organisation that has a capacity on a day, or None where nobody has."""
    return next(iter(offices_with(programme, on, [capacity])), None)
