"""Questions about action plans."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Prefetch, QuerySet, When

from sloyfe.delivery.models import Activity, Measure, Plan
from sloyfe.delivery.rules.plans import UNFINISHED, MeasureStatus, PlanState, is_late
from sloyfe.programme.models import Statement

# What a measure can serve, as the strategy has it: a goal or what stands under one.
GOALS = ("goal", "subgoal", "result_goal")


def goals_to_serve(programme_id: int) -> QuerySet[Statement]:
    """Give the goals of a programme, each followed by those under it; those of the target groups come last."""
    return Statement.objects.filter(programme=programme_id, kind__in=GOALS).order_by(
        Case(When(kind="result_goal", then=1), default=0),
        # A goal has the strategy above it, and what stands under a goal has the goal.
        Case(When(kind="goal", then="position"), default="parent__position"),
        Case(When(kind="goal", then=0), default=1),
        "position",
    )


@dataclass(frozen=True)
class MeasureLine:
    """A measure with its activities, and whether its day has passed."""

    measure: Measure
    status: MeasureStatus
    is_late: bool
    activities: tuple[Activity, ...]

    @property
    def is_finished(self) -> bool:
        """Whether it is done or stopped."""
        return self.status not in UNFINISHED

    @property
    def done(self) -> int:
        """How many of its activities are done."""
        return sum(1 for activity in self.activities if activity.done_on)


def measures_of(plan: Plan, on: dt.date) -> tuple[MeasureLine, ...]:
    """Give the measures of a plan with their activities. Two queries."""
    rows = plan.measures.select_related("goal", "area").prefetch_related(
        Prefetch("activities", Activity.objects.order_by("on", "pk"))
    )
    return tuple(
        MeasureLine(
            row,
            MeasureStatus(row.status),
            plan.state != PlanState.CLOSED and is_late(MeasureStatus(row.status), row.by_when, on),
            tuple(row.activities.all()),
        )
        for row in rows
    )
