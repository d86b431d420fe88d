"""The ways through a programme: whoever is shown one can go it, and each role finds what is theirs."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from sloyfe.delivery.templatetags.ways import ways_through
from sloyfe.ui.menu import ENTRIES, MOST_ENTRIES
from tests.architecture.rows import ANONYMOUS, EVERYBODY
from tests.cast import World
from tests.delivery.reporting import opened

pytestmark = pytest.mark.django_db
ABOVE = ("delivery:steering", "delivery:matters", "delivery:decisions", "delivery:groups")


def urls(world: World, role: str) -> list[str]:
    person = AnonymousUser() if role == ANONYMOUS else world.person(role)
    return [url for _title, group in ways_through(person, world.programme) for _label, url in group]


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_way_that_is_shown_can_be_gone(world: World, role: str) -> None:
    opened(world)
    type(world.programme).objects.update(is_simulated=False)
    client = Client()
    if role != ANONYMOUS:
        client.force_login(world.person(role))

    found = {url: client.get(url, follow=True).status_code for url in urls(world, role)}

    assert found
    assert set(found.values()) == {200}, found


def test_visitors_find_year_wheel_description_results_offer_and_where_to_say_a_need(
    world: World,
) -> None:
    slug = world.programme.slug

    assert set(urls(world, ANONYMOUS)) == {
        reverse("delivery:description", args=[slug, "beskrivelse"]),
        reverse("programme:year_wheel", args=[slug]),
        reverse("delivery:basic_offers", args=[slug]),
        reverse("delivery:public_results", args=[slug]),
        reverse("delivery:write_need", args=[slug]),
    }


@pytest.mark.parametrize(
    "role", ["head_office", "owner", "national_lead", "regional_office_nord", "auditor"]
)
def test_those_inside_find_the_steering(world: World, role: str) -> None:
    assert {reverse(name, args=[world.programme.slug]) for name in ABOVE} <= set(urls(world, role))


def test_a_municipality_is_led_to_its_report_and_not_to_the_steering(world: World) -> None:
    found = urls(world, "municipality_in_programme")

    assert reverse("delivery:reporting") in found
    assert reverse("delivery:passage", args=[world.programme.slug]) in found
    assert not {reverse(name, args=[world.programme.slug]) for name in ABOVE} & set(found)


def test_no_role_has_more_than_seven_entries_in_the_menu() -> None:
    capacities = {each for entry in ENTRIES.values() for each in entry.capacities}

    assert all(
        sum(entry.is_for({one, "signed_in"}) for entry in ENTRIES.values()) <= MOST_ENTRIES
        for one in capacities
    )
