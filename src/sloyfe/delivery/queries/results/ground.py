"""What a roll-up stands on: definitions, expected reports, where municipalities lie, and what a reader may read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from sloyfe.delivery.models import (
    EffortArea,
    Measure,
    Priority,
    ReportingYear,
    ResultDefinition,
    Summary,
    YearlyReport,
)
from sloyfe.delivery.rules.agreements import SETTLED_AGREEMENTS
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.plans import PlanState
from sloyfe.delivery.rules.prefill import STATUS_ITEM
from sloyfe.delivery.rules.reports import SENT_STATES, ReportState, YearState
from sloyfe.delivery.rules.results import (
    Aggregation,
    Became,
    Geography,
    RegionStay,
    Stay,
    becomes,
    year_to_read,
)
from sloyfe.delivery.rules.summaries import Level, SummaryState
from sloyfe.instruments.rules.definitions import item_codes, questions_of
from sloyfe.organisations.models import MunicipalityPeriod
from sloyfe.organisations.rules import Change, ChangeGraph, ChangeKind
from sloyfe.programme.models import Membership, Programme, Region
from sloyfe.programme.queries import Visitor, register_of

Reader = Visitor | None


class Asked(NamedTuple):
    """Whom a result is asked of: members of a subprogramme, those with an effort area, or all ("" and 0)."""

    subprogramme: str = ""
    area: int = 0


ALL = Asked()


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

    `years` are the programme's reporting years, oldest first, with or without reports. Of those, `finished`
    are the ones whose figures are not waiting for more: closed, or told of to the owner. `opened` tells on
    which day each year's reporting opened.
    """

    programme: Programme
    definitions: tuple[ResultDefinition, ...]
    reports: tuple[Expected, ...]
    years: tuple[int, ...]
    opened: Mapping[int, dt.date]
    finished: frozenset[int]
    geography: Geography
    regions: tuple[Region, ...]
    names: dict[int, tuple[str, str]]
    became: tuple[Became, ...]

    @cached_property
    def memberships(self) -> dict[int, list[tuple[str, dt.date, dt.date | None]]]:
        """Which subprogrammes each municipality has been in, and when. One query, when asked for."""
        found: dict[int, list[tuple[str, dt.date, dt.date | None]]] = defaultdict(list)
        for organisation, code, since, until in Membership.objects.filter(
            subprogramme__programme=self.programme
        ).values_list("organisation_id", "subprogramme__code", "valid_from", "valid_to"):
            found[organisation].append((code, since, until))
        return found

    @cached_property
    def year_to_read(self) -> int | None:
        """The year that a page shows until another is asked for; None where there is no year."""
        came = dict.fromkeys(self.years, (0, 0))
        for report in self.reports:
            sent, expected = came[report.year]
            came[report.year] = (sent + report.is_sent, expected + 1)
        return year_to_read(came, self.finished)

    @cached_property
    def unfinished(self) -> tuple[int, ...]:
        """The years of which reports are expected, and whose figures wait for more."""
        expected = {report.year for report in self.reports}
        return tuple(y for y in self.years if y in expected and y not in self.finished)

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

    @cached_property
    def areas(self) -> dict[int, list[tuple[int, int, int | None]]]:
        """Which effort areas each municipality has in agreements and plans, from and to which year. One query."""
        return areas_of(self.programme)

    def asked(self, definition: ResultDefinition) -> Asked:
        """Tell whom a result is asked of."""
        return Asked(
            definition.subprogramme.code if definition.subprogramme else "",
            (definition.area_id or 0) if definition.is_status_of_area else 0,
        )

    def is_asked(self, asked: Asked, organisation: int, year: int) -> bool:
        """Tell whether a municipality is among those that a result is asked of, for a year."""
        if asked.subprogramme and asked.subprogramme not in self.subprogrammes(organisation, year):
            return False
        return not asked.area or asked.area in areas_in(self.areas.get(organisation, ()), year)

    def definition(self, code: str) -> ResultDefinition | None:
        """Give a definition by its code."""
        return next((each for each in self.definitions if each.code == code), None)


def ground_of(
    programme: Programme, *, reader: Reader, today: dt.date | None = None, public_only: bool = False
) -> Ground:
    """Read what a roll-up for a reader stands on. At most five queries, and four for who the reader is.

    A report that is not public counts only for those who may read it; with `public_only` for nobody.
    """
    on = today or timezone.localdate()
    definitions = tuple(
        ResultDefinition.objects.filter(programme=programme)
        .select_related("goal__parent", "area", "subprogramme")
        .order_by("position")
    )
    opened, finished, reports = _reports(programme, reader, on, public_only=public_only)
    stays, names, changes, became = _municipalities(programme)
    regions: dict[int, Region] = {}
    lying: list[RegionStay] = []
    for region in (
        Region.objects.filter(programme=programme)
        .annotate(
            county=F("areas__county_code"),
            single=F("areas__municipality_code"),
            since=F("areas__valid_from"),
            until=F("areas__valid_to"),
        )
        .order_by("position", "areas__valid_from")
    ):
        regions.setdefault(region.pk, region)
        if region.since is not None:
            lying.append(
                RegionStay(region.code, region.county, region.single, region.since, region.until)
            )
    return Ground(
        programme=programme,
        definitions=definitions,
        reports=reports,
        years=tuple(opened),
        opened=opened,
        finished=finished,
        geography=Geography(stays, lying, ChangeGraph(changes), on),
        regions=tuple(regions.values()),
        names=names,
        became=tuple(became),
    )


def areas_in(spans: Iterable[tuple[int, int, int | None]], year: int) -> set[int]:
    """Give the effort areas that a municipality had in some part of a year."""
    return {
        area for area, since, until in spans if since <= year and (until is None or year <= until)
    }


def areas_of(
    programme: Programme, municipality: int | None = None
) -> dict[int, list[tuple[int, int, int | None]]]:
    """Give the effort areas of municipalities from agreements and plans, from and to which year. One query."""
    agreed = Priority.objects.filter(
        agreement__programme=programme,
        agreement__state__in=[state.value for state in SETTLED_AGREEMENTS],
    )
    planned = Measure.objects.filter(plan__programme=programme, area__isnull=False).exclude(
        plan__state=PlanState.DRAFT.value
    )
    if municipality is not None:
        agreed = agreed.filter(agreement__municipality=municipality)
        planned = planned.filter(plan__municipality=municipality)
    found: dict[int, list[tuple[int, int, int | None]]] = defaultdict(list)
    for organisation, area, since, until in agreed.values_list(
        "agreement__municipality_id",
        "area_id",
        "agreement__valid_from__year",
        ExtractYear(Coalesce("agreement__ended_on", "agreement__valid_to")),
    ).union(planned.values_list("plan__municipality_id", "area_id", "plan__year", "plan__year")):
        found[organisation].append((area, since, until))
    return found


def items_not_chosen(programme: Programme, municipality: int, year: int) -> frozenset[str]:
    """Give the report's items on effort areas that a municipality has not chosen for a year. Two queries."""
    own = areas_in(areas_of(programme, municipality).get(municipality, ()), year)
    others = EffortArea.objects.filter(programme=programme).exclude(pk__in=own)
    return frozenset(STATUS_ITEM + code for code in others.values_list("code", flat=True))


def _municipalities(
    programme: Programme,
) -> tuple[list[Stay], dict[int, tuple[str, str]], list[Change], list[Became]]:
    """Read the municipalities' history: what each was when, its name and slug now, and what became what."""
    stays: dict[int, Stay] = {}
    names: dict[int, tuple[str, str]] = {}
    changes: list[Change] = []
    became: list[Became] = []
    for key, organisation, code, name, county, since, until, now, slug, on, kind, after, whose in (
        MunicipalityPeriod.objects.filter(register=register_of(programme).value).values_list(
            "pk", "organisation_id", "code", "name", "county_code", "valid_from", "valid_to",
            "organisation__name", "organisation__slug", "changes_after__on", "changes_after__kind",
            "changes_after__after__code", "changes_after__after__organisation_id",
        )
    ):  # fmt: skip
        stays.setdefault(key, Stay(organisation, code, name, county, since, until))
        names[organisation] = (now, slug)
        if on is not None:
            changes.append(Change(on, ChangeKind(kind), code, after))
            became.append(Became(organisation, whose, on))
    return list(stays.values()), names, changes, became


@dataclass(frozen=True)
class Wording:
    """What people see for an option of a choice."""

    options: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    def option(self, definition: ResultDefinition, code: str) -> dict[str, str]:
        """Give the label of an option in several languages; its code where the form has no such option."""
        return self.options.get(definition.item, {}).get(code, {"nb": code})

    def in_order(self, definition: ResultDefinition, codes: Collection[str]) -> list[str]:
        """Give the options in the form's order, also those that nobody chose; then codes it does not have."""
        known = list(self.options.get(definition.item, {}))
        return [*known, *sorted(set(codes) - set(known))]


def wording_of(programme: Programme) -> Wording:
    """Give the words for a programme's options, from its newest form. One query."""
    definition = (
        ReportingYear.objects.filter(programme=programme)
        .order_by("-year")
        .values_list("form__definition", flat=True)
        .first()
    )
    return wording_in(definition or {})


def wording_in(form: Mapping[str, Any]) -> Wording:
    """Give the words for the options of a form."""
    options: dict[str, dict[str, dict[str, str]]] = {}
    for _, question in questions_of(form) if form.get("pages") else ():
        for item in item_codes(question):
            options[item] = {each["code"]: each["text"] for each in question.get("options") or ()}
    return Wording(options)


_SENT = frozenset(state.value for state in SENT_STATES)


def _reports(
    programme: Programme, reader: Reader, on: dt.date, *, public_only: bool
) -> tuple[dict[int, dt.date], frozenset[int], tuple[Expected, ...]]:
    told = Summary.objects.filter(
        reporting_year=OuterRef("pk"), level=Level.NATION.value, sent_at__isnull=False
    )
    rows = list(
        ReportingYear.objects.filter(programme=programme)
        # Of a year that is only planned nobody has been asked anything: it is no year without figures.
        .exclude(state=YearState.PLANNED.value)
        .annotate(is_finished=Q(state=YearState.CLOSED.value) | Exists(told))
        .order_by("year", "reports__pk")
        .values_list(
            "year", "opens_on", "is_finished", "reports__pk", "reports__municipality_id",
            "reports__state", "reports__access",
        )
    )  # fmt: skip
    closed = [
        key for _, _, _, key, _, _, access in rows if key is not None and access != Access.PUBLIC
    ]
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
        for year, _, _, key, organisation, state, access in rows
        if key is not None and state != ReportState.EXCUSED
    )
    finished = frozenset(year for year, _, is_finished, *_ in rows if is_finished)
    return {year: opened for year, opened, *_ in rows}, finished, reports


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


# What is told with numbers; the others are counted by option or listed.
NUMBERS = frozenset({Aggregation.SUM, Aggregation.RATIO, Aggregation.LATEST})
