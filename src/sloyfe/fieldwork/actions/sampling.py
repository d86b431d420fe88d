"""The frame and the draw."""

from __future__ import annotations

import datetime as dt

from sloyfe.audit.actions import action
from sloyfe.common.errors import NotPossible
from sloyfe.fieldwork.actions.rounds import lock_round
from sloyfe.fieldwork.models import Case, Draw, FrameUnit, Population
from sloyfe.fieldwork.permissions import check_may_change_plan
from sloyfe.fieldwork.rules import Design
from sloyfe.fieldwork.texts import shortages, written_day
from sloyfe.programme.models import Region
from sloyfe.programme.queries import Visitor, frame_candidates
from sloyfe.stats import sampling


def make_frame(*, population: Population, actor: Visitor, now: dt.datetime) -> int:
    """List everybody who can be asked, as the organisations stood on the frame's day.

    The stratum is the region. Gives the size of the frame. May be made again until the draw.
    """
    check_may_change_plan(actor, population.round, now.date())
    day = population.frame_as_of or now.date()
    with action("fieldwork.frame.make", actor=actor, now=now, about=population) as event:
        _hold(population, actor, now)
        candidates = frame_candidates(
            population.round.programme, day, subprogramme=population.frame_rule.get("subprogramme")
        )
        if not candidates:
            raise NotPossible(
                "fieldwork.empty_frame", population=str(population), day=written_day(day)
            )
        homeless = [unit.name for unit in candidates if not unit.region_code]
        if homeless:
            raise NotPossible(
                "fieldwork.no_region",
                count=len(homeless),
                example=homeless[0],
                day=written_day(day),
            )
        FrameUnit.objects.filter(population=population).delete()
        FrameUnit.objects.bulk_create(
            FrameUnit(
                population=population,
                organisation_id=unit.organisation_id,
                code=unit.code,
                stratum=unit.region_code,
                background={"region": unit.region_code, "size": unit.size_class},
            )
            for unit in candidates
        )
        event.details["units"] = len(candidates)
    return len(candidates)


def draw_sample(*, population: Population, seed: str, actor: Visitor, now: dt.datetime) -> Draw:
    """Draw the sample: a fixed number in each region, or everybody.

    The seed and the frame's fingerprint are kept, so that anybody can draw the same again. Refuses more
    than a region holds, with the numbers.
    """
    check_may_change_plan(actor, population.round, now.date())
    with action("fieldwork.sample.draw", actor=actor, now=now, about=population) as event:
        _hold(population, actor, now)
        # By number, so that a list of the frame and the seed are enough to draw the same elsewhere.
        frame = {unit.code: unit for unit in FrameUnit.objects.filter(population=population)}
        if not frame:
            raise NotPossible("fieldwork.no_frame", population=str(population))
        drawn = _draw(population, frame, seed)
        row = Draw.objects.create(
            population=population,
            seed=drawn.seed,
            frame_hash=drawn.frame_hash,
            drawn_at=now,
            strata=[
                {
                    "stratum": stratum.stratum,
                    "frame": stratum.frame,
                    "sampled": stratum.sampled,
                    "inclusion": f"{stratum.inclusion.numerator}/{stratum.inclusion.denominator}",
                }
                for stratum in drawn.strata
            ],
        )
        Case.objects.bulk_create(
            Case(
                population=population,
                organisation_id=frame[unit].organisation_id,
                stratum=frame[unit].stratum,
                background=frame[unit].background,
            )
            for unit in drawn.units
        )
        event.details["drawn"] = len(drawn.units)
    return row


def _hold(population: Population, actor: Visitor, now: dt.datetime) -> None:
    """Let nobody else draw or open meanwhile, and refuse what somebody else has done already."""
    check_may_change_plan(actor, lock_round(population.round), now.date())
    if Draw.objects.filter(population=population).exists():
        raise NotPossible("fieldwork.already_drawn", population=str(population))


def _draw(population: Population, frame: dict[str, FrameUnit], seed: str) -> sampling.Draw:
    units = [sampling.FrameUnit(unit, row.stratum) for unit, row in frame.items()]
    if population.design == Design.CENSUS:
        return sampling.census(units)
    try:
        return sampling.draw(units, population.per_stratum or 0, seed)
    except NotPossible as refusal:
        problems = refusal.details.get("problems")
        if refusal.code != "sampling.stratum_too_small" or not isinstance(problems, tuple):
            raise
        names = dict(
            Region.objects.filter(programme=population.round.programme).values_list("code", "name")
        )
        raise NotPossible(
            refusal.code,
            wanted=population.per_stratum,
            most=min(one.has for one in problems),
            problems=shortages([(names.get(p.stratum, p.stratum), p.has) for p in problems]),
        ) from refusal
