"""Rounds, frames, samples, contacts, invitations and responses.

What was answered and who has answered stand in tables that hold no key to each other: a `Response` carries
`unit_ref = HMAC(round key, case)` and no person, no history and no exact time; a `Case` carries its
disposition and no answer. The round key lies outside the database.
"""

from __future__ import annotations

import uuid

import pgtrigger
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.audit.models import tracked
from sloyfe.fieldwork.rules import (
    MAX_REMINDERS,
    Declaration,
    Design,
    Disposition,
    Origin,
    ResponseState,
    RoundState,
)
from sloyfe.instruments.models import Submission, Version
from sloyfe.letters.models import Letter
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, programmes_where
from sloyfe.programme.rules import Capacity

# Who may see that a round exists and how it goes. Respondents come by their own link.
_WATCHERS = (
    Capacity.OWNER,
    Capacity.NATIONAL_LEAD,
    Capacity.REGIONAL_OFFICE,
    Capacity.EVALUATOR,
    Capacity.PROJECT_GROUP,
    Capacity.AUDITOR,
)


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, person: Visitor) -> RoundQuerySet:
        """Give the rounds whose progress a person may follow: rates, never who has answered."""
        return self.filter(
            programme_id__in=programmes_where(person, timezone.localdate(), _WATCHERS)
        )


@tracked
class Round(models.Model):
    """One fielding, with what was declared of it beforehand."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rounds")
    slug = models.SlugField(max_length=120, unique=True)
    title = models.JSONField(help_text="nb, nn, en")
    origin = models.CharField(
        max_length=20, choices=[(o.value, o.value) for o in Origin], default=Origin.FIELDED.value
    )
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in RoundState],
        default=RoundState.PLANNED.value,
    )
    declaration = models.CharField(max_length=20, choices=[(d.value, d.value) for d in Declaration])
    evaluator = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="evaluated_rounds",
    )
    host = models.CharField(max_length=200, help_text="who runs the installation")
    controller = models.CharField(max_length=200, help_text="behandlingsansvarlig")
    processor = models.CharField(max_length=200, blank=True)
    legal_ground = models.CharField(max_length=300)
    privacy_notice = models.JSONField(help_text="nb, nn, en")
    contact = models.CharField(max_length=200, blank=True, help_text="whom a respondent may ask")
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    delete_contacts_on = models.DateField(null=True, blank=True)
    delete_keys_on = models.DateField(null=True, blank=True)
    delete_responses_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RoundState]), name="round_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(declaration__in=[d.value for d in Declaration]),
                name="round_declaration_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(declaration=Declaration.NOT_STATED.value)
                | Q(origin=Origin.PUBLISHED.value),
                name="only_printed_rounds_lack_a_declaration",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=[o.value for o in Origin]), name="round_origin_is_known"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="declaration_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'planned' AND OLD.declaration IS DISTINCT FROM NEW.declaration"
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.title.get("nb", self.slug))

    @property
    def is_simulated(self) -> bool:
        return self.origin == Origin.SIMULATED or self.programme.is_simulated


@tracked
class Population(models.Model):
    """A target population of a round: which form it gets, its frame and how units are drawn from it."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="populations")
    code = models.SlugField(max_length=80)
    title = models.JSONField(help_text="nb, nn, en")
    position = models.PositiveIntegerField(default=0)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="populations")
    frame_rule = models.JSONField(default=dict, help_text="subprogramme code or none")
    frame_as_of = models.DateField(null=True, blank=True)
    design = models.CharField(max_length=20, choices=[(d.value, d.value) for d in Design])
    per_stratum = models.PositiveIntegerField(null=True, blank=True)
    # A round that was fielded elsewhere has only what was printed of it.
    printed = models.JSONField(
        default=dict, blank=True, help_text="frame, asked, answered, by region and size"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="one_population_per_code"),
            models.CheckConstraint(
                condition=Q(design__in=[d.value for d in Design]), name="population_design_is_known"
            ),
        ]
        ordering = ["round", "position"]

    def __str__(self) -> str:
        return str(self.title.get("nb", self.code))

    @property
    def programme_id(self) -> int:
        """The programme that it belongs to."""
        return self.round.programme_id


class FrameUnit(models.Model):
    """An organisation in the frame as it stood on the frame's day, with its stratum and background."""

    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="frame_units")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="frame_units"
    )
    code = models.CharField(
        max_length=10, help_text="its number on the frame's day: what the draw goes by"
    )
    stratum = models.CharField(max_length=80)
    background = models.JSONField(default=dict, help_text="region, size class; never a name")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["population", "organisation"], name="a_unit_stands_once_in_a_frame"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.population}"


@tracked
class Draw(models.Model):
    """How the sample was drawn, so that anybody can draw it again."""

    population = models.OneToOneField(Population, on_delete=models.CASCADE, related_name="draw")
    seed = models.CharField(max_length=200)
    frame_hash = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    strata = models.JSONField(help_text="per stratum: frame size, n, inclusion probability")

    def __str__(self) -> str:
        return f"draw of {self.population}"


class Case(models.Model):
    """A drawn unit: what has been sent to it and how far it has come. Never what it answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="cases")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    stratum = models.CharField(max_length=80)
    background = models.JSONField(default=dict)
    disposition = models.CharField(
        max_length=20,
        choices=[(d.value, d.value) for d in Disposition],
        default=Disposition.DRAWN.value,
    )
    link_generation = models.PositiveSmallIntegerField(
        default=1, help_text="raised to make earlier links void"
    )
    started_on = models.DateField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["population", "organisation"], name="one_case_per_unit"
            ),
            models.CheckConstraint(
                condition=Q(disposition__in=[d.value for d in Disposition]),
                name="case_disposition_is_known",
            ),
        ]
        indexes = [models.Index(fields=["population", "disposition"], name="case_disposition")]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.population}"

    @property
    def programme_id(self) -> int:
        """The programme that it belongs to."""
        return self.population.programme_id


@tracked
class Contact(models.Model):
    """Whom the letters to a unit go to; deleted when the round says so."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="contacts")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="contacts"
    )
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField()
    role = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200)
    told = models.CharField(
        max_length=300, blank=True, help_text="how the person was told of this use"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organisation"], name="one_contact_per_unit_and_round"
            )
        ]

    def __str__(self) -> str:
        return f"contact for {self.organisation}"


class Mailing(models.Model):
    """A letter to a case: number 0 is the invitation, 1 and 2 the reminders. The database allows no third."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="mailings")
    number = models.PositiveSmallIntegerField()
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="mailing")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="each_mailing_goes_once"),
            models.CheckConstraint(
                condition=Q(number__lte=MAX_REMINDERS), name="two_reminders_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"mailing {self.number} to {self.case}"


class Response(Submission):
    """One unit's answers. Untracked, undated and without a name, on purpose."""

    # Random, since a running number would tell who began before whom.
    id = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="responses")
    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="responses")
    unit_ref = models.CharField(max_length=64)
    stratum = models.CharField(max_length=80)
    background = models.JSONField(default=dict)
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in ResponseState],
        default=ResponseState.PARTIAL.value,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "unit_ref"], name="one_response_per_unit"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ResponseState]),
                name="response_state_is_known",
            ),
        ]
        indexes = [models.Index(fields=["population", "state"], name="response_population")]
        triggers = [
            pgtrigger.Protect(
                name="complete_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state = 'complete' AND (OLD.answers IS DISTINCT FROM NEW.answers"
                    " OR NEW.state <> 'complete')"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"response in {self.population}"
