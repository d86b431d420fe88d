"""Frozen data sets and the tables made of them.

A data set is the answers of a closed round as they stood, in a file named by its own fingerprint. What may
be shown of it outside the evaluators is a `ShownTable`, which has been through disclosure control.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.audit.models import tracked
from sloyfe.fieldwork.models import Population, Round
from sloyfe.programme.queries import Visitor, roles_of
from sloyfe.programme.rules import Capacity


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def visible_to(self, person: Visitor) -> DatasetQuerySet:
        """Give the data sets that a person may work on: those of rounds that its institute runs."""
        institutes = [
            Q(population__round__programme_id=role.programme_id)
            & (
                Q(population__round__evaluator_id=role.organisation_id)
                | Q(population__round__evaluator__isnull=True)
            )
            for role in roles_of(person, timezone.localdate())
            if role.capacity == Capacity.EVALUATOR
        ]
        if not institutes:
            return self.none()
        condition = institutes[0]
        for other in institutes[1:]:
            condition |= other
        return self.filter(condition)


@tracked
class Dataset(models.Model):
    population = models.OneToOneField(Population, on_delete=models.PROTECT, related_name="dataset")
    file = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)
    codebook = models.JSONField()
    responses = models.PositiveIntegerField()
    strata = models.JSONField(help_text="per stratum: frame, sampled, complete")
    sizes = models.JSONField(default=list, help_text="per size class: code, frame, asked, complete")
    frozen_at = models.DateTimeField()

    objects = DatasetQuerySet.as_manager()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="frozen_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.population}"

    @property
    def round(self) -> Round:
        """The round that was frozen."""
        return self.population.round

    @property
    def programme_id(self) -> int:
        """The programme that it belongs to."""
        return self.population.programme_id


class StoredTable(models.Model):
    """Counts of one item, by nothing or by a background, as the evaluator sees them."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="tables")
    item = models.CharField(max_length=80)
    by = models.CharField(max_length=80, blank=True)
    counts = models.JSONField(help_text="rows of [group, option, count]; group is empty for all")
    respondents = models.JSONField(help_text="group → how many answered the item")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "item", "by"], name="one_table_per_item_and_group"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} by {self.by or 'all'}"


class ShownTable(models.Model):
    """A table as it may be shown outside the evaluators: the ledger that disclosure control asks.

    Holds nothing that is not shown. Never changed: a later table must reckon with it.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="shown_tables")
    item = models.CharField(max_length=80)
    by = models.CharField(max_length=80, blank=True)
    ground = models.JSONField(help_text="kind and citation")
    payload = models.JSONField(help_text="the disclosed table")
    shown_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "item", "by"], name="one_shown_table_per_item_and_group"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="shown_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.item} by {self.by or 'all'}, shown"
