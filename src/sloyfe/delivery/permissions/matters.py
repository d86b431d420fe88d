"""Who asks, answers, withdraws and decides. Nobody answers or decides what they asked themselves."""

from __future__ import annotations

import datetime as dt

from sloyfe.accounts.models import Person
from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.models import Decision, Matter
from sloyfe.delivery.queries.offices import OFFICES, is_head_office, works_at
from sloyfe.delivery.rules.steering import (
    DECISION_MOVES,
    MATTER_MOVES,
    DecisionState,
    MatterState,
)
from sloyfe.delivery.texts.matters import DECISION_STATE_TEXT, MATTER_STATE_TEXT
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, has_capacity
from sloyfe.programme.rules import Capacity


def check_may_ask(person: Visitor | None, programme: Programme, on: dt.date) -> None:
    """People at the programme's offices ask upwards."""
    if person is not None and not works_at(person, programme.pk, on, OFFICES):
        raise NotAllowed("delivery.only_offices_ask")


def check_may_ask_for(
    person: Visitor | None,
    programme: Programme,
    asked_by: Organisation,
    addressed_to: Organisation,
    on: dt.date,
) -> None:
    """Somebody asks for an office where they work, and asks another office."""
    if person is not None and asked_by.pk not in works_at(person, programme.pk, on):
        raise NotAllowed("delivery.not_your_office", office=asked_by.name)
    if asked_by.pk == addressed_to.pk:
        raise NotPossible("delivery.asks_itself")


def _check_matter_move(matter: Matter, wanted: MatterState) -> None:
    state = MatterState(matter.state)
    if wanted not in MATTER_MOVES[state]:
        raise NotPossible(
            "delivery.matter_cannot_move",
            state=MATTER_STATE_TEXT[state],
            wanted=MATTER_STATE_TEXT[wanted],
        )


def asked_it(person: Visitor, matter: Matter, on: dt.date) -> bool:
    """Tell whether a person asked this, or works at the office that did."""
    myself = isinstance(person, Person) and matter.asked_by_person_id == person.pk
    return myself or matter.asked_by_id in works_at(person, matter.programme_id, on)


def check_may_answer_matter(person: Visitor | None, matter: Matter, on: dt.date) -> None:
    """The office that was asked answers; nobody who asked does."""
    if person is not None:
        if asked_it(person, matter, on):
            raise NotAllowed("delivery.not_your_own_matter")
        if matter.addressed_to_id not in works_at(person, matter.programme_id, on):
            raise NotAllowed("delivery.only_the_asked_answers", office=matter.addressed_to.name)
    _check_matter_move(matter, MatterState.ANSWERED)


def check_may_withdraw_matter(person: Visitor | None, matter: Matter, on: dt.date) -> None:
    """Those who asked may take it back, while it has no answer."""
    if person is not None and matter.asked_by_id not in works_at(person, matter.programme_id, on):
        raise NotAllowed("delivery.only_the_asker_withdraws", office=matter.asked_by.name)
    _check_matter_move(matter, MatterState.WITHDRAWN)


def _decides_for_all(
    person: Visitor, programme: Programme, matter: Matter | None, on: dt.date
) -> bool:
    """Tell whether a person is the owner, who decides on everything but what the head office was asked."""
    return has_capacity(person, on, programme.pk, Capacity.OWNER) and not (
        matter is not None and is_head_office(programme, matter.addressed_to_id, on)
    )


def check_may_decide(
    person: Visitor | None, programme: Programme, on: dt.date, matter: Matter | None = None
) -> None:
    """The owner decides, and the office that was asked decides on its matter; nobody on what they asked.

    What the head office was asked it decides itself: it stands above the owner.
    """
    if person is not None:
        if matter is not None and asked_it(person, matter, on):
            raise NotAllowed("delivery.not_your_own_matter")
        is_asked = matter is not None and matter.addressed_to_id in works_at(
            person, programme.pk, on
        )
        if not (is_asked or _decides_for_all(person, programme, matter, on)):
            raise NotAllowed("delivery.only_the_owner_decides")
    if matter is not None:
        _check_matter_move(matter, MatterState.ANSWERED)


def _check_decision_move(decision: Decision, wanted: DecisionState) -> None:
    state = DecisionState(decision.state)
    if wanted not in DECISION_MOVES[state]:
        raise NotPossible(
            "delivery.decision_cannot_move",
            state=DECISION_STATE_TEXT[state],
            wanted=DECISION_STATE_TEXT[wanted],
        )


def check_may_finish_decision(person: Visitor | None, decision: Decision, on: dt.date) -> None:
    """The office that carries a decision out says when it is done."""
    if person is not None and decision.owner_id not in works_at(person, decision.programme_id, on):
        raise NotAllowed("delivery.only_the_carrier_reports", office=decision.owner.name)
    _check_decision_move(decision, DecisionState.DONE)


def _is_its_own(person: Visitor, decision: Decision, on: dt.date) -> bool:
    asked = decision.matter.addressed_to_id if decision.matter else 0
    return asked in works_at(person, decision.programme_id, on, {Capacity.HEAD_OFFICE})


def check_may_drop_decision(person: Visitor | None, decision: Decision, on: dt.date) -> None:
    """The owner may drop a decision, saying why; the head office one on what it was asked itself."""
    if person is not None and not (
        _decides_for_all(person, decision.programme, decision.matter, on)
        or _is_its_own(person, decision, on)
    ):
        raise NotAllowed("delivery.only_the_owner_drops")
    _check_decision_move(decision, DecisionState.DROPPED)
