"""Tags by which pages on municipalities show what programmes say of them.

They stand here and not in `organisations`, since an organisation knows nothing of programmes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format

from sloyfe.organisations.models import Organisation
from sloyfe.organisations.rules import Register
from sloyfe.programme.models import Membership, Statement, Subprogramme
from sloyfe.programme.queries import region_maps
from sloyfe.ui.templatetags.ui import pick

register = template.Library()

_KEY = "sloyfe.programme.periods"


@register.simple_tag(takes_context=True)
def when(context: template.RequestContext, on: dt.date | None, place: str = "norway") -> str:
    """Show a day; in an exercise programme the label of its period ("runde 2") and never a date."""
    if on is None:
        return ""
    if place != Register.EXERCISE:
        return date_format(on, "DATE_FORMAT")
    if _KEY not in context.render_context:
        rows = Statement.objects.filter(kind="period", programme__is_simulated=True)
        context.render_context[_KEY] = list(rows.order_by("valid_from"))
    return next(
        (
            pick(row.text)
            for row in reversed(context.render_context[_KEY])
            if row.valid_from is not None and row.valid_from <= on
        ),
        "–",
    )


@register.inclusion_tag("programme/taking_part.html")
def taking_part(organisation: Organisation, on: dt.date) -> dict[str, Any]:
    """Show the programmes that a municipality takes part in, its region in each, its memberships.

    Four queries, three where the municipality's periods are prefetched, however many programmes there are.
    """
    memberships: dict[int, list[Membership]] = {}
    for row in organisation.memberships.select_related("subprogramme").order_by("valid_from"):
        memberships.setdefault(row.subprogramme.programme_id, []).append(row)
    unnamed = Subprogramme.objects.filter(programme=OuterRef("programme"), names_known=False)
    parts = list(
        organisation.participations.filter(capacity="municipality")
        .annotate(some_unnamed=Exists(unnamed))
        .select_related("programme")
        .order_by("-valid_from", "programme__slug")
    )
    maps = region_maps([part.programme for part in parts], on)
    rows = []
    for part in parts:
        last = part.programme.valid_to
        day = on if last is None or on < last else last - dt.timedelta(days=1)
        period = next(
            (
                each
                for each in organisation.periods.all()
                if each.valid_from <= day and (each.valid_to is None or day < each.valid_to)
            ),
            None,
        )
        region = maps[part.programme_id].region(period.code, period.county_code) if period else None
        rows.append(
            {
                "programme": part.programme,
                "region": pick(region.title) or region.name if region else "",
                "some_unnamed": part.some_unnamed,
                "memberships": memberships.get(part.programme_id, []),
            }
        )
    return {"rows": rows, "place": organisation.register}
