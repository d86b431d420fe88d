"""Planning steering dialogues, making their agenda, writing their minutes and holding them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format

from sloyfe.audit.actions import action
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.actions.day_letters import queue_letters
from sloyfe.delivery.models import AgendaItem, SteeringMeeting
from sloyfe.delivery.permissions.steering import (
    check_may_cancel_meeting,
    check_may_change_agenda,
    check_may_hold_meeting,
    check_may_plan_meetings,
)
from sloyfe.delivery.queries.steering import (
    AgendaLine,
    agenda_of,
    next_meeting,
    unfinished_items,
)
from sloyfe.delivery.rules.persons import check_no_birth_number
from sloyfe.delivery.rules.steering import AgendaKind, SteeringState, moved
from sloyfe.delivery.texts.steering import FIELD_TEXT
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor
from sloyfe.programme.rules.year_wheel import LONGEST_REASON, ChangeKind, needs_reason


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
    reason: str = "",
    on_past_days: bool = False,
) -> list[SteeringMeeting]:
    """Plan steering dialogues ahead, one for each day; they are numbered through the programme.

    A day inside the year needs a reason and is told to those who take part. `on_past_days` is for content
    that is loaded with its history.
    """
    today = timezone.localdate(now)
    check_may_plan_meetings(actor, programme, today)
    check_no_birth_number((FIELD_TEXT["why"], reason))
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
            SteeringMeeting(programme=programme, number=number + at, on=day)
            for at, day in enumerate(sorted(days), start=1)
        ]
        near = [each for each in made if _check_reason(reason, actor, today, each.on)]
        for each in near:
            each.changed_why, each.announced_at = reason.strip(), now
        for each in made:
            each.save()
        event.details["meetings"] = len(made)
        _take_over(programme)
        event.details["letters"] = sum(
            queue_letters(ChangeKind.NEW, each, actor=actor, now=now) for each in near
        )
    return made


def _check_reason(
    reason: str, actor: Visitor | None, today: dt.date, *days: dt.date | None
) -> bool:
    """Tell whether a change must be announced; refuse where that needs a reason that is not given.

    No actor is the loading of content, which is told to nobody.
    """
    if actor is None or not needs_reason(today, *days):
        return False
    if not reason.strip():
        raise NotPossible("delivery.dialogue_needs_reason")
    return True


def _take_over(programme: Programme) -> None:
    """Put what was written by hand and not settled on the agenda of the dialogue that comes next, if there is one."""
    coming = next_meeting(programme)
    if coming is None:
        return
    for item in unfinished_items(programme):
        AgendaItem.objects.create(
            meeting=coming,
            kind=AgendaKind.HANDWRITTEN.value,
            title=item.title,
            position=0,
            continues=item,
        )


def move_meeting(
    *,
    meeting: SteeringMeeting,
    on: dt.date,
    actor: Visitor | None,
    now: dt.datetime,
    reason: str = "",
) -> SteeringMeeting:
    """Move a steering dialogue to another day. Inside the year that needs a reason and is told to those who take part."""
    today = timezone.localdate(now)
    check_no_birth_number((FIELD_TEXT["why"], reason))
    if on < today:
        raise NotPossible("delivery.meeting_in_the_past")
    with action(
        "delivery.steering.move", actor=actor, now=now, about=meeting, day=on.isoformat()
    ) as event:
        locked = lock_meeting(meeting)
        check_may_cancel_meeting(actor, locked, today)
        if on == locked.on:
            return locked
        _check_days(locked.programme, [on])
        announced = _check_reason(reason, actor, today, locked.on, on)
        locked.moved_from, locked.on = locked.on, on
        if announced:
            locked.changed_why, locked.announced_at = reason.strip(), now
        locked.save(update_fields=["on", "moved_from", "changed_why", "announced_at"])
        if announced:
            event.details["letters"] = queue_letters(ChangeKind.MOVED, locked, actor=actor, now=now)
    return locked


def cancel_meeting(
    *, meeting: SteeringMeeting, why: str, actor: Visitor | None, now: dt.datetime
) -> SteeringMeeting:
    """Cancel a steering dialogue and say why; what waited goes to the next one by itself.

    One inside the year is told to those who would have taken part.
    """
    today = timezone.localdate(now)
    if not why.strip():
        raise NotPossible("delivery.cancelling_needs_reason")
    check_no_birth_number((FIELD_TEXT["why"], why))
    with action("delivery.steering.cancel", actor=actor, now=now, about=meeting) as event:
        locked = lock_meeting(meeting)
        check_may_cancel_meeting(actor, locked, today)
        locked.state, locked.cancelled_why = SteeringState.CANCELLED.value, why
        announced = _check_reason(why, actor, today, locked.on)
        if announced:
            locked.changed_why, locked.announced_at = why.strip()[:LONGEST_REASON], now
        locked.save(update_fields=["state", "cancelled_why", "changed_why", "announced_at"])
        AgendaItem.objects.filter(meeting=locked, kind=AgendaKind.HANDWRITTEN.value).update(
            goes_on=True
        )
        _take_over(locked.programme)
        if announced:
            event.details["letters"] = queue_letters(
                ChangeKind.CANCELLED, locked, actor=actor, now=now
            )
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
    *,
    meeting: SteeringMeeting,
    actor: Visitor | None,
    now: dt.datetime,
    settled: Collection[str] = (),
) -> SteeringMeeting:
    """Finish a steering dialogue: agenda, minutes and decisions stand. What got no answer is carried over.

    So is what was written by hand, but for the lines whose keys are in `settled`.
    """
    today = timezone.localdate(now)
    with action("delivery.steering.hold", actor=actor, now=now, about=meeting):
        locked = lock_meeting(meeting)
        check_may_hold_meeting(actor, locked, today)
        lines = write_down_agenda(locked, today)
        locked.state, locked.held_at = SteeringState.HELD.value, now
        locked.save(update_fields=["state", "held_at"])
        for line in lines:
            if line.item.kind == AgendaKind.HANDWRITTEN and line.key not in settled:
                line.item.goes_on = True
                line.item.save(update_fields=["goes_on"])
        _take_over(locked.programme)
    return locked
