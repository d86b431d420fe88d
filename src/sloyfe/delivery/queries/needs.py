"""Questions about needs: who receives them, which there are, what came of those that went up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from sloyfe.common.keys import KeyStore
from sloyfe.delivery.models import Decision, Matter, Need
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.queries.offices import office_with
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.need_links import Purpose, read_need_token
from sloyfe.delivery.rules.needs import OPEN_NEEDS, NeedState
from sloyfe.delivery.rules.steering import MatterState
from sloyfe.organisations.models import Affiliation, MunicipalityPeriod, Organisation, valid_on
from sloyfe.organisations.rules import Kind
from sloyfe.programme.models import Participation, Programme, Region
from sloyfe.programme.queries import Visitor, has_capacity, region_of, register_of
from sloyfe.programme.rules import Capacity


@dataclass(frozen=True)
class Place:
    """Where a municipality lies on a day. `region` is None where nobody has said."""

    municipality: Organisation
    period: MunicipalityPeriod
    region: Region | None


def place_in(programme: Programme, slug: str, on: dt.date) -> Place | None:
    """Give a municipality that a programme is for on a day and its region, or None. Two queries."""
    periods = MunicipalityPeriod.objects.filter(
        valid_on(on),
        organisation__slug=slug,
        organisation__kind=Kind.MUNICIPALITY.value,
        register=register_of(programme).value,
    )
    if programme.is_simulated:
        takes_part = Participation.objects.filter(
            valid_on(on),
            programme=programme,
            organisation=OuterRef("organisation"),
            capacity=Capacity.MUNICIPALITY.value,
        )
        periods = periods.filter(Exists(takes_part))
    period = periods.select_related("organisation").order_by("-valid_from").first()
    if period is None:
        return None
    return Place(period.organisation, period, region_of(period, on, programme))


def municipality_in(programme: Programme, slug: str, on: dt.date) -> Organisation | None:
    """Give a municipality that a programme is for on a day, or None. Two queries."""
    place = place_in(programme, slug, on)
    return place.municipality if place else None


def receiver_of(
    programme: Programme, municipality: Organisation, on: dt.date
) -> Organisation | None:
    """Give the office that receives what a municipality needs: that of the region in which it lies.

    Where nobody has said which region that is, or it has no office, nasjonalt fagansvar receives it. None
    where nobody does, as when the programme has ended.
    """
    period = (
        MunicipalityPeriod.objects.filter(valid_on(on), organisation=municipality)
        .order_by("-valid_from")
        .first()
    )
    return receiver_in(programme, region_of(period, on, programme) if period else None, on)


def receiver_in(programme: Programme, region: Region | None, on: dt.date) -> Organisation | None:
    """Give the office that receives what municipalities of a region need. At most two queries."""
    if region is not None and region.office_id is not None:
        part = (
            Participation.objects.filter(
                valid_on(on),
                programme=programme,
                organisation=region.office_id,
                capacity=Capacity.REGIONAL_OFFICE.value,
            )
            .select_related("organisation")
            .first()
        )
        if part is not None:
            return part.organisation
    return office_with(programme, on, Capacity.NATIONAL_LEAD)


def receives_needs(programme: Programme, on: dt.date) -> bool:
    """Tell whether any office of a programme receives needs on a day: none does when it has ended. One query."""
    return Participation.objects.filter(
        valid_on(on),
        programme=programme,
        capacity__in=[Capacity.REGIONAL_OFFICE.value, Capacity.NATIONAL_LEAD.value],
    ).exists()


def addresses_of(municipality: Organisation, on: dt.date) -> frozenset[str]:
    """Give the domains of the e-mail addresses that are known to be a municipality's own. One query."""
    known = Affiliation.objects.filter(
        valid_on(on), organisation=municipality, person__is_active=True
    ).values_list("person__email", flat=True)
    return frozenset(
        address.rpartition("@")[2].lower() for address in [*known, municipality.email] if address
    )


def need_of_link(purpose: Purpose, token: str) -> Need | None:
    """Give the need that a genuine and still valid link names, or None."""
    link = read_need_token(KeyStore(settings.KEYS).link_secret(), purpose, token)
    if link is None:
        return None
    return (
        Need.objects.select_related("programme", "municipality", "office", "answered_by")
        .filter(pk=link.need_id, link_generation=link.generation)
        .first()
    )


def lies_in_region_of(
    person: Visitor, programme_id: int, municipality_id: int, on: dt.date
) -> bool:
    """Tell whether a municipality lies in the region of an office that a person works for."""
    return (
        has_capacity(person, on, programme_id, Capacity.REGIONAL_OFFICE)
        and municipality_id in reach_of(person, on).region
    )


def is_own_municipality(
    person: Visitor, programme_id: int, municipality_id: int, on: dt.date
) -> bool:
    """Tell whether a person works for a municipality, or for the one that it became part of."""
    return (
        has_capacity(person, on, programme_id, Capacity.MUNICIPALITY)
        and municipality_id in reach_of(person, on).municipalities
    )


def need_list(
    person: Visitor,
    programme: Programme,
    on: dt.date,
    *,
    states: Collection[NeedState] = (),
    unmet: bool = False,
) -> QuerySet[Need]:
    """Give the needs of a programme that a person may read, with what waits for that person first.

    Nasjonalt fagansvar sees what has been raised on top; an office its own region's, overdue ones first.
    """
    reach = reach_of(person, on)
    if has_capacity(person, on, programme.pk, Capacity.NATIONAL_LEAD):
        mine = Q(state=NeedState.RAISED.value)
    else:
        mine = Q(office__in=reach.offices) | Q(municipality__in=reach.region | reach.municipalities)
    needs = Need.objects.visible_to(person, on).filter(programme=programme)
    if states:
        needs = needs.filter(state__in=[state.value for state in states])
    if unmet:
        needs = needs.filter(is_met=False)
    overdue = Q(state=NeedState.RECEIVED.value, triage_due__lt=on)
    return (
        needs.select_related("municipality", "office", "answered_by")
        .annotate(
            is_mine=_flag(mine),
            is_late=_flag(overdue),
            is_open=_flag(Q(state__in=[state.value for state in OPEN_NEEDS])),
        )
        .order_by("-is_mine", "-is_late", "-is_open", "triage_due", "-received_at", "pk")
    )


def _flag(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def unmet_count(person: Visitor, programme: Programme, on: dt.date) -> int:
    """Give how many needs nobody has been able to meet, of those that a person may read."""
    return Need.objects.visible_to(person, on).filter(programme=programme, is_met=False).count()


@dataclass(frozen=True)
class WentUp:
    """A matter that a need became further up, with what was decided on it."""

    matter: Matter
    decisions: tuple[Decision, ...]

    @property
    def is_answered(self) -> bool:
        return self.matter.state == MatterState.ANSWERED


def went_up(need: Need, *, for_municipality: bool) -> list[WentUp]:
    """Give what a need became further up, the latest first. Two queries.

    A matter or need that is kept within the programme's offices is not for the municipality.
    """
    if for_municipality and need.access == Access.INTERNAL:
        return []
    matters = (
        Matter.objects.filter(need=need)
        # One that waits for its summary to be sent has not been asked yet.
        .exclude(state=MatterState.PREPARED.value)
        .select_related("asked_by", "addressed_to")
        .prefetch_related(
            Prefetch("decisions", Decision.objects.select_related("owner").order_by("due_on", "pk"))
        )
        .order_by("-asked_on", "-pk")
    )
    if for_municipality:
        matters = matters.exclude(access=Access.INTERNAL.value)
    return [WentUp(matter, tuple(matter.decisions.all())) for matter in matters]


def has_waiting_matter(need: Need) -> bool:
    """Tell whether a need has been taken further up and has no answer there yet."""
    return Matter.objects.filter(need=need, state=MatterState.ASKED.value).exists()


def decision_on(need: Need) -> Matter | None:
    """Give the matter by which it was decided what becomes of a need, until its municipality has been answered.

    Two queries. An answer given after it has told of it already.
    """
    told = [at for at in (need.raised_at, need.answered_at) if at is not None]
    decided = Matter.objects.filter(need=need, state=MatterState.ANSWERED.value)
    if told:
        decided = decided.filter(answered_at__gte=max(told))
    return (
        decided.select_related("answered_by", "addressed_to")
        .prefetch_related("decisions")
        .order_by("-answered_at")
        .first()
    )


def needs_shown_openly(
    municipality: Organisation, programme: Programme, most: int = 50
) -> list[Need]:
    """Give the needs of a municipality that anybody may know of: those that are public, newest first."""
    return list(
        Need.objects.filter(
            programme=programme, municipality=municipality, access=Access.PUBLIC.value
        )
        .exclude(state=NeedState.UNCONFIRMED.value)
        .select_related("office", "answered_by")
        .order_by("-received_at", "pk")[:most]
    )


def needs_of_own(
    person: Visitor, municipality: Organisation, programme: Programme, on: dt.date, most: int = 50
) -> list[Need]:
    """Give the needs of a municipality in full for those who may read all of them there, newest first."""
    return list(
        Need.objects.visible_to(person, on)
        .filter(programme=programme, municipality=municipality)
        .select_related("office", "answered_by")
        .order_by("-received_at", "pk")[:most]
    )
