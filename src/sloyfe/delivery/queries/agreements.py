"""Questions about programme agreements: whose office, what the two sides owe, what a version changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import QuerySet

from sloyfe.delivery.models import Agreement, EffortArea
from sloyfe.delivery.rules.agreements import AgreementState, Changed, Term, what_changed
from sloyfe.organisations.models import (
    MunicipalityChange,
    MunicipalityPeriod,
    Organisation,
    valid_on,
)
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, region_map, register_of


def office_of(programme: Programme, municipality: Organisation, on: dt.date) -> Organisation | None:
    """Give the regional office of a municipality on a day, or None where there is none. Two queries."""
    period = (
        MunicipalityPeriod.objects.filter(
            valid_on(on), organisation=municipality, register=register_of(programme).value
        )
        .order_by("-valid_from")
        .first()
    )
    if period is None:
        return None
    region = region_map(programme, on).region(period.code, period.county_code)
    if region is None or region.office_id is None:
        return None
    return Organisation.objects.get(pk=region.office_id)


def became(municipality: Organisation, on: dt.date) -> list[Organisation]:
    """Give the municipalities that one has become by a day: none while it is still itself. Two queries."""
    follows: dict[int, set[int]] = {}
    for before, after in MunicipalityChange.objects.filter(
        on__lte=on, register=municipality.register
    ).values_list("before__organisation_id", "after__organisation_id"):
        if before != after:
            follows.setdefault(before, set()).add(after)
    last: set[int] = set()
    seen: set[int] = set()
    waiting = list(follows.get(municipality.pk, ()))
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        if each in follows:
            waiting += follows[each]
        else:
            last.add(each)
    if not last:
        return []
    return list(Organisation.objects.filter(pk__in=last).order_by("sort_key"))


def versions_of(agreement: Agreement, person: Visitor) -> QuerySet[Agreement]:
    """Give all versions of an agreement that a person may read, the newest first."""
    return (
        Agreement.objects.visible_to(person)
        .filter(
            subprogramme_id=agreement.subprogramme_id, municipality_id=agreement.municipality_id
        )
        .prefetch_related("roles", "priorities__area")
        .order_by("-version")
    )


def terms_of(agreement: Agreement) -> Mapping[str, Term]:
    """Give the terms of an agreement, by their names, as two versions are compared."""
    return {
        "valid_from": agreement.valid_from.isoformat(),
        "valid_to": agreement.valid_to.isoformat() if agreement.valid_to else "",
        "background": agreement.background,
        "municipality_does": agreement.municipality_does,
        "office_does": agreement.office_does,
        "roles": tuple(
            f"{role.side}/{role.kind}/{role.name}/{role.title}"
            for role in sorted(agreement.roles.all(), key=lambda r: (r.side, r.kind, r.name))
        ),
        "priorities": tuple(
            f"{priority.area.code}/{priority.why}" for priority in agreement.priorities.all()
        ),
    }


def changes_between(before: Agreement, after: Agreement) -> tuple[Changed, ...]:
    """Give what differs between two versions; roles and areas at hand."""
    return what_changed(terms_of(before), terms_of(after))


def compared_with(agreement: Agreement, versions: list[Agreement]) -> Agreement | None:
    """Give the version that one took the place of, or would: the newest earlier one that was in force."""
    was_in_force = {AgreementState.IN_FORCE, AgreementState.REPLACED, AgreementState.ENDED}
    earlier = [
        each
        for each in versions
        if each.version < agreement.version and each.stands in was_in_force
    ]
    return max(earlier, key=lambda each: each.version, default=None)


def areas_of(programme_id: int) -> list[EffortArea]:
    """Give the effort areas of a programme, in its own order."""
    return list(EffortArea.objects.filter(programme=programme_id))
