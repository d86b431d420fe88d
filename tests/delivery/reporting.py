"""A year of reporting for the tests: a form, agreements, and a municipality's way through it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sloyfe.delivery.actions import reports
from sloyfe.delivery.models import (
    Agreement,
    EffortArea,
    ReportingYear,
    ResultDefinition,
    YearlyReport,
)
from sloyfe.delivery.queries.reporting_days import YearDates
from sloyfe.instruments.models import Instrument, Version
from sloyfe.instruments.rules import InstrumentKind
from sloyfe.instruments.rules.definitions import content_hash
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Subprogramme
from tests.cast import NOW, TODAY, World
from tests.wording import write_letters

YEAR = 2025
OWN = "X104"  # where the person municipality_in_programme works, in the region nord
OFFICE = "regional_office_nord"
OTHER_OFFICE = "regional_office_sor"
WRITER = "municipality_in_programme"
DATES = YearDates(
    opens_on=TODAY,
    due_on=dt.date(2026, 4, 15),
    answer_by=dt.date(2026, 5, 31),
    summary_by=dt.date(2026, 6, 30),
    national_by=dt.date(2026, 7, 31),
)
WHY = {"nb": "Tallet trengs."}
ANSWERS: dict[str, Any] = {
    "homes": 12,
    "families": 8,
    "families_long": 2,
    "plan": "yes",
    "worked": "Vi ringte alle.",
}


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)


def _number(code: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "kind": "number",
        "text": {"nb": text},
        "minimum": 0,
        "why": WHY,
        "used_by": WHY,
        **more,
    }


DEFINITION: dict[str, Any] = {
    "languages": ["nb"],
    "pages": [
        {
            "code": "homes",
            "title": {"nb": "Boliger"},
            "intro": {"nb": "Om {organisation}."},
            "questions": [
                _number("homes", "Nye boliger", required=True, maximum=100_000),
                _number("families", "Familier i midlertidig bolig"),
                _number("families_long", "Av dem over tre måneder", part_of="families"),
                _number("stock", "Boliger til rådighet", prefill="known"),
                _number("inhabitants", "Innbyggere", prefill="known"),
            ],
        },
        {
            "code": "working",
            "title": {"nb": "Arbeidet"},
            "questions": [
                {
                    "code": "plan",
                    "kind": "single",
                    "text": {"nb": "Har kommunen en plan?"},
                    "prefill": "last_report",
                    "why": WHY,
                    "used_by": WHY,
                    "options": [
                        {"code": "yes", "text": {"nb": "Ja"}},
                        {"code": "no", "text": {"nb": "Nei"}},
                    ],
                },
                {
                    "code": "status",
                    "kind": "battery",
                    "text": {"nb": "Hvordan står det til?"},
                    "prefill": "plan",
                    "why": WHY,
                    "used_by": WHY,
                    "options": [
                        {"code": code, "text": {"nb": code}}
                        for code in ("ikke_begynt", "i_gang", "gjennomfort", "stoppet")
                    ],
                    "rows": [{"code": "status_housing", "text": {"nb": "Bolig"}}],
                },
                {
                    "code": "worked",
                    "kind": "long_text",
                    "text": {"nb": "Hva virket?"},
                    "why": WHY,
                    "used_by": WHY,
                },
                {
                    "code": "measures",
                    "kind": "long_text",
                    "text": {"nb": "Hva gjorde kommunen?"},
                    "prefill": "plan",
                    "why": WHY,
                    "used_by": WHY,
                },
                _number("time_used", "Minutter", maximum=10_000),
            ],
        },
    ],
}


def office(world: World) -> Organisation:
    """The office of the own municipality."""
    found = world.regions["nord"].office
    assert found is not None
    return found


def version(world: World, **more: Any) -> Version:
    """A released form of the yearly report."""
    instrument, _made = Instrument.objects.get_or_create(
        programme=world.programme,
        code="yearly-report",
        defaults={"kind": InstrumentKind.REPORT.value, "title": {"nb": "Årsrapport"}},
    )
    values: dict[str, Any] = {
        "state": "released",
        "definition": DEFINITION,
        "content_hash": content_hash(DEFINITION),
        "released_at": NOW,
    }
    found, _made = Version.objects.get_or_create(
        instrument=instrument, number=1, defaults=values | more
    )
    return found


def definitions(world: World) -> None:
    """What is counted of the reports."""
    rows: tuple[dict[str, Any], ...] = (
        {"code": "homes", "aggregation": "sum", "item": "homes"},
        {"code": "stock", "aggregation": "latest", "item": "stock"},
        {
            "code": "long",
            "aggregation": "ratio",
            "numerator_item": "families_long",
            "denominator_item": "families",
        },
        {"code": "plan", "aggregation": "none", "item": "plan"},
        {"code": "worked", "aggregation": "text", "item": "worked"},
    )
    for position, row in enumerate(rows):
        ResultDefinition.objects.get_or_create(
            programme=world.programme,
            code=row["code"],
            defaults={**row, "title": {"nb": row["code"]}, "position": position},
        )


def agreement(world: World, code: str = OWN, **more: Any) -> Agreement:
    """An agreement in force."""
    values: dict[str, Any] = {
        "programme": world.programme,
        "subprogramme": Subprogramme.objects.get(programme=world.programme, code="towns"),
        "municipality": world.municipalities[code],
        "office": world.regions["nord" if code < "X2" else "sor"].office,
        "state": "in_force",
        "valid_from": dt.date(2025, 1, 1),
        "municipality_does": "Kommunen lager en plan.",
        "office_does": "Kontoret gir råd.",
        "confirmed_at": NOW,
    }
    return Agreement.objects.create(**(values | more))


def planned(world: World, year: int = YEAR, dates: YearDates = DATES) -> ReportingYear:
    """A year that is planned; letters have their words."""
    write_letters()
    definitions(world)
    EffortArea.objects.get_or_create(
        programme=world.programme,
        code="housing",
        defaults={"title": {"nb": "Bolig"}, "position": 1},
    )
    return reports.plan_year(
        programme=world.programme,
        year=year,
        form=version(world),
        dates=dates,
        actor=None,
        now=NOW,
    )


def opened(world: World, *codes: str) -> ReportingYear:
    """A year that is open, for some municipalities; the own one unless others are named."""
    year = planned(world)
    for code in codes or (OWN,):
        agreement(world, code)
    reports.open_year(year=year, actor=None, now=NOW)
    year.refresh_from_db()
    return year


def report_of(world: World, code: str = OWN, year: int = YEAR) -> YearlyReport:
    """The report of a municipality, as it stands now."""
    return YearlyReport.objects.select_related(
        "programme", "municipality", "office", "reporting_year__form"
    ).get(municipality=world.municipalities[code], reporting_year__year=year)


def sent(world: World, code: str = OWN, **answers: Any) -> YearlyReport:
    """A report that the municipality has sent."""
    return reports.send_report(
        report=report_of(world, code),
        answers=ANSWERS | answers,
        actor=world.person(WRITER) if code == OWN else None,
        now=NOW,
    )


def received(world: World, code: str = OWN) -> YearlyReport:
    """A report that its office has received."""
    return reports.receive_report(report=sent(world, code), actor=None, now=NOW)


def kwargs(world: World, code: str = OWN, **more: Any) -> dict[str, Any]:
    """The arguments of a report's address."""
    return {
        "programme": world.programme.slug,
        "year": YEAR,
        "municipality": world.municipalities[code].slug,
        **more,
    }
