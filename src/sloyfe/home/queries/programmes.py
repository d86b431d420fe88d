"""Which programmes somebody sees, and what a programme says of itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from sloyfe.analysis.models import PrintedRound
from sloyfe.home.rules import TOLD_ELSEWHERE, in_told_order
from sloyfe.organisations.models import valid_on
from sloyfe.programme.models import (
    Participation,
    Programme,
    Region,
    Statement,
    Subprogramme,
)
from sloyfe.programme.queries import Visitor, programmes_where
from sloyfe.programme.rules import Capacity
from sloyfe.reports.models import Report
from sloyfe.reports.rules import ReportState
from sloyfe.ui.templatetags.ui import pick


def visible_programmes(person: Visitor, on: dt.date) -> QuerySet[Programme]:
    """Give the programmes that somebody sees: all real ones, and an exercise for those who take part."""
    mine = programmes_where(person, on)
    return Programme.objects.filter(Q(is_simulated=False) | Q(pk__in=mine)).order_by(
        "is_simulated", "-valid_from", "slug"
    )


@dataclass(frozen=True)
class Said:
    """One thing that a programme says, with what hangs below it."""

    text: dict[str, str]
    description: dict[str, str]
    source: str
    verified: bool
    children: tuple[Said, ...]


@dataclass(frozen=True)
class Chapter:
    """All that a programme says of one kind."""

    kind: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class SubprogrammeLine:
    title: dict[str, str]
    description: dict[str, str]
    members: tuple[str, ...]
    stated_members: int | None
    names_known: bool


@dataclass(frozen=True)
class RegionLine:
    name: str
    office: str


@dataclass(frozen=True)
class ProgrammePage:
    """What the page about a programme shows."""

    lead: dict[str, str]
    chapters: tuple[Chapter, ...]
    subprogrammes: tuple[SubprogrammeLine, ...]
    regions: tuple[RegionLine, ...]
    participants: tuple[tuple[Capacity, tuple[str, ...]], ...]
    municipalities: int


@dataclass(frozen=True)
class PublishedReport:
    title: str
    url: str
    note: str


def published_reports(person: Visitor) -> list[PublishedReport]:
    """Give the reports that somebody may read, newest first: the public sees those of real programmes."""
    reports = (
        Report.objects.visible_to(person)
        .filter(state=ReportState.PUBLISHED.value)
        .order_by("-published_at", "slug")
    )
    printed = PrintedRound.objects.visible_to(person).select_related("round")
    return [
        *(
            PublishedReport(
                report.title, reverse("reports:report", args=[report.slug]), report.subtitle
            )
            for report in reports
        ),
        *(
            PublishedReport(
                pick(row.round.title),
                reverse("analysis:printed", args=[row.slug]),
                _("Every printed figure, worked out again"),
            )
            for row in printed
        ),
    ]


def _source(source: object) -> str:
    if not isinstance(source, dict):
        return ""
    parts = [str(source.get("name", ""))] if source.get("name") else []
    if source.get("section"):
        parts.append(f"{source['section']}")
    if source.get("page"):
        parts.append(f"s. {source['page']}")
    return ", ".join(parts)


def chapters_of(programme: Programme) -> tuple[dict[str, str], tuple[Chapter, ...]]:
    """Give the programme's summary and what it says, by kind in the order of telling, goals as a tree. One query."""
    rows = list(Statement.objects.filter(programme=programme).order_by("position", "pk"))
    below: dict[int | None, list[Statement]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)

    def said(row: Statement) -> Said:
        return Said(
            text=row.text,
            description=row.description,
            source=_source(row.source),
            verified=row.verified,
            children=tuple(said(child) for child in below.get(row.pk, ())),
        )

    kinds: dict[str, list[Said]] = {}
    for row in below.get(None, ()):
        if row.kind in TOLD_ELSEWHERE:
            continue
        kinds.setdefault(row.kind, []).append(said(row))
    chapters = tuple(Chapter(kind, tuple(kinds[kind])) for kind in sorted(kinds, key=in_told_order))
    lead: dict[str, str] = next(
        (row.text for row in below.get(None, ()) if row.kind == "summary"), {}
    )
    return lead, chapters


def programme_page(programme: Programme, on: dt.date) -> ProgrammePage:
    """Gather what the page about a programme shows on a day. A fixed number of queries."""
    lead, chapters = chapters_of(programme)
    subprogrammes = []
    for subprogramme in Subprogramme.objects.filter(programme=programme).prefetch_related(
        "memberships__organisation"
    ):
        members = sorted(
            (
                membership.organisation
                for membership in subprogramme.memberships.all()
                if membership.valid_from <= on
                and (membership.valid_to is None or membership.valid_to > on)
            ),
            key=lambda organisation: organisation.sort_key,
        )
        subprogrammes.append(
            SubprogrammeLine(
                title=subprogramme.title,
                description=subprogramme.description,
                members=tuple(member.name for member in members),
                stated_members=subprogramme.stated_members,
                names_known=subprogramme.names_known,
            )
        )
    regions = tuple(
        RegionLine(pick(region.title) or region.name, region.office.name if region.office else "")
        for region in Region.objects.filter(programme=programme).select_related("office")
    )
    taking_part = Participation.objects.filter(valid_on(on), programme=programme)
    names: dict[Capacity, list[str]] = {}
    for capacity, name in (
        taking_part.exclude(capacity=Capacity.MUNICIPALITY.value)
        .order_by("organisation__sort_key")
        .values_list("capacity", "organisation__name")
    ):
        names.setdefault(Capacity(capacity), []).append(name)
    municipalities = taking_part.filter(capacity=Capacity.MUNICIPALITY.value).aggregate(
        number=Count("organisation", distinct=True)
    )["number"]
    return ProgrammePage(
        lead=lead,
        chapters=chapters,
        subprogrammes=tuple(subprogrammes),
        regions=regions,
        participants=tuple(
            (capacity, tuple(names[capacity])) for capacity in Capacity if capacity in names
        ),
        municipalities=municipalities,
    )
