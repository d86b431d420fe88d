"""Municipalities of a programme that report: definitions, reports and values, made in bulk."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sloyfe.delivery.models import ReportingYear, Result, ResultDefinition, YearlyReport
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.results import Aggregation
from sloyfe.instruments.models import Instrument, Version
from sloyfe.instruments.rules import InstrumentKind
from sloyfe.organisations.models import MunicipalityPeriod, Organisation, valid_on
from sloyfe.programme.models import Programme

SENT = dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC)
KINDS = (Aggregation.SUM, Aggregation.RATIO, Aggregation.LATEST, Aggregation.NONE, Aggregation.TEXT)
OPTIONS = ("yes", "partly", "no")


def form_of(programme: Programme) -> Version:
    instrument, _ = Instrument.objects.get_or_create(
        programme=programme,
        code="yearly-report",
        defaults={"kind": InstrumentKind.REPORT.value, "title": {"nb": "Årsrapport"}},
    )
    version, _ = Version.objects.get_or_create(
        instrument=instrument, number=1, defaults={"definition": {}, "content_hash": "0" * 64}
    )
    return version


def year_of(programme: Programme, year: int, *, state: str = "open") -> ReportingYear:
    first = dt.date(year + 1, 1, 10)
    found, _ = ReportingYear.objects.get_or_create(
        programme=programme,
        year=year,
        defaults={
            "form": form_of(programme),
            "state": state,
            "opens_on": first,
            "due_on": first,
            "answer_by": first,
            "summary_by": first,
            "national_by": first,
        },
    )
    return found


def definition_of(
    programme: Programme, code: str, aggregation: Aggregation = Aggregation.SUM, **more: Any
) -> ResultDefinition:
    items = (
        {"numerator_item": "a", "denominator_item": "b"}
        if aggregation is Aggregation.RATIO
        else {"item": code}
    )
    return ResultDefinition.objects.create(
        programme=programme,
        code=code,
        title={"nb": code.capitalize(), "nn": code.capitalize(), "en": code.capitalize()},
        unit={"nb": "boliger", "nn": "bustader", "en": "homes"},
        aggregation=aggregation.value,
        position=ResultDefinition.objects.count(),
        **{**items, **more},
    )


def report_of(
    programme: Programme,
    municipality: Organisation,
    year: int,
    *,
    office: Organisation,
    state: str = "sent",
    access: Access = Access.PUBLIC,
) -> YearlyReport:
    sent = state not in ("expected", "begun", "excused")
    return YearlyReport.objects.create(
        programme=programme,
        reporting_year=year_of(programme, year),
        municipality=municipality,
        office=office,
        state=state,
        access=access.value,
        legal_ground="" if access is Access.PUBLIC else "offentleglova § 13",
        due_on=dt.date(year + 1, 2, 15),
        sent_at=SENT if sent else None,
        excused_why="har ikke lenger avtale" if state == "excused" else "",
        answer="Takk." if state in ("answered", "closed") else "",
        answered_at=SENT if state in ("answered", "closed") else None,
    )


def give(report: YearlyReport, definition: ResultDefinition, value: Any) -> Result:
    """Write a value: a number, a pair for a ratio, or words."""
    values: Mapping[str, Any] = (
        {"numerator": Decimal(value[0]), "denominator": Decimal(value[1])}
        if isinstance(value, tuple)
        else {"words": value}
        if isinstance(value, str)
        else {"value": Decimal(value)}
    )
    return Result.objects.create(
        definition=definition,
        municipality=report.municipality,
        report=report,
        year=report.reporting_year.year,
        is_public=report.is_public,
        **values,
    )


def fill(
    programme: Programme, years: Iterable[int], *, office: Organisation, seed: int, share: float
) -> list[ResultDefinition]:
    """Let a share of the municipalities standing at each year's end report, by a seeded draw."""
    draw = random.Random(seed)
    definitions = [definition_of(programme, kind.value, kind) for kind in KINDS]
    register = "exercise" if programme.is_simulated else "norway"
    for year in years:
        reporting = year_of(programme, year)
        standing = MunicipalityPeriod.objects.filter(
            valid_on(dt.date(year, 12, 31)), register=register
        ).order_by("code")
        reports = YearlyReport.objects.bulk_create(
            YearlyReport(
                programme=programme,
                reporting_year=reporting,
                municipality_id=period.organisation_id,
                office=office,
                state="sent" if draw.random() < share else "expected",
                due_on=reporting.due_on,
                sent_at=SENT,
            )
            for period in standing
        )
        Result.objects.bulk_create(
            Result(
                definition=definition,
                municipality_id=report.municipality_id,
                report=report,
                year=year,
                **_drawn(draw, Aggregation(definition.aggregation)),
            )
            for report in reports
            for definition in definitions
            if report.state == "sent" and draw.random() < share
        )
    return definitions


def _drawn(draw: random.Random, kind: Aggregation) -> dict[str, Any]:
    if kind is Aggregation.RATIO:
        below = draw.randrange(0, 50)
        return {"numerator": Decimal(draw.randrange(0, below + 1)), "denominator": Decimal(below)}
    if kind is Aggregation.NONE:
        return {"words": draw.choice(OPTIONS)}
    if kind is Aggregation.TEXT:
        return {"words": f"Det gikk {draw.randrange(10)} ganger."}
    return {"value": Decimal(draw.randrange(0, 100_000)) / 100}
