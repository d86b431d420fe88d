"""Writing a mandate, issuing it, and saying what an office has time for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils import timezone

from sloyfe.audit.actions import action, set_about
from sloyfe.common.errors import NotPossible
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import (
    Mandate,
    MandateGoal,
    MandateResource,
    MandateResponsibility,
    MandateTask,
    OfficeCapacity,
    OverloadDecision,
    Programme,
    Statement,
    TaskRole,
    YearDate,
)
from sloyfe.programme.permissions import (
    check_may_begin_mandate,
    check_may_change_mandate,
    check_may_issue,
    check_may_set_capacity,
)
from sloyfe.programme.permissions.mandates import check_is_ready
from sloyfe.programme.queries import Visitor
from sloyfe.programme.queries.mandates import (
    mandate_before,
    offices_of,
    overloads_by_task,
)
from sloyfe.programme.rules.capacity import Overload, tenths
from sloyfe.programme.rules.mandates import (
    PART_SETS,
    Assigned,
    MandateState,
    RoleKind,
    TaskFacts,
    next_code,
    period_is_possible,
)

# What a draft is made of; each kind of row knows its code and its place.
MandatePart = MandateGoal | MandateResource | MandateResponsibility | MandateTask
Texts = Mapping[str, str]


def lock_mandate(mandate: Mandate) -> Mandate:
    """Hold a mandate until the transaction ends, and give it as it stands now."""
    return (
        Mandate.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=mandate.pk)
    )


def begin_mandate(*, programme: Programme, actor: Visitor, now: dt.datetime) -> Mandate:
    """Begin a mandate as a draft. It says at first what the one in force says, so that one sees what changes."""
    today = timezone.localdate(now)
    check_may_begin_mandate(actor, programme, today)
    with action("programme.mandate.begin", actor=actor, now=now) as event:
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        check_may_begin_mandate(actor, programme, today)
        latest = Mandate.objects.filter(programme=programme).order_by("-number").first()
        mandate = Mandate.objects.create(
            programme=programme,
            number=latest.number + 1 if latest else 1,
            foreword=latest.foreword if latest else {},
        )
        if latest is not None:
            _copy(latest, mandate)
        set_about(event, mandate)
    return mandate


def _copy(old: Mandate, new: Mandate) -> None:
    for goal in old.goals.all():
        goal.pk, goal.mandate = None, new
        if goal.statement_id is not None:
            goal.text = {}
        goal.save(force_insert=True)
    for resource in old.resources.all():
        resource.pk, resource.mandate = None, new
        resource.save(force_insert=True)
    for responsibility in old.responsibilities.all():
        responsibility.pk, responsibility.mandate = None, new
        responsibility.save(force_insert=True)
    for task in old.tasks.all():
        parts = list(task.roles.all())
        task.pk, task.mandate = None, new
        task.save(force_insert=True)
        write_parts(task, [(part.role, part.part) for part in parts])


def write_parts(task: MandateTask, parts: Sequence[tuple[str, str]]) -> None:
    """Say who is what in a task, inside the caller's transaction; what stood before goes."""
    task.roles.all().delete()
    for role, part in parts:
        TaskRole.objects.create(task=task, role=role, part=part)


def save_text(
    *,
    mandate: Mandate,
    foreword: Texts,
    valid_from: dt.date | None,
    valid_to: dt.date | None,
    actor: Visitor,
    now: dt.datetime,
) -> Mandate:
    """Write the foreword of a draft and the period it is for. `valid_to` is the first day after."""
    if not period_is_possible(valid_from, valid_to):
        raise NotPossible("programme.mandate_ends_before_it_begins")
    with action("programme.mandate.write", actor=actor, now=now, about=mandate):
        row = _open(mandate, actor, now)
        row.foreword = dict(foreword)
        row.valid_from, row.valid_to = valid_from, valid_to
        row.save(update_fields=["foreword", "valid_from", "valid_to"])
    return row


def _open(mandate: Mandate, actor: Visitor, now: dt.datetime) -> Mandate:
    row = lock_mandate(mandate)
    check_may_change_mandate(actor, row, timezone.localdate(now))
    return row


def save_goal(
    *,
    mandate: Mandate,
    goal: MandateGoal | None,
    statement: Statement | None,
    text: Texts,
    expected: Texts,
    actor: Visitor,
    now: dt.datetime,
) -> MandateGoal:
    """Add a goal to a draft, or change one: one of the programme's own or in own words, and what is to be reached."""
    if statement is None and not text:
        raise NotPossible("programme.goal_needs_words")
    with action("programme.mandate.goal", actor=actor, now=now, about=mandate):
        row = _open(mandate, actor, now)
        new = goal or MandateGoal(mandate=row)
        _place(new, row.goals.all(), "goal")
        new.statement = statement
        new.text = {} if statement else dict(text)
        new.expected = dict(expected)
        new.save()
    return new


def save_resource(
    *,
    mandate: Mandate,
    resource: MandateResource | None,
    text: Texts,
    amount: Decimal | None,
    actor: Visitor,
    now: dt.datetime,
) -> MandateResource:
    """Add a resource to a draft, or change one. `amount` is in kroner; None where it is not money."""
    with action("programme.mandate.resource", actor=actor, now=now, about=mandate):
        row = _open(mandate, actor, now)
        new = resource or MandateResource(mandate=row)
        _place(new, row.resources.all(), "resource")
        new.text, new.amount = dict(text), amount
        new.save()
    return new


def save_responsibility(
    *,
    mandate: Mandate,
    responsibility: MandateResponsibility | None,
    role: RoleKind,
    text: Texts,
    actor: Visitor,
    now: dt.datetime,
) -> MandateResponsibility:
    """Say in a draft what a role is responsible for, or change what was said."""
    with action("programme.mandate.responsibility", actor=actor, now=now, about=mandate):
        row = _open(mandate, actor, now)
        new = responsibility or MandateResponsibility(mandate=row)
        _place(new, row.responsibilities.all(), "responsibility")
        new.role, new.text = role.value, dict(text)
        new.save()
    return new


def _place(row: MandatePart, siblings: Iterable[MandatePart], prefix: str) -> None:
    """Give a new row its code and its place at the end."""
    if row.code:
        return
    known = list(siblings)
    row.code = next_code(prefix, [each.code for each in known])
    row.position = max((each.position for each in known), default=-1) + 1


def save_task(
    *,
    mandate: Mandate,
    task: MandateTask | None,
    text: Texts,
    roles: Assigned,
    effort_days: Decimal | None,
    actor: Visitor,
    now: dt.datetime,
    overload_reason: str = "",
) -> MandateTask:
    """Add a task to a draft, or change one: what, who is what in it, working days a year per office.

    Where an office would get more to do than it has days for, a reason is needed, and is kept for
    everybody who sees the offices' capacity.
    """
    if any(parts not in PART_SETS for parts in roles.values()):
        raise NotPossible("programme.parts_do_not_go_together")
    with action("programme.mandate.task", actor=actor, now=now, about=mandate):
        row = _open(mandate, actor, now)
        new = task or MandateTask(mandate=row)
        facts = TaskFacts(new.code, roles, effort_days)
        too_much = overloads_by_task(row, new.pk, facts, timezone.localdate(now))
        check_overloads(row.programme, too_much, overload_reason, now)
        _place(new, row.tasks.all(), "task")
        new.text, new.effort_days = dict(text), effort_days
        new.save()
        write_parts(
            new,
            [(role.value, part.value) for role, parts in roles.items() for part in sorted(parts)],
        )
        if too_much:
            keep_overloads(
                row.programme, too_much, overload_reason, what=new.text, task=new, now=now
            )
    return new


def check_overloads(
    programme: Programme, found: Sequence[Overload], reason: str, now: dt.datetime
) -> None:
    """Refuse to ask too much of an office without a reason."""
    if found and not reason.strip():
        names = {o.organisation_id: o.name for o in offices_of(programme, timezone.localdate(now))}
        raise NotPossible(
            "programme.too_much_is_asked", offices=", ".join(names[each.office] for each in found)
        )


def keep_overloads(
    programme: Programme,
    found: Sequence[Overload],
    reason: str,
    *,
    what: Texts,
    now: dt.datetime,
    task: MandateTask | None = None,
    date: YearDate | None = None,
) -> OverloadDecision:
    """Keep that too much was asked of offices, by how much and why, inside the caller's transaction."""
    names = {o.organisation_id: o.name for o in offices_of(programme, timezone.localdate(now))}
    return OverloadDecision.objects.create(
        programme=programme,
        task=task,
        date=date,
        what=dict(what),
        offices=[
            {
                "office": each.office,
                "name": names[each.office],
                "year": each.year,
                "available": str(tenths(each.available)),
                "asked": str(tenths(each.asked)),
            }
            for each in found
        ],
        reason=reason.strip(),
        decided_at=now,
    )


def remove_part(*, part: MandatePart, actor: Visitor, now: dt.datetime) -> None:
    """Take a goal, a resource, a responsibility or a task out of a draft."""
    with action("programme.mandate.remove", actor=actor, now=now, about=part.mandate):
        _open(part.mandate, actor, now)
        part.delete()


def delete_draft(*, mandate: Mandate, actor: Visitor, now: dt.datetime) -> None:
    """Throw a draft away."""
    with action("programme.mandate.discard", actor=actor, now=now, about=mandate):
        _open(mandate, actor, now).delete()


def issue_mandate(*, mandate: Mandate, actor: Visitor, now: dt.datetime) -> Mandate:
    """Issue a mandate: it is dated today, holds from its first day, and never changes again.

    The one before it is replaced from that day.
    """
    today = timezone.localdate(now)
    check_may_issue(actor, mandate, today)
    with action("programme.mandate.issue", actor=actor, now=now, about=mandate):
        locked = lock_mandate(mandate)
        check_may_issue(actor, locked, today)
        write_issued(locked, today)
    return locked


def write_issued(mandate: Mandate, on: dt.date) -> None:
    """Move a draft to issued and the one before it to replaced, inside the caller's transaction."""
    check_is_ready(mandate)
    before = mandate_before(mandate)
    if before is not None and before.stands is MandateState.ISSUED:
        before.state = MandateState.REPLACED.value
        ends = before.valid_to
        if ends is None or mandate.valid_from is None or ends > mandate.valid_from:
            before.valid_to = mandate.valid_from
        before.save(update_fields=["state", "valid_to"])
    # The programme's own wording may be edited later; what was asked for may not.
    for goal in mandate.goals.select_related("statement"):
        if goal.statement is not None:
            goal.text = goal.statement.text
            goal.save(update_fields=["text"])
    mandate.state = MandateState.ISSUED.value
    mandate.issued_on = on
    mandate.save(update_fields=["state", "issued_on"])


def set_capacity(
    *,
    programme: Programme,
    organisation: Organisation,
    year: int,
    days: Decimal,
    actor: Visitor,
    now: dt.datetime,
) -> OfficeCapacity:
    """Say how many working days an office has for the programme in a year."""
    today = timezone.localdate(now)
    check_may_set_capacity(actor, programme, organisation, today)
    if organisation.pk not in {each.organisation_id for each in offices_of(programme, today)}:
        raise NotPossible("programme.not_an_office", organisation=organisation.name)
    with action(
        "programme.capacity.set", actor=actor, now=now, about=organisation, year=year
    ) as event:
        event.programme_id = programme.pk  # how much an office can do is the programme's matter
        return write_capacity(programme, organisation, year, days)


def write_capacity(
    programme: Programme, organisation: Organisation, year: int, days: Decimal
) -> OfficeCapacity:
    """Write what an office has time for, inside the caller's transaction."""
    row, _made = OfficeCapacity.objects.update_or_create(
        programme=programme, organisation=organisation, year=year, defaults={"days": days}
    )
    return row
