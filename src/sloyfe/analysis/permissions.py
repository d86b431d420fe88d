"""Who may freeze and analyse. `check_may_x` raises the reason."""

from __future__ import annotations

import datetime as dt

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.fieldwork.models import Population
from sloyfe.fieldwork.permissions import is_evaluator_of
from sloyfe.fieldwork.rules import Origin, RoundState
from sloyfe.programme.queries import Visitor


def check_may_freeze(person: Visitor, population: Population, on: dt.date) -> None:
    """Only the institute that runs the round freezes it, once, after it has closed."""
    if not is_evaluator_of(person, population.round, on):
        raise NotAllowed("analysis.only_the_evaluator")
    check_can_freeze(population)


def check_can_freeze(population: Population) -> None:
    """What was fielded here is frozen once, after the round has closed."""
    if population.round.origin == Origin.PUBLISHED:
        raise NotPossible("analysis.only_printed")
    if population.round.state != RoundState.CLOSED:
        raise NotPossible("analysis.round_not_closed")
    if hasattr(population, "dataset"):
        raise NotPossible("analysis.already_frozen")


def check_may_cross(person: Visitor, population: Population, on: dt.date) -> None:
    """How answers go together can be seen only where every respondent's answers are known."""
    if not is_evaluator_of(person, population.round, on):
        raise NotAllowed("analysis.only_the_evaluator")
    if population.round.origin == Origin.PUBLISHED:
        raise NotPossible("analysis.cross_table_unknown")
    if not hasattr(population, "dataset"):
        raise NotPossible("analysis.not_frozen")
