"""Frame and draw: repeatable, told with its numbers, and refused with them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from sloyfe.audit.models import Event
from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.fieldwork.actions import sampling
from sloyfe.fieldwork.models import Case, FrameUnit
from sloyfe.fieldwork.rules import SMALLEST_GROUP, Design, hidden_groups
from sloyfe.programme.models import RegionArea
from sloyfe.stats import sampling as lots
from sloyfe.ui.refusals import sentence
from tests.cast import NOW, World
from tests.fieldwork import running

pytestmark = pytest.mark.django_db


def test_the_frame_holds_those_who_can_be_asked_with_region_and_size(world: World) -> None:
    population = running.asking(world, running.planned(world), subprogramme="basic_offer")

    units = FrameUnit.objects.filter(population=population)

    assert units.count() == 8
    askvikoy = units.get(organisation=world.municipalities["X101"])
    assert (askvikoy.stratum, askvikoy.background["region"]) == ("nord", "nord")
    assert "name" not in askvikoy.background


def test_a_fixed_number_is_drawn_in_each_region_and_can_be_drawn_again(world: World) -> None:
    population = running.drawn(world, design=Design.STRATIFIED, per_stratum=2)

    cases = Case.objects.filter(population=population)
    again = lots.draw(
        [
            lots.FrameUnit(str(unit.organisation_id), unit.stratum)
            for unit in population.frame_units.order_by("?")
        ],
        2,
        "frø",
    )

    assert {str(case.organisation_id) for case in cases} == set(again.units)
    assert population.draw.frame_hash == again.frame_hash
    assert [row["inclusion"] for row in population.draw.strata] == ["1/3", "1/3"]


def test_everybody_is_taken_in_a_census(world: World) -> None:
    population = running.drawn(world)

    assert population.cases.count() == 12
    assert {Fraction(row["inclusion"]) for row in population.draw.strata} == {Fraction(1)}
    assert population.draw.seed == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en-gb",
            (
                "Nothing was drawn: 7 are to be drawn in each region, but Nord has 6, Sør has 6. Ask for 6"
                " at most, or widen the frame."
            ),
        ),
        (
            "nb",
            (
                "Ingen er trukket: 7 skal trekkes i hver region, men Nord har 6, Sør har 6. Be om høyst 6,"
                " eller utvid rammen."
            ),
        ),
        (
            "nn",
            (
                "Ingen er trekte: 7 skal trekkjast i kvar region, men Nord har 6, Sør har 6. Be om høgst 6,"
                " eller utvid ramma."
            ),
        ),
    ],
)
def test_more_than_a_region_holds_is_refused_with_the_numbers(
    world: World, language: str, words: str
) -> None:
    population = running.asking(
        world, running.planned(world), design=Design.STRATIFIED, per_stratum=7
    )
    events = Event.objects.count()

    with pytest.raises(NotPossible) as refusal:
        running.draw(world, population)

    with translation.override(language):
        assert sentence(refusal.value) == words
    assert not Case.objects.exists()
    assert Event.objects.count() == events


def test_a_sample_is_drawn_once_and_its_frame_stands(world: World) -> None:
    population = running.drawn(world)

    with pytest.raises(NotPossible, match="already_drawn"):
        running.draw(world, population)
    with pytest.raises(NotPossible, match="already_drawn"):
        sampling.make_frame(population=population, actor=world.person("evaluator"), now=NOW)


def test_a_seed_is_needed_where_some_are_drawn(world: World) -> None:
    population = running.asking(
        world, running.planned(world), design=Design.STRATIFIED, per_stratum=2
    )

    with pytest.raises(NotPossible, match="no_seed"):
        running.draw(world, population, seed="")


def test_a_day_on_which_nobody_fits_is_refused(world: World) -> None:
    population = running.asking(world, running.planned(world))
    population.frame_as_of = dt.date(2020, 1, 1)
    population.save()

    with pytest.raises(NotPossible) as refusal:
        sampling.make_frame(population=population, actor=world.person("evaluator"), now=NOW)

    with translation.override("nb"):
        assert "1. januar 2020" in sentence(refusal.value)
    assert population.frame_units.count() == 12


def test_a_municipality_in_no_region_stops_the_frame_with_its_name(world: World) -> None:
    RegionArea.objects.filter(municipality_code="X101").delete()

    with pytest.raises(NotPossible) as refusal:
        running.asking(world, running.planned(world))

    assert refusal.value.details["example"] == "Askvikøy (øving)"


@pytest.mark.parametrize("role", ["owner", "project_group", "national_lead", "stranger", "auditor"])
def test_nobody_but_the_evaluator_draws(world: World, role: str) -> None:
    population = running.asking(world, running.planned(world))

    with pytest.raises(NotAllowed):
        sampling.draw_sample(population=population, seed="x", actor=world.person(role), now=NOW)


def test_one_event_tells_of_the_draw_and_how_many(world: World) -> None:
    running.drawn(world, design=Design.STRATIFIED, per_stratum=2)

    [event] = Event.objects.filter(action="fieldwork.sample.draw")

    assert event.details == {"drawn": 4}


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), max_size=8))
def test_no_hidden_group_can_be_worked_out_from_the_total(asked: dict[str, int]) -> None:
    hidden = hidden_groups(asked)
    there = {key: n for key, n in asked.items() if n}

    assert {key for key, n in there.items() if n < SMALLEST_GROUP} <= hidden
    if hidden and hidden != set(there):
        assert len(hidden) > 1
        assert sum(there[key] for key in hidden) >= SMALLEST_GROUP
