"""Rounds that were carried out elsewhere: what is printed of them, and what working it out again gave.

Three kinds of content stand apart. A `PrintedFigure` says what is printed and where. `DerivedCounts` are
ours: counts that the printed percentages can come from. The verdicts are made by code when both are
loaded, and stored on the figure, so that pages only read.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from sloyfe.analysis.rules.printed import FigureKind, Status, Verdict
from sloyfe.audit.models import tracked
from sloyfe.fieldwork.models import Population, Round
from sloyfe.programme.queries import Visitor


class PrintedRoundQuerySet(models.QuerySet["PrintedRound"]):
    def visible_to(self, person: Visitor) -> PrintedRoundQuerySet:
        """Give every printed round to everybody, signed in or not.

        Only figures that are public already stand in them, and each says on what ground.
        """
        return self.filter(public_since__gt=0)


@tracked
class PrintedRound(models.Model):
    """The publication that a round is known from, and the ground on which its figures are shown."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="printed")
    slug = models.SlugField(max_length=40, unique=True, help_text="in addresses: 2017")
    citation = models.CharField(max_length=400)
    public_since = models.PositiveIntegerField(help_text="year")
    ground = models.JSONField(help_text="why the figures may be shown as printed: nb, nn, en")
    facts = models.JSONField(
        default=dict, help_text="what is known of the round beside its figures"
    )
    content_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    objects = PrintedRoundQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.round)


class PrintedFigure(models.Model):
    """One figure as it is printed, and what working it out again gave.

    Facts about the survey itself have no population. `question` and `answer` are its names for people.
    """

    printed = models.ForeignKey(PrintedRound, on_delete=models.CASCADE, related_name="figures")
    population = models.ForeignKey(
        Population, null=True, blank=True, on_delete=models.CASCADE, related_name="printed_figures"
    )
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=10)
    tier = models.CharField(max_length=20)
    section = models.CharField(max_length=20)
    page = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=80, help_text="key of the question, in the bank or its own")
    options = models.JSONField(default=list, help_text="codes of the answers it covers")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in FigureKind])
    value = models.CharField(max_length=200, blank=True)
    n_if_stated = models.PositiveIntegerField(null=True, blank=True)
    order = models.JSONField(default=list, help_text="of a rank: places of [joint, names]")
    heading = models.JSONField(default=dict, help_text="of the battery it is a row of: nb, nn, en")
    question = models.JSONField(help_text="nb, nn, en")
    answer = models.JSONField(default=dict, help_text="nb, nn, en; empty where there is none")
    verdict = models.CharField(max_length=30, choices=[(v.value, v.value) for v in Verdict])
    own = models.IntegerField(null=True, blank=True, help_text="by our rounding")
    fits = models.JSONField(default=list, help_text="pairs of base and count, largest base first")
    alone = models.JSONField(default=list, help_text="the same for the figure by itself")
    remark = models.JSONField(default=dict, help_text="code and parameters")
    reason = models.JSONField(default=dict, help_text="nb, nn, en; where it does not come out")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["printed", "code"], name="one_printed_figure_per_code"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in FigureKind]),
                name="printed_figure_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=[v.value for v in Verdict]),
                name="printed_figure_verdict_is_known",
            ),
        ]
        indexes = [models.Index(fields=["printed", "position"], name="printed_figure_order")]
        ordering = ["printed", "position"]
        # A printed page does not change: figures are loaded and taken away whole, never altered.
        triggers = [pgtrigger.Protect(name="printed_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.code


class DerivedCounts(models.Model):
    """Counts of a question that the printed figures can come from. Worked out, never printed as such."""

    printed = models.ForeignKey(PrintedRound, on_delete=models.CASCADE, related_name="counts")
    population = models.ForeignKey(
        Population, null=True, blank=True, on_delete=models.CASCADE, related_name="derived_counts"
    )
    item = models.CharField(max_length=80)
    tier = models.CharField(max_length=20)
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Status])
    base = models.PositiveIntegerField(null=True, blank=True)
    counts = models.JSONField(default=dict, help_text="answer code → count")
    bases = models.JSONField(default=list, help_text="every base that fits, largest first")
    rounding = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    note = models.JSONField(help_text="nb, nn, en")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["printed", "tier", "item"], name="one_row_of_counts_per_question"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="counts_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.NO_COMMON_BASE.value) ^ Q(base__isnull=False),
                name="counts_have_a_base_where_one_fits",
            ),
        ]
        triggers = [pgtrigger.Protect(name="derived_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.tier}: {self.item}"
