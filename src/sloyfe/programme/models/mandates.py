"""What the owner asks of a programme for a period: goals, resources, tasks and who answers for each.

A mandate is a draft until the owner issues it. From then on the database refuses to change it or
anything in it; a later one replaces it from its own first day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.models import tracked
from sloyfe.organisations.models import Affiliation, Organisation, ends_after_start, valid_on
from sloyfe.programme.models.programmes import Participation, Programme, Statement
from sloyfe.programme.rules import Capacity
from sloyfe.programme.rules.mandates import MOST_DAYS, MandateState, Part, RoleKind, TaskFacts

# Whose drafts these are: the owner writes them, and asks nasjonalt fagansvar.
SEES_DRAFTS = (Capacity.OWNER, Capacity.NATIONAL_LEAD)


def programmes_of(
    person: Person | AnonymousUser, on: dt.date, capacities: Collection[Capacity] = tuple(Capacity)
) -> QuerySet[Participation, Any]:
    """Give the ids of the programmes in which a person has one of these capacities, for a subquery."""
    if not isinstance(person, Person) or not person.is_active:
        return Participation.objects.none().values("programme")
    return Participation.objects.filter(
        valid_on(on),
        capacity__in=[capacity.value for capacity in capacities],
        organisation__in=Affiliation.objects.filter(valid_on(on), person=person).values(
            "organisation"
        ),
    ).values("programme")


class MandateQuerySet(models.QuerySet["Mandate"]):
    def visible_to(
        self, person: Person | AnonymousUser, on: dt.date | None = None
    ) -> MandateQuerySet:
        """Give the mandates that a person may read: issued ones for all with a role in the programme."""
        day = on or timezone.localdate()
        drafts = Q(programme__in=programmes_of(person, day, SEES_DRAFTS))
        kept = Q(programme__in=programmes_of(person, day)) & ~Q(state=MandateState.DRAFT.value)
        return self.filter(drafts | kept)


_KEPT = "('issued', 'replaced')"
# Everything that is said in a mandate, so that nothing of it changes once it has been issued.
_SAID = ("programme_id", "number", "foreword", "valid_from", "issued_on", "source")


@tracked
class Mandate(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="mandates")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in MandateState],
        default=MandateState.DRAFT.value,
    )
    foreword = models.JSONField(default=dict, blank=True, help_text="nb, nn, en")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="the first day it no longer holds")
    issued_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_mandate_per_number"),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state=MandateState.DRAFT.value),
                name="only_one_mandate_in_work",
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state=MandateState.ISSUED.value),
                name="only_one_mandate_issued",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MandateState]),
                name="mandate_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state=MandateState.DRAFT.value)
                | Q(valid_from__isnull=False, issued_on__isnull=False),
                name="issued_mandate_is_dated",
            ),
            ends_after_start("mandate_ends_after_start"),
        ]
        ordering = ["programme", "-number"]
        triggers = [
            pgtrigger.Protect(
                name="issued_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.state IN {_KEPT} AND ("
                    + " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _SAID)
                    + f" OR NEW.state NOT IN {_KEPT}"
                    " OR (OLD.valid_to IS DISTINCT FROM NEW.valid_to"
                    " AND NOT (OLD.state = 'issued' AND NEW.state = 'replaced')))"
                ),
            ),
            pgtrigger.Protect(
                name="issued_mandate_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(f"OLD.state IN {_KEPT}"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.number}"

    @property
    def stands(self) -> MandateState:
        """Where the mandate stands in its life; the column holds a plain string."""
        return MandateState(self.state)

    def holds_on(self, on: dt.date) -> bool:
        """Tell whether it has been issued and holds on a day."""
        return (
            self.state != MandateState.DRAFT
            and self.valid_from is not None
            and self.valid_from <= on
            and (self.valid_to is None or self.valid_to > on)
        )


# Stops whoever writes to a row that belongs to an issued mandate; `mandate` is SQL for that one's id.
_REFUSE = (
    "IF EXISTS (SELECT 1 FROM programme_mandate WHERE id = {mandate} AND state <> 'draft') THEN"
    " RAISE EXCEPTION 'an issued mandate cannot be changed' USING ERRCODE = 'P0001'; END IF;"
)


def _only_in_drafts(name: str, parent: str) -> list[pgtrigger.Trigger]:
    """Refuse to write what belongs to a mandate that has been issued. `parent` finds the mandate's id."""

    def refuse(row: str) -> str:
        return _REFUSE.format(mandate=parent.format(row=row))

    return [
        pgtrigger.Trigger(
            name=f"{name}_stays_as_issued",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=f"{refuse('OLD')} IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name=f"{name}_joins_a_draft",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=f"{refuse('NEW')} RETURN NEW;",
        ),
    ]


@tracked
class MandateGoal(models.Model):
    """A goal for the period: one of the programme's own, or in the owner's words; and what is to be reached."""

    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="goals")
    code = models.SlugField(max_length=60)
    position = models.PositiveIntegerField()
    statement = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="mandate_goals"
    )
    text = models.JSONField(
        default=dict, blank=True, help_text="nb, nn, en; a statement's own from when issued"
    )
    expected = models.JSONField(help_text="nb, nn, en: what should be reached")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mandate", "code"], name="one_mandate_goal_per_code")
        ]
        ordering = ["mandate", "position", "pk"]
        triggers = _only_in_drafts("goal", "{row}.mandate_id")

    def __str__(self) -> str:
        return f"{self.mandate}: {self.code}"

    @property
    def wording(self) -> dict[str, str]:
        """Give the goal's words: the programme's own where it is one of those."""
        said: dict[str, str] = self.text
        if not said and self.statement is not None:
            said = self.statement.text
        return said


@tracked
class MandateResource(models.Model):
    """What the owner puts at the programme's disposal; `amount` is in kroner where it is money."""

    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="resources")
    code = models.SlugField(max_length=60)
    position = models.PositiveIntegerField()
    text = models.JSONField(help_text="nb, nn, en")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "code"], name="one_mandate_resource_per_code"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="mandate_resource_is_not_negative",
            ),
        ]
        ordering = ["mandate", "position", "pk"]
        triggers = _only_in_drafts("resource", "{row}.mandate_id")

    def __str__(self) -> str:
        return f"{self.mandate}: {self.code}"


_ROLES = [role.value for role in RoleKind]


@tracked
class MandateResponsibility(models.Model):
    """What a role is responsible for in the period."""

    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="responsibilities")
    code = models.SlugField(max_length=60)
    position = models.PositiveIntegerField()
    role = models.CharField(max_length=30, choices=[(role, role) for role in _ROLES])
    text = models.JSONField(help_text="nb, nn, en")
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "code"], name="one_mandate_responsibility_per_code"
            ),
            models.CheckConstraint(
                condition=Q(role__in=_ROLES), name="mandate_responsibility_role_is_known"
            ),
        ]
        ordering = ["mandate", "position", "pk"]
        triggers = _only_in_drafts("responsibility", "{row}.mandate_id")

    def __str__(self) -> str:
        return f"{self.mandate}: {self.code}"


@tracked
class MandateTask(models.Model):
    """Something that is to be done in the period; `effort_days` is working days a year for each office
    that does it."""

    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="tasks")
    code = models.SlugField(max_length=60)
    position = models.PositiveIntegerField()
    text = models.JSONField(help_text="nb, nn, en")
    effort_days = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mandate", "code"], name="one_mandate_task_per_code"),
            models.CheckConstraint(
                condition=Q(effort_days__isnull=True)
                | Q(effort_days__gte=0, effort_days__lte=Decimal(MOST_DAYS)),
                name="mandate_task_effort_is_possible",
            ),
        ]
        ordering = ["mandate", "position", "pk"]
        triggers = _only_in_drafts("task", "{row}.mandate_id")

    def __str__(self) -> str:
        return f"{self.mandate}: {self.code}"

    @property
    def facts(self) -> TaskFacts:
        """Give the task as the rules see it. Uses the rows of `roles`, so prefetch them for many."""
        found: dict[RoleKind, frozenset[Part]] = {}
        for row in self.roles.all():
            role = RoleKind(row.role)
            found[role] = found.get(role, frozenset()) | {Part(row.part)}
        return TaskFacts(self.code, found, self.effort_days)


@tracked
class TaskRole(models.Model):
    """A role is something to a task: does it, answers for it, is asked or is told."""

    task = models.ForeignKey(MandateTask, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=30, choices=[(role, role) for role in _ROLES])
    part = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Part])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "role", "part"], name="one_part_per_task_role"),
            models.CheckConstraint(condition=Q(role__in=_ROLES), name="task_role_is_known"),
            models.CheckConstraint(
                condition=Q(part__in=[p.value for p in Part]), name="task_part_is_known"
            ),
        ]
        triggers = _only_in_drafts(
            "part",
            "(SELECT mandate_id FROM programme_mandatetask WHERE id = {row}.task_id)",
        )

    def __str__(self) -> str:
        return f"{self.task}: {self.role} {self.part}"


@tracked
class OfficeCapacity(models.Model):
    """How many working days an office has for the programme in a year, as it says itself."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="capacities")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="capacities"
    )
    year = models.PositiveSmallIntegerField()
    days = models.DecimalField(max_digits=7, decimal_places=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "organisation", "year"],
                name="one_capacity_per_office_and_year",
            ),
            models.CheckConstraint(condition=Q(days__gte=0), name="capacity_is_not_negative"),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="capacity_year_is_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"
