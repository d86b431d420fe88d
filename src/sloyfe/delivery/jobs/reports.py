"""Background work of yearly reports: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from sloyfe.delivery.actions import report_letters, reports
from sloyfe.letters.jobs import TRY_AGAIN, keep_trying


@app.task(
    name="delivery.send_report_letter",
    queue="letters",
    retry=TRY_AGAIN,
)
def send_report_letter(letter_id: str) -> None:
    """Send one letter about a report."""
    now = timezone.now()
    keep_trying(report_letters.send_report_letter(letter_id=letter_id, now=now), now=now)


@app.periodic(cron="15 6 * * *")
@app.task(name="delivery.keep_reports", queueing_lock="delivery.keep_reports")
def keep_reports(timestamp: int) -> None:
    """Let what municipalities have become report in their place, and remind those who have not sent."""
    now = timezone.now()
    reports.follow_changes(now=now)
    reports.remind_due(now=now)
