"""Who sets up the standing groups, and who raises an issue through them."""

from __future__ import annotations

import datetime as dt

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.models import StandingGroup
from sloyfe.delivery.queries.offices import works_at
from sloyfe.organisations.models import Organisation, valid_on
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, has_capacity
from sloyfe.programme.rules import Capacity


def check_may_keep_groups(person: Visitor | None, programme: Programme, on: dt.date) -> None:
    """Owner and nasjonalt fagansvar set up the standing groups and say who is in them."""
    if person is not None and not has_capacity(
        person, on, programme.pk, Capacity.OWNER, Capacity.NATIONAL_LEAD
    ):
        raise NotAllowed("delivery.only_leaders_keep_groups")


def check_group_is_there(group: StandingGroup, on: dt.date) -> None:
    """A group that has ended takes nothing new."""
    if group.valid_from > on or (group.valid_to is not None and group.valid_to <= on):
        raise NotPossible("delivery.group_has_ended")


def check_may_raise_issue(
    person: Visitor | None, group: StandingGroup, asked_by: Organisation | None, on: dt.date
) -> None:
    """A member raises an issue, for the organisation that is a member. Without an organisation: for any."""
    members = set(group.members.filter(valid_on(on)).values_list("organisation_id", flat=True))
    if asked_by is not None and asked_by.pk not in members:
        raise NotAllowed("delivery.only_members_raise")
    if person is not None and not members & works_at(person, group.programme_id, on):
        raise NotAllowed("delivery.only_members_raise")
    check_group_is_there(group, on)
