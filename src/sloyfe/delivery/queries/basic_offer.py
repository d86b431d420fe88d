"""What the basic offer holds for one municipality: offers, dates, contact, its numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, Q

from sloyfe.delivery.queries.needs import Place
from sloyfe.delivery.rules.basic_offer import Theme, by_theme
from sloyfe.organisations.models import Organisation, valid_on
from sloyfe.organisations.queries import Inhabitants, inhabitants_of
from sloyfe.organisations.rules import Register, size_class
from sloyfe.programme.models import Membership, Programme, Statement, Subprogramme, YearDate
from sloyfe.programme.rules.mandates import RoleKind
from sloyfe.programme.rules.year_wheel import DateKind, Reader, concerns_any

# What the year brings that one takes part in; the rest are days to remember.
EVENTS = frozenset({DateKind.GATHERING, DateKind.MEETING, DateKind.OTHER})
# Days of those who report: who has the basic offer alone sends no report.
_OF_REPORTS = [DateKind.REPORT_DUE.value, DateKind.ANSWER_DUE.value, DateKind.SUMMARY_DUE.value]
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


def subprogrammes_of(
    programme: Programme, municipality: Organisation, on: dt.date
) -> list[Subprogramme]:
    """Give the subprogrammes that a municipality is a member of on a day. One query."""
    return list(
        Subprogramme.objects.filter(
            programme=programme,
            pk__in=Membership.objects.filter(valid_on(on), organisation=municipality).values(
                "subprogramme"
            ),
        ).order_by("pk")
    )


def dates_ahead(programme: Programme, place: Place, on: dt.date) -> list[YearDate]:
    """Give the dates of the coming year that concern a municipality, by day. One query."""
    own = Membership.objects.filter(
        valid_on(on), organisation=place.municipality, subprogramme__programme=programme
    )
    rows = list(
        YearDate.objects.filter(
            Q(starts_on__gte=on) | Q(ends_on__gte=on),
            Q(subprogramme=None) | Q(subprogramme__in=own.values("subprogramme")),
            ~Q(kind__in=_OF_REPORTS) | Q(Exists(own)),
            programme=programme,
            starts_on__lt=on + AHEAD,
            is_cancelled=False,
        ).order_by("starts_on", "pk")
    )
    reader = Reader(
        RoleKind.MUNICIPALITY,
        frozenset(row.subprogramme_id for row in rows if row.subprogramme_id is not None),
        frozenset({place.region.pk} if place.region else ()),
    )
    return [row for row in rows if concerns_any(row.reach, [reader])]


@dataclass(frozen=True)
class Numbers:
    """What is known of a municipality's size. `now` is None where no figure fits its borders."""

    now: Inhabitants | None
    history: tuple[Inhabitants, ...]
    size_class: str
    county: str
    code: str


def numbers_of(place: Place, on: dt.date) -> Numbers:
    """Give the inhabitants of a municipality through time, newest first. Two queries."""
    known = [each for each in inhabitants_of(place.municipality) if each.on <= on]
    now = known[-1] if known else None
    return Numbers(
        now=now,
        history=tuple(reversed(known)),
        size_class=size_class(now.count if now else None),
        county=place.period.county_name,
        code=place.period.code,
    )


def programmes_of(register: Register) -> list[Programme]:
    """Give the programmes that are for the municipalities of a register, the newest first. One query."""
    return list(
        Programme.objects.filter(is_simulated=register is Register.EXERCISE).order_by(
            "-valid_from", "slug"
        )
    )
