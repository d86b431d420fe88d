"""Letters about reports, agreements and meetings in the background: each job calls one action and may run twice."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from sloyfe.delivery.actions import agreements, case_letters
from sloyfe.letters.jobs import TRY_AGAIN, keep_trying


@app.task(
    name="delivery.send_case_letter",
    queue="letters",
    retry=TRY_AGAIN,
)
def send_case_letter(letter_id: str) -> None:
    """Send one letter about a report, an agreement or a meeting."""
    now = timezone.now()
    keep_trying(case_letters.send_case_letter(letter_id=letter_id, now=now), now=now)


@app.periodic(cron="5 0 * * *")
@app.task(name="delivery.end_agreements", queueing_lock="delivery.end_agreements")
def end_agreements(timestamp: int) -> None:
    """End the agreements whose last day has passed."""
    agreements.end_due(now=timezone.now())
