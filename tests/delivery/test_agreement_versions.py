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
