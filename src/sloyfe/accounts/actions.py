"""Signing in and out, and the choice of language."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from procrastinate.contrib.django import app as jobs

from sloyfe.accounts.models import Person, SignInLink
from sloyfe.accounts.rules import (
    ASKED_PER_ADDRESS,
    ASKED_PER_CLIENT,
    ASKED_WITHIN,
    DEMO_LINK_LIFETIME,
    LANGUAGES,
    LINK_LIFETIME,
    LinkState,
    hash_token,
    link_state,
)
from sloyfe.accounts.texts import LETTER_BODY, LETTER_SUBJECT
from sloyfe.audit.actions import action
from sloyfe.common.errors import NotPossible


def count_request(kind: str, value: str, *, most: int, within: dt.timedelta, refusal: str) -> None:
    """Count one more request of a kind from an address or client, and refuse above the limit.

    Holds across processes. Only a keyed hash of the value is kept, until the time has passed.
    """
    digest = hashlib.sha256(f"{settings.SECRET_KEY}{kind}{value}".encode()).hexdigest()
    key = f"{kind}:{digest}"
    cache.add(key, 0, timeout=within.total_seconds())
    try:
        count = cache.incr(key)
    except ValueError:  # it expired between the two lines
        count = 1
    if count > most:
        raise NotPossible(refusal)


def _count(kind: str, value: str, limit: int) -> None:
    count_request(
        f"sign-in:{kind}",
        value,
        most=limit,
        within=ASKED_WITHIN,
        refusal="accounts.link.too_many",
    )


def make_link(
    *, person: Person, actor: Person | None, lifetime: dt.timedelta, now: dt.datetime
) -> str:
    """Make a one-time link for a person and give its address; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    with action("accounts.link.made", actor=actor, now=now, about=person):
        SignInLink.objects.create(
            person=person, token_hash=hash_token(token), made_at=now, expires_at=now + lifetime
        )
    return f"{settings.BASE_URL}{reverse('accounts:open_link', args=[token])}"


def ask_for_link(*, email: str, client: str, now: dt.datetime) -> None:
    """Have a sign-in link sent to an address, if somebody here has it; tells nobody whether that is so.

    A job is put in line either way, so that the time the page takes tells nothing either.
    """
    address = email.strip().lower()
    _count("client", client, ASKED_PER_CLIENT)
    _count("address", address, ASKED_PER_ADDRESS)
    person = Person.objects.filter(email=address, is_active=True).values_list("pk", flat=True)
    # Ahead of any mailing: somebody sits and waits for it.
    jobs.configure_task("accounts.send_link", queue="letters", priority=50).defer(
        person_id=person.first()
    )


def send_link(*, person_id: int, now: dt.datetime) -> None:
    """Make a sign-in link and send it. Raises OSError or SMTPException when no letter could leave."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return
    url = make_link(person=person, actor=None, lifetime=LINK_LIFETIME, now=now)
    with translation.override(person.language):
        subject = str(LETTER_SUBJECT)
        body = str(LETTER_BODY) % {
            "url": url,
            "minutes": int(LINK_LIFETIME.total_seconds() // 60),
        }
    send_mail(subject, body, None, [person.email])


def sign_in_by_link(*, token: str, now: dt.datetime) -> Person:
    """Use a link up and give the person whom it signs in."""
    link = (
        SignInLink.objects.select_related("person")
        .filter(token_hash=hash_token(token), person__is_active=True)
        .first()
    )
    if link is None:
        raise NotPossible("accounts.link.unknown")
    with action("accounts.sign_in", actor=link.person, now=now, about=link.person):
        # Conditional on being unused: of two who press at once, one gets in.
        used = SignInLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(
            used_at=now
        )
        if not used:
            link.refresh_from_db(fields=["used_at"])
            state = link_state(used_at=link.used_at, expires_at=link.expires_at, now=now)
            code = "used" if state is LinkState.USED else "expired"
            raise NotPossible(f"accounts.link.{code}")
    return link.person


def note_organisation_sign_in(*, person: Person, now: dt.datetime) -> None:
    """Note that a person came in through the organisation's own sign-in."""
    with action("accounts.sign_in.organisation", actor=person, now=now, about=person):
        pass


def note_sign_out(*, person: Person, now: dt.datetime) -> None:
    """Note that a person signed out."""
    with action("accounts.sign_out", actor=person, now=now, about=person):
        pass


def choose_language(*, person: Person, language: str, now: dt.datetime) -> None:
    """Keep the language in which a person reads and gets letters."""
    if language not in LANGUAGES:
        raise NotPossible("accounts.language.unknown")
    if person.language == language:
        return
    with action("accounts.language", actor=person, now=now, about=person):
        person.language = language
        person.save(update_fields=["language"])


def make_demo_links(*, now: dt.datetime) -> list[tuple[Person, str]]:
    """Make a new link for each demo role; links of earlier starts that nobody used stop working."""
    people = list(Person.objects.filter(is_demo=True, is_active=True).order_by("pk"))
    SignInLink.objects.filter(person__in=people, used_at=None).delete()
    return [
        (person, make_link(person=person, actor=None, lifetime=DEMO_LINK_LIFETIME, now=now))
        for person in people
    ]
