"""Agreements that end on a day ahead, before they began, or are taken back; and what the pages say of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.actions import agreements
from sloyfe.delivery.exports.documents import paper_of
from sloyfe.delivery.models import Agreement
from sloyfe.delivery.rules.agreements import AgreementState, EndKind
from sloyfe.home.queries.waiting import waiting
from sloyfe.programme.models import Membership
from sloyfe.render import numbers
from tests.cast import NOW, TODAY, World
from tests.delivery import ladder

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]
AHEAD = dt.date(2026, 7, 1)


def end(agreement: Agreement, ended_on: dt.date, now: dt.datetime = NOW) -> Agreement:
    return agreements.end_agreement(
        agreement=agreement,
        kind=EndKind.ROTATED,
        reason="Plassen går videre.",
        ended_on=ended_on,
        actor=None,
        now=now,
    )


def page(world: World, role: str, name: str, *more: object) -> str:
    client = Client()
    client.force_login(world.person(role))
    place = [world.programme.slug, world.municipalities[ladder.OWN].slug, *more]
    return client.get(reverse(f"delivery:{name}", args=place)).content.decode()


def members(world: World) -> list[Any]:
    return list(
        Membership.objects.filter(organisation=world.municipalities[ladder.OWN]).values_list(
            "valid_from", "valid_to"
        )
    )


def test_an_agreement_ends_by_itself_on_a_day_that_was_set_ahead(world: World) -> None:
    agreement = ladder.in_force(world)

    ended = end(agreement, AHEAD)

    assert ended.stands is AgreementState.IN_FORCE
    assert members(world) == [(TODAY, AHEAD)]
    assert agreements.end_due(now=dt.datetime(2026, 6, 30, 9, tzinfo=dt.UTC)) == 0
    on_the_day = dt.datetime(2026, 7, 1, 0, 5, tzinfo=dt.UTC)
    assert agreements.end_due(now=on_the_day) == 1
    assert agreements.end_due(now=on_the_day) == 0
    agreement.refresh_from_db()
    assert (agreement.stands, agreement.ended_on) == (AgreementState.ENDED, AHEAD)
    assert agreement.end_reason == "Plassen går videre."


def test_a_day_that_was_set_ahead_can_be_moved(world: World) -> None:
    agreement = ladder.in_force(world)
    end(agreement, AHEAD)
    agreement.refresh_from_db()

    end(agreement, AHEAD + dt.timedelta(days=31))

    assert members(world) == [(TODAY, AHEAD + dt.timedelta(days=31))]


def test_an_agreement_that_has_not_begun_ends_without_ever_making_a_member(world: World) -> None:
    agreement = ladder.in_force(world, valid_from=AHEAD)
    assert members(world) == [(AHEAD, None)]

    ended = end(agreement, TODAY + dt.timedelta(days=1))

    assert ended.stands is AgreementState.ENDED
    assert members(world) == []
    assert "før den begynte" in page(world, ladder.OFFICE, "agreement", agreement.pk)


def test_the_office_takes_back_what_waits_for_the_municipality(world: World) -> None:
    agreement = ladder.proposed(world)
    assert "Trekk tilbake avtalen" in page(world, ladder.OFFICE, "agreement", agreement.pk)

    with pytest.raises(NotAllowed):
        agreements.take_back_agreement(
            agreement=agreement, actor=world.person("municipality"), now=NOW
        )
    back = agreements.take_back_agreement(
        agreement=agreement, actor=world.person(ladder.OFFICE), now=NOW
    )

    assert back.stands is AgreementState.DRAFT
    with pytest.raises(NotPossible):
        agreements.confirm_agreement(
            agreement=back, revision=back.revision, actor=world.person("municipality"), now=NOW
        )


def test_what_the_municipality_sent_back_is_on_the_first_page_of_the_office(world: World) -> None:
    agreement = ladder.proposed(world)
    agreements.send_back(
        agreement=agreement, word="For kort.", actor=world.person("municipality"), now=NOW
    )

    [line] = [each for each in waiting(world.person(ladder.OFFICE), TODAY) if "avtaler" in each.url]

    assert str(line.label) == "Rett avtalen"
    shown = page(world, ladder.OFFICE, "agreement", agreement.pk)
    assert "sendte avtalen tilbake 2. mars 2026" in shown
    assert "ser den ikke ennå" not in shown


def test_after_the_end_the_page_of_the_municipality_says_when_and_why(world: World) -> None:
    agreement = ladder.in_force(world, valid_from=dt.date(2025, 1, 1))
    end(agreement, TODAY)

    shown = page(world, ladder.OFFICE, "municipality_year")

    assert "Avtalen sluttet 1. mars 2026" in shown
    assert "Plassen går videre." in shown
    assert shown.count("Skriv en avtale") == 1


def test_the_archive_says_the_last_day_and_not_the_day_after(world: World) -> None:
    agreement = ladder.in_force(world, valid_to=dt.date(2028, 1, 1))

    paper = paper_of(agreement)

    assert numbers.date(dt.date(2027, 12, 31), "nb") in paper.blocks[0].text  # type: ignore[union-attr]
    assert paper.dates["valid_to"] == dt.date(2027, 12, 31)
