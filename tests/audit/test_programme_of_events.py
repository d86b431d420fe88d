"""An event says which programme it belongs to, from the thing that it is about."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import models

import sloyfe
from sloyfe.accounts.models import Person
from sloyfe.analysis.models import Dataset
from sloyfe.audit.actions import action
from sloyfe.audit.models import Event
from sloyfe.audit.queries import events
from sloyfe.delivery.models import (
    Agreement,
    Decision,
    Matter,
    Meeting,
    Need,
    Plan,
    ReportingYear,
    StandingGroup,
    SteeringMeeting,
    Summary,
    YearlyReport,
)
from sloyfe.fieldwork.models import Case, Population, Round
from sloyfe.instruments.models import Instrument, Version
from sloyfe.letters.models import Letter
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Mandate, Programme, Subprogramme, YearDate
from sloyfe.programme.models.descriptions import DescriptionVersion
from sloyfe.reports.models import Report
from tests.cast import NOW, START, World, make_world

PACKAGE = Path(sloyfe.__file__).parent
RECORDERS = {"action", "note", "write_comment", "write_answer"}
SETTERS = {"set_about", "point_at"}
# What the code calls the things that events are about, and which models those are.
NAMED: dict[str, tuple[type[models.Model], ...]] = {
    "agreement": (Agreement,),
    "case": (Case,),
    "dataset": (Dataset,),
    "date": (YearDate,),
    "decision": (Decision,),
    "document": (Agreement, Plan, YearlyReport, Need, Summary),
    "draft": (Version,),
    "group": (StandingGroup,),
    "letter": (Letter,),
    "link.person": (Person,),
    "locked": (Agreement, Decision, Plan),
    "made": (ReportingYear,),
    "mandate": (Mandate,),
    "matter": (Matter,),
    "measure.plan": (Plan,),
    "meeting": (Meeting, SteeringMeeting),
    "member.group": (StandingGroup,),
    "need": (Need,),
    "newest": (Version,),
    "organisation": (Organisation,),
    "part.mandate": (Mandate,),
    "person": (Person,),
    "plan": (Plan,),
    "population": (Population,),
    "programme": (Programme,),
    "report": (Report, YearlyReport),
    "round_": (Round,),
    "row": (StandingGroup, YearDate),
    "subprogramme": (Subprogramme,),
    "summary": (Summary,),
    "version": (DescriptionVersion, Version),
    "year": (ReportingYear,),
}
# Handed on from one recorder to the next, or a case that is built for its event alone.
HANDED_ON = {"about"}
# Registers, people and the outbox stand beside the programmes, and are shared by them.
BELONG_TO_NONE = {Organisation, Person, Letter}


def _things() -> Iterator[tuple[str, str]]:
    """Give every expression that an event is said to be about, with its place."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
            if name in SETTERS:
                yield ast.unparse(node.args[1]), place
            elif name in RECORDERS:
                for given in node.keywords:
                    if given.arg == "about":
                        yield ast.unparse(given.value), place


def test_every_thing_that_an_event_is_about_is_known_here() -> None:
    things = dict(_things())
    unknown = {name: place for name, place in things.items() if name not in {*NAMED, *HANDED_ON}}

    assert not unknown, "say in NAMED which model this is"
    assert set(NAMED) <= set(things), "nothing is called so any more"


@pytest.mark.parametrize("model", sorted({m for ms in NAMED.values() for m in ms}, key=str))
def test_every_model_says_its_programme_or_belongs_to_none(model: type[models.Model]) -> None:
    assert hasattr(model, "programme_id") is (model not in BELONG_TO_NONE)


# What is written


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def _about(thing: models.Model) -> int | None:
    with action("organisations.look", actor=None, now=NOW, about=thing) as event:
        pass
    return Event.objects.get(pk=event.pk).programme_id


def test_an_event_takes_the_programme_from_its_thing(world: World) -> None:
    programme = world.programme
    instrument = Instrument.objects.create(programme=programme, code="x", kind="plan", title={})
    version = Version.objects.create(
        instrument=instrument, number=1, definition={}, content_hash="0" * 64
    )

    assert _about(programme) == programme.pk
    assert _about(programme.subprogrammes.first()) == programme.pk  # type: ignore[arg-type]
    assert _about(version) == programme.pk
    assert _about(world.municipalities["X101"]) is None
    assert _about(world.person("owner")) is None


def test_a_thing_that_hangs_below_another_asks_nothing_of_the_database_when_that_is_loaded(
    world: World, django_assert_num_queries: object
) -> None:
    round_ = Round(programme_id=world.programme.pk)
    case = Case(population=Population(round=round_))

    with django_assert_num_queries(0):  # type: ignore[operator]
        assert case.programme_id == world.programme.pk
        assert Dataset(population=case.population).programme_id == world.programme.pk


def test_events_are_narrowed_to_programmes_and_to_what_belongs_to_none(world: World) -> None:
    other = Programme.objects.create(
        slug="other", title={"nb": "Et annet"}, valid_from=START, source_hash="1" * 64
    )
    for thing in (world.programme, other, world.municipalities["X101"]):
        _about(thing)

    names = {event.about_name for event in events(programmes=[world.programme.pk])}

    assert names == {"Prøveprogrammet", "Askvikøy (øving)"}
    assert len(events()) == 3
