"""What the basic offer holds for one municipality: offers, dates, contact, its numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sloyfe.delivery.rules.basic_offer import Theme, by_theme
from sloyfe.organisations.models import MunicipalityPeriod, Organisation, valid_on
from sloyfe.organisations.queries import Inhabitants, inhabitants_of
from sloyfe.organisations.rules import Register, size_class
from sloyfe.programme.models import Programme, Statement, YearDate
from sloyfe.programme.queries.year_wheel import dates_for
from sloyfe.programme.rules.mandates import RoleKind

# So far ahead dates are shown, in days.
AHEAD = dt.timedelta(days=365)
_OFFER, _PART, _ARENA, _TOOL = "basic_offer", "offer", "arena", "learning_tool"


@dataclass(frozen=True)
class Offer:
    """What a programme offers every municipality. `head` is None where it says nothing of a basic offer."""

    head: Statement | None
    themes: tuple[tuple[Theme, tuple[Statement, ...]], ...]
    arenas: tuple[Statement, ...]
    tools: tuple[Statement, ...]


def offer_of(programme: Programme) -> Offer:
    """Give what a programme offers every municipality, in its own order. One query."""
    rows = list(
        Statement.objects.filter(
            programme=programme, kind__in=[_OFFER, _PART, _ARENA, _TOOL]
        ).order_by("kind", "position")
    )
    return Offer(
        head=next((row for row in rows if row.kind == _OFFER), None),
        themes=tuple(
            by_theme((str(row.details.get("theme", "")), row) for row in rows if row.kind == _PART)
        ),
        arenas=tuple(row for row in rows if row.kind == _ARENA),
        tools=tuple(row for row in rows if row.kind == _TOOL),
    )


def dates_ahead(programme: Programme, municipality: Organisation, on: dt.date) -> list[YearDate]:
    """Give the dates of the coming year that concern a municipality, by day."""
    return dates_for(
        programme,
        roles=[RoleKind.MUNICIPALITY],
        organisation=municipality,
        starts=on,
        ends=on + AHEAD,
    )


@dataclass(frozen=True)
class Numbers:
    """What is known of a municipality's size. `now` is None where no figure fits its borders."""

    now: Inhabitants | None
    history: tuple[Inhabitants, ...]
    size_class: str
    county: str
    code: str


def numbers_of(municipality: Organisation, on: dt.date) -> Numbers:
    """Give the inhabitants of a municipality through time, newest first. Four queries."""
    known = [each for each in inhabitants_of(municipality) if each.on <= on]
    period = (
        MunicipalityPeriod.objects.filter(valid_on(on), organisation=municipality)
        .order_by("-valid_from")
        .first()
    )
    now = known[-1] if known else None
    return Numbers(
        now=now,
        history=tuple(reversed(known)),
        size_class=size_class(now.count if now else None),
        county=period.county_name if period else "",
        code=period.code if period else "",
    )


def programmes_of(register: Register) -> list[Programme]:
    """Give the programmes that are for the municipalities of a register, the newest first. One query."""
    return list(
        Programme.objects.filter(is_simulated=register is Register.EXERCISE).order_by(
            "-valid_from", "slug"
        )
    )
