"""What a roll-up stands on: definitions, expected reports, where municipalities lie, and what a reader may read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from sloyfe.delivery.models import ReportingYear, ResultDefinition, Summary, YearlyReport
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.reports import SENT_STATES, ReportState, YearState
from sloyfe.delivery.rules.results import (
    Aggregation,
    Became,
    Geography,
    RegionStay,
    Stay,
    becomes,
)
from sloyfe.delivery.rules.summaries import Level, SummaryState
from sloyfe.organisations.models import MunicipalityChange, MunicipalityPeriod
from sloyfe.organisations.rules import Change, ChangeGraph, ChangeKind
from sloyfe.programme.models import Membership, Programme, Region, RegionArea
from sloyfe.programme.queries import Visitor, register_of

Reader = Visitor | None


class Expected(NamedTuple):
    """A report that is expected, and whether its figures may be read by whoever asks."""

    id: int
    organisation: int
    year: int
    is_sent: bool
    is_readable: bool


@dataclass(frozen=True)
class Ground:
    """All that a roll-up needs beside the figures themselves; read once for a page.

    `years` are the programme's reporting years, oldest first, with or without reports.
    """

    programme: Programme
    definitions: tuple[ResultDefinition, ...]
    reports: tuple[Expected, ...]
    years: tuple[int, ...]
    geography: Geography
    regions: tuple[Region, ...]
    names: dict[int, tuple[str, str]]
    became: tuple[Became, ...]
    memberships: dict[int, tuple[tuple[str, dt.date, dt.date | None], ...]]

    @cached_property
    def becomes(self) -> dict[int, dict[int, int]]:
        """What every municipality has become, and from which year."""
        return becomes(self.became)

    def subprogrammes(self, organisation: int, year: int) -> tuple[str, ...]:
        """Give the codes of the subprogrammes that a municipality was in at the end of a year."""
        day = self.geography.day_of(year)
        return tuple(
            code
            for code, since, until in self.memberships.get(organisation, ())
            if since <= day and (until is None or day < until)
        )

    def definition(self, code: str) -> ResultDefinition | None:
        """Give a definition by its code."""
        return next((each for each in self.definitions if each.code == code), None)


def ground_of(
    programme: Programme, *, reader: Reader, today: dt.date | None = None, public_only: bool = False
) -> Ground:
    """Read what a roll-up for a reader stands on. At most eight queries, and four for who the reader is.

    A report that is not public counts only for those who may read it; with `public_only` for nobody.
    """
    on = today or timezone.localdate()
    definitions = tuple(
        ResultDefinition.objects.filter(programme=programme)
        .select_related("goal__parent", "area", "subprogramme")
        .order_by("position")
    )
    years, reports = _reports(programme, reader, on, public_only=public_only)
    register = register_of(programme).value
    stays: list[Stay] = []
    names: dict[int, tuple[str, str]] = {}
    for row in MunicipalityPeriod.objects.filter(register=register).values_list(
        "organisation_id", "code", "name", "county_code", "valid_from", "valid_to",
        "organisation__name", "organisation__slug",
    ):  # fmt: skip
        stays.append(Stay(*row[:6]))
        names[row[0]] = (row[6], row[7])
    changes = list(
        MunicipalityChange.objects.filter(register=register).values_list(
            "on", "kind", "before__code", "after__code",
            "before__organisation_id", "after__organisation_id",
        )
    )  # fmt: skip
    areas = list(
        RegionArea.objects.filter(region__programme=programme).values_list(
            "region__code", "county_code", "municipality_code", "valid_from", "valid_to"
        )
    )
    graph = ChangeGraph(
        Change(day, ChangeKind(kind), before, after) for day, kind, before, after, _, _ in changes
    )
    memberships: dict[int, list[tuple[str, dt.date, dt.date | None]]] = defaultdict(list)
    for organisation, code, since, until in Membership.objects.filter(
        subprogramme__programme=programme
    ).values_list("organisation_id", "subprogramme__code", "valid_from", "valid_to"):
        memberships[organisation].append((code, since, until))
    return Ground(
        programme=programme,
        definitions=definitions,
        reports=reports,
        years=years,
        geography=Geography(stays, (RegionStay(*area) for area in areas), graph, on),
        regions=tuple(Region.objects.filter(programme=programme).order_by("position")),
        names=names,
        became=tuple(Became(before, after, day) for day, _, _, _, before, after in changes),
        memberships={key: tuple(rows) for key, rows in memberships.items()},
    )


_SENT = frozenset(state.value for state in SENT_STATES)


def _reports(
    programme: Programme, reader: Reader, on: dt.date, *, public_only: bool
) -> tuple[tuple[int, ...], tuple[Expected, ...]]:
    rows = list(
        ReportingYear.objects.filter(programme=programme)
        .order_by("year", "reports__pk")
        .values_list(
            "year", "reports__pk", "reports__municipality_id", "reports__state", "reports__access"
        )
    )
    closed = [key for _, key, _, _, access in rows if key is not None and access != Access.PUBLIC]
    readable: Collection[int] = ()
    if closed and not public_only and reader is not None:
        readable = set(
            YearlyReport.objects.visible_to(reader, on)
            .filter(pk__in=closed)
            .values_list("pk", flat=True)
        )
    reports = tuple(
        Expected(
            id=key,
            organisation=organisation,
            year=year,
            is_sent=state in _SENT,
            is_readable=state in _SENT and (access == Access.PUBLIC or key in readable),
        )
        for year, key, organisation, state, access in rows
        if key is not None and state != ReportState.EXCUSED
    )
    return tuple(sorted({row[0] for row in rows})), reports


def published_years(programme: Programme) -> tuple[int, ...]:
    """Give the years whose figures everybody may read: closed, or the national summary answered."""
    answered = Summary.objects.filter(
        programme=programme, level=Level.NATION.value, state=SummaryState.ANSWERED.value
    )
    return tuple(
        ReportingYear.objects.filter(programme=programme)
        .filter(Q(state=YearState.CLOSED.value) | Q(pk__in=answered.values("reporting_year")))
        .order_by("year")
        .values_list("year", flat=True)
    )


def is_anonymous(reader: Reader) -> bool:
    """Tell whether somebody reads without having signed in."""
    return reader is None or isinstance(reader, AnonymousUser)


# What is told with numbers; the others are counted by option or listed.
NUMBERS = frozenset({Aggregation.SUM, Aggregation.RATIO, Aggregation.LATEST})
