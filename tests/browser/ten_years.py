"""The exercise as it stands after ten years: its last whole year, again and again, back in time.

So pages are looked at, and measured, with as much on them as there will be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import models

from sloyfe.audit.models import Event
from sloyfe.delivery.models import (
    Activity,
    Decision,
    Matter,
    Measure,
    Meeting,
    Need,
    Plan,
    ReportingYear,
    Result,
    SteeringMeeting,
    Summary,
    YearlyReport,
)
from sloyfe.delivery.rules.reports import YearState
from sloyfe.programme.models import Programme, YearDate

YEARS = 10
Row = TypeVar("Row", bound=models.Model)


def _again(
    rows: Iterable[Row], back: int, change: Callable[[Row], dict[str, Any]] = lambda row: {}
) -> dict[Any, Row]:
    """Copy rows some years back. Gives the copies by the key of what each was copied from."""
    found: dict[Any, Row] = {}
    for row in rows:
        values: dict[str, Any] = {}
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if isinstance(value, dt.date):  # a datetime is one, too
                value -= dt.timedelta(days=round(365.25 * back))
            if not field.primary_key:
                values[field.attname] = value
        found[row.pk] = type(row)(**(values | change(row)))
    if found:
        type(next(iter(found.values())))._default_manager.bulk_create(found.values())
    return found


def lengthen(programme: Programme, years: int = YEARS) -> None:
    """Bring a lived exercise to so many reporting years."""
    known = ReportingYear.objects.filter(programme=programme)
    last = known.filter(state=YearState.CLOSED.value).latest("year")
    first = known.earliest("year").year
    numbers = SteeringMeeting.objects.filter(programme=programme).aggregate(
        most=models.Max("number")
    )
    number: int = numbers["most"] or 0
    for year in range(first - 1, first - 1 - years + known.count(), -1):
        back = last.year - year
        reporting = _again([last], back, lambda row, year=year: {"year": year})[last.pk]
        meetings = _again(
            Meeting.objects.filter(programme=programme, on__year=last.year + 1, state="held"), back
        )
        reports = _again(
            YearlyReport.objects.filter(reporting_year=last),
            back,
            lambda row, of=reporting, met=meetings: {
                "reporting_year_id": of.pk,
                "filled_in_at_id": None,
                "discussed_at_id": found.pk if (found := met.get(row.discussed_at_id)) else None,
            },
        )
        _again(
            Result.objects.filter(report__reporting_year=last),
            back,
            lambda row, of=reports, year=year: {"report_id": of[row.report_id].pk, "year": year},
        )
        _again(
            Summary.objects.filter(reporting_year=last),
            back,
            lambda row, of=reporting: {"reporting_year_id": of.pk},
        )
        plans = _again(
            Plan.objects.filter(programme=programme, year=last.year),
            back,
            lambda row, year=year: {"year": year},
        )
        measures = _again(
            Measure.objects.filter(plan_id__in=plans),
            back,
            lambda row, of=plans: {"plan_id": of[row.plan_id].pk},
        )
        _again(
            Activity.objects.filter(measure_id__in=measures),
            back,
            lambda row, of=measures: {"measure_id": of[row.measure_id].pk},
        )
        _again(
            Need.objects.filter(programme=programme, written_at__year__gte=last.year - 1)
            .exclude(state="unconfirmed"),
            back,
        )  # fmt: skip
        _again(
            Matter.objects.filter(programme=programme, asked_on__year__gte=last.year),
            back,
            lambda row: {"need_id": None, "summary_id": None},
        )
        for dialogue in SteeringMeeting.objects.filter(
            programme=programme, state="held", number__lte=2
        ):
            number += 1
            _again([dialogue], back, lambda row, number=number: {"number": number})
        _again(
            Decision.objects.filter(programme=programme, state="done"),
            back,
            lambda row: {"matter_id": None, "meeting_id": None},
        )
        _again(
            YearDate.objects.filter(programme=programme, starts_on__year=last.year + 1),
            back,
            lambda row, year=year: {"code": f"{row.code}-{year}"},
        )
        _again(Event.objects.filter(programme_id=programme.pk)[:500], back)
