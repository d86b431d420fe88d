"""Programme agreements: versions, validity, what both sides owe, named roles on both sides."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.audit.models import tracked
from sloyfe.delivery.models.documents import CaseDocument
from sloyfe.delivery.models.results import EffortArea
from sloyfe.delivery.models.visible import document_filter
from sloyfe.delivery.rules.agreements import AgreementRoleKind, AgreementState, EndKind, Side
from sloyfe.organisations.models import Organisation, ends_after_start
from sloyfe.programme.models import Programme, Subprogramme
from sloyfe.programme.queries import Visitor

_OPEN = [AgreementState.DRAFT.value, AgreementState.PROPOSED.value]
_SETTLED = [s.value for s in AgreementState if s.value not in _OPEN]


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> AgreementQuerySet:
        """Give the agreements that a person may read on a day; the office's drafts only to the office."""
        return self.filter(
            document_filter(
                person,
                on or timezone.localdate(),
                settled=Q(state__in=_SETTLED),
                from_office=Q(state=AgreementState.DRAFT.value),
            )
        )

    def in_force(self) -> AgreementQuerySet:
        """Give the agreements that hold now."""
        return self.filter(state=AgreementState.IN_FORCE.value)


@tracked
class Agreement(CaseDocument):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="agreements")
    subprogramme = models.ForeignKey(
        Subprogramme, on_delete=models.PROTECT, related_name="agreements"
    )
    municipality = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements"
    )
    office = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="office_agreements"
    )
    version = models.PositiveIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in AgreementState],
        default=AgreementState.DRAFT.value,
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    background = models.TextField(max_length=4000, blank=True)
    municipality_does = models.TextField(max_length=4000)
    office_does = models.TextField(max_length=4000)
    proposed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_kind = models.CharField(
        max_length=20, blank=True, choices=[(k.value, k.value) for k in EndKind]
    )
    end_reason = models.TextField(max_length=2000, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = AgreementQuerySet.as_manager()

    class Meta(CaseDocument.Meta):
        constraints = [
            *CaseDocument.Meta.constraints,
            ends_after_start("agreement_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in AgreementState]),
                name="agreement_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(end_kind__in=["", *[k.value for k in EndKind]]),
                name="agreement_end_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=AgreementState.ENDED.value)
                | (Q(ended_on__isnull=False) & ~Q(end_reason="") & ~Q(end_kind="")),
                name="an_ended_agreement_says_why",
            ),
            models.UniqueConstraint(
                fields=["subprogramme", "municipality"],
                condition=Q(state__in=_OPEN),
                name="only_one_agreement_in_work",
            ),
            models.UniqueConstraint(
                fields=["subprogramme", "municipality"],
                condition=Q(state=AgreementState.IN_FORCE.value),
                name="only_one_agreement_in_force",
            ),
            models.UniqueConstraint(
                fields=["subprogramme", "municipality", "version"],
                name="one_agreement_per_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} v{self.version}"

    @property
    def stands(self) -> AgreementState:
        """Where the agreement stands; the column holds a plain string."""
        return AgreementState(self.state)


@tracked
class AgreementRole(models.Model):
    """Who does what on which side: a role with the name of whoever has it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="roles")
    side = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Side])
    kind = models.CharField(max_length=30, choices=[(k.value, k.value) for k in AgreementRoleKind])
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(side__in=[s.value for s in Side]), name="agreement_side_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in AgreementRoleKind]),
                name="agreement_role_is_known",
            ),
            models.UniqueConstraint(
                fields=["agreement", "side", "kind", "name"], name="one_role_per_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.kind}: {self.name}"


@tracked
class Priority(models.Model):
    """An effort area that the two sides of an agreement have put first, and why."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="priorities")
    area = models.ForeignKey(EffortArea, on_delete=models.PROTECT, related_name="priorities")
    position = models.PositiveSmallIntegerField()
    why = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "area"], name="one_priority_per_area")
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}. {self.area}"
