"""Background work of the reports: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from sloyfe.reports import actions
from sloyfe.reports.models import Report


@app.task(name="reports.prepare", queue="analysis")
def prepare(report_id: int) -> None:
    """Put the tables of a report through disclosure control."""
    report = Report.objects.select_related("round__programme").get(pk=report_id)
    actions.prepare(report=report, now=timezone.now())
