"""Say what is counted in a programme, and how it is added up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.db.models.deletion import ProtectedError

from sloyfe.audit.actions import Actor, action
from sloyfe.common.errors import NotPossible
from sloyfe.delivery.models import EffortArea, ResultDefinition
from sloyfe.delivery.rules.results import Aggregation
from sloyfe.programme.models import Programme

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Area:
    """An effort area as a file says it; `goal` is the id of a sub-goal."""

    code: str
    title: Mapping[str, str]
    goal: int
    verified: bool


@dataclass(frozen=True)
class Counted:
    """A result as a file says it; `goal` and `subprogramme` are ids, `area` a code or ""."""

    code: str
    title: Mapping[str, str]
    unit: Mapping[str, str]
    aggregation: Aggregation
    item: str
    numerator: str
    denominator: str
    goal: int
    area: str
    subprogramme: int | None
    is_outcome: bool
    decimals: int


@dataclass(frozen=True)
class Defined:
    """How many effort areas and results were written or taken away."""

    areas: int
    results: int

    @property
    def changed(self) -> bool:
        """Tell whether anything was written at all."""
        return bool(self.areas or self.results)


class _Unchanged(Exception):
    """Nothing had to be written, so there is no event either."""


def define_results(
    programme: Programme,
    *,
    areas: Sequence[Area],
    results: Sequence[Counted],
    actor: Actor,
    now: dt.datetime,
) -> Defined:
    """Make a programme count this and nothing else. As often as one likes; the same again writes nothing.

    What has been reported stays: taking away a result that somebody has reported, or changing how it is
    added up, is refused.
    """
    try:
        with action("delivery.results.define", actor=actor, now=now, about=programme) as event:
            written = _areas(programme, areas)
            stored = {row.code: row for row in EffortArea.objects.filter(programme=programme)}
            counted = _results(programme, results, stored)
            written += _remove(EffortArea, programme, {area.code for area in areas})
            if not (written or counted):
                raise _Unchanged
            event.details |= {"areas": written, "results": counted}
    except _Unchanged:
        return Defined(0, 0)
    return Defined(written, counted)


def _areas(programme: Programme, areas: Sequence[Area]) -> int:
    known = {row.code: row for row in EffortArea.objects.filter(programme=programme)}
    return sum(
        _save(
            known.get(area.code) or EffortArea(programme=programme, code=area.code),
            title=dict(area.title),
            goal_id=area.goal,
            position=at,
            verified=area.verified,
        )
        for at, area in enumerate(areas)
    )


def _results(
    programme: Programme, results: Sequence[Counted], areas: Mapping[str, EffortArea]
) -> int:
    known = {row.code: row for row in ResultDefinition.objects.filter(programme=programme)}
    written = _remove(ResultDefinition, programme, {each.code for each in results})
    for at, each in enumerate(results):
        row = known.get(each.code)
        if row is not None and row.aggregation != each.aggregation and row.results.exists():
            raise NotPossible("delivery.results.aggregation_in_use", code=each.code)
        written += _save(
            row or ResultDefinition(programme=programme, code=each.code),
            title=dict(each.title),
            unit=dict(each.unit),
            aggregation=each.aggregation.value,
            item=each.item,
            numerator_item=each.numerator,
            denominator_item=each.denominator,
            goal_id=each.goal,
            area_id=areas[each.area].pk if each.area else None,
            subprogramme_id=each.subprogramme,
            is_outcome=each.is_outcome,
            decimals=each.decimals,
            position=at,
        )
    return written


def _save(row: models.Model, **facts: Any) -> int:
    """Write a row where it is new or says something else; gives 1 or 0."""
    if row.pk is not None and all(getattr(row, name) == value for name, value in facts.items()):
        return 0
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    return 1


def _remove(model: type[M], programme: Programme, kept: Iterable[str]) -> int:
    gone = model._default_manager.filter(programme=programme).exclude(code__in=list(kept))
    count = gone.count()
    try:
        gone.delete()
    except ProtectedError as error:
        codes = ", ".join(sorted(str(row) for row in gone)[:5])
        raise NotPossible("delivery.results.in_use", codes=codes) from error
    return count
