"""What comes out when results are added up by the database."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings

from sloyfe.accounts.models import Person
from sloyfe.delivery.models import EffortArea, Plan, Result
from sloyfe.delivery.queries.results import Rollup, ground_of, roll_up, rows_of
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.results import (
    Aggregation,
    Axis,
    Place,
    PlaceKind,
    Said,
    Structure,
    newest,
)
from sloyfe.organisations.imports import load_register
from sloyfe.organisations.models import MunicipalityChange, MunicipalityPeriod, Organisation
from sloyfe.organisations.rules import Register
from sloyfe.programme.actions import load_programme
from sloyfe.programme.models import Programme, Region, RegionArea
from tests.cast import NOW, TODAY, World
from tests.delivery.reporting import agreement
from tests.delivery.results import definition_of, fill, give, report_of

pytestmark = pytest.mark.django_db
ROOT = Path(settings.ROOT)
NORTH = Place(PlaceKind.REGION, "nord", "nord")


def _report(world: World, code: str, year: int = 2025, **more: object) -> object:
    region = world.regions["nord" if code < "X2" else "sor"]
    assert region.office is not None
    return report_of(
        world.programme,
        world.municipalities[code],
        year,
        office=region.office,
        **more,  # type: ignore[arg-type]
    )


def _up(world: World, *years: int, **more: object) -> Rollup:
    return roll_up(world.programme, years=years or (2025,), today=TODAY, **more)  # type: ignore[arg-type]


def test_values_are_added_over_municipalities_and_years(world: World) -> None:
    homes = definition_of(world.programme, "homes")
    for code, year, value in (("X101", 2024, 2), ("X101", 2025, 3), ("X201", 2025, 5)):
        give(_report(world, code, year), homes, value)  # type: ignore[arg-type]
    up = _up(world, 2024, 2025)
    assert up.cell(homes).value == 10
    assert up.cell(homes, 2025).value == 8
    assert up.cell(homes, 2025, region="nord").value == 3
    assert up.cell(homes, 2025, place=NORTH).value == 3


def test_a_ratio_is_made_of_sums_and_not_of_ratios(world: World) -> None:
    share = definition_of(world.programme, "share", Aggregation.RATIO)
    for code, pair in (("X101", (1, 1)), ("X102", (0, 3)), ("X201", (0, 0))):
        give(_report(world, code), share, pair)  # type: ignore[arg-type]
    up = _up(world)
    assert up.cell(share).value == 25
    assert up.cell(share, region="sor").value is None
    assert up.cell(share, region="sor").reported == 1


def test_a_value_that_nobody_gave_is_missing_and_not_zero(world: World) -> None:
    homes = definition_of(world.programme, "homes")
    give(_report(world, "X101"), homes, 0)  # type: ignore[arg-type]
    _report(world, "X102")
    _report(world, "X201", state="expected")
    _report(world, "X202", state="excused")
    up = _up(world)
    assert up.cell(homes, region="nord").value == 0
    assert up.cell(homes, region="sor").value is None
    whole = up.cell(homes)
    assert (whole.reported, whole.expected, whole.missing) == (1, 3, 2)
    reports = up.reports(2025)
    assert (reports.sent, reports.expected) == (2, 3)


def test_choices_are_counted_by_option_and_words_only_counted(world: World) -> None:
    plan = definition_of(world.programme, "plan", Aggregation.NONE)
    words = definition_of(world.programme, "words", Aggregation.TEXT)
    for code, choice in (("X101", "yes"), ("X102", "no"), ("X201", "yes")):
        report = _report(world, code)
        give(report, plan, choice)  # type: ignore[arg-type]
        give(report, words, f"ord fra {code}")  # type: ignore[arg-type]
    up = _up(world)
    assert dict(up.cell(plan).options) == {"yes": 2, "no": 1}
    assert up.cell(plan).value is None
    assert up.cell(words).reported == 3
    assert not up.cell(words).options


def test_a_result_asked_of_one_subprogramme_expects_its_members_only(world: World) -> None:
    towns = world.programme.subprogrammes.get(code="towns")
    homes = definition_of(world.programme, "homes", subprogramme=towns)
    for code in ("X101", "X104", "X203"):
        report = _report(world, code)
        if code == "X104":
            give(report, homes, 4)  # type: ignore[arg-type]
    up = _up(world)
    assert (up.cell(homes).reported, up.cell(homes).expected) == (1, 2)
    parts = _up(world, by=Axis.SUBPROGRAMME)
    assert {place.code for place in parts.places} == {"", "towns"}
    assert sum(parts.cell(homes, place=place).value or 0 for place in parts.places) == 4


@pytest.mark.parametrize(
    ("role", "total", "withheld"),
    [
        ("owner", 111, 0),
        ("regional_office_nord", 111, 0),
        ("regional_office_sor", 1, 2),
        ("municipality_in_programme", 11, 1),
        ("municipality", 1, 2),
        ("stranger", 1, 2),
    ],
)
def test_what_somebody_may_not_read_is_not_in_their_figures(
    world: World, role: str, total: int, withheld: int
) -> None:
    homes = definition_of(world.programme, "homes")
    give(_report(world, "X101"), homes, 1)  # type: ignore[arg-type]
    give(_report(world, "X104", access=Access.EXEMPT), homes, 10)  # type: ignore[arg-type]
    give(_report(world, "X105", access=Access.INTERNAL), homes, 100)  # type: ignore[arg-type]
    cell = _up(world, reader=world.person(role)).cell(homes)
    assert cell.value == total
    assert (cell.withheld, cell.expected) == (withheld, 3)
    public = _up(world, reader=world.person(role), public_only=True).cell(homes)
    assert public.value == 1
    assert public.withheld == 2


def test_a_report_closed_after_it_was_sent_counts_no_longer_for_everybody(world: World) -> None:
    homes = definition_of(world.programme, "homes")
    report = _report(world, "X101")
    give(report, homes, 7)  # type: ignore[arg-type]
    type(report).objects.update(access="exempt", legal_ground="offentleglova § 13")  # type: ignore[attr-defined]
    assert Result.objects.get().is_public
    assert _up(world).cell(homes).value is None


def test_a_stock_counts_the_newest_value_of_each_and_never_adds_years(world: World) -> None:
    stock = definition_of(world.programme, "stock", Aggregation.LATEST)
    for code, year, value in (("X101", 2024, 2), ("X101", 2025, 3), ("X201", 2024, 5)):
        give(_report(world, code, year), stock, value)  # type: ignore[arg-type]
    up = _up(world, 2024, 2025)
    assert up.cell(stock).value == 8
    assert up.cell(stock, 2025).value == 3
    assert up.cell(stock, 2024).value == 7


def _check(programme: Programme, years: range, today: dt.date) -> None:
    """Parts are totals in both structures, which say the same of the nation, as values say by themselves."""
    ground = ground_of(programme, reader=None, today=today)
    ups = [
        roll_up(programme, years=years, structure=structure, by=by, ground=ground)
        for structure in Structure
        for by in (Axis.NATION, Axis.REGION, Axis.MUNICIPALITY)
    ]
    by_definition: dict[int, list[Result]] = defaultdict(list)
    for result in Result.objects.all():
        by_definition[result.definition_id].append(result)
    for definition in ground.definitions:
        kind = Aggregation(definition.aggregation)
        results = by_definition[definition.pk]
        for year in (None, *years):
            own = [row for row in results if year in (None, row.year)]
            told = {up.cell(definition, year).value for up in ups}
            assert len(told) == 1, (definition, year, told)
            value = told.pop()
            if kind is Aggregation.SUM or (kind is Aggregation.LATEST and year):
                assert value == sum(row.value or 0 for row in own)
            elif kind is Aggregation.LATEST:
                said = [Said(r.municipality_id, r.year, r.value or Decimal(0)) for r in own]
                assert value == sum(row.value for row in newest(said, ground.becomes))
            elif kind is Aggregation.RATIO:
                above = sum(row.numerator or 0 for row in own)
                assert (
                    value == Fraction(above) / Fraction(sum(r.denominator or 0 for r in own)) * 100
                )
            for up in ups:
                cells = [up.cell(definition, year, place=line.place) for line in up.lines()]
                whole = up.cell(definition, year)
                assert sum(cell.reported for cell in cells) == whole.reported == len(own)
                assert sum(cell.expected for cell in cells) == whole.expected
                assert whole.reported < whole.expected
                if kind in (Aggregation.SUM, Aggregation.LATEST):
                    assert sum(cell.value or 0 for cell in cells) == value
        for structure in Structure:
            rows = rows_of(ground, definition, years=list(years), structure=structure)
            assert len(rows.given) == len(results)
            if kind in (Aggregation.SUM, Aggregation.LATEST):
                total = sum(row.value or 0 for row in rows.given if row.counts)
                assert total == ups[0].cell(definition).value


def test_the_real_municipalities_from_2017_to_2024_come_to_the_same_in_both_structures(
    db: None,
) -> None:
    load_register(ROOT / "registers", register=Register.NORWAY, source="test", actor=None, now=NOW)
    office = Organisation.objects.create(
        slug="proverom", name="Prøverom", kind="office", sort_key="proverom"
    )
    programme = Programme.objects.create(
        slug="proveprogram",
        title={"nb": "Test med trukne tall"},
        valid_from=dt.date(2017, 1, 1),
        source_hash="0" * 64,
    )
    counties = sorted(set(MunicipalityPeriod.objects.values_list("county_code", flat=True)))
    regions = [
        Region.objects.create(programme=programme, code=f"r{at}", name=f"Region {at}", position=at)
        for at in range(4)
    ]
    for at, county in enumerate(counties):
        RegionArea.objects.create(
            region=regions[at % 4], county_code=county, valid_from=dt.date(2013, 1, 1)
        )
    fill(programme, range(2017, 2025), office=office, seed=3, share=0.9)
    assert MunicipalityChange.objects.filter(kind="split", on__year=2020).exists()
    _check(programme, range(2017, 2025), TODAY)
    up = roll_up(programme, years=(2019,), structure=Structure.TODAY, today=TODAY)
    assert any(place.kind is PlaceKind.SPLIT for place in up.places) or any(
        place.kind is PlaceKind.REGION for place in up.places
    )
    # A sum reported by a municipality that has since been split (Snillfjord, 1613 and 5012) stays whole.
    by_municipality = roll_up(
        programme, years=(2019,), structure=Structure.TODAY, by=Axis.MUNICIPALITY, today=TODAY
    )
    assert any(place.kind is PlaceKind.SPLIT for place in by_municipality.places)


def test_the_exercise_with_its_changes_comes_to_the_same_in_both_structures(db: None) -> None:
    programme = load_programme(ROOT / "programmes" / "exercise", actor=None, now=NOW).programme
    Result.objects.all().delete()
    programme.result_definitions.all().delete()
    office = Organisation.objects.filter(kind="office").first()
    assert office is not None
    fill(programme, range(2024, 2027), office=office, seed=4, share=0.8)
    _check(programme, range(2024, 2027), dt.date(2027, 3, 1))
    before, after = (
        {
            place.code
            for place in roll_up(
                programme, years=(2024,), structure=each, today=dt.date(2027, 3, 1)
            ).places
        }
        for each in Structure
    )
    assert before <= after


def test_no_person_reads_more_for_having_no_name(world: World) -> None:
    homes = definition_of(world.programme, "homes")
    give(_report(world, "X104", access=Access.EXEMPT), homes, 10)  # type: ignore[arg-type]
    nobody = Person.objects.create_user("ingen@ovelse.invalid", name="ingen")
    assert _up(world, reader=nobody).cell(homes).value is None
    assert _up(world, reader=None).cell(homes).withheld == 1


def test_how_an_area_stands_is_asked_of_those_who_have_it_in_agreement_or_plan(
    world: World,
) -> None:
    area = EffortArea.objects.create(
        programme=world.programme, code="housing", title={"nb": "Bolig"}, position=0
    )
    status = definition_of(
        world.programme, "status_housing", Aggregation.NONE, area=area, item="status_housing"
    )
    homes = definition_of(world.programme, "homes", area=area)
    reports = {code: _report(world, code) for code in ("X101", "X102", "X104", "X201")}
    _planned(world, "X101", 2025, area)
    _planned(world, "X102", 2024, area)
    agreement(world, "X104").priorities.create(area=area, position=1)
    _report(world, "X105", access=Access.INTERNAL)
    give(reports["X104"], status, "i_gang")  # type: ignore[arg-type]

    up = _up(world)

    cell = up.cell(status)
    assert (cell.reported, cell.expected, cell.withheld) == (1, 2, 0)
    assert up.cell(status, region="sor").expected == 0
    assert up.cell(homes).expected == 5
    rows = rows_of(up.ground, status, years=(2025,), structure=Structure.TODAY)
    assert [row.organisation for row in rows.missing] == [world.municipalities["X101"].pk]


def _planned(world: World, code: str, year: int, area: EffortArea) -> None:
    plan = Plan.objects.create(
        programme=world.programme,
        municipality=world.municipalities[code],
        office=world.municipalities[code],
        year=year,
        state="adopted",
    )
    plan.measures.create(
        area=area, position=1, text="Skaffe", who="boligkontoret", by_when=TODAY, how_seen="Tall"
    )
