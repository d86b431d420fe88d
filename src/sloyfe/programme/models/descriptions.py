"""Programme descriptions: the introductions being written, and versions that never change."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.models import tracked
from sloyfe.programme.models.mandates import programmes_of
from sloyfe.programme.models.programmes import Programme
from sloyfe.programme.rules import Capacity
from sloyfe.programme.rules.descriptions import LONGEST_NOTE, Audience, Chapter, read_chapters

# Who reads the internal guide: the programme's offices, and whoever audits them.
OFFICES = (
    Capacity.HEAD_OFFICE,
    Capacity.OWNER,
    Capacity.NATIONAL_LEAD,
    Capacity.REGIONAL_OFFICE,
    Capacity.AUDITOR,
)


class DescriptionVersionQuerySet(models.QuerySet["DescriptionVersion"]):
    def visible_to(
        self, person: Person | AnonymousUser, on: dt.date | None = None
    ) -> DescriptionVersionQuerySet:
        """Give the versions that somebody may read: descriptions of real programmes are for everybody,
        those of an exercise for all who take part, and guides for the programme's offices."""
        day = on or timezone.localdate()
        external = Q(audience=Audience.EXTERNAL.value)
        return self.filter(
            (external & Q(programme__is_simulated=False))
            | (external & Q(programme__in=programmes_of(person, day)))
            | Q(programme__in=programmes_of(person, day, OFFICES))
        )


class DescriptionVersion(models.Model):
    """A description as it was published. `content` is its chapters, made from the data of that day."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="descriptions")
    audience = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Audience])
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    note = models.TextField(max_length=LONGEST_NOTE, blank=True, help_text="what changed, in words")

    objects = DescriptionVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=[a.value for a in Audience]),
                name="description_audience_is_known",
            ),
            models.UniqueConstraint(
                fields=["programme", "audience", "number"], name="one_description_per_number"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(note=""), name="a_later_description_says_what_changed"
            ),
        ]
        ordering = ["programme", "audience", "-number"]
        triggers = [
            pgtrigger.Protect(
                name="published_description_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.audience} {self.number}"

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Give what it says."""
        return read_chapters(self.content)


@tracked
class DescriptionDraft(models.Model):
    """The introductions that stand before what the data says, as they are being written."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="description_drafts"
    )
    audience = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Audience])
    introductions = models.JSONField(default=dict, blank=True, help_text="chapter → nb, nn")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=[a.value for a in Audience]),
                name="description_draft_audience_is_known",
            ),
            models.UniqueConstraint(
                fields=["programme", "audience"], name="one_description_draft_per_audience"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.audience}"
