"""Background work of the fieldwork: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sloyfe.fieldwork.actions import contacts, mailings, rounds
from sloyfe.letters.rules import LetterState

MOST_ATTEMPTS = 6


class ServerUnreachable(Exception):
    """The mail server could not be reached; nothing was handed over, so the letter is tried again."""


@app.task(
    name="fieldwork.send_mailing",
    queue="letters",
    # A database that went away comes back; what was done until then stands in it.
    retry=RetryStrategy(
        max_attempts=MOST_ATTEMPTS,
        exponential_wait=5,
        retry_exceptions=[ServerUnreachable, OperationalError, InterfaceError],
    ),
)
def send_mailing(letter_id: str) -> None:
    """Send one letter of a round."""
    now = timezone.now()
    letter = mailings.send_mailing(letter_id=letter_id, now=now)
    if letter is None or letter.state != LetterState.FAILED:
        return
    # After the last try the letter stays failed, and the round's page asks a person what to do.
    if letter.attempts % MOST_ATTEMPTS:
        mailings.requeue(letter, now=now)
        raise ServerUnreachable


@app.periodic(cron="5 * * * *")
@app.task(name="fieldwork.keep_dates", queueing_lock="fieldwork.keep_dates")
def keep_dates(timestamp: int) -> None:
    """Close rounds, and delete contacts, keys and answers, on the days that were declared."""
    now = timezone.now()
    rounds.close_due_rounds(now=now)
    contacts.delete_due_contacts(now=now)
    rounds.destroy_due_keys(now=now)
    rounds.delete_due_responses(now=now)
