"""The ways from one page of a programme to the others, as far as the reader may go them."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sloyfe.delivery.models.visible import INSIDE
from sloyfe.delivery.queries.offices import OFFICES
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, roles_of
from sloyfe.programme.rules import Capacity

register = template.Library()
# Those to whom the menu's entry for the reporting belongs.
REPORTING = INSIDE | {Capacity.MUNICIPALITY}
Ways = list[tuple[str | Promise, str]]


@register.inclusion_tag("delivery/ways.html", takes_context=True)
def ways(context: dict[str, Any], programme: Programme, leave_out: str = "") -> dict[str, object]:
    """Show the ways through a programme. `leave_out` names the address of the page itself."""
    user = context["request"].user
    found = [
        (title, [(label, url) for label, url in group if url != leave_out])
        for title, group in ways_through(user, programme)
    ]
    return {"groups": [(title, group) for title, group in found if group]}


def ways_through(person: Visitor, programme: Programme) -> list[tuple[str | Promise, Ways]]:
    """Give the ways through a programme in groups, each way as label and address. One query at most."""
    slug = programme.slug
    mine = {
        role.capacity
        for role in roles_of(person, timezone.localdate())
        if role.programme_id == programme.pk
    }

    def to(name: str, *more: object) -> str:
        return reverse(name, args=[slug, *more])

    about: Ways = [
        (_("The programme description"), to("delivery:description", "beskrivelse")),
        (_("Year wheel"), to("programme:year_wheel")),
        (_("What each municipality gets"), to("delivery:basic_offers")),
        (_("Published results"), to("delivery:public_results")),
    ]
    is_over = programme.valid_to is not None and programme.valid_to <= timezone.localdate()
    if not mine and not is_over:
        about.append((_("Say what a municipality needs"), to("delivery:write_need")))
    if mine:
        about.append((_("Mandate"), to("programme:mandates")))
    year: Ways = []
    if mine & REPORTING:
        year.append(
            (_("Reporting"), f"{reverse('delivery:reporting')}?program={slug}")
            if mine & INSIDE
            else (_("The yearly report"), reverse("delivery:reporting"))
        )
        year.append((_("National picture"), to("delivery:picture")))
    if mine:
        year.append((_("What municipalities need"), to("delivery:needs")))
    if mine & {*OFFICES, Capacity.MUNICIPALITY}:
        year.append((_("Sent and answered"), to("delivery:passage")))
    steering: Ways = []
    if mine & INSIDE:
        steering = [
            (_("Steering"), to("delivery:steering")),
            (_("Matters"), to("delivery:matters")),
            (_("Decisions"), to("delivery:decisions")),
            (_("Standing groups"), to("delivery:groups")),
            (_("Capacity"), to("programme:capacity")),
            (_("The offices’ guide"), to("delivery:description", "veileder")),
        ]
    return [
        (_("About the programme"), about),
        (_("The year"), year),
        (_("Steering and offices"), steering),
    ]
