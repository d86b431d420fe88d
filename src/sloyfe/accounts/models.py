"""People who sign in. What they may do follows from where they work (organisations) and in what
capacity that organisation takes part in a programme (programme); nothing of that is shown here."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from sloyfe.accounts.rules import LANGUAGES


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, name: str = "", **extra: object) -> Person:
        """Create a person who signs in by link or by the organisation's own sign-in; no password."""
        person = self.model(email=email.strip().lower(), name=name, **extra)
        person.set_unusable_password()
        person.save(using=self._db)
        return person


@pghistory.track(
    append_only=True,
    exclude=["last_login", "password"],
    context_field=pghistory.ContextJSONField(),
    context_id_field=pghistory.ContextUUIDField(null=True),
)
class Person(AbstractBaseUser):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, choices=LANGUAGES, default="nb")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, help_text="a demo role of the exercise programme")

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="person_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=list(LANGUAGES)), name="person_language_is_known"
            ),
        ]

    def __str__(self) -> str:
        # Never the address: this text stands in the audit trail.
        return self.name or f"person {self.pk}"


class SignInLink(models.Model):
    """A one-time link. Only the hash is kept, so that a copy of the table opens nothing."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="sign_in_link_expiry")]

    def __str__(self) -> str:
        return f"link for {self.person_id}"
