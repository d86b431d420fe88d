"""Letter texts as data, and the outbox.

A letter in the outbox holds which text goes to which address about which case, never the link or the
body: these are made when it is sent, so nothing stored here opens a questionnaire.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from sloyfe.audit.models import tracked
from sloyfe.letters.rules import LetterState


@tracked
class LetterText(models.Model):
    """The wording of one kind of letter in one language; `scope` names a programme or a round, or is empty."""

    code = models.CharField(max_length=60)
    scope = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=8000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "scope", "language"], name="one_letter_text_per_code_scope_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.language})"


class Letter(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=60)
    scope = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=5)
    recipient = models.EmailField()
    about_kind = models.CharField(max_length=60)
    about_id = models.CharField(max_length=60)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=20, default=LetterState.QUEUED.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(
        max_length=300, blank=True, help_text="what the server said; never the body"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in LetterState]), name="letter_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "queued_at"], name="letter_outbox"),
            models.Index(fields=["about_kind", "about_id"], name="letter_about"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"
