"""Organisations over time: municipalities with their history, offices, agencies, and who works where.

An `Organisation` is the unit that people work in and that rights are given to. A municipality's number,
name and county may change without it becoming another organisation (`MunicipalityPeriod`); a merger or a
split ends some organisations and begins others (`MunicipalityChange`).
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from sloyfe.audit.models import tracked
from sloyfe.organisations.rules import ChangeKind, Kind, LanguageForm, Register


def valid_on(on: dt.date) -> Q:
    """Give the condition that a dated row holds on a day: from inclusive, to exclusive."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def ends_after_start(name: str) -> models.CheckConstraint:
    """Give the constraint that a dated row ends after it starts, or not at all."""
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")), name=name
    )


@tracked
class Organisation(models.Model):
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in Kind])
    register = models.CharField(
        max_length=20, choices=[(r.value, r.value) for r in Register], default=Register.NORWAY.value
    )
    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=250, db_collation="C")
    language_form = models.CharField(
        max_length=10, choices=[(f.value, f.value) for f in LanguageForm], blank=True, default=""
    )
    email = models.EmailField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="organisation_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(register__in=[r.value for r in Register]),
                name="organisation_register_is_known",
            ),
            models.CheckConstraint(
                condition=Q(language_form__in=[f.value for f in LanguageForm]),
                name="organisation_language_form_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["register", "kind", "sort_key"], name="organisation_listing")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_simulated(self) -> bool:
        """Tell whether it is one of the invented organisations of an exercise programme."""
        return self.register == Register.EXERCISE


@tracked
class MunicipalityPeriod(models.Model):
    """A municipality's number, name and county from a day on, to another."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="periods")
    register = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Register])
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=250, db_collation="C")
    county_code = models.CharField(max_length=10, blank=True)
    county_name = models.CharField(max_length=100, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ends_after_start("municipality_period_ends_after_start"),
            models.UniqueConstraint(
                fields=["register", "code", "valid_from"],
                name="one_municipality_per_number_and_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["register", "valid_from", "valid_to"], name="municipality_period_as_of"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@tracked
class MunicipalityChange(models.Model):
    """An edge of the change graph. A split has one row per successor, a merger one per predecessor."""

    register = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Register])
    on = models.DateField()
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in ChangeKind])
    before = models.ForeignKey(
        MunicipalityPeriod, on_delete=models.PROTECT, related_name="changes_after"
    )
    after = models.ForeignKey(
        MunicipalityPeriod, on_delete=models.PROTECT, related_name="changes_before"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ChangeKind]),
                name="municipality_change_kind_is_known",
            ),
            models.UniqueConstraint(
                fields=["on", "before", "after"], name="one_change_between_two_periods"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.before} → {self.after}"


class Population(models.Model):
    """Inhabitants on a day, on the borders of a stated year; the source says which table."""

    register = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Register])
    code = models.CharField(max_length=10)
    on = models.DateField()
    borders = models.CharField(max_length=10, blank=True)
    inhabitants = models.PositiveIntegerField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "code", "on", "borders"],
                name="one_population_per_number_day_and_borders",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.on}: {self.inhabitants}"


@tracked
class Affiliation(models.Model):
    """A person works in an organisation for a time."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="affiliations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="affiliations"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [ends_after_start("affiliation_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.person} @ {self.organisation}"
