"""The frame and the draw."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sloyfe.audit.actions import action, set_about
from sloyfe.common.errors import NotPossible
from sloyfe.fieldwork.models import Case, Draw, FrameUnit, Population
from sloyfe.fieldwork.permissions import check_may_change_plan
from sloyfe.fieldwork.rules import Design
from sloyfe.programme.queries import Visitor, frame_candidates
from sloyfe.stats import sampling


def make_frame(*, population: Population, actor: Visitor, now: dt.datetime) -> int:
    """List everybody who can be asked, as the organisations stood on the frame's day.

    The stratum is the region. Gives the size of the frame. May be made again until the draw.
    """
    check_may_change_plan(actor, population.round, now.date())
    if Draw.objects.filter(population=population).exists():
        raise NotPossible("fieldwork.already_drawn", population=str(population))
    day = population.frame_as_of or now.date()
    candidates = frame_candidates(
        population.round.programme, day, subprogramme=population.frame_rule.get("subprogramme")
    )
    if not candidates:
        raise NotPossible("fieldwork.empty_frame", population=str(population), day=day.isoformat())
    with action(
        "fieldwork.frame.make", actor=actor, now=now, about=population, units=len(candidates)
    ):
        FrameUnit.objects.filter(population=population).delete()
        FrameUnit.objects.bulk_create(
            FrameUnit(
                population=population,
                organisation_id=unit.organisation_id,
                stratum=unit.region_code,
                background={"region": unit.region_code, "size": unit.size_class},
            )
            for unit in candidates
        )
    return len(candidates)


def draw_sample(*, population: Population, seed: str, actor: Visitor, now: dt.datetime) -> Draw:
    """Draw the sample: a fixed number in each region, or everybody.

    The seed and the frame's fingerprint are kept, so that anybody can draw the same again. Refuses more
    than a region holds, with the numbers.
    """
    check_may_change_plan(actor, population.round, now.date())
    frame = {
        str(unit.organisation_id): unit for unit in FrameUnit.objects.filter(population=population)
    }
    if not frame:
        raise NotPossible("fieldwork.no_frame", population=str(population))
    units = [sampling.FrameUnit(unit, row.stratum) for unit, row in frame.items()]
    if population.design == Design.CENSUS:
        drawn = sampling.census(units)
    else:
        sizes: int | Literal["all"] = population.per_stratum or 0
        drawn = sampling.draw(units, sizes, seed)
    strata = [
        {
            "stratum": stratum.stratum,
            "frame": stratum.frame,
            "sampled": stratum.sampled,
            "inclusion": f"{stratum.inclusion.numerator}/{stratum.inclusion.denominator}",
        }
        for stratum in drawn.strata
    ]
    with action("fieldwork.sample.draw", actor=actor, now=now, drawn=len(drawn.units)) as event:
        # The row is the lock: a second draw at the same time meets its unique key and fails whole.
        if Draw.objects.select_for_update().filter(population=population).exists():
            raise NotPossible("fieldwork.already_drawn", population=str(population))
        row = Draw.objects.create(
            population=population,
            seed=drawn.seed,
            frame_hash=drawn.frame_hash,
            drawn_at=now,
            strata=strata,
        )
        set_about(event, population)
        Case.objects.bulk_create(
            Case(
                population=population,
                organisation_id=frame[unit].organisation_id,
                stratum=frame[unit].stratum,
                background=frame[unit].background,
            )
            for unit in drawn.units
        )
    return row
