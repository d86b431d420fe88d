"""Who plans the steering dialogue, makes its agenda and writes its minutes."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.models import SteeringMeeting
from sloyfe.delivery.queries.offices import STEERS
from sloyfe.delivery.rules.steering import STEERING_MOVES, SteeringState
from sloyfe.delivery.texts.steering import STEERING_STATE_TEXT
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, has_capacity
from sloyfe.programme.rules import Capacity


def check_may_plan_meetings(person: Visitor | None, programme: Programme, on: dt.date) -> None:
    """The owner says when the steering dialogues are."""
    if person is not None and not has_capacity(person, on, programme.pk, Capacity.OWNER):
        raise NotAllowed("delivery.only_the_owner_plans")


def _check_move(meeting: SteeringMeeting, wanted: SteeringState) -> None:
    state = SteeringState(meeting.state)
    if wanted not in STEERING_MOVES[state]:
        raise NotPossible(
            "delivery.dialogue_cannot_move",
            state=STEERING_STATE_TEXT[state],
            wanted=STEERING_STATE_TEXT[wanted],
        )


def check_may_cancel_meeting(person: Visitor | None, meeting: SteeringMeeting, on: dt.date) -> None:
    """The owner may cancel or move a dialogue that has not been held."""
    check_may_plan_meetings(person, meeting.programme, on)
    _check_move(meeting, SteeringState.CANCELLED)


def check_may_change_agenda(person: Visitor | None, meeting: SteeringMeeting, on: dt.date) -> None:
    """Owner, nasjonalt fagansvar and head office make agenda and minutes, until the dialogue is held."""
    if person is not None and not has_capacity(person, on, meeting.programme_id, *STEERS):
        raise NotAllowed("delivery.only_those_who_meet_write")
    if meeting.state != SteeringState.PLANNED:
        raise NotPossible(
            "delivery.meeting_is_over", state=STEERING_STATE_TEXT[SteeringState(meeting.state)]
        )


def check_may_hold_meeting(person: Visitor | None, meeting: SteeringMeeting, on: dt.date) -> None:
    """A dialogue is held on its day, with minutes."""
    check_may_change_agenda(person, meeting, on)
    _check_move(meeting, SteeringState.HELD)
    if meeting.on > on:
        raise NotPossible("delivery.meeting_not_yet", day=date_format(meeting.on, "DATE_FORMAT"))
    if not meeting.minutes.strip():
        raise NotPossible("delivery.meeting_needs_minutes")
