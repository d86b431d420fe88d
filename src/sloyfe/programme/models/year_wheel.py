"""The year wheel: dates that concern those who take part, how they have changed, and who was told."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.models import tracked
from sloyfe.letters.models import Letter
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models.mandates import MandateTask, programmes_of
from sloyfe.programme.models.programmes import Programme, Region, Statement, Subprogramme
from sloyfe.programme.rules import Capacity
from sloyfe.programme.rules.mandates import MOST_DAYS, RoleKind
from sloyfe.programme.rules.year_wheel import (
    LONGEST_REASON,
    ChangeKind,
    DateKind,
    Reach,
)

# Who sees every date of a programme, to plan by; the others see what concerns them or municipalities.
SEES_EVERY_DATE = (
    Capacity.HEAD_OFFICE,
    Capacity.OWNER,
    Capacity.NATIONAL_LEAD,
    Capacity.REGIONAL_OFFICE,
    Capacity.AUDITOR,
)


class YearDateQuerySet(models.QuerySet["YearDate"]):
    def visible_to(
        self, person: Person | AnonymousUser, on: dt.date | None = None
    ) -> YearDateQuerySet:
        """Give the dates that somebody may see: those of municipalities are public in a real programme."""
        day = on or timezone.localdate()
        municipal = Q(roles__contains=[RoleKind.MUNICIPALITY.value])
        seen = Q(programme__is_simulated=False) & municipal
        seen |= Q(programme__in=programmes_of(person, day)) & municipal
        seen |= Q(programme__in=programmes_of(person, day, SEES_EVERY_DATE))
        for capacity in (Capacity.EVALUATOR, Capacity.PROJECT_GROUP, Capacity.PARTNER):
            seen |= Q(
                programme__in=programmes_of(person, day, (capacity,)),
                roles__contains=[capacity.value],
            )
        return self.filter(seen)


@tracked
class YearDate(models.Model):
    """A day, or some days on end, that concern somebody in the programme.

    `effort_days` is working days for each office concerned; `sequence` rises each time it changes, as
    calendars want; one that was cancelled stays, since people have it in their calendars.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="year_dates")
    code = models.SlugField(max_length=80)
    title = models.JSONField(help_text="nb, nn, en")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in DateKind])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="the last day, where not one day")
    roles = ArrayField(models.CharField(max_length=30), help_text="whom it concerns")
    subprogramme = models.ForeignKey(
        Subprogramme, null=True, blank=True, on_delete=models.PROTECT, related_name="year_dates"
    )
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="year_dates"
    )
    arena = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.SET_NULL, related_name="year_dates"
    )
    effort_days = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    is_cancelled = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    objects = YearDateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_year_date_per_code"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in DateKind]), name="year_date_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="year_date_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=[role.value for role in RoleKind])
                & Q(roles__len__gt=0),
                name="year_date_roles_are_known",
            ),
            models.CheckConstraint(
                condition=Q(effort_days__isnull=True)
                | Q(effort_days__gte=0, effort_days__lte=MOST_DAYS),
                name="year_date_effort_is_possible",
            ),
        ]
        indexes = [models.Index(fields=["programme", "starts_on"], name="year_date_by_day")]
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return str(self.title.get("nb", self.code))

    @property
    def reach(self) -> Reach:
        """Give whom the date concerns, as the rules see it."""
        return Reach(
            frozenset(RoleKind(role) for role in self.roles), self.subprogramme_id, self.region_id
        )


@tracked
class DateChange(models.Model):
    """A date was added, moved or cancelled with less than a year's notice, and why."""

    date = models.ForeignKey(YearDate, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in ChangeKind])
    reason = models.CharField(max_length=LONGEST_REASON)
    old_starts_on = models.DateField(null=True, blank=True)
    old_ends_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ChangeKind]),
                name="date_change_kind_is_known",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="date_change_has_a_reason"),
        ]
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.date}: {self.kind}"


class Announcement(models.Model):
    """One person was written to about a change; the letter is made when it is sent."""

    change = models.ForeignKey(DateChange, on_delete=models.CASCADE, related_name="announcements")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="announcements"
    )
    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="announcement")

    def __str__(self) -> str:
        return f"{self.change}: {self.organisation}"


@tracked
class OverloadDecision(models.Model):
    """Somebody saw that an office would get too much to do, and decided on it all the same."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="overload_decisions"
    )
    task = models.ForeignKey(
        MandateTask, null=True, blank=True, on_delete=models.SET_NULL, related_name="overloads"
    )
    date = models.ForeignKey(
        YearDate, null=True, blank=True, on_delete=models.SET_NULL, related_name="overloads"
    )
    what = models.JSONField(help_text="nb, nn, en: the task or date, as it was called then")
    offices = models.JSONField(help_text="list of: office, name, year, available, asked (days)")
    reason = models.CharField(max_length=LONGEST_REASON)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="overload_has_a_reason")
        ]
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return str(self.what.get("nb", self.pk))
