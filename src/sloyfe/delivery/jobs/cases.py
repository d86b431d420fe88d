"""Letters about reports, agreements and meetings in the background: each job calls one action and may run twice."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sloyfe.delivery.actions import agreements, case_letters, report_letters
from sloyfe.delivery.jobs.reports import MOST_ATTEMPTS, ServerUnreachable
from sloyfe.letters.rules import LetterState


@app.task(
    name="delivery.send_case_letter",
    queue="letters",
    retry=RetryStrategy(
        max_attempts=MOST_ATTEMPTS,
        exponential_wait=5,
        retry_exceptions=[ServerUnreachable, OperationalError, InterfaceError],
    ),
)
def send_case_letter(letter_id: str) -> None:
    """Send one letter about a report, an agreement or a meeting."""
    now = timezone.now()
    letter = case_letters.send_case_letter(letter_id=letter_id, now=now)
    if letter is None or letter.state != LetterState.FAILED:
        return
    if letter.attempts % MOST_ATTEMPTS:
        report_letters.requeue(letter, now=now)
        raise ServerUnreachable


@app.periodic(cron="5 0 * * *")
@app.task(name="delivery.end_agreements", queueing_lock="delivery.end_agreements")
def end_agreements(timestamp: int) -> None:
    """End the agreements whose last day has passed."""
    agreements.end_due(now=timezone.now())
