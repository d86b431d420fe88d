"""The head office: reads what the owner reads, meets in the steering dialogue, decides on what it was asked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.actions import matters, needs, steering, summaries
from sloyfe.delivery.models import Decision, Matter, Summary
from sloyfe.delivery.permissions.documents import may_set_access
from sloyfe.delivery.permissions.matters import check_may_drop_decision
from sloyfe.delivery.queries.steering import agenda_of, carriers
from sloyfe.home.queries.waiting import came_back, waiting
from sloyfe.programme.models import Participation
from tests.cast import NOW, TODAY, World
from tests.delivery import needing
from tests.delivery.cabinet import office
from tests.delivery.upward import asked, planned, read, works_also_at

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]
LATER = TODAY + dt.timedelta(days=60)
HEAD = "head_office"


def url(world: World, name: str, *more: object) -> str:
    return reverse(f"delivery:{name}", args=[world.programme.slug, *more])


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def decide(world: World, matter: Matter | None, by: str, carries: str = HEAD) -> Decision:
    return matters.decide(
        programme=world.programme,
        matter=matter,
        text="Kontoret får en stilling til.",
        owner=office(world, carries),
        due_on=LATER,
        actor=world.person(by),
        now=NOW,
    )


# What is asked of it


@pytest.mark.parametrize("by", ["owner", "national_lead", "regional_office_nord"])
def test_what_the_head_office_is_asked_stands_on_the_next_agenda_at_once(
    world: World, by: str
) -> None:
    matter = asked(world, by=by, to=HEAD)

    lines = agenda_of(planned(world), TODAY, is_next=True)

    assert [line.key for line in lines] == [f"matter-{matter.pk}"]


def test_the_head_office_decides_on_what_it_was_asked_and_the_owner_does_not(world: World) -> None:
    matter = asked(world, by="national_lead", to=HEAD)

    with pytest.raises(NotAllowed, match="only_the_owner_decides"):
        decide(world, matter, by="owner")
    decision = decide(world, matter, by=HEAD)

    matter.refresh_from_db()
    assert (matter.state, matter.answer) == ("answered", decision.text)
    assert matter.answered_by == office(world, HEAD)


def test_the_head_office_decides_nothing_in_the_place_of_the_owner(world: World) -> None:
    for matter in (None, asked(world), asked(world, to="national_lead")):
        with pytest.raises(NotAllowed, match="only_the_owner_decides"):
            decide(world, matter, by=HEAD)
    with pytest.raises(NotAllowed, match="only_the_asked_answers"):
        matters.answer_matter(matter=asked(world), answer="Ja.", actor=world.person(HEAD), now=NOW)


def test_the_head_office_does_not_answer_the_national_summary(world: World) -> None:
    summary = read(world, None)

    with pytest.raises(NotAllowed, match="only_the_receiver_answers"):
        summaries.answer_summary(summary=summary, answer="Takk.", actor=world.person(HEAD), now=NOW)

    assert Summary.objects.visible_to(world.person(HEAD), TODAY).get() == summary


def test_nobody_decides_for_the_head_office_what_they_asked_it(world: World) -> None:
    matter = asked(world, by="national_lead", to=HEAD)
    works_also_at(world, "national_lead", HEAD)

    with pytest.raises(NotAllowed, match="not_your_own_matter"):
        decide(world, matter, by="national_lead")


def test_the_head_office_asks_the_owner_and_hears_the_answer(world: World) -> None:
    matter = asked(world, by=HEAD, to="owner")

    matters.answer_matter(matter=matter, answer="Ja.", actor=world.person("owner"), now=NOW)

    assert any(matter.title in line.text for line in came_back(world.person(HEAD), TODAY))


# The dialogue


def test_the_head_office_puts_items_on_the_agenda_and_writes_minutes(world: World) -> None:
    meeting = planned(world)
    asked(world, by="national_lead", to=HEAD)
    client = client_of(world, HEAD)

    client.post(url(world, "add_agenda_item", meeting.number), {"title": "Bemanning"})
    client.post(
        url(world, "write_minutes", meeting.number),
        {"revision": "0", "minutes": "Til stede: alle tre."},
    )

    page = client.get(url(world, "steering_meeting", meeting.number)).content.decode()
    assert "Bemanning" in page
    assert "Nasjonalt fagansvar spør Hovedkontoret" in page
    assert "Til stede: alle tre." in page


def test_in_the_dialogue_each_is_led_to_decide_on_their_own_matters(world: World) -> None:
    meeting = planned(world)
    ours, theirs = asked(world, by="national_lead", to=HEAD), asked(world, by="national_lead")

    def led_to(role: str) -> set[int]:
        page = client_of(world, role).get(url(world, "steering_meeting", meeting.number))
        way = url(world, "decide_in_meeting", meeting.number)
        return {
            matter.pk
            for matter in (ours, theirs)
            if f"{way}?sak={matter.pk}" in page.content.decode()
        }

    assert led_to(HEAD) == {ours.pk}
    assert led_to("owner") == {theirs.pk}
    assert led_to("national_lead") == set()


def test_the_head_office_decides_in_the_dialogue(world: World) -> None:
    meeting = planned(world)
    matter = asked(world, by="national_lead", to=HEAD)

    answer = client_of(world, HEAD).post(
        f"{url(world, 'decide_in_meeting', meeting.number)}?sak={matter.pk}",
        {
            "text": "Kontoret får en stilling til.",
            "owner": office(world, HEAD).pk,
            "due_on": LATER.isoformat(),
        },
    )

    assert answer.status_code == 302
    assert Decision.objects.get().meeting == meeting


def test_the_head_office_plans_no_dialogue_and_cancels_none(world: World) -> None:
    meeting = planned(world)
    person = world.person(HEAD)

    with pytest.raises(NotAllowed, match="only_the_owner_plans"):
        steering.plan_meetings(programme=world.programme, days=[LATER], actor=person, now=NOW)
    with pytest.raises(NotAllowed, match="only_the_owner_plans"):
        steering.cancel_meeting(meeting=meeting, why="Nei.", actor=person, now=NOW)


def test_a_dialogue_with_many_matters_for_the_head_office_asks_the_database_no_more(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    meeting = planned(world)
    for at in range(20):
        asked(world, by="national_lead", to=HEAD, title=f"Sak {at}")

    client = client_of(world, "owner")
    with django_assert_max_num_queries(20):
        client.get(url(world, "steering_meeting", meeting.number))


# Decisions


def test_the_head_office_carries_out_a_decision_and_reports_it(world: World) -> None:
    decision = decide(world, None, by="owner")

    assert office(world, HEAD) in carriers(world.programme, TODAY)
    assert [line.due for line in waiting(world.person(HEAD), TODAY)] == [LATER]
    done = matters.finish_decision(
        decision=decision, note="Stillingen er lyst ut.", actor=world.person(HEAD), now=NOW
    )
    assert done.state == "done"


def test_a_decision_is_dropped_by_whoever_stands_above_it(world: World) -> None:
    theirs = decide(world, asked(world), by="owner")
    ours = decide(world, asked(world, by="national_lead", to=HEAD), by=HEAD)
    owner, head = world.person("owner"), world.person(HEAD)

    for person, decision in ((owner, ours), (head, theirs), (world.person("national_lead"), ours)):
        with pytest.raises(NotAllowed, match="only_the_owner_drops"):
            check_may_drop_decision(person, decision, TODAY)
    matters.drop_decision(decision=ours, why="Løst på annen måte.", actor=head, now=NOW)
    matters.drop_decision(decision=theirs, why="Løst på annen måte.", actor=owner, now=NOW)

    assert set(Decision.objects.values_list("state", flat=True)) == {"dropped"}


# Needs


def test_nasjonalt_fagansvar_takes_a_need_to_the_owner_or_to_the_head_office(world: World) -> None:
    need = needing.raised(world)
    address = url(world, "need_act", need.pk, "til-eier")
    client = client_of(world, "national_lead")

    page = client.get(address).content.decode()
    answer = client.post(
        address,
        {
            "revision": str(need.revision),
            "title": "Flere folk",
            "text": "Kontoret har for få.",
            "proposal": "",
            "addressed_to": str(office(world, HEAD).pk),
        },
    )

    assert f'<option value="{office(world, "owner").pk}" selected' in page
    assert answer.status_code == 302
    assert Matter.objects.get().addressed_to == office(world, HEAD)
    assert "Hovedkontoret" in client.get(url(world, "need", need.pk)).content.decode()


def test_a_need_is_taken_to_nobody_else(world: World) -> None:
    need = needing.raised(world)

    with pytest.raises(NotPossible, match="cannot_be_asked"):
        needs.raise_to_owner(
            need=need,
            revision=need.revision,
            title="Flere folk",
            text="Kontoret har for få.",
            proposal="",
            addressed_to=office(world, "regional_office_nord"),
            actor=world.person("national_lead"),
            now=NOW,
        )

    assert not Matter.objects.exists()


def test_where_there_is_no_head_office_nobody_has_to_choose_whom_to_ask(world: World) -> None:
    Participation.objects.filter(capacity="head_office").delete()
    need = needing.raised(world)
    address = url(world, "need_act", need.pk, "til-eier")
    client = client_of(world, "national_lead")

    page = client.get(address).content.decode()
    client.post(
        address,
        {"revision": str(need.revision), "title": "Folk", "text": "For få.", "proposal": ""},
    )

    assert "addressed_to" not in page
    assert Matter.objects.get().addressed_to == office(world, "owner")


# The start page, and who reads


def test_what_waits_for_the_head_office_stands_on_its_start_page(world: World) -> None:
    matter = asked(world, by="national_lead", to=HEAD)
    meeting = planned(world, TODAY + dt.timedelta(days=3))

    page = client_of(world, HEAD).get(reverse("home:start")).content.decode()

    assert matter.title in page
    assert url(world, "matter", matter.pk) in page
    assert url(world, "steering_meeting", meeting.number) in page


def test_the_head_office_says_who_reads_what_it_was_asked_and_not_what_others_keep(
    world: World,
) -> None:
    person = world.person(HEAD)

    assert may_set_access(person, asked(world, to=HEAD), TODAY)
    assert not may_set_access(person, asked(world), TODAY)
    assert not may_set_access(person, planned(world), TODAY)
