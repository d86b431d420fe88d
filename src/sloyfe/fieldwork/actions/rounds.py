"""Planning, opening and closing a round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from sloyfe.audit.actions import action, set_about
from sloyfe.common.errors import NotPossible
from sloyfe.common.keys import KeyStore
from sloyfe.fieldwork.models import Population, Round
from sloyfe.fieldwork.permissions import check_may_change_plan, check_may_plan_rounds, check_may_run
from sloyfe.fieldwork.rules import ROUND_MOVES, Declaration, Design, Origin, RoundState
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules import VersionState
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor


def plan_round(
    *,
    programme: Programme,
    slug: str,
    title: Mapping[str, str],
    declaration: Declaration,
    evaluator: Organisation,
    host: str,
    controller: str,
    processor: str,
    legal_ground: str,
    privacy_notice: Mapping[str, str],
    contact: str,
    closes_on: dt.date,
    delete_contacts_on: dt.date,
    delete_keys_on: dt.date,
    delete_responses_on: dt.date | None,
    actor: Visitor,
    now: dt.datetime,
    opens_on: dt.date | None = None,
    origin: Origin = Origin.FIELDED,
) -> Round:
    """Plan a round and declare beforehand what it is: how answers are kept, who answers for them, and
    what is deleted when. The declaration stands from the day the round opens."""
    check_may_plan_rounds(actor, programme, now.date())
    if origin == Origin.SIMULATED and not programme.is_simulated:
        raise NotPossible("fieldwork.simulated_only_in_exercise")
    if opens_on is not None and closes_on <= opens_on:
        raise NotPossible("fieldwork.closes_before_it_opens")
    with action("fieldwork.round.plan", actor=actor, now=now) as event:
        round_ = Round.objects.create(
            programme=programme,
            slug=slug,
            title=dict(title),
            origin=origin.value,
            declaration=declaration.value,
            evaluator=evaluator,
            host=host,
            controller=controller,
            processor=processor,
            legal_ground=legal_ground,
            privacy_notice=dict(privacy_notice),
            contact=contact,
            opens_on=opens_on,
            closes_on=closes_on,
            delete_contacts_on=delete_contacts_on,
            delete_keys_on=delete_keys_on,
            delete_responses_on=delete_responses_on,
        )
        set_about(event, round_)
    return round_


def add_population(
    *,
    round_: Round,
    code: str,
    title: Mapping[str, str],
    version: Version,
    frame_rule: Mapping[str, Any],
    frame_as_of: dt.date,
    design: Design,
    per_stratum: int | None,
    actor: Visitor,
    now: dt.datetime,
) -> Population:
    """Say who else is asked, with which form, and how they are chosen.

    `frame_rule` is ``{"subprogramme": code}``; the code ``basic_offer`` means those in no subprogramme,
    and null everybody.
    """
    check_may_change_plan(actor, round_, now.date())
    if design == Design.STRATIFIED and not per_stratum:
        raise NotPossible("fieldwork.needs_per_stratum")
    with action("fieldwork.population.add", actor=actor, now=now) as event:
        population = Population.objects.create(
            round=round_,
            code=code,
            title=dict(title),
            position=round_.populations.count(),
            version=version,
            frame_rule=dict(frame_rule),
            frame_as_of=frame_as_of,
            design=design.value,
            per_stratum=per_stratum if design == Design.STRATIFIED else None,
        )
        set_about(event, population)
    return population


def open_round(*, round_: Round, actor: Visitor, now: dt.datetime) -> Round:
    """Open a round for answers: every form released, every sample drawn, every date said."""
    check_may_run(actor, round_, now.date())
    if RoundState.OPEN not in ROUND_MOVES[RoundState(round_.state)]:
        raise NotPossible("fieldwork.cannot_move", state=round_.state, wanted="open")
    populations = list(round_.populations.select_related("version__instrument", "draw"))
    if not populations:
        raise NotPossible("fieldwork.no_population")
    if not (round_.closes_on and round_.delete_contacts_on and round_.delete_keys_on):
        raise NotPossible("fieldwork.dates_missing")
    for population in populations:
        if population.version.state != VersionState.RELEASED:
            raise NotPossible("fieldwork.form_not_released", form=str(population.version))
        if not hasattr(population, "draw"):
            raise NotPossible("fieldwork.not_drawn", population=str(population))
    with action("fieldwork.round.open", actor=actor, now=now, about=round_):
        # Made before anybody can answer, and never again (a destroyed key stays destroyed).
        KeyStore(settings.KEYS).make_round_key(round_.pk)
        round_.state = RoundState.OPEN.value
        round_.opens_on = round_.opens_on or now.date()
        round_.save(update_fields=["state", "opens_on"])
    return round_


def close_round(*, round_: Round, actor: Visitor | None, now: dt.datetime) -> Round:
    """Close a round: from now on nothing more is answered. No actor when its closing day has passed."""
    if actor is not None:
        check_may_run(actor, round_, now.date())
    with action("fieldwork.round.close", actor=actor, now=now, about=round_):
        locked = Round.objects.select_for_update().get(pk=round_.pk)
        if RoundState.CLOSED not in ROUND_MOVES[RoundState(locked.state)]:
            raise NotPossible("fieldwork.cannot_move", state=locked.state, wanted="closed")
        locked.state = RoundState.CLOSED.value
        locked.closed_at = now
        locked.save(update_fields=["state", "closed_at"])
    return locked


def close_due_rounds(*, now: dt.datetime) -> int:
    """Close every round whose closing day has passed. May run twice without harm."""
    due = Round.objects.filter(state=RoundState.OPEN.value, closes_on__lt=now.date())
    for round_ in due:
        close_round(round_=round_, actor=None, now=now)
    return len(due)
