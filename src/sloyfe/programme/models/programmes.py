"""A programme as data with time: strategy, goals, offer, subprogrammes, regions, members, and in what
capacity an organisation takes part. A right needs both an affiliation and a participation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sloyfe.audit.models import tracked
from sloyfe.organisations.models import Organisation, ends_after_start
from sloyfe.programme.rules import Capacity


@tracked
class Programme(models.Model):
    slug = models.SlugField(max_length=120, unique=True)
    title = models.JSONField(help_text="nb, nn, en")
    is_simulated = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source_hash = models.CharField(max_length=64, help_text="of the folder it was loaded from")

    class Meta:
        constraints = [ends_after_start("programme_ends_after_start")]

    def __str__(self) -> str:
        return str(self.title.get("nb", self.slug))

    @property
    def programme_id(self) -> int:
        """The programme that it belongs to: itself."""
        return self.pk


@tracked
class Statement(models.Model):
    """One thing that the programme says: a goal, a sub-goal, an offer, a responsibility, an arena ...

    `kind` tells which; `parent` makes goals into a tree; `source` says where it is written, and
    `verified` is false where nobody has found it in a public source.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=40)
    code = models.CharField(max_length=80)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    position = models.PositiveIntegerField()
    text = models.JSONField(help_text="nb, nn, en")
    description = models.JSONField(default=dict, blank=True)
    source = models.JSONField(default=dict, blank=True)
    verified = models.BooleanField(default=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True, help_text="small facts: number, per_year")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "code"], name="one_statement_per_code"
            ),
            ends_after_start("statement_ends_after_start"),
        ]
        ordering = ["programme", "kind", "position"]

    def __str__(self) -> str:
        return str(self.text.get("nb", self.code))


@tracked
class Subprogramme(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="subprogrammes")
    code = models.SlugField(max_length=80)
    title = models.JSONField(help_text="nb, nn, en")
    description = models.JSONField(default=dict, blank=True)
    stated_members = models.PositiveIntegerField(
        null=True, blank=True, help_text="the number a source gives"
    )
    names_known = models.BooleanField(default=True)
    source = models.JSONField(default=dict, blank=True)
    details = models.JSONField(default=dict, blank=True, help_text="number, run_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_subprogramme_per_code")
        ]

    def __str__(self) -> str:
        return str(self.title.get("nb", self.code))


@tracked
class Membership(models.Model):
    """A municipality is a member of a subprogramme for a time, as a stated source says."""

    subprogramme = models.ForeignKey(
        Subprogramme, on_delete=models.CASCADE, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            ends_after_start("membership_ends_after_start"),
            models.UniqueConstraint(
                fields=["subprogramme", "organisation"],
                condition=Q(valid_to__isnull=True),
                name="one_open_membership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.subprogramme}"


@tracked
class Region(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="regions")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    title = models.JSONField(default=dict, blank=True, help_text="nb, nn, en")
    position = models.PositiveIntegerField()
    office = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="regions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_region_per_code")
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


@tracked
class RegionArea(models.Model):
    """A county, or a single municipality, lies in a region for a time. A municipality's own row wins."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="areas")
    county_code = models.CharField(max_length=10, blank=True)
    municipality_code = models.CharField(max_length=10, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    verified = models.BooleanField(default=True)

    class Meta:
        constraints = [
            ends_after_start("region_area_ends_after_start"),
            models.CheckConstraint(
                condition=Q(county_code="") ^ Q(municipality_code=""),
                name="region_area_is_county_or_municipality",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county_code or self.municipality_code} in {self.region}"


@tracked
class Participation(models.Model):
    """An organisation takes part in a programme, in a capacity, for a time."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="participations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="participations"
    )
    capacity = models.CharField(max_length=30, choices=[(c.value, c.value) for c in Capacity])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ends_after_start("participation_ends_after_start"),
            models.CheckConstraint(
                condition=Q(capacity__in=[c.value for c in Capacity]),
                name="participation_capacity_is_known",
            ),
            models.UniqueConstraint(
                fields=["programme", "organisation", "capacity"],
                condition=Q(valid_to__isnull=True),
                name="one_open_participation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.capacity} in {self.programme}"
