"""`sloyfe add-person`."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import World, make_world

from sloyfe.accounts.models import Person
from sloyfe.audit.models import Event
from sloyfe.cli.main import main
from sloyfe.organisations.models import Affiliation
from sloyfe.programme.queries import roles_of
from sloyfe.programme.rules import Capacity

pytestmark = pytest.mark.django_db
ADDRESS = "ny.kollega@example.org"


@pytest.fixture
def world() -> World:
    return make_world()


def add(*words: str) -> int:
    return main(["add-person", "test-programme", *words])


def test_a_person_who_is_added_has_the_role_of_the_workplace(world: World) -> None:
    assert add("test-evaluator", ADDRESS, "--name", "Ny kollega", "--from", "2026-03-02") == 0

    [role] = roles_of(Person.objects.get(email=ADDRESS), dt.date(2026, 3, 2))
    assert role.capacity == Capacity.EVALUATOR


def test_a_municipality_is_named_by_its_number(world: World) -> None:
    assert add("X104", ADDRESS.upper()) == 0

    assert (
        Affiliation.objects.get(person__email=ADDRESS).organisation == world.municipalities["X104"]
    )


def test_adding_twice_is_as_adding_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert add("test-evaluator", ADDRESS) == add("test-evaluator", ADDRESS) == 0

    assert "nothing has changed" in capsys.readouterr().out
    assert Affiliation.objects.filter(person__email=ADDRESS).count() == 1


def test_a_person_who_leaves_has_no_role_any_more(world: World) -> None:
    add("test-evaluator", ADDRESS, "--from", "2026-03-02")
    assert add("test-evaluator", ADDRESS, "--to", "2026-05-01") == 0

    person = Person.objects.get(email=ADDRESS)
    assert roles_of(person, dt.date(2026, 4, 30))
    assert not roles_of(Person.objects.get(pk=person.pk), dt.date(2026, 5, 1))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere", ADDRESS), "test-evaluator"),
        (("test-evaluator", "not an address"), "name@example.org"),
        (
            ("test-evaluator", ADDRESS, "--from", "2026-03-02", "--to", "2026-03-02"),
            "must end after",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nobody_is_let_in(
    world: World, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    people = Person.objects.count()

    assert add(*words) > 0

    assert told in capsys.readouterr().err
    assert Person.objects.count() == people


def test_the_history_names_the_workplace_and_never_the_address(world: World) -> None:
    add("test-evaluator", ADDRESS, "--name", "Ny kollega")

    event = Event.objects.get(action="programme.person.register")
    assert event.about_name == world.people["evaluator"].affiliations.get().organisation.name
    assert ADDRESS not in str(event.details)
    assert "kollega" not in str(event.details)
