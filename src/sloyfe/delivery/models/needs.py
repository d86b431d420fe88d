"""Needs notifications (behovsmeldinger): said by any municipality, at any time, in one field."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.audit.models import tracked_without
from sloyfe.delivery.models.documents import CaseDocument
from sloyfe.delivery.models.visible import document_filter
from sloyfe.delivery.rules.needs import Channel, NeedState
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> NeedQuerySet:
        """Give the needs that a person may read on a day; nobody reads one that is not confirmed."""
        confirmed = ~Q(state=NeedState.UNCONFIRMED.value)
        return self.filter(
            confirmed & document_filter(person, on or timezone.localdate(), settled=confirmed)
        )


# An address that nobody confirmed is forgotten with what was written; a contact when the need is closed.
@tracked_without("text", "contact_email")
class Need(CaseDocument):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="needs")
    municipality = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="needs")
    office = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="office_needs"
    )
    channel = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Channel])
    state = models.CharField(max_length=20, choices=[(s.value, s.value) for s in NeedState])
    text = models.TextField(max_length=4000)
    contact_email = models.EmailField(
        blank=True, help_text="to confirm and to answer; deleted when the need is closed"
    )
    language = models.CharField(max_length=5, default="nb", help_text="of the letters about it")
    written_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    triage_due = models.DateField(null=True, blank=True)
    triaged_at = models.DateTimeField(null=True, blank=True)
    triage_note = models.TextField(max_length=2000, blank=True, help_text="who does what next")
    raised_at = models.DateTimeField(null=True, blank=True)
    raised_why = models.TextField(max_length=2000, blank=True)
    answer = models.TextField(max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_met = models.BooleanField(null=True, help_text="whether the answer meets the need")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_why = models.TextField(
        max_length=2000, blank=True, help_text="why the answer did not help"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    link_generation = models.PositiveSmallIntegerField(
        default=0, help_text="earlier links are void"
    )
    revision = models.PositiveIntegerField(default=0)

    objects = NeedQuerySet.as_manager()

    class Meta(CaseDocument.Meta):
        constraints = [
            *CaseDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in NeedState]), name="need_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[c.value for c in Channel]), name="need_channel_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[NeedState.UNCONFIRMED.value])
                | Q(received_at__isnull=False, triage_due__isnull=False),
                name="a_received_need_has_a_day",
            ),
        ]
        indexes = [models.Index(fields=["programme", "state", "triage_due"], name="need_waiting")]

    def __str__(self) -> str:
        return f"{self.municipality} {self.written_at:%Y-%m-%d}"
