"""Background work of yearly reports: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sloyfe.delivery.actions import report_letters, reports
from sloyfe.letters.rules import LetterState

MOST_ATTEMPTS = 6


class ServerUnreachable(Exception):
    """The mail server could not be reached; nothing was handed over, so the letter is tried again."""


@app.task(
    name="delivery.send_report_letter",
    queue="letters",
    retry=RetryStrategy(
        max_attempts=MOST_ATTEMPTS,
        exponential_wait=5,
        retry_exceptions=[ServerUnreachable, OperationalError, InterfaceError],
    ),
)
def send_report_letter(letter_id: str) -> None:
    """Send one letter about a report."""
    now = timezone.now()
    letter = report_letters.send_report_letter(letter_id=letter_id, now=now)
    if letter is None or letter.state != LetterState.FAILED:
        return
    if letter.attempts % MOST_ATTEMPTS:
        report_letters.requeue(letter, now=now)
        raise ServerUnreachable


@app.periodic(cron="15 6 * * *")
@app.task(name="delivery.keep_reports", queueing_lock="delivery.keep_reports")
def keep_reports(timestamp: int) -> None:
    """Let what municipalities have become report in their place, and remind those who have not sent."""
    now = timezone.now()
    reports.follow_changes(now=now)
    reports.remind_due(now=now)
