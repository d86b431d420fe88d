"""Background work of needs: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sloyfe.delivery.actions import need_letters, needs
from sloyfe.letters.rules import LetterState

MOST_ATTEMPTS = 6


class ServerUnreachable(Exception):
    """The mail server could not be reached; nothing was handed over, so the letter is tried again."""


@app.task(
    name="delivery.send_need_letter",
    queue="letters",
    retry=RetryStrategy(
        max_attempts=MOST_ATTEMPTS,
        exponential_wait=5,
        retry_exceptions=[ServerUnreachable, OperationalError, InterfaceError],
    ),
)
def send_need_letter(letter_id: str) -> None:
    """Send one letter about a need."""
    now = timezone.now()
    letter = need_letters.send_need_letter(letter_id=letter_id, now=now)
    if letter is None or letter.state != LetterState.FAILED:
        return
    if letter.attempts % MOST_ATTEMPTS:
        need_letters.requeue(letter, now=now)
        raise ServerUnreachable


@app.periodic(cron="25 * * * *")
@app.task(name="delivery.forget_needs", queueing_lock="delivery.forget_needs")
def forget_needs(timestamp: int) -> None:
    """Delete needs that nobody confirmed, and close old answered ones with their addresses."""
    now = timezone.now()
    needs.forget_unconfirmed(now=now)
    needs.close_old(now=now)
