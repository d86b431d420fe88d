"""Background work of the analysis: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from sloyfe.analysis import actions
from sloyfe.analysis.models import Dataset


@app.task(name="analysis.make_tables", queue="analysis")
def make_tables(dataset_id: int) -> None:
    """Count every item of a frozen data set."""
    dataset = Dataset.objects.select_related("population__version", "population__round").get(
        pk=dataset_id
    )
    actions.make_tables(dataset=dataset, now=timezone.now())


@app.periodic(cron="10 * * * *")
@app.task(name="analysis.keep_dates", queueing_lock="analysis.keep_dates")
def keep_dates(timestamp: int) -> None:
    """Delete frozen answers on the day that was declared."""
    actions.delete_due_data(now=timezone.now())
