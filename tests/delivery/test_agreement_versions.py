"""Versions of an agreement that follow each other."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sloyfe.delivery.queries.reports import agreements_on
from tests.cast import TODAY, World
from tests.delivery import ladder

pytestmark = pytest.mark.django_db


def test_a_version_that_begins_later_says_so_and_the_one_before_holds_until_then(
    world: World,
) -> None:
    first = ladder.in_force(world, valid_to=None)
    begins = timezone.localdate() + dt.timedelta(days=40)
    second = ladder.in_force(world, valid_from=begins, valid_to=None)
    client = Client()
    client.force_login(world.person("municipality"))

    first.refresh_from_db()
    pages = [
        client.get(
            reverse(
                "delivery:agreement", args=[world.programme.slug, each.municipality.slug, each.pk]
            )
        ).content.decode()
        for each in (first, second)
    ]

    assert first.ended_on == begins
    assert "Avtalen gjelder til og med" in pages[0]
    assert "Avtalen er bekreftet og gjelder fra" in pages[1]
    assert pages[1].index("Versjon 1") < pages[1].index("Gå ut av avtalen")
    assert agreements_on(world.programme, TODAY)[first.municipality_id] == first
    assert agreements_on(world.programme, begins)[first.municipality_id] == second


def test_the_form_of_an_agreement_stands_in_its_parts_and_an_open_end_is_said_in_words(
    world: World,
) -> None:
    agreement = ladder.in_force(world, valid_to=None)
    at = [world.programme.slug, agreement.municipality.slug]
    client = Client()
    client.force_login(world.person(ladder.OFFICE))

    form = client.get(reverse("delivery:draft_agreement", args=at)).content.decode()
    page = client.get(reverse("delivery:municipality_year", args=at)).content.decode()

    parts = (
        "Hvor lenge den gjelder",
        "Hva hver av partene gjør",
        "Hvem gjør hva",
        "Prioriterte innsatsområder",
    )
    assert form.count("sl-form__group") == len(parts)
    assert [part for part in parts if f">{part}</legend>" not in form] == []
    assert "---------" not in form
    assert ", uten avtalt slutt" in page
