"""Summaries on their way up: from a regional office to nasjonalt fagansvar, and from there to the owner."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.models import tracked
from sloyfe.delivery.models.documents import CaseDocument
from sloyfe.delivery.models.reports import ReportingYear
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.summaries import Level, SummaryState
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme, Region
from sloyfe.programme.queries import Visitor, programmes_where
from sloyfe.programme.rules import Capacity


class SummaryQuerySet(models.QuerySet["Summary"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> SummaryQuerySet:
        """Give the summaries that a person may read on a day.

        A draft is read by the office that writes it. What has been sent is read by every office of the
        programme, and when it is public also by everybody else who takes part.
        """
        day = on or timezone.localdate()
        reach = reach_of(person, day)
        leads = programmes_where(person, day, [Capacity.NATIONAL_LEAD])
        sent = ~Q(state=SummaryState.DRAFT.value)
        return self.filter(
            Q(office__in=reach.offices)
            | Q(level=Level.NATION.value, programme__in=leads)
            | (sent & Q(programme__in=reach.inside))
            | (sent & Q(programme__in=reach.part_in, access=Access.PUBLIC.value))
        )


@tracked
class Summary(CaseDocument):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="summaries")
    reporting_year = models.ForeignKey(
        ReportingYear, on_delete=models.PROTECT, related_name="summaries"
    )
    level = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Level])
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="summaries"
    )
    office = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="summaries_sent"
    )
    to_office = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="summaries_received"
    )
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in SummaryState],
        default=SummaryState.DRAFT.value,
    )
    overview = models.TextField(max_length=8000, blank=True)
    worked = models.TextField(max_length=8000, blank=True)
    was_hard = models.TextField(max_length=8000, blank=True)
    asked_for = models.TextField(max_length=8000, blank=True)
    incomplete_why = models.TextField(
        max_length=2000, blank=True, help_text="why it is sent before all below it is answered"
    )
    figures = models.JSONField(
        default=dict, blank=True, help_text="the figures as they stood when it was sent"
    )
    revision = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=8000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SummaryQuerySet.as_manager()

    class Meta(CaseDocument.Meta):
        constraints = [
            *CaseDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in SummaryState]),
                name="summary_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.REGION.value, region__isnull=False)
                | Q(level=Level.NATION.value, region__isnull=True),
                name="a_regional_summary_has_a_region",
            ),
            models.UniqueConstraint(
                fields=["reporting_year", "region"],
                condition=Q(region__isnull=False),
                name="one_summary_per_region",
            ),
            models.UniqueConstraint(
                fields=["reporting_year"],
                condition=Q(region__isnull=True),
                name="one_national_summary",
            ),
            models.CheckConstraint(
                condition=~Q(state=SummaryState.ANSWERED.value)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="an_answered_summary_has_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(state=SummaryState.DRAFT.value) | Q(sent_at__isnull=False),
                name="a_sent_summary_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region or self.programme} {self.reporting_year.year}"

    @property
    def stands(self) -> SummaryState:
        """Where the summary stands; the column holds a plain string."""
        return SummaryState(self.state)

    @property
    def is_stored(self) -> bool:
        """Whether anybody has begun to write it."""
        return not self._state.adding

    @property
    def is_national(self) -> bool:
        """Whether it is nasjonalt fagansvar's, to the owner."""
        return self.level == Level.NATION
