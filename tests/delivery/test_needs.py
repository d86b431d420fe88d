"""The life of a need: who does what with it, in which order, and what is kept."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.audit.models import Event
from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible, Refused
from sloyfe.delivery.actions import needs
from sloyfe.delivery.models import Decision, Need
from sloyfe.delivery.queries.needs import need_list, receiver_of, went_up
from sloyfe.delivery.rules.need_links import Purpose, need_token, read_need_token
from sloyfe.delivery.rules.needs import (
    ANSWER_STANDS,
    CLOSED_AFTER,
    NEED_MOVES,
    TRIAGE_WITHIN,
    NeedState,
    StepState,
    is_overdue,
    way_of,
)
from sloyfe.delivery.rules.steering import MatterState
from sloyfe.organisations.models import Affiliation
from sloyfe.programme.models import Participation, Region
from tests.cast import NOW, START, TODAY, World, make_world
from tests.delivery import needing
from tests.wording import write_letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.KEYS = tmp_path / "keys"
    write_letters()
    return make_world()


def test_a_need_comes_to_the_office_of_the_region_with_a_day_to_be_looked_at(world: World) -> None:
    need = needing.said(world)

    assert need.office == world.regions["nord"].office
    assert (need.state, need.triage_due) == ("received", TODAY + TRIAGE_WITHIN)
    assert need.contact_email == world.people["municipality"].email


def test_a_need_whose_region_has_no_office_comes_to_nasjonalt_fagansvar(world: World) -> None:
    Region.objects.filter(code="nord").update(office=None)

    office = receiver_of(world.programme, world.municipalities["X102"], TODAY)

    assert office is not None
    assert office.slug == "test-national-lead"


def test_a_programme_that_has_ended_receives_nothing(world: World) -> None:
    Participation.objects.exclude(capacity="municipality").update(valid_to=TODAY)

    with pytest.raises(NotPossible, match="nobody_receives"):
        needing.said(world)


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("regional_office_sor", "X102"),
        ("municipality", "X104"),
        ("evaluator", "X102"),
        ("stranger", "X102"),
        ("national_lead", "X102"),
    ],
)
def test_others_than_the_municipality_and_its_office_cannot_say_its_needs(
    world: World, role: str, code: str
) -> None:
    with pytest.raises(NotAllowed):
        needs.say_need(
            programme=world.programme,
            municipality=world.municipalities[code],
            text=needing.TEXT,
            actor=world.person(role),
            now=NOW,
        )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  \n ", "delivery.need.empty"),
        ("a" * 4001, "delivery.need.too_long"),
        ("før\x00etter", "delivery.need.unreadable"),
        ("før\ud800etter", "delivery.need.unreadable"),
    ],
)
def test_text_that_cannot_be_kept_is_refused_in_words(world: World, text: str, code: str) -> None:
    with pytest.raises(NotPossible) as refusal:
        needing.said(world, text=text)

    assert refusal.value.code == code
    assert not Need.objects.exists()


def test_the_office_says_who_does_what_and_answers(world: World) -> None:
    need = needing.triaged(world)
    assert need.state == NeedState.IN_WORK

    need = needs.answer(
        need=need,
        revision=need.revision,
        text="Vi kommer på torsdag.",
        is_met=True,
        actor=world.person("regional_office_nord"),
        now=NOW,
    )

    assert (need.state, need.is_met, need.answered_by) == ("answered", True, need.office)


@pytest.mark.parametrize(
    "role", ["regional_office_sor", "owner", "municipality", "national_lead", "evaluator"]
)
def test_nobody_but_the_office_of_the_region_looks_at_or_answers_a_need(
    world: World, role: str
) -> None:
    need = needing.said(world)
    person = world.person(role)

    with pytest.raises(NotAllowed):
        needs.triage(need=need, revision=0, note="x", actor=person, now=NOW)
    with pytest.raises(NotAllowed):
        needs.answer(need=need, revision=0, text="x", is_met=True, actor=person, now=NOW)
    with pytest.raises(NotAllowed):
        needs.raise_need(need=need, revision=0, why="x", actor=person, now=NOW)


def test_nobody_handles_what_their_own_municipality_wrote(world: World) -> None:
    need = needing.said(world)
    office = world.regions["nord"].office
    assert office is not None
    Affiliation.objects.create(
        person=world.people["municipality"], organisation=office, valid_from=START
    )

    with pytest.raises(NotAllowed, match="own_municipality"):
        needs.triage(need=need, revision=0, note="x", actor=world.person("municipality"), now=NOW)


def test_what_the_region_cannot_meet_goes_up_with_a_reason_and_stays_visible(world: World) -> None:
    need = needing.raised(world)
    lead = world.person("national_lead")
    with pytest.raises(NotAllowed, match="only_national_lead"):
        needs.answer(
            need=need,
            revision=need.revision,
            text="x",
            is_met=True,
            actor=world.person("regional_office_nord"),
            now=NOW,
        )

    need = needs.answer(
        need=need, revision=need.revision, text="Ikke i år.", is_met=False, actor=lead, now=NOW
    )

    assert need.answered_by is not None
    assert need.answered_by.slug == "test-national-lead"
    for role in ("owner", "national_lead"):
        assert list(need_list(world.person(role), world.programme, TODAY, unmet=True)) == [need]


def test_raising_without_a_reason_is_refused(world: World) -> None:
    need = needing.said(world)

    with pytest.raises(NotPossible, match="say_something"):
        needs.raise_need(
            need=need, revision=0, why=" ", actor=world.person("regional_office_nord"), now=NOW
        )


def test_an_answer_that_meets_the_need_cannot_be_raised_and_one_that_does_not_can(
    world: World,
) -> None:
    office = world.person("regional_office_nord")
    met = needing.answered(world)
    with pytest.raises(NotPossible, match="answered_as_met"):
        needs.raise_need(need=met, revision=met.revision, why="x", actor=office, now=NOW)

    unmet = needing.answered(world, is_met=False)
    unmet = needs.raise_need(need=unmet, revision=unmet.revision, why="x", actor=office, now=NOW)

    assert unmet.state == NeedState.RAISED


def test_a_need_becomes_a_matter_for_the_owner_once_at_a_time(world: World) -> None:
    need = needing.raised(world)
    asked: dict[str, Any] = {
        "title": "Samtaleguide\npå flere språk",
        "text": "Det bør lages én gang for alle.",
        "proposal": "Vi setter av midler.",
        "actor": world.person("national_lead"),
        "now": NOW,
    }
    matter = needs.raise_to_owner(need=need, revision=need.revision, **asked)
    need.refresh_from_db()

    assert (matter.kind, matter.title) == ("need", "Samtaleguide på flere språk")
    assert matter.addressed_to.slug == "test-owner"
    with pytest.raises(NotPossible, match="matter_waits"):
        needs.raise_to_owner(need=need, revision=need.revision, **asked)
    matter.state, matter.answer, matter.answered_at = MatterState.ANSWERED.value, "Ja.", NOW
    matter.save()
    Decision.objects.create(
        programme=world.programme,
        matter=matter,
        text="Midler settes av.",
        owner=matter.addressed_to,
        decided_on=TODAY,
        due_on=TODAY,
    )
    [up] = went_up(need, for_municipality=True)
    assert up.is_answered
    assert [each.text for each in up.decisions] == ["Midler settes av."]


def test_a_matter_on_an_internal_need_is_internal_too_and_not_for_the_municipality(
    world: World,
) -> None:
    need = needing.internal(needing.raised(world))

    matter = needs.raise_to_owner(
        need=need,
        revision=need.revision,
        title="t",
        text="t",
        proposal="",
        actor=world.person("national_lead"),
        now=NOW,
    )

    assert matter.access == "internal"
    assert went_up(need, for_municipality=True) == []
    assert len(went_up(need, for_municipality=False)) == 1


def test_the_municipality_says_that_the_answer_did_not_help_and_the_office_has_it_again(
    world: World,
) -> None:
    need = needing.answered(world, is_met=False)

    need = needs.reopen(
        need=need,
        revision=need.revision,
        why="Regnearket virker ikke.",
        actor=world.person("municipality"),
        now=NOW,
    )

    assert (need.state, need.is_met) == ("in_work", None)
    assert not need_list(world.person("owner"), world.programme, TODAY, unmet=True).exists()


def test_the_office_cannot_say_for_the_municipality_that_the_answer_helped(world: World) -> None:
    need = needing.answered(world)
    office = world.person("regional_office_nord")
    with pytest.raises(NotPossible, match="answer_stands"):
        needs.close(need=need, revision=need.revision, actor=office, now=NOW)
    with pytest.raises(NotAllowed, match="only_the_municipality"):
        needs.reopen(need=need, revision=need.revision, why="x", actor=office, now=NOW)

    need = needs.close(need=need, revision=need.revision, actor=office, now=NOW + ANSWER_STANDS)

    assert need.state == NeedState.CLOSED


def test_closing_forgets_the_address_and_the_letters(world: World) -> None:
    need = needing.answered(world)
    assert need.contact_email

    need = needs.close(
        need=need, revision=need.revision, actor=world.person("municipality"), now=NOW
    )

    assert need.contact_email == ""
    address = world.people["municipality"].email
    with connection.cursor() as cursor:
        for table in ("delivery_need", "delivery_needevent", "letters_letter", "audit_event"):
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{address}%"]
            )
            assert cursor.fetchone() == (0,), table


def test_an_answer_that_nobody_says_anything_about_is_closed_after_a_while(world: World) -> None:
    need = needing.answered(world)

    assert needs.close_old(now=NOW + CLOSED_AFTER - dt.timedelta(minutes=1)) == 0
    assert needs.close_old(now=NOW + CLOSED_AFTER) == 1
    assert needs.close_old(now=NOW + CLOSED_AFTER) == 0

    need.refresh_from_db()
    assert (need.state, need.contact_email) == ("closed", "")


def test_who_saw_an_older_state_changes_nothing(world: World) -> None:
    need = needing.said(world)
    needing.triaged(world, need)

    with pytest.raises(ChangedMeanwhile):
        needs.answer(
            need=need,
            revision=0,
            text="For sent",
            is_met=True,
            actor=world.person("regional_office_nord"),
            now=NOW,
        )

    assert Need.objects.get().answer == ""


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_wins(world: World) -> None:
    need = needing.said(world)
    gate, told = threading.Barrier(2), []

    def press(text: str) -> None:
        gate.wait()
        try:
            needs.answer(
                need=need,
                revision=0,
                text=text,
                is_met=True,
                actor=world.person("regional_office_nord"),
                now=NOW,
            )
            told.append("saved")
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[text]) for text in ("Den ene", "Den andre")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["delivery.need.changed_meanwhile", "saved"]
    assert Event.objects.filter(action="delivery.need.answer").count() == 1


def test_the_trail_holds_no_word_of_what_was_written(world: World) -> None:
    need = needing.triaged(world)
    needs.raise_need(
        need=need,
        revision=need.revision,
        why="grunnen",
        actor=world.person("regional_office_nord"),
        now=NOW,
    )

    told = "".join(f"{event.details} {event.about_name}" for event in Event.objects.all())

    assert "Rådgiveren" not in told
    assert "grunnen" not in told
    assert "boliger" not in told


# Pure rules


@given(st.uuids(), st.integers(0, 65535), st.sampled_from(list(Purpose)))
def test_a_link_says_what_it_was_made_for_and_nothing_else(
    need_id: Any, generation: int, purpose: Purpose
) -> None:
    other = next(each for each in Purpose if each is not purpose)
    token = need_token(b"secret", purpose, need_id, generation)

    link = read_need_token(b"secret", purpose, token)

    assert link is not None
    assert (link.need_id, link.generation) == (need_id, generation)
    assert read_need_token(b"secret", other, token) is None
    assert read_need_token(b"other", purpose, token) is None


@given(st.text(max_size=60))
def test_no_text_but_a_genuine_link_is_taken_for_one(text: str) -> None:
    assert read_need_token(b"secret", Purpose.FOLLOW, text) is None


@given(st.sampled_from(list(NeedState)), st.booleans(), st.booleans())
def test_a_need_stands_in_one_place_on_its_way_with_what_is_behind_before_it(
    state: NeedState, was_triaged: bool, was_raised: bool
) -> None:
    way = way_of(state, was_triaged=was_triaged, was_raised=was_raised)
    order = [StepState.DONE, StepState.NOW, StepState.NEXT]
    places = [order.index(place) for _step, place in way]

    assert places == sorted(places)
    assert [step for step, place in way if place is StepState.NOW] == (
        [] if state is NeedState.UNCONFIRMED else [state]
    )
    assert [step for step, _ in way][-1] is NeedState.CLOSED


def test_every_state_but_the_last_leads_on_and_all_are_reached() -> None:
    reached = {NeedState.UNCONFIRMED}.union(*NEED_MOVES.values())

    assert reached == set(NeedState)
    assert {state for state, moves in NEED_MOVES.items() if not moves} == {NeedState.CLOSED}


def test_only_what_nobody_has_looked_at_is_overdue_and_only_after_its_day() -> None:
    assert is_overdue(NeedState.RECEIVED, TODAY, TODAY + dt.timedelta(days=1))
    assert not is_overdue(NeedState.RECEIVED, TODAY, TODAY)
    assert not is_overdue(NeedState.IN_WORK, TODAY, TODAY + dt.timedelta(days=1))
