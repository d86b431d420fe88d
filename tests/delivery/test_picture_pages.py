"""Pages of figures: who sees what, and that what is not public never comes out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from sloyfe.delivery.models import ReportingYear, Summary
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.results import Aggregation
from sloyfe.instruments.models import Version
from sloyfe.programme.models import Programme, Statement
from tests.cast import NOW, World
from tests.delivery.cabinet import office
from tests.delivery.results import KINDS, OPTIONS, definition_of, give, report_of

pytestmark = pytest.mark.django_db
SECRET = 424242
WORDS = "Ord som bare noen leser"
MOST_QUERIES = 15


@pytest.fixture
def world(world: World) -> World:
    """Six municipalities that have reported on three years, and two whose reports are closed."""
    goal = Statement.objects.create(
        programme=world.programme, kind="subgoal", code="m.g", position=0, text={"nb": "Flere hjem"}
    )
    definitions = [
        definition_of(world.programme, kind.value, kind, goal=goal, is_outcome=kind is KINDS[0])
        for kind in KINDS
    ]
    for code in ("X101", "X102", "X104", "X201", "X202", "X203"):
        for year in (2023, 2024, 2025):
            _reported(world, code, year, definitions)
    for code, access in (("X103", Access.EXEMPT), ("X105", Access.INTERNAL)):
        report = _report(world, code, 2025, access)
        give(report, definitions[0], SECRET)
        give(report, definitions[4], WORDS)
    _report(world, "X204", 2025, state="expected")
    return world


def _report(
    world: World, code: str, year: int, access: Access = Access.PUBLIC, state: str = "sent"
) -> Any:
    own = world.regions["nord" if code < "X2" else "sor"].office
    assert own is not None
    return report_of(
        world.programme, world.municipalities[code], year, office=own, access=access, state=state
    )


def _reported(world: World, code: str, year: int, definitions: list[Any]) -> None:
    report = _report(world, code, year)
    for definition, value in zip(
        definitions, (7, (1, 4), 3, OPTIONS[0], "=1+1 kalte vi det"), strict=True
    ):
        give(report, definition, value)


def _get(world: World, role: str, name: str, query: str = "", **kwargs: Any) -> Any:
    client = Client()
    if role:
        client.force_login(world.person(role))
    return client.get(
        reverse(f"delivery:{name}", kwargs={"programme": world.programme.slug, **kwargs}) + query
    )


def _text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode()).replace("\u202f", "").replace("\u00a0", " ")


def test_the_picture_says_first_how_many_have_reported_and_that_no_effect_is_read(
    world: World,
) -> None:
    page = _text(_get(world, "owner", "picture", "?year=2025"))
    assert "8 av 9" in page
    assert "2025" in page
    assert "virkning" in page.casefold() or "effekt" in page.casefold()
    assert str(6 * 7 + 2 * SECRET) in page
    assert "Flere hjem" in page


def test_everybody_sees_only_figures_of_reports_they_may_read(world: World) -> None:
    names: tuple[tuple[str, dict[str, str]], ...] = (
        ("picture", {}),
        ("picture_regions", {}),
        ("picture_region", {"region": "nord"}),
        ("picture_figure", {"definition": "sum"}),
        ("picture_figure", {"definition": "text"}),
        ("picture_file", {"kind": "csv"}),
    )
    for name, kwargs in names:
        page = _text(_get(world, "regional_office_sor", name, "?year=2025", **kwargs))
        assert str(SECRET)[:5] not in page, name
        assert WORDS not in page, name
        assert "ikke offentlige" in page.replace("Ikke", "ikke"), name
    assert WORDS in _text(
        _get(world, "regional_office_nord", "picture_figure", "?year=2025", definition="text")
    )
    for role in ("municipality", "municipality_in_programme"):
        for name, kwargs in (names[0], names[3], names[4]):
            page = _text(_get(world, role, name, "?year=2025", **kwargs))
            assert str(SECRET)[:5] not in page, name
            assert WORDS not in page, name


def test_a_figure_opens_into_municipalities_and_those_that_have_not_reported(
    world: World,
) -> None:
    page = _text(_get(world, "owner", "picture_figure", "?year=2025&region=sor", definition="sum"))
    assert "Havnesund (øving)" in page
    assert "X201" in page
    assert "Aamotsvik (øving)" in page
    assert "Elvarheim (øving)" not in page
    assert "21 boliger" in page
    assert "=1+1 kalte vi det" in page


def test_regions_stand_side_by_side_and_only_shares_of_enough_are_called_highest_and_lowest(
    world: World,
) -> None:
    page = _text(_get(world, "national_lead", "picture_regions", "?year=2024"))
    assert '<span class="sl-mark">' not in page
    share = world.programme.result_definitions.get(code="ratio")
    share.results.filter(year=2024, municipality__slug__startswith="x-x1").update(denominator=40)
    share.results.filter(year=2024, municipality__slug__startswith="x-x2").update(denominator=20)
    page = _text(_get(world, "national_lead", "picture_regions", "?year=2024"))
    assert page.count('<span class="sl-mark">høyest</span>') == 1
    assert page.count('<span class="sl-mark">lavest</span>') == 1
    picture = _text(_get(world, "owner", "picture", "?year=2024"))
    assert "N = 120" in picture
    assert "N = 60" in picture
    share.results.filter(year=2024, municipality__slug="x-x203").delete()
    page = _text(_get(world, "national_lead", "picture_regions", "?year=2024"))
    assert "lavest</span>" not in page
    assert '<span class="sl-mark">for få har meldt</span>' in page
    for role in ("municipality", "evaluator"):
        assert _get(world, role, "picture_regions").status_code == 403


FIRST_SHOWN: tuple[tuple[str, dict[str, str]], ...] = (
    ("picture", {}),
    ("picture_regions", {}),
    ("picture_region", {"region": "sor"}),
    ("picture_municipality", {"municipality": "x-x201"}),
    ("picture_figure", {"definition": "sum"}),
)


@pytest.mark.parametrize(("name", "kwargs"), FIRST_SHOWN)
def test_a_page_shows_the_newest_whole_year_first_and_says_how_far_the_open_one_has_come(
    world: World, name: str, kwargs: dict[str, str]
) -> None:
    page = _text(_get(world, "owner", name, **kwargs))
    assert "2024" in page
    come = "3 av 4" if name == "picture_region" else "8 av 9"
    assert f"2025 er ikke ferdig rapportert: {come} kommuner har sendt rapporten." in page
    assert 'href="?year=2025">Se 2025 så langt</a>' in page
    assert '<option value="2024" selected>' in page
    assert '<option value="2025">2025, ikke ferdig</option>' in page


def test_an_unfinished_year_says_so_and_leads_back_to_one_that_is_finished(world: World) -> None:
    asked = "?structure=today&year=2025"
    page = _text(_get(world, "owner", "picture", asked))
    assert "2025 er ikke ferdig rapportert. Tallene her endrer seg" in page
    assert "det nyeste året som er ferdig" not in page
    ReportingYear.objects.filter(year=2024).update(state="closed")
    page = _text(_get(world, "owner", "picture", asked))
    assert '?structure=today&amp;year=2024">Se 2024, det nyeste året som er ferdig</a>' in page


def test_a_year_is_finished_when_its_national_summary_has_been_sent_though_a_report_is_missing(
    world: World,
) -> None:
    summary = _tell_the_owner(world, "draft", sent_at=None)
    assert '<option value="2024" selected>' in _text(_get(world, "owner", "picture"))
    summary.state, summary.sent_at = "sent", NOW
    summary.save()
    page = _text(_get(world, "owner", "picture"))
    assert '<option value="2025" selected>2025</option>' in page
    assert "ikke ferdig" not in page.replace("2023, ikke ferdig", "").replace(
        "2024, ikke ferdig", ""
    )


def test_where_no_year_is_whole_the_newest_with_reports_is_shown(world: World) -> None:
    for year in (2023, 2024):
        _report(world, "X204", year, state="expected")
    _report(world, "X204", 2026, state="expected")
    page = _text(_get(world, "owner", "picture"))
    assert '<option value="2025" selected>' in page
    assert "2026 er ikke ferdig rapportert: 0 av 1 kommune har sendt rapporten." in page


def test_the_pages_of_an_exercise_say_years_as_the_pages_of_reporting_do(world: World) -> None:
    Statement.objects.create(
        programme=world.programme, kind="period", code="runde-2", position=0,
        text={"nb": "runde 2"}, valid_from=dt.date(2024, 1, 1),
    )  # fmt: skip
    for name, kwargs in FIRST_SHOWN:
        page = _text(_get(world, "owner", name, **kwargs))
        assert "runde 2" not in page, name
        assert "2024" in page, name
    assert "1. februar 2026" in _text(_get(world, "owner", "picture_figure", definition="sum"))


@pytest.mark.parametrize(
    ("role", "name", "kwargs", "status"),
    [
        ("municipality", "picture_region", {"region": "nord"}, 200),
        ("municipality", "picture_region", {"region": "sor"}, 403),
        ("municipality", "picture_region", {"region": "nowhere"}, 404),
        ("municipality", "picture_municipality", {"municipality": "x-x102"}, 200),
        ("municipality", "picture_municipality", {"municipality": "x-x104"}, 403),
        ("regional_office_sor", "picture_municipality", {"municipality": "x-x104"}, 200),
        ("owner", "picture_municipality", {"municipality": "nowhere"}, 404),
        ("owner", "picture_figure", {"definition": "nothing"}, 404),
        ("owner", "picture_file", {"kind": "exe"}, 404),
        ("municipality", "picture_file", {"kind": "csv"}, 403),
        ("evaluator", "picture", {}, 403),
        ("stranger", "picture", {}, 404),
    ],
)
def test_who_sees_which_page(
    world: World, role: str, name: str, kwargs: dict[str, str], status: int
) -> None:
    assert _get(world, role, name, **kwargs).status_code == status


@pytest.mark.parametrize(
    "query",
    [
        "?year=1",
        "?year=%00",
        "?year=abc&structure=x",
        "?structure=today&year=2024",
        "?year=" + "9" * 5000,
    ],
)
def test_a_value_that_the_page_does_not_know_leaves_it_as_it_was(world: World, query: str) -> None:
    for name, kwargs in (("picture", {}), ("picture_figure", {"definition": "latest"})):
        assert _get(world, "owner", name, query, **kwargs).status_code == 200
    assert (
        _get(world, "owner", "picture_figure", "?region=%00", definition="sum").status_code == 404
    )


def test_a_programme_without_reports_tells_what_will_be_here(db: None, world: World) -> None:
    ReportingYear.objects.all().filter(year=1).delete()
    empty = Programme.objects.get(pk=world.programme.pk)
    empty.yearly_reports.all().delete()
    empty.reporting_years.all().delete()
    for name, kwargs in (
        ("picture", {}),
        ("picture_regions", {}),
        ("picture_region", {"region": "nord"}),
        ("picture_municipality", {"municipality": "x-x102"}),
        ("picture_figure", {"definition": "sum"}),
        ("picture_file", {"kind": "csv"}),
        ("public_results", {}),
    ):
        assert _get(world, "owner", name, **kwargs).status_code == 200, name


def test_an_exercise_says_simulated_on_every_page_and_file(world: World) -> None:
    for name, kwargs in (
        ("picture", {}),
        ("picture_regions", {}),
        ("picture_region", {"region": "nord"}),
        ("picture_municipality", {"municipality": "x-x102"}),
        ("picture_figure", {"definition": "sum"}),
    ):
        assert "Simulert" in _text(_get(world, "owner", name, **kwargs)), name
    assert "simulert" in _text(_get(world, "owner", "picture_file", kind="csv"))


def test_the_file_holds_no_formula_and_the_same_figures(world: World) -> None:
    definition = world.programme.result_definitions.get(code="sum")
    definition.title = {"nb": "=HYPERLINK(1)"}
    definition.save()
    definition_of(world.programme, "never")
    rows = list(
        csv.reader(
            io.StringIO(
                _get(world, "owner", "picture_file", "?year=2025", kind="csv").content.decode(
                    "utf-8-sig"
                )
            ),
            delimiter=";",
        )
    )
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    whole = [row for row in rows if row[0] == "sum" and "2025" in row]
    assert str(6 * 7 + 2 * SECRET) in whole[0]
    assert {len(row) for row in rows} == {len(rows[0])}
    values = [row[rows[0].index("Verdi")] for row in rows[1:]]
    assert all(value == "" or value.replace(",", "").isdigit() for value in values)
    told = json.loads(_get(world, "owner", "picture_file", "?year=2025", kind="json").content)
    sums = [row for row in told["figures"] if row["code"] == "sum" and row["year"] == 2025]
    assert sums[0]["value"] == 6 * 7 + 2 * SECRET
    assert all(isinstance(row["value"], int | float | None) for row in told["figures"])
    assert any(row["value"] is None and row["note"] == "ikke meldt" for row in told["figures"])
    book = load_workbook(
        io.BytesIO(_get(world, "owner", "picture_file", "?year=2025", kind="xlsx").content),
        read_only=True,
    )
    assert any("'=HYPERLINK(1)" in map(str, row) for row in book.worksheets[0].values)


def test_the_open_page_says_in_words_which_year_is_not_finished_and_shows_none_of_it(
    world: World,
) -> None:
    _publish(world)
    ReportingYear.objects.filter(year=2024).update(state="closed")
    page = _text(_get(world, "", "public_results"))
    assert "2025 er ikke ferdig rapportert: 8 av 9 kommuner har sendt rapporten." in page
    assert "når eieren har svart" in page
    assert "year=2025" not in page


def _tell_the_owner(world: World, state: str, **more: Any) -> Summary:
    return Summary.objects.create(
        programme=world.programme,
        reporting_year=ReportingYear.objects.get(programme=world.programme, year=2025),
        level="nation",
        office=office(world, "national_lead"),
        to_office=office(world, "owner"),
        state=state,
        **more,
    )


def _publish(world: World) -> None:
    world.programme.is_simulated = False
    world.programme.save()


def test_the_open_page_shows_finished_years_and_public_reports_only(world: World) -> None:
    assert _get(world, "", "public_results").status_code == 404
    _publish(world)
    assert "Ingen resultater" in _text(_get(world, "", "public_results"))
    _tell_the_owner(world, "answered", sent_at=NOW, answer="Takk.", answered_at=NOW)
    ReportingYear.objects.filter(year=2023).update(state="closed")
    page = _text(_get(world, "", "public_results"))
    assert "2025" in page
    assert "2023" in page
    assert "2024" not in page
    for kind in ("csv", "json"):
        file = _text(_get(world, "", "public_results_file", kind=kind))
        for shown in (page, file):
            assert str(SECRET)[:5] not in shown
            assert WORDS not in shown
            assert "ikke offentlige" in shown
            assert "kalte vi det" not in shown
    told = json.loads(_get(world, "", "public_results_file", kind="json").content)
    ratios = {
        (row["place"], row["year"]): row["value"]
        for row in told["figures"]
        if row["code"] == "ratio"
    }
    assert ratios["Hele landet", 2025] == 25
    assert ("Hele landet", 2024) not in ratios
    assert {year for place, year in ratios if place != "Hele landet"} == {2025}
    assert _get(world, "", "public_results_file", kind="xlsx").status_code == 404


def test_the_public_is_not_told_what_rests_on_one_or_two_nor_can_work_it_out(
    world: World,
) -> None:
    ReportingYear.objects.filter(year__in=(2023, 2024)).update(state="closed")
    given = world.programme.result_definitions.get(code="sum").results
    given.filter(year=2024, municipality__slug="x-x203").delete()
    given.filter(year=2024).update(value=9173)

    page = _text(_get(world, "partner", "public_results", "?year=2024"))
    told = json.loads(
        _get(world, "partner", "public_results_file", "?year=2024", kind="json").content
    )

    own = {
        (row["place"], row["year"]): (row["value"], row["note"][:1])
        for row in told["figures"]
        if row["code"] == "sum"
    }
    assert own["Hele landet", 2024] == (5 * 9173, "")
    regions = [value for (place, year), value in own.items() if place != "Hele landet"]
    assert regions == [(None, ":")] * 2
    assert str(2 * 9173) not in page
    assert str(3 * 9173) not in page
    assert "Tallet bygger på færre enn tre" in page
    inside = _text(_get(world, "owner", "picture_regions", "?year=2024"))
    assert str(2 * 9173) in inside


def test_a_choice_stands_in_the_order_of_its_scale_with_a_bar(world: World) -> None:
    options = [{"code": code, "text": {"nb": code.upper()}} for code in ("no", "partly", "yes")]
    question = {
        "code": "none",
        "kind": "single",
        "text": {"nb": "?"},
        "rows": [],
        "options": options,
    }
    Version.objects.update(
        definition={"languages": ["nb"], "pages": [{"code": "p", "questions": [question]}]}
    )
    given = world.programme.result_definitions.get(code="none").results.filter(year=2024)
    given.filter(municipality__slug="x-x101").update(words="no")

    page = _text(_get(world, "owner", "picture", "?year=2024"))

    row = page[page.index("None <span") :]
    row = row[row.index('data-label="2024') :]
    assert row.index("NO: 1") < row.index("PARTLY: 0") < row.index("YES: 5")
    assert '<rect class="sl-share__1" x="0.0" y="0" width="16.67"' in row


def test_the_rows_of_a_figure_are_summed_by_region_and_a_wrong_pair_says_so(world: World) -> None:
    share = world.programme.result_definitions.get(code="ratio")
    share.results.filter(year=2024, municipality__slug="x-x201").update(numerator=9)

    page = _text(_get(world, "owner", "picture_figure", "?year=2024", definition="ratio"))
    words = _text(_get(world, "owner", "picture_figure", "?year=2024", definition="text"))

    assert page.count('class="sl-sum"') == 3
    assert "tallene stemmer ikke" in page
    assert "Dette er tallet satt sammen av" not in words
    assert "Hva kommunene skrev" in words


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("picture", {}),
        ("picture_regions", {}),
        ("picture_region", {"region": "nord"}),
        ("picture_municipality", {"municipality": "x-x102"}),
        ("picture_figure", {"definition": "sum"}),
        ("picture_file", {"kind": "csv"}),
        ("public_results", {}),
    ],
)
def test_a_page_asks_the_database_as_often_for_ten_times_as_much(
    world: World,
    name: str,
    kwargs: dict[str, str],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = Client()
    client.force_login(world.person("regional_office_nord"))
    url = reverse(f"delivery:{name}", kwargs={"programme": world.programme.slug, **kwargs})
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        _text(client.get(url))
    definitions = [
        definition_of(world.programme, f"more_{at}", Aggregation.SUM) for at in range(40)
    ]
    for year in range(2014, 2023):
        for code in ("X101", "X102", "X104", "X201", "X202", "X203"):
            report = _report(world, code, year)
            for definition in definitions[:8]:
                give(report, definition, year)
    with django_assert_max_num_queries(MOST_QUERIES) as many:
        _text(client.get(url))
    assert len(many) == len(few)
