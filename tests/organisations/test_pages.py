"""The pages on municipalities."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sloyfe.organisations.models import (
    MunicipalityChange,
    MunicipalityPeriod,
    Organisation,
    Population,
)
from sloyfe.programme.models import Statement
from tests.cast import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def reader(client: Client, world: World) -> Client:
    client.force_login(
        world.person("evaluator"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def names(client: Client, **query: str) -> list[str]:
    answer = client.get(reverse("organisations:list"), {"register": "exercise", **query})
    assert answer.status_code == 200
    return re.findall(r'<th[^>]*scope="row"><a[^>]*>([^<]*) \(øving\)</a>', answer.content.decode())


@pytest.mark.parametrize("which", ["list", "detail"])
def test_who_has_not_signed_in_is_asked_to(client: Client, world: World, which: str) -> None:
    arguments = [world.municipalities["X101"].slug] if which == "detail" else []
    answer = client.get(reverse(f"organisations:{which}", args=arguments))
    assert answer.status_code == 302
    assert reverse("accounts:ask") in answer.headers["Location"]


def test_the_list_stands_in_norwegian_order(reader: Client) -> None:
    assert names(reader)[0] == "Askvikøy"
    assert names(reader)[-3:] == ["Øyrenes", "Ålskjær", "Aamotsvik"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dal", ["Dalskog"]),
        ("ØY", ["Askvikøy", "Øyrenes"]),
        ("åmot", ["Aamotsvik"]),
        ("x105", ["Fjellvåg"]),
        ("nowhere", []),
        ("'; drop", []),
    ],
)
def test_a_search_finds_a_part_of_a_name_or_the_whole_number(
    reader: Client, words: str, found: list[str]
) -> None:
    assert names(reader, q=words) == found


@pytest.mark.parametrize("words", ["\x00", "   ", "-", "%"])
def test_a_search_for_nothing_readable_shows_all(reader: Client, words: str) -> None:
    assert len(names(reader, q=words)) == 12


@pytest.mark.parametrize(
    ("order", "first"), [("code", "Askvikøy"), ("inhabitants", "Ålskjær"), ("none", "Askvikøy")]
)
def test_the_list_can_be_ordered(reader: Client, order: str, first: str) -> None:
    assert names(reader, order=order)[0] == first


def test_invented_municipalities_never_stand_in_the_list_of_norway(reader: Client) -> None:
    answer = reader.get(reverse("organisations:list"), {"register": "norway"})
    assert "øving)" not in answer.content.decode()


def test_a_page_tells_what_happened_in_words_and_in_rounds_not_dates(
    reader: Client, world: World
) -> None:
    for number, year in enumerate((2024, 2025, 2026), start=1):
        Statement.objects.create(
            programme=world.programme, kind="period", code=f"r{number}", position=number,
            text={"nb": f"runde {number}"}, valid_from=dt.date(year, 1, 1),
        )  # fmt: skip
    day = dt.date(2025, 1, 1)
    before = []
    for code in ("X101", "X102"):
        period = MunicipalityPeriod.objects.get(code=code)
        MunicipalityPeriod.objects.filter(pk=period.pk).update(valid_to=day)
        before.append(period)
    organisation = Organisation.objects.create(
        kind="municipality",
        register="exercise",
        slug="x150-ny",
        name="Nyøy (øving)",
        sort_key="nyøy",
    )
    after = MunicipalityPeriod.objects.create(
        organisation=organisation, register="exercise", code="X150", name="Nyøy (øving)",
        sort_key="ny", valid_from=day,
    )  # fmt: skip
    for period in before:
        MunicipalityChange.objects.create(
            register="exercise", on=day, kind="merge", before=period, after=after
        )
    Population.objects.create(register="exercise", code="X150", on=day, inhabitants=8_600)
    reader.cookies["django_language"] = "en-gb"
    text = reader.get(reverse("organisations:detail", args=["x150-ny"])).content.decode()
    assert (
        "X101 Askvikøy (øving) and X102 Bjørkemo (øving) were merged into X150 Nyøy (øving)."
        in text
    )
    assert "8\u202f600" in text
    assert "runde 2" in text
    assert not re.search(r"\b20\d\d\b", re.sub(r"<footer.*", "", text, flags=re.DOTALL))
    gone = reader.get(reverse("organisations:detail", args=["x-x101"])).content.decode()
    assert "was a municipality until" in gone


def test_a_page_shows_region_and_membership(reader: Client, world: World) -> None:
    reader.cookies["django_language"] = "en-gb"
    text = reader.get(
        reverse("organisations:detail", args=[world.municipalities["X104"].slug])
    ).content.decode()
    assert "region Nord" in text
    assert "Byprogrammet" in text


def test_an_office_or_nobody_has_no_page_of_a_municipality(reader: Client) -> None:
    for slug in ("office-nord", "none"):
        assert reader.get(reverse("organisations:detail", args=[slug])).status_code == 404


def test_pages_take_few_queries(
    reader: Client, world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(10):
        reader.get(reverse("organisations:list"), {"register": "exercise"})
    with django_assert_max_num_queries(20):
        reader.get(reverse("organisations:detail", args=[world.municipalities["X104"].slug]))


def test_only_reading_is_possible(reader: Client) -> None:
    assert reader.post(reverse("organisations:list")).status_code == 405
