"""Both sides plan meetings, the office writes the minutes, and the municipality comments on them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sloyfe.comments.rules import Outcome
from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible
from sloyfe.delivery.actions import meetings
from sloyfe.delivery.models import Meeting, Need
from sloyfe.delivery.queries.meetings import what_waits
from sloyfe.delivery.rules.agreements import MeetingKind, MeetingState
from sloyfe.home.queries.waiting import came_back, waiting
from tests.cast import NOW, TODAY, World
from tests.delivery import ladder

pytestmark = pytest.mark.django_db
WRONG_SIDES = ["regional_office_sor", "municipality_in_programme", "owner", "partner", "stranger"]


def hold(meeting: Meeting, **more: Any) -> Meeting:
    values: dict[str, Any] = {
        "present": "programleder",
        "minutes": "Vi snakket.",
        "agreed": "",
        "revision": meeting.revision,
        "actor": None,
    }
    return meetings.hold_meeting(meeting=meeting, now=NOW, **(values | more))


@pytest.mark.parametrize("role", ["municipality", ladder.OFFICE])
def test_both_sides_plan_a_meeting(world: World, role: str) -> None:
    assert ladder.meeting(world, actor=role).office == world.regions["nord"].office


@pytest.mark.parametrize("role", WRONG_SIDES)
def test_nobody_else_plans_or_writes_about_it(world: World, role: str) -> None:
    person = world.person(role)
    meeting = ladder.meeting(world)

    with pytest.raises(NotAllowed):
        ladder.meeting(world, actor=role)
    with pytest.raises(NotAllowed):
        hold(meeting, actor=person)
    with pytest.raises(NotAllowed):
        meetings.cancel_meeting(meeting=meeting, reason="Nei", actor=person, now=NOW)
    with pytest.raises(NotAllowed):
        meetings.comment_on_meeting(meeting=meeting, text="Hei", actor=person, now=NOW)


def test_the_office_writes_the_minutes_not_the_municipality(world: World) -> None:
    meeting = ladder.meeting(world)

    with pytest.raises(NotAllowed, match="office_writes_minutes"):
        hold(meeting, actor=world.person("municipality"))
    assert hold(meeting, actor=world.person(ladder.OFFICE)).state == MeetingState.HELD


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"minutes": " "}, "minutes_missing"),
        ({"present": ""}, "present_missing"),
        ({"minutes": "x" * 8001}, "text_too_long"),
        ({"agreed": "a\x00"}, "text_unreadable"),
    ],
)
def test_minutes_that_say_too_little_or_too_much_are_refused(
    world: World, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(NotPossible, match=code):
        hold(ladder.meeting(world), **more)


def test_minutes_are_not_written_before_the_day(world: World) -> None:
    meeting = ladder.meeting(world, on=TODAY + dt.timedelta(days=1))

    with pytest.raises(NotPossible, match="meeting_lies_ahead"):
        hold(meeting)


def test_a_held_meeting_is_neither_moved_cancelled_nor_held_again(world: World) -> None:
    meeting = ladder.held(world)

    with pytest.raises(NotPossible, match="meeting_cannot_move"):
        hold(meeting)
    with pytest.raises(NotPossible, match="meeting_cannot_move"):
        meetings.cancel_meeting(meeting=meeting, reason="Nei", actor=None, now=NOW)


def test_minutes_are_corrected_by_the_office_and_only_once_read(world: World) -> None:
    meeting = ladder.held(world)
    values: dict[str, Any] = {"present": "rådgiver", "minutes": "Rettet.", "agreed": ""}

    mended = meetings.mend_minutes(
        meeting=meeting,
        revision=meeting.revision,
        actor=world.person(ladder.OFFICE),
        now=NOW,
        **values,
    )

    assert mended.minutes == "Rettet."
    with pytest.raises(ChangedMeanwhile):
        meetings.mend_minutes(
            meeting=meeting, revision=meeting.revision, actor=None, now=NOW, **values
        )


def test_a_cancelled_meeting_says_why(world: World) -> None:
    meeting = ladder.meeting(world)

    with pytest.raises(NotPossible, match="cancel_says_why"):
        meetings.cancel_meeting(meeting=meeting, reason=" ", actor=None, now=NOW)
    cancelled = meetings.cancel_meeting(
        meeting=meeting, reason="Uvær", actor=world.person("municipality"), now=NOW
    )
    assert (cancelled.state, cancelled.minutes) == (MeetingState.CANCELLED, "Uvær")


def test_the_other_side_answers_a_comment(world: World) -> None:
    meeting = ladder.held(world)
    comment = meetings.comment_on_meeting(
        meeting=meeting, text="Vi savner et punkt.", actor=world.person("municipality"), now=NOW
    )
    answer: dict[str, Any] = {
        "meeting": meeting,
        "comment": comment,
        "outcome": Outcome.FOLLOWED.value,
        "answer": "Tatt inn.",
        "now": NOW,
    }

    with pytest.raises(NotAllowed, match="other_side_answers"):
        meetings.answer_on_meeting(actor=world.person("municipality"), **answer)
    with pytest.raises(NotAllowed, match="only_sides_comment"):
        meetings.answer_on_meeting(actor=world.person("regional_office_sor"), **answer)
    answered = meetings.answer_on_meeting(actor=world.person(ladder.OFFICE), **answer)
    assert answered.outcome == Outcome.FOLLOWED


def _need(world: World, text: str, **more: Any) -> Need:
    values: dict[str, Any] = {
        "programme": world.programme,
        "municipality": world.municipalities[ladder.OWN],
        "channel": "signed_in",
        "state": "received",
        "text": text,
        "written_at": NOW,
        "received_at": NOW,
        "triage_due": TODAY,
    }
    return Need.objects.create(**(values | more))


def test_the_agenda_is_made_from_what_waits_and_is_open_to_both(world: World) -> None:
    _need(world, "Vi trenger hjelp til en plan.")
    _need(world, "Bare for kontoret.", access="internal", legal_ground="offl. § 14")
    _need(world, "Er alt svart.", state="closed")
    plan = ladder.plan(world)
    ladder.measure(world, plan, by_when=TODAY - dt.timedelta(days=1))
    ladder.held(world, on=TODAY - dt.timedelta(days=30))

    waits = what_waits(world.programme.pk, world.municipalities[ladder.OWN].pk, TODAY)

    assert waits.needs == ("Vi trenger hjelp til en plan.",)
    assert [text for text, _by in waits.late] == ["Kartlegge hvem som venter"]
    assert waits.agreed == ("Kontoret sender eksempler", "Kommunen svarer i mai")


def test_the_first_page_tells_of_meetings_and_missing_minutes(world: World) -> None:
    ladder.meeting(world, on=TODAY + dt.timedelta(days=5))
    ladder.meeting(world, on=TODAY - dt.timedelta(days=5))

    def lines(role: str) -> list[bool]:
        found = waiting(world.person(role), TODAY)
        return [each.is_late for each in found if "moter" in each.url]

    assert lines("municipality") == [False]
    assert lines(ladder.OFFICE) == [True, False]
    assert lines(ladder.OTHER_OFFICE) == []
    ladder.held(world, on=TODAY)
    assert any("moter" in each.url for each in came_back(world.person("municipality"), TODAY))


def page(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def url(world: World, name: str, *more: object) -> str:
    slug = world.municipalities[ladder.OWN].slug
    return reverse(f"delivery:{name}", args=[world.programme.slug, slug, *more])


def test_the_form_begins_with_the_agenda_and_plans_the_meeting(world: World) -> None:
    _need(world, "Vi trenger hjelp til en plan.")
    client = page(world, "municipality")

    assert (
        "Vi trenger hjelp til en plan." in client.get(url(world, "plan_meeting")).content.decode()
    )
    client.post(url(world, "plan_meeting"), {"kind": "status", "on": "2026-06-01", "agenda": "A"})
    assert Meeting.objects.get().agenda == "A"


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "0001-01-01"},
        {"on": "32.1"},
        {"kind": "fest"},
        {"agenda": "x" * 4001},
        {"place": "\x00"},
    ],
)
def test_a_wrong_form_is_given_back(world: World, wrong: dict[str, str]) -> None:
    data = {"kind": MeetingKind.STATUS.value, "on": "2026-06-01", "agenda": "A"} | wrong

    response = page(world, ladder.OFFICE).post(url(world, "plan_meeting"), data)

    assert response.status_code == 422
    assert not Meeting.objects.exists()


def test_whoever_writes_minutes_second_keeps_the_text(world: World) -> None:
    meeting = ladder.meeting(world)
    stale = {"present": "rådgiver", "minutes": "Min tekst", "agreed": "", "revision": "0"}
    hold(meeting, minutes="Den førstes tekst")

    response = page(world, ladder.OFFICE).post(url(world, "hold_meeting", meeting.pk), stale)

    shown = response.content.decode()
    assert response.status_code == 409
    assert "Min tekst" in shown
    assert "Den førstes tekst" in shown


def test_an_internal_meeting_is_not_the_municipalitys_to_read(world: World) -> None:
    meeting = ladder.held(world)
    Meeting.objects.update(access="internal", legal_ground="offl. § 14")

    assert page(world, "municipality").get(url(world, "meeting", meeting.pk)).status_code == 404
    assert page(world, ladder.OFFICE).get(url(world, "meeting", meeting.pk)).status_code == 200


def test_a_meeting_takes_the_same_queries_with_many_comments(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    meeting = ladder.held(world)
    for number in range(10):
        meetings.comment_on_meeting(
            meeting=meeting,
            text=f"Kommentar {number}",
            actor=world.person("municipality"),
            now=NOW,
        )
    client = page(world, ladder.OFFICE)

    with django_assert_max_num_queries(15):
        response = client.get(url(world, "meeting", meeting.pk))
    assert response.content.decode().count("<article") == 10
