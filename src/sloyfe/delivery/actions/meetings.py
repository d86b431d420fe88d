"""Planning, holding and cancelling meetings between a municipality and its regional office.

No actor is the loading of content: who may is asked only when somebody acts.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action, set_about
from sloyfe.comments.actions import answer_comment, write_comment
from sloyfe.comments.models import Comment
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.actions.agreements import readable
from sloyfe.delivery.actions.case_letters import MEETING, queue_case_letters
from sloyfe.delivery.models import Meeting
from sloyfe.delivery.permissions.agreements import is_municipality
from sloyfe.delivery.permissions.meetings import (
    check_is_planned,
    check_may_answer_comment,
    check_may_cancel_meeting,
    check_may_change_meeting,
    check_may_comment,
    check_may_plan_meeting,
    check_may_write_minutes,
    check_meeting_move,
)
from sloyfe.delivery.queries.agreements import office_of
from sloyfe.delivery.rules.agreements import MeetingKind, MeetingState
from sloyfe.delivery.rules.plans import FIRST_YEAR, LAST_YEAR
from sloyfe.delivery.texts.meetings import FIELD_TEXT
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor

_LONGEST = {
    "place": 200,
    "agenda": 4000,
    "present": 1000,
    "minutes": 8000,
    "agreed": 4000,
    "reason": 2000,
}
ANCHOR = "minutes"  # where comments on a meeting stand


def _lock(meeting: Meeting) -> Meeting:
    return (
        Meeting.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "municipality", "office")
        .get(pk=meeting.pk)
    )


def _text(name: str, text: str) -> str:
    return readable(text, FIELD_TEXT[name], _LONGEST[name])


def _check_day(on: dt.date) -> None:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise NotPossible("delivery.year_unknown", year=on.year)


def plan_meeting(
    *,
    programme: Programme,
    municipality: Organisation,
    kind: MeetingKind,
    on: dt.date,
    actor: Visitor | None,
    now: dt.datetime,
    place: str = "",
    agenda: str = "",
) -> Meeting:
    """Plan a meeting between a municipality and its regional office.

    The very same meeting is planned once, however often the form is sent.
    """
    today = timezone.localdate(now)
    if actor is not None:
        check_may_plan_meeting(actor, programme.pk, municipality.pk, today)
    _check_day(on)
    office = office_of(programme, municipality, today)
    if office is None:
        raise NotPossible("delivery.no_office")
    said = {
        "programme": programme,
        "municipality": municipality,
        "kind": kind.value,
        "on": on,
        "place": _text("place", place),
        "agenda": _text("agenda", agenda),
    }
    with transaction.atomic():
        # One at a time for a municipality, so that of two at once the second sees the first.
        Organisation.objects.select_for_update(no_key=True).get(pk=municipality.pk)
        already = Meeting.objects.filter(**said, state=MeetingState.PLANNED.value).first()
        return already or _plan(said, office, actor, now)


def _plan(
    said: dict[str, Any], office: Organisation, actor: Visitor | None, now: dt.datetime
) -> Meeting:
    programme, municipality = said["programme"], said["municipality"]
    with action("delivery.meeting.plan", actor=actor, now=now, kind=said["kind"]) as event:
        meeting = Meeting.objects.create(office=office, **said)
        set_about(event, meeting)
        if actor is not None:
            today = timezone.localdate(now)
            ours = is_municipality(actor, programme.pk, municipality.pk, today)
            event.details["letters"] = queue_case_letters(
                MEETING, meeting, office if ours else municipality, now=now
            )
    return meeting


def change_meeting(
    *,
    meeting: Meeting,
    kind: MeetingKind,
    on: dt.date,
    place: str,
    agenda: str,
    revision: int,
    actor: Visitor | None,
    now: dt.datetime,
) -> Meeting:
    """Move a planned meeting, or change its agenda. Raises ChangedMeanwhile after somebody else's change."""
    if actor is not None:
        check_may_change_meeting(actor, meeting, timezone.localdate(now))
    _check_day(on)
    with action("delivery.meeting.change", actor=actor, now=now, about=meeting):
        locked = _lock(meeting)
        check_is_planned(locked)
        if locked.revision != revision:
            raise ChangedMeanwhile("delivery.meeting_changed_meanwhile")
        locked.kind, locked.on = kind.value, on
        locked.place, locked.agenda = _text("place", place), _text("agenda", agenda)
        locked.revision += 1
        locked.save(update_fields=["kind", "on", "place", "agenda", "revision"])
    return locked


def _check_minutes(present: str, minutes: str, agreed: str) -> dict[str, str]:
    texts = {
        "present": _text("present", present),
        "minutes": _text("minutes", minutes),
        "agreed": _text("agreed", agreed),
    }
    if not texts["present"]:
        raise NotPossible("delivery.present_missing")
    if not texts["minutes"]:
        raise NotPossible("delivery.minutes_missing")
    return texts


def hold_meeting(
    *,
    meeting: Meeting,
    present: str,
    minutes: str,
    agreed: str,
    revision: int,
    actor: Visitor | None,
    now: dt.datetime,
) -> Meeting:
    """Write what was said and agreed in a meeting, which thereby has been held."""
    today = timezone.localdate(now)
    if actor is not None:
        check_may_write_minutes(actor, meeting, today)
    texts = _check_minutes(present, minutes, agreed)
    with action("delivery.meeting.hold", actor=actor, now=now, about=meeting):
        locked = _lock(meeting)
        check_meeting_move(locked, MeetingState.HELD)
        if locked.on > today:
            raise NotPossible("delivery.meeting_lies_ahead", day=_day(locked.on))
        if locked.revision != revision:
            raise ChangedMeanwhile("delivery.meeting_changed_meanwhile")
        _write(locked, texts, MeetingState.HELD)
    return locked


def mend_minutes(
    *,
    meeting: Meeting,
    present: str,
    minutes: str,
    agreed: str,
    revision: int,
    actor: Visitor | None,
    now: dt.datetime,
) -> Meeting:
    """Correct the minutes of a meeting that has been held; what stood there before is kept in its history."""
    if actor is not None:
        check_may_write_minutes(actor, meeting, timezone.localdate(now))
    texts = _check_minutes(present, minutes, agreed)
    with action("delivery.meeting.mend", actor=actor, now=now, about=meeting):
        locked = _lock(meeting)
        if locked.state != MeetingState.HELD:
            raise NotPossible("delivery.meeting_not_held")
        if locked.revision != revision:
            raise ChangedMeanwhile("delivery.meeting_changed_meanwhile")
        _write(locked, texts, MeetingState.HELD)
    return locked


def _write(meeting: Meeting, texts: dict[str, str], state: MeetingState) -> None:
    for name, text in texts.items():
        setattr(meeting, name, text)
    meeting.state = state.value
    meeting.revision += 1
    meeting.save(update_fields=[*texts, "state", "revision"])


def cancel_meeting(
    *, meeting: Meeting, reason: str, actor: Visitor | None, now: dt.datetime
) -> Meeting:
    """Cancel a meeting; the reason stands where the minutes would have stood."""
    if actor is not None:
        check_may_cancel_meeting(actor, meeting, timezone.localdate(now))
    reason = _text("reason", reason)
    if not reason:
        raise NotPossible("delivery.cancel_says_why")
    with action("delivery.meeting.cancel", actor=actor, now=now, about=meeting):
        locked = _lock(meeting)
        check_meeting_move(locked, MeetingState.CANCELLED)
        _write(locked, {"minutes": reason}, MeetingState.CANCELLED)
    return locked


def comment_on_meeting(*, meeting: Meeting, text: str, actor: Person, now: dt.datetime) -> Comment:
    """Write to the other side about a meeting or its minutes."""
    check_may_comment(actor, meeting, timezone.localdate(now))
    return write_comment(about=meeting, anchor=ANCHOR, text=text, actor=actor, now=now)


def answer_on_meeting(
    *,
    meeting: Meeting,
    comment: Comment,
    outcome: str,
    answer: str,
    actor: Person,
    now: dt.datetime,
) -> Comment:
    """Tell the other side what was done with its comment on a meeting."""
    check_may_answer_comment(actor, meeting, comment, timezone.localdate(now))
    return answer_comment(
        comment=comment,
        about=meeting,
        outcome=outcome,
        answer=answer,
        revision=0,  # the page offers an answer to what has none; whoever comes second is told
        actor=actor,
        now=now,
    )


def _day(on: dt.date) -> str:
    return f"{on.day}.{on.month}.{on.year}"
