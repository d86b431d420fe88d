"""The register that comes with Sløyfe: Norway's municipalities 2013–2026, loaded and asked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from sloyfe.audit.models import Event
from sloyfe.organisations.imports import load_register
from sloyfe.organisations.models import MunicipalityPeriod, Organisation
from sloyfe.organisations.queries import (
    as_of,
    change_graph,
    changes_told,
    inhabitants_of,
    name_book,
)
from sloyfe.organisations.rules import Register
from tests.cast import NOW

# What was merged into Ålesund in 2020, which was split again in 2024.
ALESUND = ("1504", "1523", "1529", "1534", "1546")
REGISTERS = Path(__file__).resolve().parents[2] / "registers"


@pytest.fixture(scope="module")
def norway(django_db_setup: None, django_db_blocker: object) -> object:
    """The register, loaded once for this file and taken away after it."""
    from django.db import connection, transaction

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer.__enter__()
        load_register(REGISTERS, register=Register.NORWAY, source="SSB", actor=None, now=NOW)
        yield
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)
        connection.close()


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("norway")]


@pytest.mark.parametrize(
    ("on", "count"),
    [
        ("2013-01-01", 428),
        ("2015-06-01", 428),
        ("2017-01-01", 426),
        ("2018-01-01", 422),
        ("2019-12-31", 422),
        ("2020-01-01", 356),
        ("2023-12-31", 356),
        ("2024-01-01", 357),
        ("2026-11-01", 357),
    ],
)
def test_each_day_has_as_many_municipalities_as_there_were(on: str, count: int) -> None:
    rows = as_of(Register.NORWAY, dt.date.fromisoformat(on))
    assert len(rows) == count
    assert len({row.code for row in rows}) == len({row.organisation_id for row in rows}) == count


def test_asking_for_a_day_takes_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):
        as_of(Register.NORWAY, dt.date(2017, 6, 1))


def test_loading_again_writes_nothing_and_tells_nothing() -> None:
    before = Event.objects.count()
    again = load_register(REGISTERS, register=Register.NORWAY, source="SSB", actor=None, now=NOW)
    assert not again.changed
    assert Event.objects.count() == before


def test_every_municipality_of_the_first_day_leads_to_today_and_all_of_today_are_reached() -> None:
    graph = change_graph(Register.NORWAY)
    first = {row.code for row in as_of(Register.NORWAY, dt.date(2013, 1, 1))}
    today = {row.code for row in as_of(Register.NORWAY, dt.date(2026, 1, 1))}
    reached: set[str] = set()
    for code in first:
        reached |= graph.successors(code, dt.date(2013, 1, 1))
    assert reached == today
    origins: set[str] = set()
    for code in today:
        origins |= graph.predecessors(code, dt.date(2026, 1, 1), dt.date(2013, 1, 1))
    assert origins == first


def test_a_split_municipality_gives_all_its_successors() -> None:
    graph = change_graph(Register.NORWAY)
    assert graph.successors("1850", dt.date(2017, 1, 1)) == {"1806", "1875"}
    assert graph.successors("5012", dt.date(2019, 1, 1)) == {"5055", "5056", "5059"}
    assert graph.predecessors("1508", dt.date(2024, 1, 1), dt.date(2023, 1, 1)) == {"1507"}


def test_who_keeps_its_number_through_a_merger_continues_and_who_gets_a_new_one_begins() -> None:
    def organisation(code: str, on: str) -> int:
        rows = as_of(Register.NORWAY, dt.date.fromisoformat(on))
        return next(row.organisation_id for row in rows if row.code == code)

    assert organisation("1103", "2019-01-01") == organisation("1103", "2020-01-01")
    assert organisation("1601", "2017-01-01") == organisation("5001", "2018-01-01")
    assert organisation("0101", "2019-01-01") == organisation("3101", "2024-01-01")
    assert organisation("0602", "2019-01-01") != organisation("3005", "2020-01-01")
    assert organisation("1507", "2023-01-01") not in {
        organisation("1508", "2024-01-01"),
        organisation("1580", "2024-01-01"),
    }


def test_inhabitants_are_those_of_the_borders_of_the_day() -> None:
    def stavanger(on: str) -> int | None:
        rows = as_of(Register.NORWAY, dt.date.fromisoformat(on))
        return next(row.inhabitants for row in rows if row.code == "1103")

    assert stavanger("2017-06-01") == 132_729
    # From 2020 with Finnøy and Rennesøy, so no figure of the smaller Stavanger may stand here.
    assert (stavanger("2020-06-01") or 0) > 140_000
    assert (
        sum(row.inhabitants or 0 for row in as_of(Register.NORWAY, dt.date(2019, 1, 1)))
        == 5_328_212
    )


def test_a_municipality_that_only_changed_its_number_keeps_its_figures() -> None:
    halden = next(r for r in as_of(Register.NORWAY, dt.date(2021, 6, 1)) if r.name == "Halden")
    assert halden.code == "3001"
    assert halden.counted_on == dt.date(2021, 1, 1)


def test_figures_on_the_structure_of_today_keep_the_total_and_name_what_cannot_be_placed() -> None:
    on = dt.date(2019, 1, 1)
    figures = {row.code: row.inhabitants for row in as_of(Register.NORWAY, on)}
    placed = change_graph(Register.NORWAY).place(figures, on)
    assert placed.total == 5_328_212
    assert {u.code: u.candidates for u in placed.unplaced} == {
        "1850": ("1806", "1875"),
        "5012": ("5055", "5056", "5059"),
        **dict.fromkeys(ALESUND, ("1508", "1580")),
    }
    assert {"1806", "1875"} <= placed.incomplete


def test_the_list_stands_in_norwegian_order() -> None:
    names = [row.name for row in as_of(Register.NORWAY, dt.date(2026, 1, 1))]
    assert names[0].startswith("Al")
    assert names[-1].startswith("Å")
    assert names.index("Ørsta") < names.index("Ål")


def test_the_database_sorts_as_the_key_does() -> None:
    rows = MunicipalityPeriod.objects.order_by("sort_key", "name").values_list(
        "sort_key", flat=True
    )
    assert list(rows) == sorted(rows)


def test_several_municipalities_may_have_the_same_name() -> None:
    book = name_book(Register.NORWAY, dt.date(2017, 1, 1))
    assert len(book.named("Bø")) == 2
    assert [m.code for m in book.named("bergen kommune")] == ["1201"]
    assert book.named("Gokk") == ()


def test_a_municipality_tells_its_changes() -> None:
    trondheim = Organisation.objects.get(periods__code="1601")
    told = changes_told(trondheim)
    assert [(t.on.year, str(t.kind)) for t in told] == [
        (2018, "renumber"),
        (2020, "merge"),
        (2023, "rename"),
    ]
    assert told[1].before == ("5030 Klæbu", "5001 Trondheim")


def test_a_municipality_shows_only_figures_of_borders_it_had() -> None:
    stavanger = Organisation.objects.get(periods__code="1103", periods__valid_to=None)
    figures = {row.on.year: row.count for row in inhabitants_of(stavanger)}
    assert figures[2019] == 134_037
    assert figures[2020] > 140_000
