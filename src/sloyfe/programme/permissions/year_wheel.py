"""Who may put dates on the year wheel: owner and nasjonalt fagansvar, a regional office for its region."""

from __future__ import annotations

import datetime as dt

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.programme.models import Programme, YearDate
from sloyfe.programme.queries import Visitor, has_capacity
from sloyfe.programme.queries.year_wheel import own_regions
from sloyfe.programme.rules import Capacity

FOR_EVERYBODY = (Capacity.OWNER, Capacity.NATIONAL_LEAD)


def check_may_add_dates(person: Visitor, programme: Programme, on: dt.date) -> None:
    """Owner, nasjonalt fagansvar and regional offices put dates on the wheel."""
    if has_capacity(person, on, programme.pk, *FOR_EVERYBODY):
        return
    if not own_regions(person, programme, on):
        raise NotAllowed("programme.dates_are_set_by_those_who_lead")


def check_may_put_date(
    person: Visitor, programme: Programme, region_id: int | None, on: dt.date
) -> None:
    """A regional office sets dates of its own region only."""
    check_may_add_dates(person, programme, on)
    if has_capacity(person, on, programme.pk, *FOR_EVERYBODY):
        return
    if region_id not in {region.pk for region in own_regions(person, programme, on)}:
        raise NotAllowed("programme.only_its_own_region")


def check_may_change_date(person: Visitor, date: YearDate, on: dt.date) -> None:
    """A date may be changed until it has been, by whoever could have set it."""
    check_may_put_date(person, date.programme, date.region_id, on)
    if date.is_cancelled:
        raise NotPossible("programme.date_is_cancelled")
    if (date.ends_on or date.starts_on) < on:
        raise NotPossible("programme.date_has_been")


def check_may_cancel_date(person: Visitor, date: YearDate, on: dt.date) -> None:
    """What may be changed may be cancelled."""
    check_may_change_date(person, date, on)
