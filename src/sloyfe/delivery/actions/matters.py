"""Asking upwards, answering, withdrawing; deciding, and reporting that a decision is carried out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone
from django.utils.formats import date_format

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action, point_at, set_about
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.actions.steering import lock_meeting, write_down_agenda
from sloyfe.delivery.models import (
    Decision,
    Matter,
    Need,
    StandingGroup,
    SteeringMeeting,
    Summary,
    YearlyReport,
)
from sloyfe.delivery.permissions.groups import check_may_raise_issue
from sloyfe.delivery.permissions.matters import (
    check_may_answer_matter,
    check_may_ask,
    check_may_ask_for,
    check_may_decide,
    check_may_drop_decision,
    check_may_finish_decision,
    check_may_withdraw_matter,
)
from sloyfe.delivery.permissions.steering import check_may_change_agenda
from sloyfe.delivery.permissions.summaries import check_may_write_summary
from sloyfe.delivery.queries.offices import STEERS, offices_with
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.persons import check_no_birth_number
from sloyfe.delivery.rules.steering import DecisionState, MatterKind, MatterState
from sloyfe.delivery.texts.matters import FIELD_TEXT
from sloyfe.organisations.models import Organisation, valid_on
from sloyfe.programme.models import Participation, Programme
from sloyfe.programme.queries import Visitor


def lock_matter(matter: Matter) -> Matter:
    """Hold a matter until the transaction ends, and give it as it stands now."""
    return (
        Matter.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "asked_by", "addressed_to")
        .get(pk=matter.pk)
    )


def ask_matter(
    *,
    programme: Programme,
    kind: MatterKind,
    title: str,
    text: str,
    asked_by: Organisation,
    addressed_to: Organisation,
    actor: Visitor | None,
    now: dt.datetime,
    proposal: str = "",
    group: StandingGroup | None = None,
    need: Need | None = None,
    summary: Summary | None = None,
    reports: Iterable[YearlyReport] = (),
    access: Access = Access.PUBLIC,
    legal_ground: str = "",
) -> Matter:
    """Ask another office to decide something, and say what the question rests on.

    With a summary that is still being written, the matter waits and goes up together with it. With a group,
    it goes to the office that decides on what the group raises. Who sends the very same matter once more on
    the same day has asked once.
    """
    today = timezone.localdate(now)
    check_no_birth_number(
        (FIELD_TEXT["title"], title), (FIELD_TEXT["text"], text), (FIELD_TEXT["proposal"], proposal)
    )
    if group is not None:
        check_may_raise_issue(actor, group, asked_by, today)
        if addressed_to.pk != group.decides_id:
            raise NotPossible("delivery.cannot_be_asked", office=addressed_to.name)
    else:
        check_may_ask(actor, programme, today)
        if addressed_to not in offices_with(programme, today, STEERS):
            raise NotPossible("delivery.cannot_be_asked", office=addressed_to.name)
    check_may_ask_for(actor, programme, asked_by, addressed_to, today)
    state = MatterState.ASKED if summary is None else MatterState.PREPARED
    if isinstance(actor, Person):
        already = Matter.objects.filter(
            programme=programme,
            asked_by=asked_by,
            asked_by_person=actor,
            addressed_to=addressed_to,
            asked_on=today,
            state=state.value,
            title=title,
            text=text,
            group=group,
            need=need,
            summary=summary,
        ).first()
        if already is not None:
            return already
    with action("delivery.matter.ask", actor=actor, now=now) as event:
        if summary is not None:
            # Held, so that the summary is not sent while the matter is being written into it.
            locked = Summary.objects.select_for_update(no_key=True).get(pk=summary.pk)
            check_may_write_summary(actor, locked, today)
        matter = Matter.objects.create(
            programme=programme,
            kind=kind.value,
            title=title,
            text=text,
            proposal=proposal,
            asked_by=asked_by,
            asked_on=today,
            asked_by_person=actor if isinstance(actor, Person) else None,
            addressed_to=addressed_to,
            group=group,
            need=need,
            summary=summary,
            state=state.value,
            access=access.value,
            legal_ground=legal_ground,
        )
        matter.reports.set(reports)
        set_about(event, matter)
    return matter


def _check_waits(matter: Matter, check: Callable[[], None]) -> None:
    """Tell somebody who writes on a matter that is over that another was quicker."""
    try:
        check()
    except NotPossible:
        if matter.state in {MatterState.ANSWERED, MatterState.WITHDRAWN}:
            raise ChangedMeanwhile("delivery.matter_answered_meanwhile") from None
        raise


def answer_matter(
    *, matter: Matter, answer: str, actor: Visitor | None, now: dt.datetime
) -> Matter:
    """Answer a matter in words; those who asked, and those whose words it rests on, see the answer."""
    if not answer.strip():
        raise NotPossible("delivery.matter_needs_answer")
    check_no_birth_number((FIELD_TEXT["answer"], answer))
    with action("delivery.matter.answer", actor=actor, now=now, about=matter):
        locked = lock_matter(matter)
        _check_waits(
            locked, lambda: check_may_answer_matter(actor, locked, timezone.localdate(now))
        )
        _answer(locked, answer, locked.addressed_to, now)
    return locked


def _answer(matter: Matter, answer: str, office: Organisation, now: dt.datetime) -> None:
    matter.state, matter.answer = MatterState.ANSWERED.value, answer
    matter.answered_at, matter.answered_by = now, office
    matter.revision += 1
    matter.save(update_fields=["state", "answer", "answered_at", "answered_by", "revision"])


def withdraw_matter(*, matter: Matter, why: str, actor: Visitor | None, now: dt.datetime) -> Matter:
    """Take back what was asked, and say why. It stays readable."""
    if not why.strip():
        raise NotPossible("delivery.withdrawal_needs_reason")
    check_no_birth_number((FIELD_TEXT["why"], why))
    with action("delivery.matter.withdraw", actor=actor, now=now, about=matter):
        locked = lock_matter(matter)
        _check_waits(
            locked, lambda: check_may_withdraw_matter(actor, locked, timezone.localdate(now))
        )
        locked.state, locked.withdrawn_why = MatterState.WITHDRAWN.value, why
        locked.withdrawn_at = now
        locked.revision += 1
        locked.save(update_fields=["state", "withdrawn_why", "withdrawn_at", "revision"])
    return locked


def decide(
    *,
    programme: Programme,
    text: str,
    owner: Organisation,
    due_on: dt.date,
    actor: Visitor | None,
    now: dt.datetime,
    matter: Matter | None = None,
    meeting: SteeringMeeting | None = None,
    decided_on: dt.date | None = None,
) -> Decision:
    """Decide something: what, which office carries it out, and by when. A matter is answered with it at once."""
    today = timezone.localdate(now)
    day = decided_on or (min(meeting.on, today) if meeting else today)
    if not text.strip():
        raise NotPossible("delivery.decision_is_empty")
    check_no_birth_number((FIELD_TEXT["decision"], text))
    if due_on < day:
        raise NotPossible("delivery.decision_due_before", day=date_format(day, "DATE_FORMAT"))
    takes_part = Participation.objects.filter(valid_on(today), programme=programme)
    if not takes_part.filter(organisation=owner).exists():
        raise NotPossible("delivery.decision_owner_outside", office=owner.name)
    with action("delivery.decision.make", actor=actor, now=now) as event:
        if meeting is not None:
            held = lock_meeting(meeting)
            check_may_change_agenda(None, held, today)
            # Written down while the matter still waits, so that its line stays in the minutes.
            write_down_agenda(held, today)
        locked = lock_matter(matter) if matter else None
        if locked is None:
            check_may_decide(actor, programme, today)
        else:
            waiting = locked
            _check_waits(waiting, lambda: check_may_decide(actor, programme, today, waiting))
        decision = Decision.objects.create(
            programme=programme,
            meeting=meeting,
            matter=locked,
            text=text,
            owner=owner,
            decided_on=day,
            due_on=due_on,
        )
        if locked is not None:
            _answer(locked, text, locked.addressed_to, now)
        point_at(event, decision)
    return decision


def finish_decision(
    *, decision: Decision, note: str, actor: Visitor | None, now: dt.datetime
) -> Decision:
    """Say that a decision has been carried out, and how."""
    return _end(decision, DecisionState.DONE, note, actor, now)


def drop_decision(
    *, decision: Decision, why: str, actor: Visitor | None, now: dt.datetime
) -> Decision:
    """Say that a decision is not to be carried out after all, and why."""
    return _end(decision, DecisionState.DROPPED, why, actor, now)


def _end(
    decision: Decision,
    state: DecisionState,
    note: str,
    actor: Visitor | None,
    now: dt.datetime,
) -> Decision:
    if not note.strip():
        raise NotPossible("delivery.decision_needs_note")
    check_no_birth_number((FIELD_TEXT["note"], note))
    today = timezone.localdate(now)
    done = state is DecisionState.DONE
    check = check_may_finish_decision if done else check_may_drop_decision
    with (
        action("delivery.decision.finish", actor=actor, now=now)
        if done
        else action("delivery.decision.drop", actor=actor, now=now)
    ) as event:
        locked = (
            Decision.objects.select_for_update(of=("self",), no_key=True)
            .select_related("programme", "owner", "matter")
            .get(pk=decision.pk)
        )
        try:
            check(actor, locked, today)
        except NotPossible:
            raise ChangedMeanwhile("delivery.decision_finished_meanwhile") from None
        locked.state, locked.done_on, locked.done_note = state.value, today, note
        locked.save(update_fields=["state", "done_on", "done_note"])
        # The decision's own words stay out of the trail; the row keeps them.
        point_at(event, locked)
    return locked
