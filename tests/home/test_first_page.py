"""The first page of each role in the programme year: its order, its menu, and what it asks the database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sloyfe.delivery.actions import matters, needs
from sloyfe.delivery.models import Matter
from sloyfe.delivery.queries.passage import settled
from sloyfe.home.queries.waiting import waiting
from sloyfe.programme.models import YearDate
from tests.cast import NOW, TODAY, World, make_world
from tests.delivery.cabinet import office
from tests.delivery.needing import raised
from tests.delivery.upward import asked, need, planned, report, sent, works_also_at

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]
MOST_QUERIES = 15
ROLES = (
    "head_office",
    "owner",
    "national_lead",
    "regional_office_nord",
    "municipality_in_programme",
    "municipality",
    "evaluator",
    "project_group",
    "partner",
    "auditor",
    "stranger",
)


@pytest.fixture
def world() -> World:
    cache.clear()
    return make_world()


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def _much(world: World, times: int) -> None:
    """Something of most kinds, so many times over."""
    reports = [report(world, code) for code in ("X101", "X102", "X103", "X104")]
    for at in range(times):
        matter = asked(world, reports=reports, title=f"Sak {at}")
        need(world, "X104")
        if at % 2:
            matters.decide(
                programme=world.programme,
                matter=matter,
                text="Det skal gjøres.",
                owner=office(world, "national_lead"),
                due_on=TODAY + dt.timedelta(days=9),
                actor=world.person("owner"),
                now=NOW,
            )
    planned(world, *(TODAY + dt.timedelta(days=day) for day in range(1, times + 1)))


@pytest.mark.parametrize("role", ROLES)
def test_the_first_page_costs_as_much_with_ten_times_the_data(
    world: World, role: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    _much(world, 20)
    sent(world)
    client = client_of(world, role)

    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(reverse("home:start")).status_code == 200


def test_each_further_office_that_somebody_works_at_costs_nothing(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(world, "regional_office_nord")
    names = ("delivery:picture", "delivery:steering")
    pages = [reverse("home:start"), *(reverse(name, args=[world.programme.slug]) for name in names)]
    report(world, "X101")
    costs = []
    for page in pages:
        with CaptureQueriesContext(connection) as few:
            client.get(page)
        costs.append(len(few))
    works_also_at(world, "regional_office_nord", "regional_office_sor")

    for page, cost in zip(pages, costs, strict=True):
        with django_assert_num_queries(cost):
            client.get(page)


def test_what_has_no_date_stands_with_the_oldest_first_and_tells_its_age(world: World) -> None:
    for title, days in (("Ny", 0), ("Eldst", 99), ("Eldre", 12)):
        matter = asked(world, title=title)
        Matter.objects.filter(pk=matter.pk).update(asked_on=TODAY - dt.timedelta(days=days))

    lines = waiting(world.person("owner"), TODAY)
    page = client_of(world, "owner").get(reverse("home:start")).content.decode()

    assert [line.age for line in lines] == [99, 12, 0]
    assert "har ventet i 99 dager" in page


def test_a_dialogue_waits_for_nobody_until_it_is_near(world: World) -> None:
    planned(world, TODAY + dt.timedelta(days=22))

    assert waiting(world.person("owner"), TODAY) == []
    assert len(waiting(world.person("owner"), TODAY + dt.timedelta(days=1))) == 1


def test_a_deadline_of_the_year_wheel_waits_for_those_who_steer_and_whom_it_concerns(
    world: World,
) -> None:
    YearDate.objects.create(
        programme=world.programme,
        code="mandat",
        title={"nb": "Eieren bestemmer om mandatet"},
        kind="deadline",
        starts_on=TODAY + dt.timedelta(days=14),
        roles=["owner", "regional_office"],
        changed_at=NOW,
    )

    assert [line.text for line in waiting(world.person("owner"), TODAY)] == [
        "Eieren bestemmer om mandatet"
    ]
    assert waiting(world.person("national_lead"), TODAY) == []
    assert waiting(world.person("regional_office_nord"), TODAY) == []


def test_a_national_summary_is_due_when_owner_and_lead_meet_the_next_time(world: World) -> None:
    report(world, "X101")
    planned(world, TODAY + dt.timedelta(days=40))
    sent(world, None)

    line = next(line for line in waiting(world.person("owner"), TODAY))

    assert (line.due, line.since) == (TODAY + dt.timedelta(days=40), TODAY)


def test_the_owner_reads_the_answer_of_the_national_picture_on_the_first_page(
    world: World,
) -> None:
    report(world, "X101")

    page = client_of(world, "owner").get(reverse("home:start")).content.decode()
    other = client_of(world, "national_lead").get(reverse("home:start")).context["picture"]

    assert reverse("delivery:picture", args=[world.programme.slug]) in page.partition("<main")[2]
    assert other is None


@pytest.mark.parametrize("name", ["delivery:picture", "delivery:steering", "programme:mandates"])
def test_the_pages_of_an_owner_light_up_their_entry_of_the_menu(world: World, name: str) -> None:
    url = reverse(name, args=[world.programme.slug])

    menu = client_of(world, "owner").get(url).context["frame"].menu

    assert len(menu) == 7
    assert [entry.url for entry in menu if entry.is_here] == [url]


def test_a_municipality_finds_its_own_page_in_the_menu(world: World) -> None:
    menu = (
        client_of(world, "municipality_in_programme")
        .get(reverse("home:start"))
        .context["frame"]
        .menu
    )
    own = world.municipalities["X104"].slug

    assert reverse("delivery:municipality_year", args=[world.programme.slug, own]) in {
        entry.url for entry in menu
    }


def test_a_need_that_has_been_decided_on_waits_for_its_answer_and_goes_up_no_more(
    world: World,
) -> None:
    row = raised(world)
    matter = needs.raise_to_owner(
        need=row,
        revision=row.revision,
        title="Store familier",
        text="Hvem skaffer boligene?",
        proposal="",
        actor=world.person("national_lead"),
        now=NOW,
    )
    matters.answer_matter(
        matter=matter, answer="Vi kjøper fem hus.", actor=world.person("owner"), now=NOW
    )
    client = client_of(world, "national_lead")

    line = next(line for line in waiting(world.person("national_lead"), TODAY))
    page = client.get(line.url).content.decode()
    answer = client.get(
        reverse("delivery:need_act", args=[world.programme.slug, row.pk, "svar"])
    ).content.decode()
    up = client.get(reverse("delivery:need_act", args=[world.programme.slug, row.pk, "til-eier"]))

    assert "bestemt" in line.text
    assert "har bestemt. Gi kommunen svaret." in page
    assert "til-eier" not in page
    assert "Vi kjøper fem hus." in answer
    assert up.status_code == 409


def test_an_owner_sees_what_it_answered_and_decided(world: World) -> None:
    matter = asked(world)
    matters.answer_matter(matter=matter, answer="Ja.", actor=world.person("owner"), now=NOW)

    found = settled(world.programme, world.person("owner"), TODAY)

    assert [(row.kind, row.text) for row in found] == [("matter", "Ja.")]
