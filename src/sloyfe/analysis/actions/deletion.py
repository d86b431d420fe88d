"""Deleting frozen answers on the day that their round declared beforehand."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from sloyfe.analysis.models import Dataset, StoredTable
from sloyfe.analysis.queries import path_of
from sloyfe.audit.actions import action


def delete_due_data(*, now: dt.datetime) -> int:
    """Delete the frozen file, and the exact counts made of it, of every round whose day has come.

    What has been shown, and the fingerprint, stay: they are in reports already and tell nobody's answer.
    May run twice without harm. Gives how many data sets there were.
    """
    deleted = 0
    due = Dataset.objects.filter(
        population__round__delete_responses_on__lte=timezone.localdate(now)
    ).select_related("population")
    for dataset in due:
        file = path_of(dataset)
        tables = StoredTable.objects.filter(dataset=dataset)
        if not file.exists() and not tables.exists():
            continue
        with action("analysis.dataset.delete", actor=None, now=now, about=dataset) as event:
            event.details["responses"] = dataset.responses
            tables.delete()
        # After the transaction: a file that is left by a crash is met again the next hour.
        file.unlink(missing_ok=True)
        deleted += 1
    return deleted
