"""Who may see which figures inside a programme. What is public stands on an open page for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sloyfe.common.errors import NotAllowed
from sloyfe.delivery.models.visible import INSIDE
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, has_capacity
from sloyfe.programme.rules import Capacity


def is_inside(person: Visitor, programme: Programme, on: dt.date) -> bool:
    """Tell whether somebody works for an office of the programme, or audits it."""
    return has_capacity(person, on, programme.pk, *INSIDE)


def check_may_see_picture(person: Visitor, programme: Programme, on: dt.date) -> None:
    """The programme's offices and its municipalities see what all have reported together."""
    if not has_capacity(person, on, programme.pk, *INSIDE, Capacity.MUNICIPALITY):
        raise NotAllowed("delivery.results.not_yours")


def check_may_compare_regions(person: Visitor, programme: Programme, on: dt.date) -> None:
    """Regions are set side by side for the offices: it is they who learn from each other."""
    if not is_inside(person, programme, on):
        raise NotAllowed("delivery.results.regions_for_offices")


def check_may_see_region(
    person: Visitor, programme: Programme, on: dt.date, region: str, own: Collection[str]
) -> None:
    """An office sees every region; a municipality the one it lies in (`own`)."""
    check_may_see_picture(person, programme, on)
    if region not in own and not is_inside(person, programme, on):
        raise NotAllowed("delivery.results.not_your_region")


def check_may_see_municipality(
    person: Visitor, programme: Programme, on: dt.date, municipality: int, own: Collection[int]
) -> None:
    """An office sees every municipality; a municipality sees itself (`own`)."""
    check_may_see_picture(person, programme, on)
    if municipality not in own and not is_inside(person, programme, on):
        raise NotAllowed("delivery.results.not_your_municipality")
