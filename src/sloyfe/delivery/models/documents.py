"""What every case document carries: access level with legal ground, and its place in the journal."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sloyfe.delivery.rules.documents import Access, access_revision


class CaseDocument(models.Model):
    """A paper of a public case: an agreement, a plan, a report, a need, a summary, an answer.

    The answer to a document is part of it and has the same access level.
    """

    access = models.CharField(
        max_length=20, choices=[(a.value, a.value) for a in Access], default=Access.PUBLIC.value
    )
    legal_ground = models.CharField(max_length=200, blank=True)
    journal_reference = models.CharField(max_length=60, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(access__in=[a.value for a in Access]),
                name="%(app_label)s_%(class)s_access_is_known",
            ),
            models.CheckConstraint(
                condition=Q(access=Access.PUBLIC.value) | ~Q(legal_ground=""),
                name="%(app_label)s_%(class)s_closed_says_why",
            ),
        ]

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return self.access == Access.PUBLIC

    @property
    def access_revision(self) -> str:
        """The name of what is shown here now; a change of it rests on this."""
        return access_revision(self.access, self.legal_ground, self.journal_reference)
