"""Action plans: measures with goal, who, by when and how it will be seen; and activities under them."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.audit.models import tracked
from sloyfe.delivery.models.agreements import Agreement
from sloyfe.delivery.models.documents import CaseDocument
from sloyfe.delivery.models.results import EffortArea
from sloyfe.delivery.models.visible import document_filter
from sloyfe.delivery.rules.plans import MeasureStatus, PlanState
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme, Statement
from sloyfe.programme.queries import Visitor


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> PlanQuerySet:
        """Give the plans that a person may read on a day; drafts only to the two sides."""
        settled = ~Q(state=PlanState.DRAFT.value)
        return self.filter(document_filter(person, on or timezone.localdate(), settled=settled))


@tracked
class Plan(CaseDocument):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="plans")
    municipality = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="plans")
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="office_plans")
    agreement = models.ForeignKey(
        Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="plans"
    )
    year = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in PlanState],
        default=PlanState.DRAFT.value,
    )
    summary = models.TextField(max_length=4000, blank=True)
    adopted_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = PlanQuerySet.as_manager()

    class Meta(CaseDocument.Meta):
        constraints = [
            *CaseDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PlanState]), name="plan_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["programme", "municipality", "year"], name="one_plan_per_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.year}"


@tracked
class Measure(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="measures")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    goal = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    area = models.ForeignKey(
        EffortArea, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    who = models.CharField(max_length=200, help_text="a role or unit, not a name")
    by_when = models.DateField()
    how_seen = models.CharField(max_length=500, help_text="how we will see that it worked")
    status = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in MeasureStatus],
        default=MeasureStatus.NOT_BEGUN.value,
    )
    status_note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in MeasureStatus]),
                name="measure_status_is_known",
            )
        ]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


@tracked
class Activity(models.Model):
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="activities")
    text = models.CharField(max_length=500)
    on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return self.text
