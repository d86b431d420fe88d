"""Answering a simulated round: only in an exercise programme, by the model of `rules.simulation`."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from sloyfe.audit.actions import action
from sloyfe.common.errors import NotPossible
from sloyfe.common.keys import KeyStore
from sloyfe.fieldwork.models import Case, Population, Response, Round
from sloyfe.fieldwork.permissions import check_may_run
from sloyfe.fieldwork.rules import Disposition, Origin, ResponseState, RoundState
from sloyfe.fieldwork.rules.links import unit_ref
from sloyfe.fieldwork.rules.simulation import Answered, Outcome, Unit, simulate
from sloyfe.instruments.rules.answers import Form, check_complete, read_form
from sloyfe.programme.queries import Visitor, frame_candidates

_DISPOSITIONS = {
    Outcome.COMPLETE: Disposition.COMPLETE,
    Outcome.PARTIAL: Disposition.PARTIAL,
    Outcome.REFUSED: Disposition.REFUSED,
    Outcome.BOUNCED: Disposition.BOUNCED,
    Outcome.SILENT: Disposition.INVITED,
}


def answer_simulated_round(
    *, round_: Round, round_number: int, seed: str, actor: Visitor, now: dt.datetime
) -> int:
    """Let the model answer for every drawn unit of a simulated round. Gives how many sent in.

    All of the round is written, or nothing. Refuses a round that is not declared simulated, one outside an
    exercise programme, one that is not open, and one that has answers.
    """
    check_may_run(actor, round_, now.date())
    if round_.origin != Origin.SIMULATED or not round_.programme.is_simulated:
        raise NotPossible("fieldwork.not_simulated")
    with action("fieldwork.round.simulate", actor=actor, now=now, about=round_, seed=seed) as event:
        locked = Round.objects.select_for_update().get(pk=round_.pk)
        if locked.state != RoundState.OPEN:
            raise NotPossible(
                "fieldwork.not_open_yet"
                if locked.state == RoundState.PLANNED
                else "fieldwork.round_closed"
            )
        if locked.responses.exists():
            raise NotPossible("fieldwork.has_answers")
        key = KeyStore(settings.KEYS).round_key(round_.pk)
        responses: list[Response] = []
        asked = 0
        for population in locked.populations.select_related("version"):
            cases = _answer(population, locked, round_number, seed, key, responses)
            asked += len(cases)
            Case.objects.bulk_update(cases, ["disposition", "started_on", "completed_on"])
        # In the order of their references, so that their own order tells nothing of the cases'.
        Response.objects.bulk_create(sorted(responses, key=lambda row: row.unit_ref))
        complete = sum(row.state == ResponseState.COMPLETE for row in responses)
        event.details |= {"asked": asked, "complete": complete}
    return complete


def _answer(
    population: Population,
    round_: Round,
    round_number: int,
    seed: str,
    key: bytes,
    responses: list[Response],
) -> list[Case]:
    form = read_form(population.version.definition)
    units = _units(population, round_)
    cases = list(population.cases.all())
    for case in cases:
        answered = simulate(form, units[case.organisation_id], round_number=round_number, seed=seed)
        _check(form, answered, population)
        case.disposition = _DISPOSITIONS[answered.outcome].value
        case.started_on = _day(round_, answered.begun)
        case.completed_on = _day(round_, answered.sent)
        if answered.outcome in (Outcome.COMPLETE, Outcome.PARTIAL):
            responses.append(
                Response(
                    round=round_,
                    population=population,
                    unit_ref=unit_ref(key, case.pk),
                    stratum=case.stratum,
                    background=case.background,
                    answers=answered.answers,
                    revision=1,
                    state=ResponseState.COMPLETE.value
                    if answered.outcome is Outcome.COMPLETE
                    else ResponseState.PARTIAL.value,
                )
            )
    return cases


def _units(population: Population, round_: Round) -> dict[int, Unit]:
    """Give what the model knows of each unit of the frame, as it stood on the frame's day."""
    day = population.frame_as_of or round_.opens_on or timezone.localdate()
    languages = dict(
        population.frame_units.values_list("organisation_id", "organisation__language_form")
    )
    keys = dict(population.frame_units.values_list("organisation_id", "organisation__slug"))
    return {
        candidate.organisation_id: Unit(
            key=keys[candidate.organisation_id],
            region=candidate.region_code,
            inhabitants=candidate.inhabitants or 0,
            is_member=bool(candidate.subprogramme),
            language=languages[candidate.organisation_id],
        )
        for candidate in frame_candidates(
            round_.programme, day, subprogramme=population.frame_rule.get("subprogramme")
        )
        if candidate.organisation_id in keys
    }


def _check(form: Form, answered: Answered, population: Population) -> None:
    """The model must answer as a person could have."""
    if answered.outcome is Outcome.COMPLETE and check_complete(form, answered.answers):
        raise NotPossible("fieldwork.model_does_not_fit", population=str(population))


def _day(round_: Round, part: float | None) -> dt.date | None:
    """Give the day that lies so far into the time the round is open."""
    if part is None or round_.opens_on is None or round_.closes_on is None:
        return None
    return round_.opens_on + dt.timedelta(
        int(part * ((round_.closes_on - round_.opens_on).days + 1))
    )
