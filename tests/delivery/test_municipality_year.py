"""The municipality's year: where it stands, what comes next and who has it, and all its papers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from sloyfe.delivery.actions.agreements import end_agreement
from sloyfe.delivery.models import Agreement, Matter
from sloyfe.delivery.queries.municipality_year import ladder_of, municipality_year, with_past
from sloyfe.delivery.rules.agreements import EndKind, MeetingKind, Side
from sloyfe.delivery.rules.municipality_year import LadderFacts, NextStep, Rung
from sloyfe.delivery.rules.municipality_year import ladder as place_on_ladder
from sloyfe.delivery.rules.plans import PlanState
from sloyfe.organisations.models import MunicipalityChange, MunicipalityPeriod
from tests.cast import NOW, TODAY, World
from tests.delivery import ladder

pytestmark = pytest.mark.django_db
OWN = ladder.OWN


def stands(world: World, code: str = OWN) -> tuple[Rung | None, NextStep, Side]:
    pk = world.municipalities[code].pk
    found = ladder_of(world.programme, [pk], TODAY)[pk]
    return found.now, found.next_step, found.who


def test_the_ladder_is_climbed_step_by_step(world: World) -> None:
    assert stands(world) == (Rung.DIALOGUE, NextStep.PLAN_DIALOGUE, Side.OFFICE)

    ladder.held(world, kind=MeetingKind.DIALOGUE)
    assert stands(world) == (Rung.AGREEMENT, NextStep.DRAFT_AGREEMENT, Side.OFFICE)

    draft = ladder.drafted(world, priorities=())
    assert stands(world)[1] is NextStep.PROPOSE_AGREEMENT
    Agreement.objects.filter(pk=draft.pk).delete()

    ladder.in_force(world)
    assert stands(world) == (Rung.PLAN, NextStep.MAKE_PLAN, Side.MUNICIPALITY)

    ladder.adopted(world)
    assert stands(world) == (Rung.ACTIVITIES, NextStep.PLAN_MEETING, Side.OFFICE)

    ladder.meeting(world)
    ladder.held(world, on=TODAY - dt.timedelta(days=7))
    assert stands(world) == (Rung.ACTIVITIES, NextStep.CARRY_OUT, Side.MUNICIPALITY)


def test_each_step_says_since_when_it_stands(world: World) -> None:
    ladder.held(world, kind=MeetingKind.DIALOGUE, on=dt.date(2026, 2, 20))
    ladder.in_force(world)
    ladder.adopted(world)
    client = Client()
    client.force_login(world.person("municipality"))
    url = reverse("delivery:municipality_year", args=[world.programme.slug, f"x-{OWN.lower()}"])

    steps = client.get(url).context["steps"]

    assert [step.note for step in steps] == [
        "20. februar 2026",
        "siden 2. mars 2026",
        "1 er valgt",
        "vedtatt 2. mars 2026",
        "0 av 1 ferdige",
    ]


def test_a_proposal_waits_for_the_municipality_whatever_else_there_is(world: World) -> None:
    ladder.proposed(world)

    assert stands(world)[1:] == (NextStep.CONFIRM_AGREEMENT, Side.MUNICIPALITY)


def ended(world: World, kind: EndKind = EndKind.ROTATED, code: str = OWN) -> Agreement:
    agreement = ladder.in_force(world, code, valid_from=TODAY - dt.timedelta(days=300))
    return end_agreement(
        agreement=agreement,
        kind=kind,
        reason="Plassen går videre til Bjørkemo.",
        ended_on=TODAY,
        actor=None,
        now=NOW,
    )


def test_where_the_agreement_has_ended_the_basic_offer_is_left_and_a_dialogue_begins_anew(
    world: World,
) -> None:
    ladder.held(world, kind=MeetingKind.DIALOGUE, on=TODAY - dt.timedelta(days=310))
    ended(world)
    assert stands(world) == (Rung.DIALOGUE, NextStep.BASIC_OFFER, Side.OFFICE)

    ladder.held(world, kind=MeetingKind.DIALOGUE)

    assert stands(world) == (Rung.AGREEMENT, NextStep.DRAFT_AGREEMENT, Side.OFFICE)


def test_the_page_says_until_when_the_agreement_held_and_why_it_ended(world: World) -> None:
    ended(world)
    ladder.in_force(world, "X101")

    told, taken = page(world, "municipality"), page(world, "owner", "X101")

    assert "Avtalen sluttet 1. mars 2026: plassen går til en annen kommune." in told
    assert "Plassen går videre til Bjørkemo." in told
    assert "har grunntilbudet" in told
    assert "Plassen går" not in taken


FACTS = st.builds(
    LadderFacts,
    dialogue_held=st.none() | st.just(TODAY),
    drafting=st.booleans(),
    proposed=st.booleans(),
    in_force=st.booleans(),
    ended_on=st.none() | st.dates(dt.date(2025, 1, 1), dt.date(2027, 1, 1)),
    end_kind=st.none() | st.sampled_from(EndKind),
    valid_to=st.none() | st.dates(dt.date(2025, 1, 1), dt.date(2028, 1, 1)),
    priorities=st.integers(0, 3),
    plan=st.none() | st.sampled_from(PlanState),
    measures=st.integers(0, 4),
    finished=st.integers(0, 4),
    late=st.integers(0, 4),
    meetings_held=st.integers(0, 3),
)


@given(FACTS)
def test_no_rung_is_reached_before_the_one_below(facts: LadderFacts) -> None:
    found = place_on_ladder(facts, TODAY)
    order = list(Rung)

    assert found.done == frozenset(order[: found.holds])
    assert found.now is (order[found.holds] if found.holds < len(order) else None)


def test_many_municipalities_take_three_queries(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("X101", "X102", "X103", "X104"):
        ladder.in_force(world, code)
        ladder.adopted(world, code)

    with django_assert_max_num_queries(3):
        found = ladder_of(
            world.programme.pk, [each.pk for each in world.municipalities.values()], TODAY
        )
    assert len(found) == 12


def page(world: World, role: str, code: str = OWN) -> str:
    client = Client()
    client.force_login(world.person(role))
    response = client.get(
        reverse(
            "delivery:municipality_year",
            args=[world.programme.slug, world.municipalities[code].slug],
        )
    )
    assert response.status_code == 200
    return response.content.decode()


def test_a_peer_sees_only_what_is_public(world: World) -> None:
    ladder.in_force(world)
    year = timezone.localdate().year
    ladder.plan(world, year=year)

    seen = page(world, "municipality_in_programme")

    assert "Byprogrammet" in seen
    assert f"/plan/{year}/" not in seen
    Agreement.objects.update(access="exempt", legal_ground="offl. § 13")
    assert "Byprogrammet" not in page(world, "municipality_in_programme")
    assert "Byprogrammet" in page(world, "municipality")


def test_the_office_sees_its_draft_and_the_municipality_does_not(world: World) -> None:
    draft = ladder.drafted(world)

    assert f"/avtaler/{draft.pk}/" in page(world, ladder.OFFICE)
    assert f"/avtaler/{draft.pk}/" not in page(world, "municipality")


@pytest.mark.parametrize("role", ["municipality", ladder.OFFICE, "owner"])
def test_the_page_of_a_municipality_with_nothing_tells_how_to_start(
    world: World, role: str
) -> None:
    assert 'class="sl-empty"' in page(world, role)


def test_a_merged_municipality_shows_the_papers_it_came_from_marked(world: World) -> None:
    ladder.in_force(world)
    before = MunicipalityPeriod.objects.get(organisation=world.municipalities[OWN])
    after = MunicipalityPeriod.objects.get(organisation=world.municipalities["X103"])
    MunicipalityChange.objects.create(
        register=before.register, on=TODAY, kind="merge", before=before, after=after
    )

    known = with_past(world.municipalities["X103"].slug)
    assert known is not None
    told = municipality_year(world.programme.pk, *known, world.person("owner"), TODAY)

    assert [each.name for each in told.came_from.values()] == [world.municipalities[OWN].name]
    assert [each.municipality_id for each in told.agreements] == [world.municipalities[OWN].pk]
    assert not told.ladder.facts.in_force
    assert world.municipalities[OWN].name in page(world, "owner", "X103")


@pytest.mark.parametrize("role", ["municipality", ladder.OFFICE, "owner", "auditor"])
def test_the_page_takes_fifteen_queries_with_ten_times_as_much(
    world: World, role: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _version in range(3):
        ladder.in_force(world)
    for year in range(2017, 2027):
        ladder.adopted(world, year=year)
        ladder.held(world)
    office = world.person(ladder.OFFICE).affiliations.get().organisation
    for number in range(10):
        Matter.objects.create(
            programme=world.programme,
            kind="decision_wanted",
            title=f"Sak {number}",
            text="Hva gjør vi?",
            asked_by=office,
            asked_on=TODAY,
            addressed_to=office,
        )
    client = Client()
    client.force_login(world.person(role))
    address = reverse(
        "delivery:municipality_year", args=[world.programme.slug, world.municipalities[OWN].slug]
    )

    with django_assert_max_num_queries(15):
        response = client.get(address)
    assert response.status_code == 200
