"""The pages of a round: rates for those who follow it, names for the evaluator alone, few queries."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sloyfe.common.sorting import sort_key
from sloyfe.fieldwork.models import Case, FrameUnit, Population
from sloyfe.fieldwork.rules import Design, Disposition
from sloyfe.organisations.models import Organisation
from tests.cast import World
from tests.fieldwork import frozen, running

pytestmark = pytest.mark.django_db

CLIENT = ("owner", "national_lead", "project_group", "auditor", "regional_office_nord")


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Any) -> None:
    """Give each test folders of its own for frozen files and drafts."""
    settings.FROZEN, settings.DRAFTS = tmp_path / "frozen", tmp_path / "drafts"


def pages(population: Population) -> list[str]:
    slug = population.round.slug
    return [
        "/undersokelser/",
        f"/undersokelser/{slug}/",
        f"/undersokelser/{slug}/grupper/{population.code}/",
        f"/undersokelser/{slug}/kontakter/",
        f"/undersokelser/{slug}/brev/",
    ]


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


@pytest.mark.parametrize("role", CLIENT)
def test_those_who_follow_a_round_see_rates_and_never_who(world: World, role: str) -> None:
    population = running.opened(world, design=Design.STRATIFIED, per_stratum=5)
    Case.objects.filter(stratum="nord").update(disposition=Disposition.COMPLETE.value)
    client = signed_in(world, role)
    names = [row.name.removesuffix(" (øving)") for row in world.municipalities.values()]

    for url in pages(population):
        told = client.get(url)
        assert told.status_code in (200, 403), url
        assert not [name for name in names if name in told.content.decode()], url
    live = client.get(f"/undersokelser/{population.round.slug}/").content.decode()
    assert "5 av 10 har sendt inn" in live


def test_the_evaluator_sees_who_was_drawn_and_how_far_each_has_come(world: World) -> None:
    population = running.opened(world)

    told = signed_in(world, "evaluator").get(pages(population)[2]).content.decode()

    assert "Askvikøy (øving)" in told


def test_a_region_where_few_were_asked_is_not_told_apart_to_the_client(world: World) -> None:
    population = running.opened(world, subprogramme="cities")  # one city in each region
    Case.objects.filter(stratum="nord").update(disposition=Disposition.COMPLETE.value)
    url = f"/undersokelser/{population.round.slug}/"

    def row(role: str) -> list[str]:
        told = signed_in(world, role).get(url).content.decode()
        found = re.search(r'<th[^>]*scope="row">Nord</th>(.*?)</tr>', told, re.DOTALL)
        assert found is not None
        return re.findall(r">([^<>\s][^<>]*)</div></td>", found.group(1))

    assert row("owner") == ["1", "1", ":", ":", ":", ":", ":"]
    assert row("evaluator")[2] == "1"


@pytest.mark.parametrize("role", ["evaluator", "project_group"])
def test_no_page_asks_the_database_more_when_there_is_ten_times_as_much(
    world: World, role: str
) -> None:
    population = running.opened(world)

    def counts() -> list[int]:
        found = []
        for url in pages(population):
            client = signed_in(world, role)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            found.append(len(queries))
        return found

    before = counts()
    for at in range(120):
        name = f"Prøvestad {at}"
        organisation = Organisation.objects.create(
            slug=f"more-{at}", name=name, kind="municipality", register="exercise",
            sort_key=sort_key(name),
        )  # fmt: skip
        FrameUnit.objects.create(population=population, organisation=organisation, stratum="nord")
        Case.objects.create(population=population, organisation=organisation, stratum="nord")

    assert counts() == before
    assert max(before) <= 25


@pytest.mark.parametrize(
    "query", ["", "?by=region", "?by=size", "?dk=out", "?by=region&dk=out", "?by=x&dk=y"]
)
def test_a_question_is_told_by_group_with_dont_know_as_asked(world: World, query: str) -> None:
    dataset = frozen.frozen(world)
    url = f"/undersokelser/{dataset.round.slug}/svar/alle/sporsmal/satisfied/"

    told = signed_in(world, "evaluator").get(url + query).content.decode()

    out = "dk=out" in query
    assert ("7 av 10 (70" if out else "7 av 12 (58") in told.replace("\xa0", " ")
    assert ("holdt utenfor grunnlaget" if out else "er med i grunnlaget") in told
    assert "Bare for evaluator: nøyaktige tall" in told


@pytest.mark.parametrize("item", ["useful_5", "wishes", "more"])
def test_a_question_that_few_or_none_answered_has_a_page(world: World, item: str) -> None:
    dataset = frozen.frozen(world)
    client = signed_in(world, "evaluator")
    for query in ("", "?by=region", "?by=size"):
        told = client.get(f"/undersokelser/{dataset.round.slug}/svar/alle/sporsmal/{item}/{query}")
        assert told.status_code == 200


def test_two_questions_are_crossed_and_the_table_is_kept(world: World) -> None:
    dataset = frozen.frozen(world)
    client = signed_in(world, "evaluator")
    url = f"/undersokelser/{dataset.round.slug}/svar/alle/kryss/"

    told = client.post(url, {"row": "satisfied", "column": "useful_1"}, follow=True)

    assert "7 (100)" in told.content.decode()
    assert dataset.tables.filter(by="item:satisfied", item="useful_1").exists()
    assert client.post(url, {"row": "satisfied", "column": "satisfied"}).status_code == 422


def test_the_file_and_its_codebook_can_be_taken_away_and_checked(world: World) -> None:
    dataset = frozen.frozen(world)
    client = signed_in(world, "evaluator")
    here = f"/undersokelser/{dataset.round.slug}/svar/alle/"

    data = b"".join(client.get(f"{here}data/").streaming_content)
    book = client.get(f"{here}kodebok/").content.decode("utf-8-sig")
    told = client.post(f"{here}kontroller/", follow=True).content.decode()

    assert data[:4] == data[-4:] == b"PAR1"
    assert "satisfied;single;satisfied;Spørsmål satisfied;agree;Enig;;positive" in book
    assert "Filen har det innholdet den ble fryst med." in told
    assert not any(row.name.encode() in data for row in world.municipalities.values())
