"""Who may do what with a meeting: both sides plan it, the office writes the minutes, both comment."""

from __future__ import annotations

import datetime as dt

from sloyfe.comments.models import Comment
from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.models import Meeting
from sloyfe.delivery.permissions.agreements import is_municipality, is_office, sides_of
from sloyfe.delivery.rules.agreements import MEETING_MOVES, MeetingState, Side
from sloyfe.delivery.texts.meetings import MEETING_STATE_TEXT
from sloyfe.programme.queries import Visitor


def check_may_plan_meeting(person: Visitor, programme: int, municipality: int, on: dt.date) -> None:
    """The municipality and its regional office both plan meetings."""
    if not (
        is_municipality(person, programme, municipality, on)
        or is_office(person, programme, municipality, on)
    ):
        raise NotAllowed("delivery.only_the_sides_meet")


def check_may_change_meeting(person: Visitor, meeting: Meeting, on: dt.date) -> None:
    """Both sides move or change a meeting until it has been held."""
    check_may_plan_meeting(person, meeting.programme_id, meeting.municipality_id, on)
    check_is_planned(meeting)


def check_is_planned(meeting: Meeting) -> None:
    """Only a planned meeting is changed."""
    if meeting.state != MeetingState.PLANNED:
        raise NotPossible(
            "delivery.meeting_not_planned", state=MEETING_STATE_TEXT[MeetingState(meeting.state)]
        )


def check_meeting_move(meeting: Meeting, wanted: MeetingState) -> None:
    """Refuse a step that the meeting cannot take from where it stands."""
    state = MeetingState(meeting.state)
    if wanted not in MEETING_MOVES[state]:
        raise NotPossible(
            "delivery.meeting_cannot_move",
            state=MEETING_STATE_TEXT[state],
            wanted=MEETING_STATE_TEXT[wanted],
        )


def check_may_write_minutes(person: Visitor, meeting: Meeting, on: dt.date) -> None:
    """The regional office writes the minutes, and corrects them afterwards."""
    if not is_office(person, meeting.programme_id, meeting.municipality_id, on):
        raise NotAllowed("delivery.office_writes_minutes")
    if meeting.state == MeetingState.CANCELLED:
        check_meeting_move(meeting, MeetingState.HELD)


def check_may_cancel_meeting(person: Visitor, meeting: Meeting, on: dt.date) -> None:
    """Both sides cancel a meeting that has not been held."""
    check_may_plan_meeting(person, meeting.programme_id, meeting.municipality_id, on)
    check_meeting_move(meeting, MeetingState.CANCELLED)


def check_may_comment(person: Visitor, meeting: Meeting, on: dt.date) -> None:
    """The two sides write to each other about a meeting."""
    if not sides_of(person, meeting, on):
        raise NotAllowed("delivery.only_sides_comment")


def check_may_answer_comment(
    person: Visitor, meeting: Meeting, comment: Comment, on: dt.date
) -> None:
    """A comment is answered by the office; the office's own by the municipality."""
    sides = sides_of(person, meeting, on)
    if not sides:
        raise NotAllowed("delivery.only_sides_comment")
    own = is_municipality(comment.author, meeting.programme_id, meeting.municipality_id, on)
    answers = Side.OFFICE if own else Side.MUNICIPALITY
    if answers not in sides or comment.author_id == person.pk:
        raise NotAllowed("delivery.other_side_answers")
