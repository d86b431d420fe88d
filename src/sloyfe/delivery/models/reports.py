"""The yearly report: what is expected of whom in a year, what was filled in, and what the office answered."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.models import tracked
from sloyfe.delivery.models.agreements import Agreement
from sloyfe.delivery.models.documents import CaseDocument
from sloyfe.delivery.models.meetings import Meeting
from sloyfe.delivery.models.visible import document_filter
from sloyfe.delivery.rules.reports import SENT_STATES, ReportState, YearState
from sloyfe.instruments.models import Submission, Version
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor
from sloyfe.programme.rules.year_wheel import LONGEST_REASON

# In the order of the states: a set has another in every process, and migrations would never settle.
_SENT = [state.value for state in ReportState if state in SENT_STATES]


@tracked
class ReportingYear(models.Model):
    """One year's reporting: with which form, from when, by when, and by when the answer comes."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="reporting_years"
    )
    year = models.PositiveSmallIntegerField(help_text="the year reported on")
    form = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="reporting_years")
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in YearState],
        default=YearState.PLANNED.value,
    )
    opens_on = models.DateField()
    due_on = models.DateField()
    answer_by = models.DateField()
    summary_by = models.DateField(help_text="the regional offices' summaries")
    national_by = models.DateField(help_text="nasjonalt fagansvar's summary to the owner")
    # The last change of the reports' last day with less than a year's notice: why, from which day, and when told.
    changed_why = models.CharField(max_length=LONGEST_REASON, blank=True)
    due_before = models.DateField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "year"], name="one_reporting_per_year"),
            models.CheckConstraint(
                condition=Q(announced_at__isnull=True) | ~Q(changed_why=""),
                name="an_announced_reporting_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in YearState]),
                name="reporting_year_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(opens_on__lte=models.F("due_on"))
                & Q(due_on__lte=models.F("answer_by"))
                & Q(answer_by__lte=models.F("summary_by"))
                & Q(summary_by__lte=models.F("national_by")),
                name="reporting_dates_follow_each_other",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.year}"


class YearlyReportQuerySet(models.QuerySet["YearlyReport"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> YearlyReportQuerySet:
        """Give the reports that a person may read on a day; unsent ones only to the two sides."""
        sent = Q(state__in=_SENT)
        return self.filter(
            document_filter(person, on or timezone.localdate(), settled=sent, by_municipality=True)
        )


@tracked
class YearlyReport(Submission, CaseDocument):
    """One municipality's report of one year. The row stands from the day the report is expected."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="yearly_reports"
    )
    reporting_year = models.ForeignKey(
        ReportingYear, on_delete=models.PROTECT, related_name="reports"
    )
    municipality = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="yearly_reports"
    )
    office = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="office_reports"
    )
    agreement = models.ForeignKey(
        Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in ReportState],
        default=ReportState.EXPECTED.value,
    )
    due_on = models.DateField()
    sources = models.JSONField(
        default=dict, blank=True, help_text="item → where the prefilled value comes from"
    )
    changed_at = models.DateTimeField(null=True, blank=True)
    filled_in_at = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="filled_in"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField(null=True, blank=True)
    discussed_at = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="discussed"
    )
    answer = models.TextField(max_length=8000, blank=True)
    answer_revision = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    excused_why = models.TextField(max_length=1000, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = YearlyReportQuerySet.as_manager()

    class Meta(CaseDocument.Meta):
        constraints = [
            *CaseDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ReportState]),
                name="yearly_report_state_is_known",
            ),
            models.UniqueConstraint(
                fields=["reporting_year", "municipality"], name="one_report_per_municipality"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_SENT) | Q(sent_at__isnull=False),
                name="a_sent_report_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ReportState.ANSWERED.value, ReportState.CLOSED.value])
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="an_answered_report_has_an_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.EXCUSED.value) | ~Q(excused_why=""),
                name="an_excused_report_says_why",
            ),
        ]
        indexes = [models.Index(fields=["programme", "state", "due_on"], name="report_waiting")]

    def __str__(self) -> str:
        return f"{self.municipality} {self.reporting_year.year}"

    @property
    def stands(self) -> ReportState:
        """Where the report stands; the column holds a plain string."""
        return ReportState(self.state)


@tracked
class Extension(models.Model):
    """A municipality has got a later day for its report, and why."""

    report = models.ForeignKey(YearlyReport, on_delete=models.CASCADE, related_name="extensions")
    old_due = models.DateField()
    new_due = models.DateField()
    reason = models.CharField(max_length=500)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(new_due__gt=models.F("old_due")), name="an_extension_is_later"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_extension_says_why"),
        ]
        ordering = ["granted_at"]

    def __str__(self) -> str:
        return f"{self.report}: {self.old_due} → {self.new_due}"
