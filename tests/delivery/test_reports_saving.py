"""A report is saved while somebody writes: what is right, unless somebody else was there, and told as one sitting."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.models import Event
from sloyfe.audit.queries import history
from sloyfe.delivery.actions import reports
from sloyfe.delivery.models import YearlyReport
from sloyfe.delivery.rules.reports import SITTING, ReportState
from sloyfe.organisations.models import Affiliation
from tests.cast import NOW, START, World
from tests.delivery.reporting import OFFICE, OWN, WRITER, kwargs, opened, report_of, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]
FETCH = {"X-Requested-With": "fetch"}
# What stands on the page from before, as a browser sends it along.
PREFILLED = {"inhabitants": "31000"}


@pytest.fixture
def morning() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def colleague(world: World) -> Person:
    """One more who works in the municipality."""
    person = Person.objects.create_user("kollega@ovelse.invalid", name="kollega")
    Affiliation.objects.create(
        person=person, organisation=world.municipalities[OWN], valid_from=START
    )
    return person


def page(world: World, code: str = "homes") -> str:
    return reverse("delivery:report_page", kwargs=kwargs(world, page=code))


def type_in(
    client: Client, world: World, fields: dict[str, Any], revision: int, code: str = "homes"
) -> Any:
    """Send a page as its script does."""
    before = PREFILLED if code == "homes" else {}
    data = before | fields | {"rapport-revisjon": str(revision)}
    return client.post(page(world, code), data, headers=FETCH)


def test_what_is_typed_is_saved_and_told_in_words(world: World) -> None:
    opened(world)
    client = browser(world.person(WRITER))

    said = type_in(client, world, {"homes": "12"}, 0)

    assert said.json() == {
        "saved": True,
        "revision": 1,
        "text": "Lagret 10.00",
        "hidden": [],
        "wrong": [],
    }
    assert report_of(world).answers["homes"] == 12
    assert report_of(world).stands is ReportState.BEGUN


def test_the_page_names_its_script_and_tells_when_it_was_saved_last(world: World) -> None:
    opened(world)
    client = browser(world.person(WRITER))

    first = client.get(page(world)).content.decode()
    type_in(client, world, {"homes": "12"}, 0)
    again = client.get(page(world)).content.decode()

    assert 'data-save="rapport-revisjon"' in first
    assert "instruments/saving" in first
    assert 'data-offline="Ikke lagret: ' in first
    assert "Lagret 10.00" not in first
    assert "Lagret 10.00 2. mars" in again


def test_what_cannot_be_right_is_told_and_does_not_hold_up_the_rest(world: World) -> None:
    opened(world)
    client = browser(world.person(WRITER))

    said = type_in(client, world, {"homes": "mange", "families": "8"}, 0).json()

    assert (said["saved"], said["revision"], said["wrong"]) == (True, 1, ["homes"])
    assert said["text"].startswith("Lagret 10.00, men ikke alt. Nye boliger: Skriv et tall")
    assert report_of(world).answers.get("families") == 8
    assert "homes" not in report_of(world).answers


def test_what_is_wrong_alone_moves_nothing(world: World) -> None:
    opened(world)
    client = browser(world.person(WRITER))

    said = type_in(client, world, {"homes": "mange"}, 0)

    assert said.status_code == 422
    assert (said.json()["saved"], said.json()["wrong"]) == (False, ["homes"])
    assert said.json()["text"].startswith("Ikke lagret. Nye boliger: Skriv et tall")
    assert report_of(world).revision == 0
    assert report_of(world).stands is ReportState.EXPECTED


@pytest.mark.parametrize(
    "fields", [{"worked": "another page"}, {"no_such": "1"}, {"rapport-revisjon": "x"}]
)
def test_what_no_browser_would_send_is_not_saved(world: World, fields: dict[str, str]) -> None:
    opened(world)
    client = browser(world.person(WRITER))
    data = {"homes": "12", "rapport-revisjon": "0"} | fields

    said = client.post(page(world), data, headers=FETCH)

    assert said.status_code in (409, 422)
    assert said.json()["saved"] is False
    assert report_of(world).revision == 0


def test_of_two_who_write_on_the_same_page_one_wins_and_the_other_is_told(world: World) -> None:
    opened(world)
    one, other = browser(world.person(WRITER)), browser(world.person(OFFICE))
    type_in(one, world, {"homes": "12"}, 0)

    said = type_in(other, world, {"homes": "13"}, 0)
    sent_by_hand = other.post(
        page(world), {**PREFILLED, "homes": "13", "families": "4", "rapport-revisjon": "0"}
    )

    assert said.status_code == 409
    assert said.json()["saved"] is False
    assert "Noen andre har endret" in said.json()["text"]
    assert "det du skrev" in said.json()["text"].lower()
    assert report_of(world).answers["homes"] == 12
    shown = sent_by_hand.content.decode()
    assert sent_by_hand.status_code == 409
    assert 'value="13"' in shown
    assert "<dt>Nye boliger</dt><dd>12</dd>" in shown
    assert "<dt>Familier i midlertidig bolig</dt><dd>Ikke besvart</dd>" in shown


def test_two_who_wrote_the_very_same_are_both_told_that_it_is_saved(world: World) -> None:
    opened(world)
    one, other = browser(world.person(WRITER)), browser(world.person(OFFICE))
    type_in(one, world, {"homes": "12"}, 0)

    said = type_in(other, world, {"homes": "12"}, 0).json()

    assert (said["saved"], said["revision"]) == (True, 1)


def test_two_who_write_on_different_pages_do_not_disturb_each_other(world: World) -> None:
    opened(world)
    one, other = browser(world.person(WRITER)), browser(colleague(world))

    first = type_in(one, world, {"homes": "12"}, 0).json()
    second = type_in(other, world, {"worked": "Vi ringte."}, 0, "working").json()
    third = type_in(one, world, {"homes": "13"}, first["revision"]).json()
    posted = other.post(
        page(world, "working"),
        {"worked": "Vi ringte alle.", "rapport-revisjon": str(second["revision"])},
    )

    assert [said["saved"] for said in (first, second, third)] == [True, True, True]
    assert posted.status_code == 302
    answers = report_of(world).answers
    assert (answers["homes"], answers["worked"]) == (13, "Vi ringte alle.")


def test_what_is_wrong_does_not_rest_on_what_somebody_else_saved_meanwhile(world: World) -> None:
    opened(world)
    one, other = browser(world.person(WRITER)), browser(world.person(OFFICE))
    type_in(one, world, {"homes": "12"}, 0)

    wrong = type_in(other, world, {"homes": "1x"}, 0)
    mended = type_in(other, world, {"homes": "1"}, 0)

    assert (wrong.status_code, mended.status_code) == (422, 409)
    assert "revision" not in wrong.json()
    assert report_of(world).answers["homes"] == 12


def test_a_report_that_has_been_sent_is_not_changed_while_somebody_writes(world: World) -> None:
    opened(world)
    client = browser(world.person(WRITER))
    sent(world)
    revision = report_of(world).revision

    said = type_in(client, world, {"homes": "13", "families": "8", "families_long": "2"}, revision)
    shown = client.get(page(world)).content.decode()

    assert said.status_code == 409
    assert "Rapporten er sendt" in said.json()["text"]
    assert report_of(world).answers["homes"] == 12
    assert "data-save" not in shown


def test_whoever_wrote_while_the_report_was_sent_chooses_before_it_is_corrected(
    world: World,
) -> None:
    opened(world)
    client = browser(colleague(world))
    sent(world)

    answer = client.post(
        page(world, "working"),
        {"plan": "yes", "worked": "Vi ringte alle, to ganger.", "rapport-revisjon": "0"},
    )

    assert answer.status_code == 409
    assert "Vi ringte alle, to ganger." in answer.content.decode()
    assert report_of(world).answers["worked"] == "Vi ringte alle."


def test_who_may_not_write_is_told_in_words(world: World) -> None:
    opened(world)
    office = browser(world.person(OFFICE))
    type_in(browser(world.person(WRITER)), world, {"homes": "12"}, 0)
    YearlyReport.objects.update(state=ReportState.TO_CONFIRM.value)

    said = type_in(office, world, {"homes": "13"}, 1)
    stranger = type_in(browser(world.person("municipality")), world, {"homes": "13"}, 1)
    nobody = type_in(Client(), world, {"homes": "13"}, 1)

    assert said.status_code == 409
    assert "Kommunen har rapporten nå" in said.json()["text"]
    assert stranger.status_code == 404
    assert nobody.status_code == 404
    assert report_of(world).answers["homes"] == 12


def test_back_keeps_what_was_written(world: World) -> None:
    opened(world)
    client = browser(world.person(WRITER))

    answer = client.post(
        page(world, "working"),
        {"worked": "Vi ringte.", "rapport-revisjon": "0", "rapport-videre": "back"},
    )
    first = client.post(
        page(world), PREFILLED | {"rapport-revisjon": "1", "rapport-videre": "back"}
    )

    assert answer["Location"] == page(world)
    assert report_of(world).answers["worked"] == "Vi ringte."
    assert first["Location"] == reverse("delivery:report", kwargs=kwargs(world))


# What is told of it


def _saves() -> list[Event]:
    return list(Event.objects.filter(action="delivery.report.save").order_by("happened_at"))


def test_what_one_person_writes_in_one_sitting_is_one_event(world: World) -> None:
    opened(world)
    client = browser(world.person(WRITER))

    for revision in range(10):
        said = type_in(client, world, {"homes": str(revision + 1)}, revision)
        assert said.json()["saved"] is True
    client.post(page(world), {**PREFILLED, "homes": "99", "rapport-revisjon": "10"})

    [event] = _saves()
    assert event.details == {}
    assert event.actor_id == world.person(WRITER).pk
    versions = [one for one in history(YearlyReport, str(report_of(world).pk)) if one.event_id]
    written = [one for one in versions if one.action == "delivery.report.save"]
    assert len(written) == 11
    assert {one.event_id for one in written} == {str(event.pk)}


def test_a_new_sitting_is_a_new_event(world: World, morning: Any) -> None:
    opened(world)
    client = browser(world.person(WRITER))
    type_in(client, world, {"homes": "1"}, 0)
    morning.shift(SITTING - dt.timedelta(seconds=1))
    type_in(client, world, {"homes": "2"}, 1)
    morning.shift(dt.timedelta(seconds=1))
    type_in(client, world, {"homes": "3"}, 2)

    assert len(_saves()) == 2


def test_two_people_are_two_sittings_also_when_they_take_turns(world: World) -> None:
    opened(world)
    one, other = browser(world.person(WRITER)), browser(colleague(world))
    for turn in range(3):
        type_in(one, world, {"homes": str(turn + 1)}, 2 * turn)
        type_in(other, world, {"worked": f"Vi ringte {turn}."}, 2 * turn + 1, "working")

    assert report_of(world).revision == 6
    assert len(_saves()) == 2


def test_writing_after_something_else_happened_is_a_new_event(world: World, morning: Any) -> None:
    opened(world)
    client = browser(world.person(OFFICE))
    type_in(client, world, {"homes": "1"}, 0)
    YearlyReport.objects.update(state=ReportState.TO_CONFIRM.value)
    morning.shift(dt.timedelta(minutes=1))
    reports.take_back(report=report_of(world), actor=world.person(OFFICE), now=timezone.now())
    morning.shift(dt.timedelta(minutes=1))
    type_in(client, world, {"homes": "2"}, 2)

    assert len(_saves()) == 2


def test_neither_event_nor_log_holds_what_was_written(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    opened(world)
    client = browser(world.person(WRITER))

    with caplog.at_level(logging.DEBUG):
        type_in(client, world, {"worked": "plantetverdi"}, 0, "working")
        type_in(client, world, {"homes": "plantetverdi"}, 1)
        type_in(client, world, {"worked": "plantetverdi to"}, 0, "working")

    assert "plantetverdi" in str(report_of(world).answers)
    lines = [
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    ]
    assert not [line for line in lines if "plantetverdi" in line]
    assert "plantetverdi" not in str(list(Event.objects.values_list("details", "about_name")))
