"""Reports: a plan of blocks while it is written, files that never change once it is published."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.models import tracked
from sloyfe.delivery.models import ReportingYear
from sloyfe.fieldwork.models import Round
from sloyfe.fieldwork.rules import Origin
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, programmes_where, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.reports.rules import ReportState


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, person: Visitor) -> ReportQuerySet:
        """Give the reports a person may read.

        Published ones are for everybody in the programme, and for the public unless they are simulated.
        A draft is the evaluator's; while it is commented on also the client's project group's and those
        who lead the programme. A draft of a programme's yearly report is nasjonalt fagansvar's, who makes
        it, and the owner's, who publishes it.
        """
        today = timezone.localdate()
        writes = Q(pk__in=[])
        for role in roles_of(person, today):
            if role.capacity == Capacity.EVALUATOR:
                own = Q(round__evaluator_id=role.organisation_id) | Q(
                    round__isnull=False, round__evaluator__isnull=True
                )
                writes |= own & Q(programme_id=role.programme_id)
            if role.capacity in (Capacity.NATIONAL_LEAD, Capacity.OWNER):
                writes |= Q(reporting_year__isnull=False, programme_id=role.programme_id)
        simulated = Q(programme__is_simulated=True) | Q(round__origin=Origin.SIMULATED.value)
        comments = programmes_where(
            person, today, [Capacity.PROJECT_GROUP, Capacity.OWNER, Capacity.NATIONAL_LEAD]
        )
        member = programmes_where(person, today)
        return self.filter(
            writes
            | Q(state=ReportState.COMMENTING.value, programme_id__in=comments)
            | Q(state=ReportState.PUBLISHED.value, programme_id__in=member)
            | (Q(state=ReportState.PUBLISHED.value) & ~simulated)
        )


@tracked
class Report(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="reports")
    round = models.ForeignKey(
        Round, null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    reporting_year = models.OneToOneField(
        ReportingYear,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programme_report",
    )
    made_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=5, choices=[(c, c) for c in ("nb", "nn", "en")])
    publisher = models.CharField(max_length=200)
    plan = models.JSONField(default=list)
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in ReportState],
        default=ReportState.DRAFT.value,
    )
    comments_by = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(round__isnull=False, reporting_year__isnull=True)
                | Q(round__isnull=True, reporting_year__isnull=False),
                name="a_report_tells_of_a_round_or_a_year",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ReportState]), name="report_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["nb", "nn", "en"]), name="report_language_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_simulated(self) -> bool:
        """Whether what it tells is invented, whole or in part."""
        return self.programme.is_simulated or (self.round is not None and self.round.is_simulated)


class ReportFile(models.Model):
    """A published report in one format, as it was published."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(
        max_length=10, choices=[(f, f) for f in ("html", "pdf", "docx", "xlsx")]
    )
    content = models.BinaryField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "format"], name="one_file_per_format")
        ]
        triggers = [
            pgtrigger.Protect(name="published_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.report} ({self.format})"
