"""Questions about programmes and who takes part in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q

from sloyfe.accounts.models import Person
from sloyfe.organisations.models import Affiliation
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
        )
        .order_by(f"{participation}programme__slug", f"{participation}capacity", "organisation_id")
        .distinct()
    )
    roles = tuple(Role(p, slug, Capacity(c), o, name) for p, slug, c, o, name in rows)
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
