"""Planning, opening and closing a round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from sloyfe.audit.actions import action, set_about
from sloyfe.common.errors import NotPossible
from sloyfe.common.keys import KeyStore
from sloyfe.fieldwork.models import Case, Population, Round
from sloyfe.fieldwork.permissions import (
    check_is_questionnaire,
    check_may_change_plan,
    check_may_open,
    check_may_plan_rounds,
    check_may_run,
)
from sloyfe.fieldwork.rules import ROUND_MOVES, Declaration, Design, Origin, RoundState
from sloyfe.fieldwork.texts import ROUND_STATE_TEXT
from sloyfe.instruments.models import Version
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor


def lock_round(round_: Round) -> Round:
    """Hold a round until the transaction ends, and give it as it stands now, so that of two presses at
    once the second sees what the first did."""
    return (
        Round.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "evaluator")
        .get(pk=round_.pk)
    )


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
    check_is_questionnaire(version)
    with action("fieldwork.population.add", actor=actor, now=now) as event:
        check_may_change_plan(actor, lock_round(round_), now.date())
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
    """Open a round for answers: every form released, every sample drawn, every date said.

    From now on contacts of those who were not drawn are of no use, and are deleted.
    """
    check_may_open(actor, round_, now.date())
    with action("fieldwork.round.open", actor=actor, now=now, about=round_):
        locked = lock_round(round_)
        check_may_open(actor, locked, now.date())
        # Made before anybody can answer, and never again (a destroyed key stays destroyed).
        KeyStore(settings.KEYS).make_round_key(locked.pk)
        locked.state = RoundState.OPEN.value
        locked.opens_on = locked.opens_on or now.date()
        locked.save(update_fields=["state", "opens_on"])
        locked.contacts.exclude(
            organisation_id__in=Case.objects.filter(population__round=locked).values(
                "organisation_id"
            )
        ).delete()
    return locked


def close_round(*, round_: Round, actor: Visitor | None, now: dt.datetime) -> Round:
    """Close a round: from now on nothing more is answered. No actor when its closing day has passed."""
    if actor is not None:
        check_may_run(actor, round_, now.date())
    with action("fieldwork.round.close", actor=actor, now=now, about=round_):
        locked = Round.objects.select_for_update().get(pk=round_.pk)
        state = RoundState(locked.state)
        if RoundState.CLOSED not in ROUND_MOVES[state]:
            raise NotPossible(
                "fieldwork.cannot_move",
                state=ROUND_STATE_TEXT[state],
                wanted=ROUND_STATE_TEXT[RoundState.CLOSED],
            )
        locked.state = RoundState.CLOSED.value
        locked.closed_at = now
        locked.save(update_fields=["state", "closed_at"])
    return locked


def close_due_rounds(*, now: dt.datetime) -> int:
    """Close every round whose closing day has passed. May run twice without harm."""
    due = Round.objects.filter(
        state=RoundState.OPEN.value, closes_on__lt=timezone.localdate(now)
    ).order_by("pk")
    for round_ in due:
        close_round(round_=round_, actor=None, now=now)
    return len(due)


def destroy_due_keys(*, now: dt.datetime) -> int:
    """Destroy the key of every closed round on the day that was declared: nobody can then tie an answer to
    a municipality. May run twice without harm; gives how many keys there were."""
    store = KeyStore(settings.KEYS)
    destroyed = 0
    for round_ in Round.objects.filter(
        state=RoundState.CLOSED.value, delete_keys_on__lte=timezone.localdate(now)
    ).order_by("pk"):
        if store.has_round_key(round_.pk):
            with action("fieldwork.key.destroy", actor=None, now=now, about=round_):
                store.destroy(round_.pk)
            destroyed += 1
    return destroyed


def delete_due_responses(*, now: dt.datetime) -> int:
    """Delete the answers of every closed round on the day that was declared. Gives how many there were."""
    deleted = 0
    for round_ in Round.objects.filter(
        state=RoundState.CLOSED.value,
        delete_responses_on__lte=timezone.localdate(now),
        responses__isnull=False,
    ).distinct():
        with action("fieldwork.responses.delete", actor=None, now=now, about=round_) as event:
            count = round_.responses.all().delete()[0]
            event.details["responses"] = count
        deleted += count
    return deleted
