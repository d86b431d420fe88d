"""The days of steering dialogues: planned, moved, told of, finished, and what goes on to the next."""

from __future__ import annotations

import datetime as dt

import pytest

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.actions import steering
from sloyfe.delivery.actions.day_letters import letter_values, send_day_letter
from sloyfe.delivery.models import SteeringMeeting
from sloyfe.delivery.queries.steering import agenda_of
from sloyfe.letters.models import Letter
from sloyfe.programme.models import OfficeCapacity, YearDate
from sloyfe.render import numbers
from tests.cast import NOW, TODAY, World
from tests.delivery.cabinet import office
from tests.delivery.upward import (
    asked,
    client_of,
    planned,
    url,
)
from tests.wording import write_letters

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]
LATER = TODAY + dt.timedelta(days=60)


def test_dialogues_are_planned_ahead_by_the_owner_one_a_day(world: World) -> None:
    planned(world, TODAY, LATER)

    with pytest.raises(NotPossible, match="meeting_same_day"):
        planned(world, LATER)
    with pytest.raises(NotPossible, match="meeting_in_the_past"):
        planned(world, TODAY - dt.timedelta(days=1))
    with pytest.raises(NotAllowed, match="only_the_owner_plans"):
        steering.plan_meetings(
            programme=world.programme,
            days=[LATER + dt.timedelta(days=1)],
            actor=world.person("national_lead"),
            now=NOW,
        )


def _told(meeting: SteeringMeeting) -> list[str]:
    return sorted(Letter.objects.filter(about_id=str(meeting.pk)).values_list("code", flat=True))


def test_a_dialogue_inside_the_year_needs_a_reason_and_is_told_to_those_who_take_part(
    world: World,
) -> None:
    write_letters()
    owner = world.person("owner")
    plan = {"programme": world.programme, "days": [LATER], "actor": owner, "now": NOW}
    with pytest.raises(NotPossible, match="dialogue_needs_reason"):
        steering.plan_meetings(**plan)

    [meeting] = steering.plan_meetings(**plan, reason="Kommunene venter på svar.")

    addresses = set(Letter.objects.values_list("recipient", flat=True))
    assert addresses == {world.person(role).email for role in ("national_lead", "head_office")}
    day = LATER + dt.timedelta(days=1)
    with pytest.raises(NotPossible, match="dialogue_needs_reason"):
        steering.move_meeting(meeting=meeting, on=day, actor=owner, now=NOW)
    later = NOW + dt.timedelta(hours=1)
    moved_one = steering.move_meeting(
        meeting=meeting, on=day, reason="Departementet kan ikke.", actor=owner, now=later
    )
    assert moved_one.moved_from == LATER
    assert _told(meeting) == ["date_moved"] * 2 + ["date_new"] * 2
    steering.cancel_meeting(meeting=moved_one, why="Ingenting venter.", actor=owner, now=later)
    assert _told(meeting).count("date_cancelled") == 2


def test_a_dialogue_more_than_a_year_ahead_is_planned_without_a_reason_or_letters(
    world: World,
) -> None:
    far = TODAY + dt.timedelta(days=400)

    [meeting] = steering.plan_meetings(
        programme=world.programme, days=[far], actor=world.person("owner"), now=NOW
    )

    assert not _told(meeting)


def test_a_letter_says_the_newest_day_and_one_that_a_newer_tells_of_is_not_sent(
    world: World,
) -> None:
    write_letters()
    owner, later = world.person("owner"), NOW + dt.timedelta(hours=1)
    [meeting] = steering.plan_meetings(
        programme=world.programme, days=[LATER], reason="Fordi.", actor=owner, now=NOW
    )
    day = LATER + dt.timedelta(days=1)
    steering.move_meeting(meeting=meeting, on=day, reason="Nytt.", actor=owner, now=later)
    old, new = (
        Letter.objects.filter(about_id=str(meeting.pk), code=code)[0]
        for code in ("date_new", "date_moved")
    )

    assert send_day_letter(letter_id=str(old.pk), now=later) is None
    meeting.refresh_from_db()
    values = letter_values(meeting, new, TODAY)

    old.refresh_from_db()
    assert old.state == "cancelled"
    assert values["title"] == f"Styringsdialog {meeting.number}"
    assert (values["day"], values["old_day"]) == (numbers.date(day), numbers.date(LATER))
    assert values["reason"] == "Nytt."
    assert values["organisation"]


def test_planning_the_same_day_twice_and_without_a_reason_is_said_at_the_fields(
    world: World,
) -> None:
    day = LATER.isoformat()

    page = client_of(world, "owner").post(
        url(world, "plan_dialogues"), {"day_1": day, "day_2": day}
    )

    text = page.content.decode()
    assert page.status_code == 422
    assert "samme dagen to ganger" in text
    assert "Mindre enn ett år er igjen" in text
    assert "er allerede planlagt" not in text


def test_what_was_written_by_hand_and_is_not_settled_stands_on_top_of_the_next_agenda(
    world: World,
) -> None:
    first = planned(world)
    items = [
        steering.add_item(meeting=first, title=title, actor=world.person("owner"), now=NOW)
        for title in ("Budsjett for 2028", "Nytt navn")
    ]
    steering.write_minutes(
        meeting=first,
        minutes="Alle møtte.",
        notes={},
        revision=0,
        actor=world.person("owner"),
        now=NOW,
    )
    matter = asked(world)
    client = client_of(world, "owner")
    address = url(world, "hold_dialogue", first.number)

    shown = client.get(address).content.decode()
    first.refresh_from_db()
    assert first.held_at is None  # it asks first
    assert matter.title in shown
    client.post(address, {"goes_on": [items[0].key]})

    second = planned(world, LATER)
    third = agenda_of(second, TODAY, is_next=True)
    assert [line.item.title for line in third if line.item.title] == ["Budsjett for 2028"]
    assert [line.carried for line in third if line.item.title] == [True]
    steering.cancel_meeting(meeting=second, why="Eieren er syk.", actor=None, now=NOW)
    last = planned(world, LATER + dt.timedelta(days=7))
    again = agenda_of(last, TODAY, is_next=True)
    assert [line.item.title for line in again if line.item.title] == ["Budsjett for 2028"]


def test_the_agenda_tells_of_the_time_in_the_year_of_the_dialogue(world: World) -> None:
    after = TODAY.year + 1
    lead = office(world, "national_lead")
    OfficeCapacity.objects.create(programme=world.programme, organisation=lead, year=after, days=1)
    YearDate.objects.create(
        programme=world.programme,
        code="samling",
        title={"nb": "Samling"},
        kind="gathering",
        starts_on=dt.date(after, 3, 1),
        roles=["national_lead"],
        effort_days=5,
        changed_at=NOW,
    )
    this_year, next_year = planned(world, TODAY), planned(world, dt.date(after, 1, 12))
    client = client_of(world, "owner")

    pages = [
        client.get(url(world, "steering_meeting", each.number)).content.decode()
        for each in (this_year, next_year)
    ]

    assert "enn det har tid til" not in pages[0]
    assert f"mer i {after} enn det har tid til: {lead.name}" in pages[1]
    assert f"?ar={after}" in pages[1]


def test_saving_the_minutes_promises_no_comment_of_a_municipality(world: World) -> None:
    meeting = planned(world)

    page = client_of(world, "owner").post(
        url(world, "write_minutes", meeting.number),
        {"revision": "0", "minutes": "Alle møtte."},
        follow=True,
    )

    assert "Referatet er lagret." in page.content.decode()
    assert "Kommunen kan kommentere" not in page.content.decode()
