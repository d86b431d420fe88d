"""Background work of the steering dialogue: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sloyfe.delivery.actions import steering_letters
from sloyfe.delivery.jobs.reports import MOST_ATTEMPTS, ServerUnreachable
from sloyfe.letters.rules import LetterState


@app.task(
    name="delivery.send_steering_letter",
    queue="letters",
    retry=RetryStrategy(
        max_attempts=MOST_ATTEMPTS,
        exponential_wait=5,
        retry_exceptions=[ServerUnreachable, OperationalError, InterfaceError],
    ),
)
def send_steering_letter(letter_id: str) -> None:
    """Send one letter about a steering dialogue."""
    now = timezone.now()
    letter = steering_letters.send_steering_letter(letter_id=letter_id, now=now)
    if letter is None or letter.state != LetterState.FAILED:
        return
    if letter.attempts % MOST_ATTEMPTS:
        steering_letters.requeue(letter, now=now)
        raise ServerUnreachable
