"""What is counted: effort areas, definitions with their contract, and the typed rows that roll up."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sloyfe.audit.models import tracked
from sloyfe.delivery.rules.prefill import STATUS_ITEM
from sloyfe.delivery.rules.results import Aggregation
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme, Statement, Subprogramme


@tracked
class EffortArea(models.Model):
    """What a municipality may put first in its agreement (innsatsområde)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="effort_areas")
    code = models.SlugField(max_length=80)
    title = models.JSONField(help_text="nb, nn, en")
    goal = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="effort_areas"
    )
    position = models.PositiveSmallIntegerField()
    verified = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_effort_area_per_code")
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.title.get("nb", self.code))


@tracked
class ResultDefinition(models.Model):
    """One thing that is counted, where the value is written in the report, and how it is added up."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="result_definitions"
    )
    code = models.SlugField(max_length=80)
    title = models.JSONField(help_text="nb, nn, en")
    unit = models.JSONField(default=dict, blank=True, help_text="nb, nn, en")
    aggregation = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Aggregation])
    item = models.CharField(max_length=80, blank=True, help_text="code in the report's form")
    numerator_item = models.CharField(max_length=80, blank=True)
    denominator_item = models.CharField(max_length=80, blank=True)
    goal = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="results"
    )
    area = models.ForeignKey(
        EffortArea, null=True, blank=True, on_delete=models.PROTECT, related_name="results"
    )
    subprogramme = models.ForeignKey(
        Subprogramme, null=True, blank=True, on_delete=models.PROTECT, related_name="results"
    )
    is_outcome = models.BooleanField(
        default=False, help_text="for those who are meant to benefit, not what the programme did"
    )
    decimals = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_result_per_code"),
            models.CheckConstraint(
                condition=Q(aggregation__in=[a.value for a in Aggregation]),
                name="result_aggregation_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(numerator_item=""),
                    ~Q(denominator_item=""),
                    aggregation=Aggregation.RATIO.value,
                )
                | (~Q(aggregation=Aggregation.RATIO.value) & ~Q(item="")),
                name="a_ratio_has_two_items_others_one",
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.title.get("nb", self.code))

    @property
    def is_status_of_area(self) -> bool:
        """It says how an effort area stands, so only those who have that area are asked."""
        return self.area is not None and self.item == STATUS_ITEM + self.area.code


class Result(models.Model):
    """What one municipality reported of one thing for one year. A value that is missing has no row.

    Written by the action that sends or mends a report, from its answers; so the history of a value is
    the report's. `is_public` follows the report's access level, so that an open page needs no join.
    """

    definition = models.ForeignKey(
        ResultDefinition, on_delete=models.PROTECT, related_name="results"
    )
    municipality = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="results")
    report = models.ForeignKey(
        "delivery.YearlyReport", on_delete=models.CASCADE, related_name="results"
    )
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    words = models.TextField(blank=True)
    is_public = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "municipality", "year"], name="one_result_per_year"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False)
                | Q(numerator__isnull=False, denominator__isnull=False)
                | ~Q(words=""),
                name="a_result_says_something",
            ),
        ]
        indexes = [models.Index(fields=["report"], name="result_of_report")]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.municipality_id} {self.year}"
