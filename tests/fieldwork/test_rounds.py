"""A round is planned, opened and closed by the institute that runs it, and keeps the days it declared."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.forms import ModelChoiceField
from django.utils import translation

from sloyfe.audit.models import Event
from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.common.keys import KeyStore
from sloyfe.fieldwork.actions import contacts, rounds
from sloyfe.fieldwork.forms import PopulationForm
from sloyfe.fieldwork.models import Contact, Response, Round
from sloyfe.fieldwork.rules import Declaration, Design, Origin, RoundState
from sloyfe.instruments.models import Instrument
from sloyfe.instruments.rules import InstrumentKind, VersionState
from sloyfe.ui.refusals import sentence
from tests.cast import NOW, World
from tests.fieldwork import running

pytestmark = pytest.mark.django_db


def opens(world: World, round_: Round, role: str = "evaluator") -> Round:
    return rounds.open_round(round_=round_, actor=world.person(role), now=NOW)


@pytest.mark.parametrize(
    "role", ["owner", "national_lead", "project_group", "partner", "municipality"]
)
def test_only_the_evaluator_plans(world: World, role: str) -> None:
    with pytest.raises(NotAllowed):
        running.planned(world, actor=world.person(role))
    assert not Round.objects.exists()


def test_a_round_that_closes_before_it_opens_is_refused(world: World) -> None:
    with pytest.raises(NotPossible, match="closes_before_it_opens"):
        running.planned(world, closes_on=dt.date(2026, 2, 1))


def test_a_sample_needs_a_number_per_region(world: World) -> None:
    with pytest.raises(NotPossible, match="needs_per_stratum"):
        running.asking(world, running.planned(world), design=Design.STRATIFIED)


@pytest.mark.parametrize(
    "kind", [kind for kind in InstrumentKind if kind is not InstrumentKind.QUESTIONNAIRE]
)
def test_a_round_asks_with_a_questionnaire_and_nothing_else(
    world: World, kind: InstrumentKind
) -> None:
    version = running.released(world)
    round_ = running.planned(world)
    Instrument.objects.filter(pk=version.instrument_id).update(kind=kind.value)
    version.refresh_from_db()

    with pytest.raises(NotPossible, match="not_a_questionnaire"):
        running.asking(world, round_, version=version)
    assert not round_.populations.exists()
    offered = PopulationForm(programme=world.programme).fields["version"]
    assert isinstance(offered, ModelChoiceField)
    assert offered.queryset is not None
    assert not offered.queryset.exists()


def _no_population(world: World) -> Round:
    return running.planned(world)


def _not_drawn(world: World) -> Round:
    return running.asking(world, running.planned(world)).round


def _draft_form(world: World) -> Round:
    version = running.released(world, state=VersionState.DRAFT)
    population = running.asking(world, running.planned(world), version=version)
    running.draw(world, population)
    return population.round


def _no_dates(world: World) -> Round:
    round_ = running.drawn(world).round
    Round.objects.filter(pk=round_.pk).update(delete_keys_on=None)
    return Round.objects.get(pk=round_.pk)


def _elsewhere(world: World) -> Round:
    round_ = running.drawn(world).round
    Round.objects.filter(pk=round_.pk).update(origin=Origin.PUBLISHED.value)
    return Round.objects.get(pk=round_.pk)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_no_population, "fieldwork.no_population"),
        (_not_drawn, "fieldwork.not_drawn"),
        (_draft_form, "fieldwork.form_not_released"),
        (_no_dates, "fieldwork.dates_missing"),
        (_elsewhere, "fieldwork.fielded_elsewhere"),
    ],
)
def test_a_round_does_not_open_before_it_is_ready(world: World, make: Any, code: str) -> None:
    round_ = make(world)
    events = Event.objects.count()

    with pytest.raises(NotPossible) as refusal:
        opens(world, round_)

    assert refusal.value.code == code
    assert sentence(refusal.value)
    round_.refresh_from_db()
    assert round_.state == RoundState.PLANNED
    assert Event.objects.count() == events
    assert not KeyStore(settings.KEYS).has_round_key(round_.pk)


def test_opening_makes_the_key_and_drops_contacts_of_those_not_drawn(world: World) -> None:
    population = running.drawn(world, design=Design.STRATIFIED, per_stratum=2)
    running.bring(world, population.round)
    assert Contact.objects.count() == 12

    opens(world, population.round)

    assert KeyStore(settings.KEYS).has_round_key(population.round_id)
    assert Contact.objects.count() == 4
    assert Event.objects.filter(action="fieldwork.round.open").count() == 1


def test_the_declaration_stands_from_the_day_the_round_opens(world: World) -> None:
    round_ = running.opened(world).round

    with pytest.raises(DatabaseError), transaction.atomic():
        Round.objects.filter(pk=round_.pk).update(declaration=Declaration.ATTRIBUTABLE.value)


def test_a_closed_round_is_not_opened_or_closed_again(world: World) -> None:
    round_ = running.opened(world).round
    closed = rounds.close_round(round_=round_, actor=world.person("evaluator"), now=NOW)

    with pytest.raises(NotPossible):
        opens(world, closed)
    with pytest.raises(NotPossible) as refusal:
        rounds.close_round(round_=round_, actor=world.person("evaluator"), now=NOW)

    with translation.override("nb"):
        assert sentence(refusal.value) == "Runden er lukket og kan derfor ikke bli lukket."
    assert Event.objects.filter(action="fieldwork.round.close").count() == 1


@pytest.mark.parametrize("role", ["owner", "project_group", "national_lead", "auditor"])
def test_the_client_neither_opens_nor_closes(world: World, role: str) -> None:
    population = running.drawn(world)
    with pytest.raises(NotAllowed):
        opens(world, population.round, role)
    round_ = opens(world, population.round)
    with pytest.raises(NotAllowed):
        rounds.close_round(round_=round_, actor=world.person(role), now=NOW)


def test_the_closing_day_itself_is_open_to_its_end_in_norwegian_time(world: World) -> None:
    round_ = running.opened(world).round
    last_minute = dt.datetime(2026, 4, 1, 21, 59, tzinfo=dt.UTC)  # 23.59 in Norway
    first_minute = dt.datetime(2026, 4, 1, 22, 1, tzinfo=dt.UTC)  # 00.01 the day after

    assert rounds.close_due_rounds(now=last_minute) == 0
    assert rounds.close_due_rounds(now=first_minute) == 1
    assert rounds.close_due_rounds(now=first_minute) == 0

    round_.refresh_from_db()
    assert round_.state == RoundState.CLOSED
    [event] = Event.objects.filter(action="fieldwork.round.close")
    assert event.actor_id is None


def test_contacts_key_and_answers_go_on_the_days_that_were_declared(world: World) -> None:
    population = running.opened(world)
    round_ = population.round
    Response.objects.create(
        round=round_, population=population, unit_ref="a" * 64, stratum="nord", answers={}
    )
    rounds.close_round(round_=round_, actor=world.person("evaluator"), now=NOW)
    store = KeyStore(settings.KEYS)

    contacts.delete_due_contacts(now=dt.datetime(2026, 4, 30, 12, tzinfo=dt.UTC))
    rounds.destroy_due_keys(now=dt.datetime(2026, 5, 31, 12, tzinfo=dt.UTC))
    assert Contact.objects.exists()
    assert store.has_round_key(round_.pk)

    later = dt.datetime(2027, 6, 1, 12, tzinfo=dt.UTC)
    for _twice in range(2):
        contacts.delete_due_contacts(now=later)
        rounds.destroy_due_keys(now=later)
        rounds.delete_due_responses(now=later)

    assert not Contact.objects.exists()
    assert not store.has_round_key(round_.pk)
    assert not Response.objects.exists()
    for action in ("contacts.delete", "key.destroy", "responses.delete"):
        assert Event.objects.filter(action=f"fieldwork.{action}").count() == 1
