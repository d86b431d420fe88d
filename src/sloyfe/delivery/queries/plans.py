"""Questions about action plans."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch

from sloyfe.delivery.models import Activity, Measure, Plan
from sloyfe.delivery.rules.plans import UNFINISHED, MeasureStatus, is_late


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
            is_late(MeasureStatus(row.status), row.by_when, on),
            tuple(row.activities.all()),
        )
        for row in rows
    )
