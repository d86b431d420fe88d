"""Meetings between a municipality and its regional office: dialogue, the two a year, and the report's."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.audit.models import tracked
from sloyfe.delivery.models.documents import CaseDocument
from sloyfe.delivery.models.visible import document_filter
from sloyfe.delivery.rules.agreements import MeetingKind, MeetingState
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> MeetingQuerySet:
        """Give the meetings that a person may read about on a day."""
        held = Q(state=MeetingState.HELD.value)
        return self.filter(document_filter(person, on or timezone.localdate(), settled=held))


@tracked
class Meeting(CaseDocument):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="meetings")
    municipality = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="meetings"
    )
    office = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="office_meetings"
    )
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in MeetingKind])
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in MeetingState],
        default=MeetingState.PLANNED.value,
    )
    on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    agenda = models.TextField(max_length=4000, blank=True)
    present = models.TextField(max_length=1000, blank=True, help_text="roles, not names")
    minutes = models.TextField(max_length=8000, blank=True)
    agreed = models.TextField(max_length=4000, blank=True, help_text="what the two sides agreed on")
    revision = models.PositiveIntegerField(default=0)

    objects = MeetingQuerySet.as_manager()

    class Meta(CaseDocument.Meta):
        constraints = [
            *CaseDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in MeetingKind]), name="meeting_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MeetingState]),
                name="meeting_state_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "municipality", "on"], name="meeting_of_municipality")
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.on}"
