"""The audit trail: one row per action, written in the action's own transaction, never changed.

Row history (what each row looked like) is kept beside each table by pghistory and points here by event id.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models

M = TypeVar("M", bound=models.Model)

# Row history: one row per version of a row, with who did it in which action on the row itself.
tracked = pghistory.track(
    append_only=True,
    context_field=pghistory.ContextJSONField(),
    context_id_field=pghistory.ContextUUIDField(null=True),
)


def tracked_without(*fields: str) -> Callable[[type[M]], type[M]]:
    """Keep the history of a table's rows, but not of these columns: what must be forgotten stands nowhere else.

    A column that is kept out of an append-only history can be emptied for good.
    """
    track: Callable[[type[M]], type[M]] = pghistory.track(
        append_only=True,
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(null=True),
        exclude=list(fields),
    )
    return track


class Event(models.Model):
    """Somebody did something to something. Told in words by `audit.texts`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.CharField(max_length=80, help_text="dotted and stable: fieldwork.round.open")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    happened_at = models.DateTimeField()
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=60, blank=True)
    about_name = models.CharField(max_length=300, blank=True)
    # A number and no more: programmes are built upon the audit trail, not the other way round.
    programme_id = models.BigIntegerField(
        null=True, blank=True, help_text="empty: it belongs to no programme"
    )
    details = models.JSONField(default=dict)

    # Not a column: set where an earlier event stands for this one too, so that this one is not written.
    is_told = False

    class Meta:
        indexes = [
            models.Index(
                fields=["about_kind", "about_id", "happened_at"], name="audit_event_about"
            ),
            models.Index(fields=["-happened_at"], name="audit_event_time"),
            models.Index(fields=["programme_id", "-happened_at"], name="audit_event_programme"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.about_name}"
