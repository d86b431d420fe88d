"""Planning steering dialogues, making their agenda, writing their minutes and holding them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format

from sloyfe.audit.actions import action
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.models import AgendaItem, SteeringMeeting
from sloyfe.delivery.permissions.steering import (
    check_may_cancel_meeting,
    check_may_change_agenda,
    check_may_hold_meeting,
    check_may_plan_meetings,
)
from sloyfe.delivery.queries.steering import AgendaLine, agenda_of, next_meeting
from sloyfe.delivery.rules.persons import check_no_birth_number
from sloyfe.delivery.rules.steering import AgendaKind, SteeringState, moved
from sloyfe.delivery.texts.steering import FIELD_TEXT
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor


def lock_meeting(meeting: SteeringMeeting) -> SteeringMeeting:
    """Hold a steering dialogue until the transaction ends, and give it as it stands now."""
    return (
        SteeringMeeting.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=meeting.pk)
    )


def _check_days(programme: Programme, days: Sequence[dt.date]) -> None:
    taken = set(
        SteeringMeeting.objects.filter(programme=programme, on__in=days)
        .exclude(state=SteeringState.CANCELLED.value)
        .values_list("on", flat=True)
    )
    for day in days:
        if day in taken:
            raise NotPossible("delivery.meeting_same_day", day=date_format(day, "DATE_FORMAT"))
        taken.add(day)


def plan_meetings(
    *,
    programme: Programme,
    days: Sequence[dt.date],
    actor: Visitor | None,
    now: dt.datetime,
    on_past_days: bool = False,
) -> list[SteeringMeeting]:
    """Plan steering dialogues ahead, one for each day; they are numbered through the programme.

    `on_past_days` is for content that is loaded with its history.
    """
    today = timezone.localdate(now)
    check_may_plan_meetings(actor, programme, today)
    if not days:
        raise NotPossible("delivery.no_days")
    if min(days) < today and not on_past_days:
        raise NotPossible("delivery.meeting_in_the_past")
    with action("delivery.steering.plan", actor=actor, now=now, about=programme) as event:
        # The programme is held, so that two plans made at once do not take the same numbers.
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        _check_days(programme, days)
        last = SteeringMeeting.objects.filter(programme=programme).aggregate(Max("number"))
        number = last["number__max"] or 0
        made = [
            SteeringMeeting.objects.create(programme=programme, number=number + at, on=day)
            for at, day in enumerate(sorted(days), start=1)
        ]
        event.details["meetings"] = len(made)
    return made


def move_meeting(
    *, meeting: SteeringMeeting, on: dt.date, actor: Visitor | None, now: dt.datetime
) -> SteeringMeeting:
    """Move a steering dialogue to another day."""
    today = timezone.localdate(now)
    if on < today:
        raise NotPossible("delivery.meeting_in_the_past")
    with action("delivery.steering.move", actor=actor, now=now, about=meeting, day=on.isoformat()):
        locked = lock_meeting(meeting)
        check_may_cancel_meeting(actor, locked, today)
        if on != locked.on:
            _check_days(locked.programme, [on])
        locked.on = on
        locked.save(update_fields=["on"])
    return locked


def cancel_meeting(
    *, meeting: SteeringMeeting, why: str, actor: Visitor | None, now: dt.datetime
) -> SteeringMeeting:
    """Cancel a steering dialogue and say why; what waited goes to the next one by itself."""
    if not why.strip():
        raise NotPossible("delivery.cancelling_needs_reason")
    check_no_birth_number((FIELD_TEXT["why"], why))
    with action("delivery.steering.cancel", actor=actor, now=now, about=meeting):
        locked = lock_meeting(meeting)
        check_may_cancel_meeting(actor, locked, timezone.localdate(now))
        locked.state, locked.cancelled_why = SteeringState.CANCELLED.value, why
        locked.save(update_fields=["state", "cancelled_why"])
    return locked


def write_down_agenda(meeting: SteeringMeeting, on: dt.date) -> list[AgendaLine]:
    """Store the agenda as it stands now, in its order, and take away lines that no longer wait."""
    coming = next_meeting(meeting.programme)
    lines = agenda_of(meeting, on, is_next=coming is not None and coming.pk == meeting.pk)
    kept = []
    for position, line in enumerate(lines):
        line.item.meeting, line.item.position = meeting, position
        line.item.save()
        kept.append(line.item.pk)
    AgendaItem.objects.filter(meeting=meeting).exclude(pk__in=kept).delete()
    return lines


def add_item(
    *, meeting: SteeringMeeting, title: str, actor: Visitor | None, now: dt.datetime
) -> AgendaItem:
    """Put a line on the agenda by hand."""
    today = timezone.localdate(now)
    if not title.strip():
        raise NotPossible("delivery.item_needs_title")
    check_no_birth_number((FIELD_TEXT["item"], title))
    with action("delivery.steering.agenda", actor=actor, now=now, about=meeting):
        locked = lock_meeting(meeting)
        check_may_change_agenda(actor, locked, today)
        lines = write_down_agenda(locked, today)
        return AgendaItem.objects.create(
            meeting=locked,
            kind=AgendaKind.HANDWRITTEN.value,
            title=title.strip(),
            position=len(lines),
        )


def remove_item(
    *, meeting: SteeringMeeting, key: str, actor: Visitor | None, now: dt.datetime
) -> None:
    """Take away a line that was written by hand; what waits for an answer cannot be taken away."""
    today = timezone.localdate(now)
    with action("delivery.steering.agenda", actor=actor, now=now, about=meeting):
        locked = lock_meeting(meeting)
        check_may_change_agenda(actor, locked, today)
        found = {line.key: line.item for line in write_down_agenda(locked, today)}
        if key not in found:
            raise NotPossible("delivery.not_on_the_agenda")
        if found[key].kind != AgendaKind.HANDWRITTEN:
            raise NotPossible("delivery.item_waits_by_itself")
        found[key].delete()


def move_item(
    *, meeting: SteeringMeeting, key: str, up: bool, actor: Visitor | None, now: dt.datetime
) -> None:
    """Move a line one place; what was carried over from before stays on top."""
    today = timezone.localdate(now)
    with action("delivery.steering.agenda", actor=actor, now=now, about=meeting):
        locked = lock_meeting(meeting)
        check_may_change_agenda(actor, locked, today)
        lines = {line.key: line for line in write_down_agenda(locked, today)}
        if key not in lines:
            raise NotPossible("delivery.not_on_the_agenda")
        fixed = sum(line.carried for line in lines.values())
        for position, each in enumerate(moved(list(lines), key, up=up, fixed=fixed)):
            AgendaItem.objects.filter(pk=lines[each].item.pk).update(position=position)


def write_minutes(
    *,
    meeting: SteeringMeeting,
    minutes: str,
    notes: Mapping[str, str],
    revision: int,
    actor: Visitor | None,
    now: dt.datetime,
) -> SteeringMeeting:
    """Save the minutes, and what was said on each line of the agenda (line's key → note).

    `revision` is that of the minutes which the writer saw; later ones are not written over.
    """
    today = timezone.localdate(now)
    check_no_birth_number(
        (FIELD_TEXT["minutes"], minutes), *((FIELD_TEXT["item"], note) for note in notes.values())
    )
    with action("delivery.steering.minutes", actor=actor, now=now, about=meeting):
        locked = lock_meeting(meeting)
        check_may_change_agenda(actor, locked, today)
        if locked.revision != revision:
            raise ChangedMeanwhile("delivery.minutes_changed")
        for line in write_down_agenda(locked, today):
            note = notes.get(line.key)
            if note is not None and note != line.item.note:
                line.item.note = note
                line.item.save(update_fields=["note"])
        locked.minutes = minutes
        locked.revision += 1
        locked.save(update_fields=["minutes", "revision"])
    return locked


def hold_meeting(
    *, meeting: SteeringMeeting, actor: Visitor | None, now: dt.datetime
) -> SteeringMeeting:
    """Finish a steering dialogue: agenda, minutes and decisions stand. What got no answer is carried over."""
    today = timezone.localdate(now)
    with action("delivery.steering.hold", actor=actor, now=now, about=meeting):
        locked = lock_meeting(meeting)
        check_may_hold_meeting(actor, locked, today)
        write_down_agenda(locked, today)
        locked.state, locked.held_at = SteeringState.HELD.value, now
        locked.save(update_fields=["state", "held_at"])
    return locked
