"""Comments on drafts, each with its answer.

Below every subject that can be commented on, so a comment names what it is about by kind and id; the
subject owns who may see and write them.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from sloyfe.audit.models import tracked
from sloyfe.comments.rules import Outcome


class CommentQuerySet(models.QuerySet["Comment"]):
    def about(self, subject: models.Model) -> CommentQuerySet:
        """Give the comments on one thing, in the order they were written."""
        return self.filter(about_kind=subject._meta.label_lower, about_id=str(subject.pk)).order_by(
            "made_at", "pk"
        )

    def unanswered(self) -> CommentQuerySet:
        """Give the comments that nobody has answered."""
        return self.filter(outcome=Outcome.OPEN.value)


@tracked
class Comment(models.Model):
    about_kind = models.CharField(max_length=60)
    about_id = models.CharField(max_length=60)
    anchor = models.CharField(max_length=120, blank=True, help_text="the question or section")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments"
    )
    text = models.TextField(max_length=4000)
    made_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=20, choices=[(o.value, o.value) for o in Outcome], default=Outcome.OPEN.value
    )
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_revision = models.PositiveIntegerField(default=0)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=[o.value for o in Outcome]), name="comment_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.OPEN.value) | ~Q(answer=""),
                name="an_answered_comment_says_why",
            ),
        ]
        indexes = [models.Index(fields=["about_kind", "about_id", "anchor"], name="comment_about")]

    def __str__(self) -> str:
        return f"{self.about_kind} {self.about_id} {self.anchor}"

    @property
    def is_answered(self) -> bool:
        return self.outcome != Outcome.OPEN.value
