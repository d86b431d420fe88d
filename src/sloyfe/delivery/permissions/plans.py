"""Who may do what with an action plan: both sides write in it, the municipality alone adopts it."""

from __future__ import annotations

import datetime as dt

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.models import Plan
from sloyfe.delivery.permissions.agreements import is_municipality, is_office
from sloyfe.delivery.rules.plans import PLAN_MOVES, PlanState
from sloyfe.delivery.texts.plans import PLAN_STATE_TEXT
from sloyfe.programme.queries import Visitor


def check_may_start_plan(person: Visitor, programme: int, municipality: int, on: dt.date) -> None:
    """The municipality begins its plan, or its adviser at the office does."""
    if not (
        is_municipality(person, programme, municipality, on)
        or is_office(person, programme, municipality, on)
    ):
        raise NotAllowed("delivery.only_the_sides_plan")


def check_is_in_work(plan: Plan) -> None:
    """Only a plan that is being written is changed."""
    state = PlanState(plan.state)
    if state is not PlanState.DRAFT:
        raise NotPossible("delivery.plan_not_in_work", state=PLAN_STATE_TEXT[state])


def check_is_open(plan: Plan) -> None:
    """Status and activities are written until the plan is closed."""
    if plan.state == PlanState.CLOSED:
        raise NotPossible("delivery.plan_is_closed")


def check_plan_move(plan: Plan, wanted: PlanState) -> None:
    """Refuse a step that the plan cannot take from where it stands."""
    state = PlanState(plan.state)
    if wanted not in PLAN_MOVES[state]:
        raise NotPossible(
            "delivery.plan_cannot_move",
            state=PLAN_STATE_TEXT[state],
            wanted=PLAN_STATE_TEXT[wanted],
        )


def check_may_write_plan(person: Visitor, plan: Plan, on: dt.date) -> None:
    """Both sides write measures while the plan is being written."""
    check_may_start_plan(person, plan.programme_id, plan.municipality_id, on)
    check_is_in_work(plan)


def check_may_follow_plan(person: Visitor, plan: Plan, on: dt.date) -> None:
    """Both sides write how far measures and activities have come, until the plan is closed."""
    check_may_start_plan(person, plan.programme_id, plan.municipality_id, on)
    check_is_open(plan)


def _check_own(person: Visitor, plan: Plan, on: dt.date) -> None:
    if not is_municipality(person, plan.programme_id, plan.municipality_id, on):
        raise NotAllowed("delivery.only_the_municipality_adopts")


def check_may_adopt(person: Visitor, plan: Plan, on: dt.date) -> None:
    """The municipality alone adopts its plan, and only one that says something."""
    _check_own(person, plan, on)
    check_plan_move(plan, PlanState.ADOPTED)
    check_says_something(plan)


def check_says_something(plan: Plan) -> None:
    """A plan without measures is not adopted."""
    if not plan.measures.exists():
        raise NotPossible("delivery.plan_is_empty")


def check_may_revise(person: Visitor, plan: Plan, on: dt.date) -> None:
    """The municipality alone opens its adopted plan for changes."""
    _check_own(person, plan, on)
    check_plan_move(plan, PlanState.DRAFT)


def check_may_close(person: Visitor, plan: Plan, on: dt.date) -> None:
    """Either side closes an adopted plan when its year is over."""
    check_may_start_plan(person, plan.programme_id, plan.municipality_id, on)
    check_plan_move(plan, PlanState.CLOSED)
