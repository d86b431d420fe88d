"""Versioned forms of every kind, their bank of items and scales, and the abstract submission.

The bank holds each item once, with variants where wording or scale differs. A version holds the resolved
definition as one document; from its release on the database refuses to change it.
"""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.audit.models import tracked
from sloyfe.instruments.rules import InstrumentKind, VersionState
from sloyfe.instruments.rules.access import RIGHTS
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, programmes_where


@tracked
class Scale(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="scales")
    code = models.CharField(max_length=80)
    options = models.JSONField(help_text="in order: code, text (nb nn en), mark, pole")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_scale_per_code")
        ]

    def __str__(self) -> str:
        return self.code


@tracked
class Item(models.Model):
    """What is asked, once, whoever asks it; its code is the key of every answer to it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(max_length=80)
    text = models.JSONField(help_text="nb, nn, en")
    help = models.JSONField(default=dict, blank=True, help_text="nb, nn, en; empty: none")
    scale = models.ForeignKey(
        Scale, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_item_per_code")
        ]

    def __str__(self) -> str:
        return self.code


@tracked
class ItemVariant(models.Model):
    """The same item in another wording or on another scale."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="variants")
    code = models.CharField(max_length=80)
    text = models.JSONField(help_text="nb, nn, en")
    help = models.JSONField(default=dict, blank=True, help_text="nb, nn, en; empty: none")
    scale = models.ForeignKey(
        Scale, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="one_variant_per_code")
        ]

    def __str__(self) -> str:
        return f"{self.item} ({self.code})"


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> InstrumentQuerySet:
        """Give the instruments of which a person may see at least one version on a day."""
        return self.filter(_visible(person, on, "versions__")).distinct()


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> VersionQuerySet:
        """Give the versions that a person may see on a day; drafts only to those who work on them."""
        return self.filter(_visible(person, on, ""))


def _visible(person: Visitor, on: dt.date | None, versions: str) -> Q:
    day = on or timezone.localdate()
    instrument = "" if versions else "instrument__"
    seen = Q(pk__in=[])
    for rights in RIGHTS.values():
        for capacity, states in rights.sees.items():
            programmes = programmes_where(person, day, [capacity])
            if programmes:
                here = {
                    f"{instrument}programme__in": programmes,
                    f"{instrument}kind__in": rights.kind_codes,
                    f"{versions}state__in": sorted(state.value for state in states),
                }
                seen |= Q(**here)
    return seen


@tracked
class Instrument(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="instruments")
    code = models.SlugField(max_length=80)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in InstrumentKind])
    title = models.JSONField(help_text="nb, nn, en")
    provenance = models.JSONField(
        default=dict, blank=True, help_text="where the wording comes from"
    )

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_instrument_per_code"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in InstrumentKind]),
                name="instrument_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title.get("nb", self.code))


_KEPT = "('" + "', '".join((VersionState.RELEASED, VersionState.RETIRED)) + "')"


@tracked
class Version(models.Model):
    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in VersionState],
        default=VersionState.DRAFT.value,
    )
    definition = models.JSONField()
    content_hash = models.CharField(max_length=64)
    comments_by = models.DateField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["instrument"],
                condition=Q(
                    state__in=[
                        VersionState.DRAFT.value,
                        VersionState.COMMENTING.value,
                        VersionState.PILOT.value,
                    ]
                ),
                name="only_one_version_in_work",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in VersionState]),
                name="version_state_is_known",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="released_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.state IN {_KEPT} AND (OLD.definition IS DISTINCT FROM NEW.definition"
                    " OR OLD.content_hash IS DISTINCT FROM NEW.content_hash"
                    " OR OLD.number IS DISTINCT FROM NEW.number"
                    f" OR NEW.state NOT IN {_KEPT})"
                ),
            ),
            pgtrigger.Protect(
                name="released_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(f"OLD.state IN {_KEPT}"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} v{self.number}"

    @property
    def programme_id(self) -> int:
        """The programme that it belongs to."""
        return self.instrument.programme_id

    @property
    def stands(self) -> VersionState:
        """Where the version stands in its life; the column holds a plain string."""
        return VersionState(self.state)


class ItemUse(models.Model):
    """An item stands in a version; derived from the definition, so that one sees who asks what."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="item_uses")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="uses")
    variant = models.ForeignKey(
        ItemVariant, null=True, blank=True, on_delete=models.PROTECT, related_name="uses"
    )
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "item"], name="an_item_stands_once_in_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} in {self.version}"


class Submission(models.Model):
    """What somebody filled in: answers keyed by stable item code, and a revision number.

    Abstract: who is asked and who may see belongs to the owner of the concrete table.
    """

    answers = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class PilotAnswerQuerySet(models.QuerySet["PilotAnswer"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> PilotAnswerQuerySet:
        """Give the pilot answers to those who make the form only; nobody who comments on it sees them."""
        day = on or timezone.localdate()
        made = Q(pk__in=[])
        for rights in RIGHTS.values():
            made |= Q(
                version__instrument__programme__in=programmes_where(person, day, [rights.maker]),
                version__instrument__kind__in=rights.kind_codes,
            )
        return self.filter(made)


class PilotAnswer(Submission):
    """An answer from a pilot: kept apart from every round, never analysed with one."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="pilot_answers")
    remark = models.TextField(max_length=4000, blank=True)
    made_on = models.DateField()

    objects = PilotAnswerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"pilot of {self.version}"
