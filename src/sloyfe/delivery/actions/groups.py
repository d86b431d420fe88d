"""Setting up standing groups, and letting members come and go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from sloyfe.audit.actions import action, set_about
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.models import GroupMember, StandingGroup
from sloyfe.delivery.permissions.groups import check_group_is_there, check_may_keep_groups
from sloyfe.delivery.queries.offices import office_with
from sloyfe.delivery.rules.steering import GroupRole
from sloyfe.organisations.models import Organisation, valid_on
from sloyfe.programme.models import Participation, Programme, Statement
from sloyfe.programme.queries import Visitor
from sloyfe.programme.rules import Capacity

# The kind of a programme's statements that name its standing groups.
_GROUP = "group"


def _check_takes_part(programme: Programme, office: Organisation, on: dt.date) -> None:
    takes_part = Participation.objects.filter(
        valid_on(on), programme=programme, organisation=office
    )
    if not takes_part.exists():
        raise NotPossible("delivery.not_part_of_programme", office=office.name)


def save_group(
    *,
    programme: Programme,
    code: str,
    title: Mapping[str, str],
    purpose: str,
    decides: Organisation,
    valid_from: dt.date,
    valid_to: dt.date | None,
    actor: Visitor | None,
    now: dt.datetime,
    group: StandingGroup | None = None,
    revision: int = 0,
    statement: Statement | None = None,
) -> StandingGroup:
    """Set up a standing group or change it: what it is for, from when to when, and who decides on what it raises."""
    today = timezone.localdate(now)
    check_may_keep_groups(actor, programme, today)
    if valid_to is not None and valid_to <= valid_from:
        raise NotPossible("delivery.group_ends_before")
    _check_takes_part(programme, decides, today)
    with action("delivery.group.save", actor=actor, now=now) as event:
        # The programme is held, so that two groups do not take the same short name at once.
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        others = StandingGroup.objects.filter(programme=programme, code=code)
        if group is not None:
            others = others.exclude(pk=group.pk)
        if others.exists():
            raise NotPossible("delivery.group_code_taken", code=code)
        row = (
            StandingGroup.objects.get(pk=group.pk) if group else StandingGroup(programme=programme)
        )
        if row.revision != revision:
            raise ChangedMeanwhile("delivery.group_changed")
        row.code, row.title, row.purpose = code, dict(title), purpose
        row.decides, row.valid_from, row.valid_to = decides, valid_from, valid_to
        row.statement = statement or row.statement
        row.revision += 1
        row.save()
        set_about(event, row)
    return row


def add_member(
    *,
    group: StandingGroup,
    organisation: Organisation,
    role: GroupRole,
    valid_from: dt.date,
    actor: Visitor | None,
    now: dt.datetime,
) -> GroupMember:
    """Let an organisation into a group from a day on, in a role."""
    today = timezone.localdate(now)
    check_may_keep_groups(actor, group.programme, today)
    check_group_is_there(group, max(today, group.valid_from))
    _check_takes_part(group.programme, organisation, today)
    with action("delivery.group.join", actor=actor, now=now, about=group):
        StandingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
        known = group.members.filter(organisation=organisation)
        if known.filter(valid_to__isnull=True).exists():
            raise NotPossible("delivery.already_member", office=organisation.name)
        return GroupMember.objects.create(
            group=group, organisation=organisation, role=role.value, valid_from=valid_from
        )


def end_membership(
    *, member: GroupMember, valid_to: dt.date, actor: Visitor | None, now: dt.datetime
) -> GroupMember:
    """Let a member leave a group from a day on; that it was a member stays known."""
    check_may_keep_groups(actor, member.group.programme, timezone.localdate(now))
    with action("delivery.group.leave", actor=actor, now=now, about=member.group):
        locked = GroupMember.objects.select_for_update(no_key=True).get(pk=member.pk)
        if locked.valid_to is not None:
            raise NotPossible("delivery.member_has_left")
        if valid_to <= locked.valid_from:
            raise NotPossible("delivery.leaves_before_joining")
        locked.valid_to = valid_to
        locked.save(update_fields=["valid_to"])
    return locked


def load_groups(*, programme: Programme, actor: Visitor | None, now: dt.datetime) -> int:
    """Set up the standing groups that a programme's own description names, where they are not there yet.

    Who is in them the description does not say, so nobody is put into them; the owner decides on what they
    raise until somebody says otherwise. Gives how many were set up.
    """
    today = timezone.localdate(now)
    # A programme that has ended keeps its groups as they were in its time.
    day = min(today, programme.valid_to - dt.timedelta(days=1)) if programme.valid_to else today
    owner = office_with(programme, max(day, programme.valid_from), Capacity.OWNER)
    known = set(StandingGroup.objects.filter(programme=programme).values_list("code", flat=True))
    named = [
        row
        for row in programme.statements.filter(kind=_GROUP).order_by("position")
        if row.code not in known
    ]
    if owner is None or not named:
        return 0
    with action("delivery.group.load", actor=actor, now=now, about=programme) as event:
        for row in named:
            StandingGroup.objects.create(
                programme=programme,
                code=row.code,
                title=row.text,
                statement=row,
                decides=owner,
                valid_from=row.valid_from or programme.valid_from,
                valid_to=row.valid_to or programme.valid_to,
            )
        event.details["groups"] = len(named)
    return len(named)
