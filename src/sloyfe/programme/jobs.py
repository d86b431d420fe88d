"""Background work of the year wheel: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sloyfe.letters.rules import LetterState
from sloyfe.programme.actions import year_wheel

MOST_ATTEMPTS = 6


class ServerUnreachable(Exception):
    """The mail server could not be reached; nothing was handed over, so the letter is tried again."""


@app.task(
    name="programme.send_announcement",
    queue="letters",
    retry=RetryStrategy(
        max_attempts=MOST_ATTEMPTS,
        exponential_wait=5,
        retry_exceptions=[ServerUnreachable, OperationalError, InterfaceError],
    ),
)
def send_announcement(letter_id: str) -> None:
    """Send one letter about a change on the year wheel."""
    now = timezone.now()
    letter = year_wheel.send_announcement(letter_id=letter_id, now=now)
    if letter is None or letter.state != LetterState.FAILED:
        return
    if letter.attempts % MOST_ATTEMPTS:
        year_wheel.requeue(letter, now=now)
        raise ServerUnreachable
