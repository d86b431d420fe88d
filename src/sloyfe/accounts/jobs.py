"""Background work of sign-in."""

from __future__ import annotations

import smtplib

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sloyfe.accounts import actions


@app.task(
    name="accounts.send_link",
    queue="letters",
    # Some minutes in all: whoever waits longer asks again. A second letter holds a second good link.
    retry=RetryStrategy(
        max_attempts=5,
        exponential_wait=4,
        retry_exceptions=[OSError, smtplib.SMTPException, OperationalError, InterfaceError],
    ),
)
def send_link(person_id: int | None) -> None:
    """Send a sign-in link to a person; nobody had the address when there is no person."""
    if person_id is not None:
        actions.send_link(person_id=person_id, now=timezone.now())
