"""Who may do what with a round.

`check_may_x` raises the reason; the reason is also what a button says when it may not be pressed. The
evaluator runs the round; the client follows the rates and never sees who has answered.
"""

from __future__ import annotations

import datetime as dt

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.fieldwork.models import Population, Round
from sloyfe.fieldwork.rules import ROUND_MOVES, Origin, RoundState
from sloyfe.fieldwork.texts import ROUND_STATE_TEXT
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules import InstrumentKind, VersionState
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, has_capacity, roles_of
from sloyfe.programme.rules import Capacity


def is_evaluator_of(person: Visitor, round_: Round, on: dt.date) -> bool:
    """Tell whether a person works for the institute that runs this round."""
    return any(
        role.capacity == Capacity.EVALUATOR
        and role.programme_id == round_.programme_id
        and round_.evaluator_id in (None, role.organisation_id)
        for role in roles_of(person, on)
    )


def check_may_plan_rounds(person: Visitor, programme: Programme, on: dt.date) -> None:
    """Only the programme's evaluator plans a round."""
    if not has_capacity(person, on, programme.pk, Capacity.EVALUATOR):
        raise NotAllowed("fieldwork.only_the_evaluator")


def check_may_run(person: Visitor, round_: Round, on: dt.date) -> None:
    """Only the institute that runs the round may change it, and only a round that is fielded here."""
    if not is_evaluator_of(person, round_, on):
        raise NotAllowed("fieldwork.only_the_evaluator")
    if round_.origin == Origin.PUBLISHED:
        raise NotPossible("fieldwork.fielded_elsewhere")


def check_may_change_plan(person: Visitor, round_: Round, on: dt.date) -> None:
    """Frame, draw and declaration are settled before the round opens."""
    check_may_run(person, round_, on)
    if round_.state != RoundState.PLANNED:
        raise NotPossible("fieldwork.already_open")


def check_is_questionnaire(version: Version) -> None:
    """See that a round asks with a questionnaire; reports, plans and agreements have a life of their own."""
    if version.instrument.kind != InstrumentKind.QUESTIONNAIRE:
        raise NotPossible("fieldwork.not_a_questionnaire", form=str(version))


def check_may_open(person: Visitor, round_: Round, on: dt.date) -> None:
    """A round opens when every form is released, every sample drawn and every date said."""
    check_may_run(person, round_, on)
    state = RoundState(round_.state)
    if RoundState.OPEN not in ROUND_MOVES[state]:
        raise NotPossible(
            "fieldwork.cannot_move",
            state=ROUND_STATE_TEXT[state],
            wanted=ROUND_STATE_TEXT[RoundState.OPEN],
        )
    populations = list(round_.populations.select_related("version__instrument", "draw"))
    if not populations:
        raise NotPossible("fieldwork.no_population")
    if not (round_.closes_on and round_.delete_contacts_on and round_.delete_keys_on):
        raise NotPossible("fieldwork.dates_missing")
    for population in populations:
        check_is_questionnaire(population.version)
        if population.version.state != VersionState.RELEASED:
            raise NotPossible("fieldwork.form_not_released", form=str(population.version))
        if not hasattr(population, "draw"):
            raise NotPossible("fieldwork.not_drawn", population=str(population))


def check_may_bring_contacts(person: Visitor, round_: Round, on: dt.date) -> None:
    """Contacts may be brought and mended until the round closes; the client may bring them, as in 2017."""
    client = has_capacity(
        person, on, round_.programme_id, Capacity.NATIONAL_LEAD, Capacity.PROJECT_GROUP
    )
    if not (client or is_evaluator_of(person, round_, on)):
        raise NotAllowed("fieldwork.only_client_or_evaluator_brings_contacts")
    if round_.origin == Origin.PUBLISHED:
        raise NotPossible("fieldwork.fielded_elsewhere")
    if round_.state == RoundState.CLOSED:
        raise NotPossible("fieldwork.round_closed")


def check_may_send(person: Visitor, round_: Round, on: dt.date) -> None:
    """Letters go out while the round is open."""
    check_may_run(person, round_, on)
    if round_.state == RoundState.PLANNED:
        raise NotPossible("fieldwork.not_open_yet")
    if round_.state == RoundState.CLOSED:
        raise NotPossible("fieldwork.round_closed")


def check_may_see_cases(person: Visitor, population: Population, on: dt.date) -> None:
    """Who has been sent what, and how far each has come, is the evaluator's to know."""
    if not is_evaluator_of(person, population.round, on):
        raise NotAllowed("fieldwork.only_the_evaluator_sees_cases")


def may_read_written_letters(person: Visitor, round_: Round, on: dt.date) -> bool:
    """Tell whether a person may read the letters of a round as they were written to files.

    They hold the links to the questionnaires, so only in an exercise, where nobody's answers are real.
    """
    return round_.programme.is_simulated and is_evaluator_of(person, round_, on)
