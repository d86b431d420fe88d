"""Matters that are asked upwards, standing groups, steering dialogues and their decisions."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.models import tracked
from sloyfe.delivery.models.documents import CaseDocument
from sloyfe.delivery.models.needs import Need
from sloyfe.delivery.models.reports import YearlyReport
from sloyfe.delivery.models.summaries import Summary
from sloyfe.delivery.models.visible import organisations_of, reach_of
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.steering import (
    AgendaKind,
    DecisionState,
    GroupRole,
    MatterKind,
    MatterState,
    SteeringState,
)
from sloyfe.organisations.models import Organisation, ends_after_start, valid_on
from sloyfe.programme.models import Programme, Statement
from sloyfe.programme.queries import Visitor
from sloyfe.programme.rules.year_wheel import LONGEST_REASON


class StandingGroupQuerySet(models.QuerySet["StandingGroup"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> StandingGroupQuerySet:
        """Give the groups that a person may read about: those of every office of the programme, and own groups."""
        day = on or timezone.localdate()
        return self.filter(
            Q(programme__in=reach_of(person, day).inside) | Q(pk__in=groups_of(person, day))
        )


def groups_of(person: Visitor, on: dt.date) -> models.QuerySet[GroupMember, int]:
    """Give the ids of the groups in which a person's organisations are members on a day, as a subquery."""
    return GroupMember.objects.filter(
        valid_on(on), organisation__in=organisations_of(person, on)
    ).values_list("group_id", flat=True)


@tracked
class StandingGroup(models.Model):
    """A group that meets through the whole programme: who is in it, and who decides on what it raises."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="standing_groups"
    )
    code = models.SlugField(max_length=80)
    title = models.JSONField(help_text="nb, nn, en")
    purpose = models.TextField(max_length=2000, blank=True)
    statement = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.SET_NULL, related_name="standing_groups"
    )
    decides = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="groups_decided_for"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = StandingGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_group_per_code"),
            ends_after_start("standing_group_ends_after_start"),
        ]

    def __str__(self) -> str:
        return str(self.title.get("nb", self.code))


@tracked
class GroupMember(models.Model):
    group = models.ForeignKey(StandingGroup, on_delete=models.CASCADE, related_name="members")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="group_memberships"
    )
    role = models.CharField(
        max_length=20,
        choices=[(r.value, r.value) for r in GroupRole],
        default=GroupRole.MEMBER.value,
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ends_after_start("group_member_ends_after_start"),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in GroupRole]), name="group_role_is_known"
            ),
            models.UniqueConstraint(
                fields=["group", "organisation"],
                condition=Q(valid_to__isnull=True),
                name="one_open_group_membership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.group}"


class SteeringMeetingQuerySet(models.QuerySet["SteeringMeeting"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> SteeringMeetingQuerySet:
        """Give the steering dialogues that a person may read about: those of every office of the programme."""
        return self.filter(programme__in=reach_of(person, on or timezone.localdate()).inside)

    def with_place(self) -> SteeringMeetingQuerySet:
        """Say of each whether another that is planned comes before it, as `is_preceded`."""
        earlier = Q(on__lt=models.OuterRef("on")) | Q(
            on=models.OuterRef("on"), number__lt=models.OuterRef("number")
        )
        planned = SteeringMeeting.objects.filter(
            earlier, programme=models.OuterRef("programme"), state=SteeringState.PLANNED.value
        )
        return self.annotate(is_preceded=models.Exists(planned))


@tracked
class SteeringMeeting(CaseDocument):
    """A steering dialogue between owner, nasjonalt fagansvar and head office."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="steering_meetings"
    )
    number = models.PositiveIntegerField()
    on = models.DateField()
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in SteeringState],
        default=SteeringState.PLANNED.value,
    )
    minutes = models.TextField(max_length=8000, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.TextField(max_length=1000, blank=True)
    # The last change with less than a year's notice: why, from which day, and when it was told.
    changed_why = models.CharField(max_length=LONGEST_REASON, blank=True)
    moved_from = models.DateField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = SteeringMeetingQuerySet.as_manager()

    class Meta(CaseDocument.Meta):
        constraints = [
            *CaseDocument.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "number"], name="one_steering_meeting_per_number"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in SteeringState]),
                name="steering_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=SteeringState.CANCELLED.value) | ~Q(cancelled_why=""),
                name="a_cancelled_dialogue_says_why",
            ),
            models.CheckConstraint(
                condition=Q(announced_at__isnull=True) | ~Q(changed_why=""),
                name="an_announced_dialogue_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.number}"


class MatterQuerySet(models.QuerySet["Matter"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> MatterQuerySet:
        """Give the matters that a person may read on a day.

        Offices of the programme read all. A municipality reads those that rest on its own report or need,
        a member of a group those that the group raised, and everybody what they asked themselves. A matter
        that waits for its summary to be sent is read by those who wrote it.
        """
        day = on or timezone.localdate()
        reach = reach_of(person, day)
        mine = organisations_of(person, day)
        rests_on_own = Q(need__municipality__in=reach.municipalities) | Q(
            pk__in=Matter.reports.through.objects.filter(
                yearlyreport__municipality__in=reach.municipalities
            ).values("matter_id")
        )
        raised = Q(group__in=groups_of(person, day))
        asked = ~Q(state=MatterState.PREPARED.value)
        not_internal = ~Q(access=Access.INTERNAL.value)
        return self.filter(
            Q(asked_by__in=mine, programme__in=reach.part_in)
            | (asked & Q(programme__in=reach.inside))
            | (asked & not_internal & (rests_on_own | raised))
        )

    def unanswered(self) -> MatterQuerySet:
        """Give what was asked and has no answer, the oldest first."""
        return self.filter(state=MatterState.ASKED.value).order_by("asked_on", "pk")


@tracked
class Matter(CaseDocument):
    """Something that one office asks another to decide. It stays at the top until it is answered."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="matters")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in MatterKind])
    code = models.SlugField(
        max_length=100, blank=True, help_text="of one that came from a folder: chapter-name"
    )
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=4000)
    proposal = models.TextField(max_length=4000, blank=True, help_text="our default: forslag")
    asked_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="matters_asked"
    )
    asked_on = models.DateField()
    asked_by_person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    addressed_to = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="matters_received"
    )
    group = models.ForeignKey(
        StandingGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="matters"
    )
    need = models.ForeignKey(
        Need, null=True, blank=True, on_delete=models.PROTECT, related_name="matters"
    )
    summary = models.ForeignKey(
        Summary, null=True, blank=True, on_delete=models.PROTECT, related_name="matters"
    )
    reports = models.ManyToManyField(YearlyReport, blank=True, related_name="matters")
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in MatterState],
        default=MatterState.ASKED.value,
    )
    answer = models.TextField(max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_why = models.TextField(max_length=1000, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = MatterQuerySet.as_manager()

    class Meta(CaseDocument.Meta):
        constraints = [
            *CaseDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in MatterKind]), name="matter_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MatterState]),
                name="matter_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=MatterState.ANSWERED.value)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="an_answered_matter_has_an_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state=MatterState.WITHDRAWN.value) | ~Q(withdrawn_why=""),
                name="a_withdrawn_matter_says_why",
            ),
            models.UniqueConstraint(
                fields=["programme", "code"],
                condition=~Q(code=""),
                name="one_matter_per_code",
            ),
        ]
        indexes = [models.Index(fields=["programme", "state", "asked_on"], name="matter_waiting")]

    def __str__(self) -> str:
        # The number, not the title: this text stands in the audit trail.
        return str(self.pk)


@tracked
class AgendaItem(models.Model):
    """A line of a steering dialogue's agenda; made from what waits, or written by hand.

    What it is about stands in the row that it points to. `title` is what was written by hand.
    """

    meeting = models.ForeignKey(SteeringMeeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(
        max_length=20,
        choices=[(k.value, k.value) for k in AgendaKind],
        default=AgendaKind.HANDWRITTEN.value,
    )
    matter = models.ForeignKey(
        Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    need = models.ForeignKey(
        Need, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    summary = models.ForeignKey(
        Summary, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    decision = models.ForeignKey(
        "Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    title = models.CharField(max_length=300, blank=True)
    note = models.TextField(max_length=4000, blank=True, help_text="what was said, for the minutes")
    goes_on = models.BooleanField(
        default=False, help_text="written by hand, and not settled when the dialogue was over"
    )
    continues = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="continued"
    )

    class Meta:
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["meeting", what],
                    condition=Q(**{f"{what}__isnull": False}),
                    name=f"a_{what}_stands_once_on_an_agenda",
                )
                for what in ("matter", "need", "summary", "decision")
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in AgendaKind]), name="agenda_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=AgendaKind.MATTER.value, matter__isnull=False)
                | Q(kind=AgendaKind.NEED.value, need__isnull=False)
                | Q(kind=AgendaKind.SUMMARY.value, summary__isnull=False)
                | Q(kind=AgendaKind.DECISION.value, decision__isnull=False)
                | (Q(kind=AgendaKind.HANDWRITTEN.value) & ~Q(title="")),
                name="an_agenda_line_is_about_something",
            ),
        ]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title or self.key

    @property
    def key(self) -> str:
        """What the line is about, as the same line is named before it has been written down."""
        about = self.matter_id or self.need_id or self.summary_id or self.decision_id or self.pk
        return f"{self.kind}-{about}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, person: Visitor, on: dt.date | None = None) -> DecisionQuerySet:
        """Give the decisions that a person may read: those of their programme, or on their own matters."""
        day = on or timezone.localdate()
        reach = reach_of(person, day)
        return self.filter(
            Q(programme__in=reach.inside)
            | Q(matter__in=Matter.objects.visible_to(person, day).values("pk"))
        )


@tracked
class Decision(models.Model):
    """What was decided, who carries it out, and by when."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(
        SteeringMeeting, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    matter = models.ForeignKey(
        Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    text = models.TextField(max_length=4000)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="decisions_owned"
    )
    decided_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in DecisionState],
        default=DecisionState.OPEN.value,
    )
    done_on = models.DateField(null=True, blank=True)
    done_note = models.TextField(max_length=2000, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DecisionState]),
                name="decision_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("decided_on")), name="a_decision_is_due_later"
            ),
            models.CheckConstraint(
                condition=Q(state=DecisionState.OPEN.value)
                | (Q(done_on__isnull=False) & ~Q(done_note="")),
                name="a_finished_decision_says_how",
            ),
        ]
        indexes = [models.Index(fields=["programme", "state", "due_on"], name="decision_waiting")]

    def __str__(self) -> str:
        return self.text[:80]
