"""Standing groups: who is in them, what they raised, and what they were answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from sloyfe.delivery.models import GroupMember, Matter, StandingGroup
from sloyfe.delivery.queries.matters import matters_to_show
from sloyfe.delivery.queries.offices import works_at
from sloyfe.delivery.rules.steering import MatterState
from sloyfe.organisations.models import Organisation, valid_on
from sloyfe.programme.models import Participation, Programme
from sloyfe.programme.queries import Visitor


@dataclass(frozen=True)
class GroupLine:
    """One group in the list: how many are in it, how many issues it raised and how many have no answer."""

    group: StandingGroup
    members: int
    issues: int
    unanswered: int
    has_ended: bool


def group_lines(programme: Programme, person: Visitor, on: dt.date) -> list[GroupLine]:
    """Give the groups of a programme that a person may read about, those that have ended last. Four queries."""
    groups = list(
        StandingGroup.objects.visible_to(person, on)
        .filter(programme=programme)
        .select_related("decides", "programme")
        .order_by("valid_from", "code")
    )
    members = dict(
        GroupMember.objects.filter(valid_on(on), group__in=groups)
        .values_list("group_id")
        .annotate(number=Count("pk"))
    )
    issues = {
        group: (number, unanswered)
        for group, number, unanswered in Matter.objects.visible_to(person, on)
        .filter(group__in=groups)
        .values_list("group_id")
        .annotate(number=Count("pk"), waiting=Count("pk", filter=Q(state=MatterState.ASKED.value)))
    }
    lines = [
        GroupLine(
            group,
            members.get(group.pk, 0),
            *issues.get(group.pk, (0, 0)),
            has_ended=group.valid_to is not None and group.valid_to <= on,
        )
        for group in groups
    ]
    return sorted(lines, key=lambda line: line.has_ended)


def members_of(group: StandingGroup, on: dt.date) -> tuple[list[GroupMember], list[GroupMember]]:
    """Give those who are in a group on a day, and those who were. One query."""
    rows = list(
        group.members.select_related("organisation").order_by(
            "organisation__sort_key", "valid_from"
        )
    )
    now = [row for row in rows if row.valid_to is None or row.valid_to > on]
    return now, [row for row in rows if row not in now]


def issues_of(group: StandingGroup, person: Visitor, on: dt.date) -> list[Matter]:
    """Give what a group raised, the unanswered on top, the oldest first. Three queries."""
    rows = matters_to_show(group.programme, person, on).filter(group=group)
    return sorted(rows, key=lambda row: (row.state != MatterState.ASKED, row.asked_on, row.pk))


def member_offices(group: StandingGroup, person: Visitor, on: dt.date) -> list[Organisation]:
    """Give the members of a group for which a person works. At most one query."""
    mine = works_at(person, group.programme_id, on)
    if not mine:
        return []
    return list(
        Organisation.objects.filter(
            pk__in=group.members.filter(valid_on(on), organisation__in=mine).values(
                "organisation_id"
            )
        ).order_by("sort_key")
    )


def possible_members(programme: Programme, on: dt.date) -> list[Organisation]:
    """Give everybody who takes part in a programme on a day, in Norwegian order. One query."""
    return list(
        Organisation.objects.filter(
            pk__in=Participation.objects.filter(valid_on(on), programme=programme).values(
                "organisation_id"
            )
        ).order_by("sort_key")
    )
