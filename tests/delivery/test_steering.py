"""Matters, the steering dialogue and decisions: asked upwards, kept on top, decided, told back."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from sloyfe.audit.models import Event
from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible
from sloyfe.delivery.actions import matters as actions
from sloyfe.delivery.actions import steering
from sloyfe.delivery.models import AgendaItem, Decision, Matter
from sloyfe.delivery.queries.matters import (
    came_of_municipality,
    came_of_need,
    came_of_report,
    chain_of,
)
from sloyfe.delivery.queries.passage import passages
from sloyfe.delivery.queries.steering import agenda_of
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.steering import AgendaKind, AgendaPlace, agenda_order, moved
from sloyfe.home.queries.waiting import came_back, waiting
from tests.cast import NOW, TODAY, World, make_world
from tests.delivery.cabinet import office
from tests.delivery.upward import (
    asked,
    client_of,
    decide,
    held,
    need,
    planned,
    read,
    report,
    sent,
    url,
    works_also_at,
    written,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]
LATER = TODAY + dt.timedelta(days=60)

_places = st.lists(
    st.builds(
        AgendaPlace,
        key=st.uuids().map(str),
        kind=st.sampled_from(AgendaKind),
        since=st.dates(),
        carried=st.booleans(),
        position=st.none() | st.integers(0, 20),
    ),
    unique_by=lambda place: place.key,
    max_size=12,
)


@given(_places)
def test_what_was_carried_over_stands_on_top_the_oldest_first(places: list[AgendaPlace]) -> None:
    order = agenda_order(places)

    carried = [place for place in order if place.carried]
    assert sorted(order, key=lambda place: place.key) == sorted(places, key=lambda place: place.key)
    assert order[: len(carried)] == carried
    assert [place.since for place in carried] == sorted(place.since for place in carried)


@given(st.lists(st.text(), unique=True, min_size=1), st.data())
def test_moving_loses_no_line_and_never_moves_past_what_was_carried(
    keys: list[str], data: st.DataObject
) -> None:
    fixed = data.draw(st.integers(0, len(keys)))
    key = data.draw(st.sampled_from(keys))

    order = moved(keys, key, up=data.draw(st.booleans()), fixed=fixed)

    assert sorted(order) == sorted(keys)
    assert order[:fixed] == keys[:fixed]


def test_a_matter_is_answered_by_the_office_that_was_asked(world: World) -> None:
    matter = asked(world)

    done = actions.answer_matter(
        matter=matter, answer="Ja, før avtalen.", actor=world.person("owner"), now=NOW
    )

    assert (done.state, done.answered_by) == ("answered", office(world, "owner"))


@pytest.mark.parametrize(
    "role", ["national_lead", "regional_office_sor", "municipality", "partner"]
)
def test_nobody_but_the_office_that_was_asked_answers(world: World, role: str) -> None:
    with pytest.raises(NotAllowed, match="only_the_asked_answers"):
        actions.answer_matter(matter=asked(world), answer="Ja.", actor=world.person(role), now=NOW)


def test_nobody_answers_or_decides_what_they_asked_also_with_two_roles(world: World) -> None:
    matter = asked(world)
    works_also_at(world, "regional_office_nord", "owner")
    person = world.person("regional_office_nord")

    with pytest.raises(NotAllowed, match="not_your_own_matter"):
        actions.answer_matter(matter=matter, answer="Ja.", actor=person, now=NOW)
    with pytest.raises(NotAllowed, match="not_your_own_matter"):
        decide(world, matter, by="regional_office_nord")
    page = client_of(world, "regional_office_nord").get(url(world, "matter", matter.pk))
    assert url(world, "answer_matter", matter.pk) not in page.content.decode()


def test_who_asked_does_not_answer_after_moving_to_the_office_that_was_asked(world: World) -> None:
    matter = asked(world)
    world.people["regional_office_nord"].affiliations.all().delete()
    works_also_at(world, "regional_office_nord", "owner")

    with pytest.raises(NotAllowed, match="not_your_own_matter"):
        decide(world, matter, by="regional_office_nord")


@pytest.mark.parametrize("role", ["municipality", "evaluator", "partner", "auditor"])
def test_only_offices_ask(world: World, role: str) -> None:
    with pytest.raises(NotAllowed, match="only_offices_ask"):
        asked(world, asked_by=office(world, "regional_office_nord"), actor=world.person(role))


def test_nobody_asks_for_an_office_where_they_do_not_work(world: World) -> None:
    with pytest.raises(NotAllowed, match="not_your_office"):
        asked(world, asked_by=office(world, "regional_office_sor"))


@pytest.mark.parametrize(
    ("to", "code"),
    [("regional_office_sor", "cannot_be_asked"), ("municipality", "cannot_be_asked")],
)
def test_matters_go_upwards(world: World, to: str, code: str) -> None:
    with pytest.raises(NotPossible, match=code):
        asked(world, to=to)


def test_an_office_does_not_ask_itself(world: World) -> None:
    with pytest.raises(NotPossible, match="asks_itself"):
        asked(world, by="owner", to="owner")


def test_the_asker_withdraws_with_a_reason_and_nobody_else(world: World) -> None:
    matter = asked(world)

    with pytest.raises(NotAllowed, match="only_the_asker_withdraws"):
        actions.withdraw_matter(
            matter=matter, why="Løst.", actor=world.person("regional_office_sor"), now=NOW
        )
    with pytest.raises(NotPossible, match="withdrawal_needs_reason"):
        actions.withdraw_matter(
            matter=matter, why=" ", actor=world.person("regional_office_nord"), now=NOW
        )
    done = actions.withdraw_matter(
        matter=matter, why="Løst.", actor=world.person("regional_office_nord"), now=NOW
    )
    assert (done.state, done.withdrawn_why) == ("withdrawn", "Løst.")


def test_a_decision_answers_its_matter_in_the_same_breath(world: World) -> None:
    matter = asked(world)

    decision = decide(world, matter)

    matter.refresh_from_db()
    assert (matter.state, matter.answer) == ("answered", decision.text)
    assert Event.objects.filter(action="delivery.decision.make").count() == 1
    assert decision.text not in str(list(Event.objects.values()))


def test_a_decision_is_not_made_twice_on_one_matter(world: World) -> None:
    matter = asked(world)
    decide(world, matter)

    with pytest.raises(ChangedMeanwhile, match="matter_answered_meanwhile"):
        decide(world, matter)

    assert Decision.objects.count() == 1


def test_only_the_owner_decides_what_nobody_asked(world: World) -> None:
    decide(world)

    for role in ("head_office", "national_lead", "regional_office_nord", "municipality"):
        with pytest.raises(NotAllowed, match="only_the_owner_decides"):
            decide(world, by=role)


def test_the_office_that_was_asked_decides_on_its_matter(world: World) -> None:
    matter = asked(world, to="national_lead")

    assert decide(world, matter, by="national_lead").matter == matter


def test_a_decision_is_carried_out_by_somebody_in_the_programme_and_not_before_it_is_made(
    world: World,
) -> None:
    with pytest.raises(NotPossible, match="decision_owner_outside"):
        decide(world, owner=office(world, "stranger"))
    with pytest.raises(NotPossible, match="decision_due_before"):
        decide(world, due_on=TODAY - dt.timedelta(days=1))


def test_the_office_that_carries_it_out_reports_once_how_it_went(world: World) -> None:
    decision = decide(world)

    with pytest.raises(NotAllowed, match="only_the_carrier_reports"):
        actions.finish_decision(
            decision=decision, note="Gjort.", actor=world.person("owner"), now=NOW
        )
    actions.finish_decision(
        decision=decision, note="Ny mal er ute.", actor=world.person("national_lead"), now=NOW
    )
    with pytest.raises(ChangedMeanwhile, match="decision_finished_meanwhile"):
        actions.finish_decision(
            decision=decision, note="Igjen.", actor=world.person("national_lead"), now=NOW
        )


def test_the_agenda_makes_itself_from_what_waits(world: World) -> None:
    matter = asked(world)
    young = asked(world, to="national_lead")  # asked of somebody else, and not for long
    raised = need(world)
    late = decide(world, due_on=TODAY + dt.timedelta(days=5))
    summary = sent(world, None)
    meeting = planned(world, TODAY + dt.timedelta(days=10))
    steering.add_item(
        meeting=meeting, title="Eventuelt", actor=world.person("national_lead"), now=NOW
    )

    lines = agenda_of(meeting, TODAY + dt.timedelta(days=6), is_next=True)

    keys = [line.key for line in lines]
    assert f"matter-{young.pk}" not in keys
    assert set(keys) == {
        f"matter-{matter.pk}",
        f"need-{raised.pk}",
        f"decision-{late.pk}",
        f"summary-{summary.pk}",
        next(key for key in keys if key.startswith("handwritten")),
    }


def test_what_was_asked_of_others_comes_up_when_it_has_waited_long(world: World) -> None:
    matter = asked(world, to="national_lead", on=NOW - dt.timedelta(days=30))

    lines = agenda_of(planned(world), TODAY, is_next=True)

    assert [line.key for line in lines] == [f"matter-{matter.pk}"]


def test_what_got_no_answer_is_carried_over_and_stays_on_top(world: World) -> None:
    first = planned(world, TODAY, LATER)
    old = asked(world, title="Gammel sak")
    held(world, first)
    new = asked(world, title="Ny sak")
    second = first.programme.steering_meetings.get(number=2)
    steering.move_item(
        meeting=second, key=f"matter-{new.pk}", up=True, actor=world.person("owner"), now=NOW
    )

    lines = agenda_of(second, TODAY, is_next=True)

    assert [(line.item.matter_id, line.carried) for line in lines] == [
        (old.pk, True),
        (new.pk, False),
    ]


def test_lines_are_moved_by_those_who_meet_and_taken_away_only_when_written_by_hand(
    world: World,
) -> None:
    meeting = planned(world)
    matter = asked(world)
    item = steering.add_item(
        meeting=meeting, title="Eventuelt", actor=world.person("owner"), now=NOW
    )
    person = world.person("national_lead")

    steering.move_item(meeting=meeting, key=item.key, up=True, actor=person, now=NOW)

    assert [line.key for line in agenda_of(meeting, TODAY, is_next=True)] == [
        item.key,
        f"matter-{matter.pk}",
    ]
    with pytest.raises(NotPossible, match="item_waits_by_itself"):
        steering.remove_item(meeting=meeting, key=f"matter-{matter.pk}", actor=person, now=NOW)
    steering.remove_item(meeting=meeting, key=item.key, actor=person, now=NOW)
    assert not AgendaItem.objects.filter(kind="handwritten").exists()
    with pytest.raises(NotAllowed, match="only_those_who_meet_write"):
        steering.add_item(
            meeting=meeting, title="Mitt", actor=world.person("regional_office_nord"), now=NOW
        )


def test_a_dialogue_is_not_finished_before_its_day_or_without_minutes(world: World) -> None:
    meeting = planned(world, TODAY, LATER)

    with pytest.raises(NotPossible, match="meeting_needs_minutes"):
        steering.hold_meeting(meeting=meeting, actor=world.person("owner"), now=NOW)
    with pytest.raises(NotPossible, match="meeting_not_yet"):
        steering.hold_meeting(
            meeting=meeting.programme.steering_meetings.get(number=2),
            actor=world.person("owner"),
            now=NOW,
        )


def test_after_it_is_held_its_papers_stand(world: World) -> None:
    done = held(world, planned(world))

    with pytest.raises(NotPossible, match="meeting_is_over"):
        steering.write_minutes(
            meeting=done,
            minutes="Noe annet",
            notes={},
            revision=1,
            actor=world.person("owner"),
            now=NOW,
        )
    with pytest.raises(NotPossible, match="dialogue_cannot_move"):
        steering.cancel_meeting(meeting=done, why="Nei", actor=world.person("owner"), now=NOW)


def test_minutes_are_not_written_over_and_the_late_writer_keeps_the_text(world: World) -> None:
    meeting = planned(world)
    address = url(world, "write_minutes", meeting.number)
    client_of(world, "owner").post(address, {"revision": "0", "minutes": "Eierens referat"})

    answer = client_of(world, "national_lead").post(
        address, {"revision": "0", "minutes": "Fagansvarets referat"}
    )

    assert answer.status_code == 409
    assert "Fagansvarets referat" in answer.content.decode()
    meeting.refresh_from_db()
    assert meeting.minutes == "Eierens referat"


def test_the_owner_sees_what_it_has_answered_and_decided(world: World) -> None:
    matter = asked(world)
    decide(world, matter)
    actions.answer_matter(
        matter=asked(world, title="Hvem har tid?"),
        answer="Region Nord har tid.",
        actor=world.person("owner"),
        now=NOW,
    )

    owner = client_of(world, "owner").get(url(world, "passage")).content.decode()
    lead = client_of(world, "national_lead").get(url(world, "passage")).content.decode()

    assert "Dette har vi svart på og bestemt" in owner
    assert "Ingenting er sendt ennå" not in owner
    assert "Region Nord har tid." in owner
    assert "Faktaarket kommer før avtalen." in owner
    assert "Region Nord har tid." not in lead


def test_deciding_in_the_dialogue_keeps_the_line_in_the_minutes(world: World) -> None:
    meeting = planned(world)
    matter = asked(world)
    client = client_of(world, "owner")

    answer = client.post(
        f"{url(world, 'decide_in_meeting', meeting.number)}?sak={matter.pk}",
        {
            "text": "Faktaarket kommer før avtalen.",
            "owner": office(world, "national_lead").pk,
            "due_on": LATER.isoformat(),
        },
    )
    client.post(
        url(world, "write_minutes", meeting.number),
        {"revision": "0", "minutes": "Til stede: begge.", f"note-matter-{matter.pk}": "Enige."},
    )
    client.post(url(world, "hold_dialogue", meeting.number))

    assert answer.status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == "held"
    page = client.get(url(world, "steering_meeting", meeting.number)).content.decode()
    assert "Faktaarket kommer før avtalen." in page
    chain = chain_of(Matter.objects.get(), world.person("owner"), TODAY)
    assert [len(chain.agenda), len(chain.decisions)] == [1, 1]


def test_a_municipality_sees_what_came_of_its_report_and_need_and_nothing_internal(
    world: World,
) -> None:
    mine = report(world, "X104")
    wanted = need(world, "X104")
    other = report(world, "X101")
    matter = asked(world, reports=[mine, other])
    asked(world, need=wanted, title="Rådgiver")
    asked(world, reports=[mine], access=Access.INTERNAL, legal_ground="offl. § 14")
    decide(world, matter)
    person = world.person("municipality_in_programme")

    chain = chain_of(matter, person, TODAY)

    assert [each.matter for each in came_of_report(mine, person, TODAY)] == [matter]
    assert [each.matter.title for each in came_of_need(wanted, person, TODAY)] == ["Rådgiver"]
    municipality = world.municipalities["X104"]
    assert len(came_of_municipality(world.programme, municipality, person, TODAY)) == 2
    assert ([each.pk for each in chain.reports], chain.hidden) in (
        ([mine.pk], 1),
        ([other.pk, mine.pk], 0),  # an answered report that is public is read by all who take part
    )
    assert len(chain.decisions) == 1
    assert not came_of_report(other, world.person("municipality"), TODAY)
    assert client_of(world, "municipality").get(url(world, "matter", matter.pk)).status_code == 404
    page = client_of(world, "municipality_in_programme").get(url(world, "passage"))
    assert "Skal faktaarket komme før avtalen?" in page.content.decode()


def test_every_level_sees_what_it_sent_and_what_came_back(world: World) -> None:
    report(world, "X104")
    asked(world)
    sent(world)
    written(world, "sor")

    def kinds(role: str) -> list[str]:
        return sorted(str(row.kind) for row in passages(world.programme, world.person(role), TODAY))

    assert kinds("municipality_in_programme") == ["report"]
    assert kinds("municipality") == []
    assert kinds("regional_office_nord") == ["matter", "summary"]
    assert kinds("regional_office_sor") == []
    assert kinds("owner") == []


def test_what_waits_stands_on_the_start_page_and_what_came_back_too(world: World) -> None:
    matter = asked(world)
    planned(world, TODAY + dt.timedelta(days=3))
    read(world)

    owner = [line.text for line in waiting(world.person("owner"), TODAY)]
    lead = [line.text for line in waiting(world.person("national_lead"), TODAY)]
    decision = decide(world, matter)
    asker = [line.text for line in came_back(world.person("regional_office_nord"), TODAY)]
    carrier = [line for line in waiting(world.person("national_lead"), TODAY) if line.due == LATER]

    assert any(matter.title in text for text in owner)
    assert any("Nord" in text for text in lead)
    assert any(matter.title in text for text in asker)
    assert len(carrier) == 1
    assert decision.text[:20] in carrier[0].text


@pytest.mark.parametrize(
    "name", ["matters", "matter", "decisions", "steering", "steering_meeting", "passage"]
)
def test_the_pages_ask_the_database_as_often_with_ten_times_as_much(
    world: World, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    reports = [report(world, code) for code in ("X101", "X102", "X103", "X104")]
    for at in range(20):
        matter = asked(world, reports=reports, title=f"Sak {at}")
        if at % 2:
            decide(world, matter)
        need(world, "X104")
    meeting = planned(world, TODAY, LATER)
    for _each in range(10):
        steering.add_item(meeting=meeting, title="Punkt", actor=world.person("owner"), now=NOW)
    more = {"matter": [matter.pk], "steering_meeting": [meeting.number]}.get(name, [])
    client = client_of(world, "regional_office_nord" if name == "passage" else "owner")

    with django_assert_max_num_queries(15):
        assert client.get(url(world, name, *more)).status_code == 200


@pytest.mark.parametrize("role", ["owner", "national_lead"])
def test_what_was_sent_and_settled_asks_little_of_those_who_lead(
    world: World, role: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sent(world, None)
    for by, to in (("national_lead", "owner"), ("regional_office_nord", "owner")):
        matter = asked(world, by=by, to=to, title=f"Fra {by}")
        decide(world, matter)

    client = client_of(world, role)

    with django_assert_max_num_queries(15):
        assert client.get(url(world, "passage")).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "\x00"), ("title", "x" * 400), ("addressed_to", "99999999999999")],
)
def test_bad_input_gives_a_page_that_says_what_is_wrong(
    world: World, field: str, value: str
) -> None:
    data = {
        "kind": "decision_wanted",
        "title": "Sak",
        "text": "Tekst",
        "access": "public",
        "addressed_to": str(office(world, "owner").pk),
    }

    answer = client_of(world, "regional_office_nord").post(
        url(world, "ask_matter"), data | {field: value}
    )

    assert answer.status_code == 422
    assert not Matter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_a_matter_at_once_one_wins_and_the_other_keeps_the_text(
    transactional_db: None,
) -> None:
    world = make_world()
    matter = asked(world)
    clients = [client_of(world, "owner") for _each in range(2)]
    barrier = Barrier(2)

    def answer(at: int) -> tuple[int, str]:
        try:
            barrier.wait()
            done = clients[at].post(
                url(world, "answer_matter", matter.pk), {"answer": f"Svar nummer {at}"}
            )
            return done.status_code, done.content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(answer, range(2)))

    assert sorted(status for status, _page in found) == [302, 409]
    loser = next(at for at, (status, _page) in enumerate(found) if status == 409)
    assert f"Svar nummer {loser}" in found[loser][1]
    matter.refresh_from_db()
    assert matter.answer == f"Svar nummer {1 - loser}"
