"""Background work of days that change at short notice: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sloyfe.delivery.actions import day_letters
from sloyfe.delivery.jobs.reports import MOST_ATTEMPTS, ServerUnreachable
from sloyfe.letters.rules import LetterState


@app.task(
    name="delivery.send_day_letter",
    queue="letters",
    retry=RetryStrategy(
        max_attempts=MOST_ATTEMPTS,
        exponential_wait=5,
        retry_exceptions=[ServerUnreachable, OperationalError, InterfaceError],
    ),
)
def send_day_letter(letter_id: str) -> None:
    """Send one letter about a day that is new, moved or cancelled."""
    now = timezone.now()
    letter = day_letters.send_day_letter(letter_id=letter_id, now=now)
    if letter is None or letter.state != LetterState.FAILED:
        return
    if letter.attempts % MOST_ATTEMPTS:
        day_letters.requeue(letter, now=now)
        raise ServerUnreachable
