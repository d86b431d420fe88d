"""Who may write and issue mandates, and who says what an office has time for.

`check_may_x` raises the reason, which is also what a button says when it may not be pressed.
"""

from __future__ import annotations

import datetime as dt

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Mandate, Programme
from sloyfe.programme.queries import Visitor, has_capacity, roles_of
from sloyfe.programme.queries.mandates import draft_of, faults_of, mandate_before
from sloyfe.programme.rules import Capacity
from sloyfe.programme.rules.mandates import MANDATE_MOVES, MandateState

# Who sees what the offices have time for: those who ask, and those who are asked.
SEES_CAPACITY = (
    Capacity.HEAD_OFFICE,
    Capacity.OWNER,
    Capacity.NATIONAL_LEAD,
    Capacity.REGIONAL_OFFICE,
    Capacity.AUDITOR,
)


def check_may_write_mandates(person: Visitor, programme: Programme, on: dt.date) -> None:
    """Only the programme's owner gives it a mandate."""
    if not has_capacity(person, on, programme.pk, Capacity.OWNER):
        raise NotAllowed("programme.only_the_owner")


def check_may_begin_mandate(person: Visitor, programme: Programme, on: dt.date) -> None:
    """One mandate is written at a time."""
    check_may_write_mandates(person, programme, on)
    if draft_of(programme) is not None:
        raise NotPossible("programme.mandate_in_work")


def check_may_change_mandate(person: Visitor, mandate: Mandate, on: dt.date) -> None:
    """A mandate may be changed until it is issued."""
    check_may_write_mandates(person, mandate.programme, on)
    check_is_draft(mandate)


def check_is_draft(mandate: Mandate) -> None:
    """Refuse what can only be done with a mandate that has not been issued."""
    if mandate.stands is not MandateState.DRAFT:
        raise NotPossible("programme.mandate_is_issued", number=mandate.number)


def check_may_issue(person: Visitor, mandate: Mandate, on: dt.date) -> None:
    """A mandate is issued when it is dated, has a goal, and somebody answers for every task."""
    check_may_write_mandates(person, mandate.programme, on)
    check_is_ready(mandate)


def check_is_ready(mandate: Mandate) -> None:
    """Refuse to issue a mandate that lacks something."""
    if MandateState.ISSUED not in MANDATE_MOVES[mandate.stands]:
        raise NotPossible("programme.mandate_is_issued", number=mandate.number)
    if mandate.valid_from is None:
        raise NotPossible("programme.mandate_needs_a_day")
    if not mandate.foreword:
        raise NotPossible("programme.mandate_needs_a_foreword")
    if not mandate.goals.exists():
        raise NotPossible("programme.mandate_needs_a_goal")
    wrong = faults_of(mandate)
    if wrong:
        raise NotPossible("programme.mandate_has_faults", count=len(wrong))
    before = mandate_before(mandate)
    if (
        before is not None
        and before.valid_from is not None
        and mandate.valid_from <= before.valid_from
    ):
        raise NotPossible("programme.mandate_begins_too_early", number=before.number)


def check_may_see_capacity(person: Visitor, programme: Programme, on: dt.date) -> None:
    """What offices have time for is for those who ask it of them, and for the offices."""
    if not has_capacity(person, on, programme.pk, *SEES_CAPACITY):
        raise NotAllowed("programme.capacity_is_for_the_offices")


def check_may_set_capacity(
    person: Visitor, programme: Programme, office: Organisation, on: dt.date
) -> None:
    """An office says itself what it has time for; nasjonalt fagansvar may say it for any."""
    if has_capacity(person, on, programme.pk, Capacity.NATIONAL_LEAD):
        return
    if not any(
        role.organisation_id == office.pk
        and role.programme_id == programme.pk
        and role.capacity != Capacity.MUNICIPALITY
        for role in roles_of(person, on)
    ):
        raise NotAllowed("programme.capacity_is_the_offices_own")
