"""Background work of the fieldwork: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from sloyfe.fieldwork.actions import contacts, mailings, rounds
from sloyfe.letters.jobs import TRY_AGAIN, keep_trying


@app.task(
    name="fieldwork.send_mailing",
    queue="letters",
    retry=TRY_AGAIN,
)
def send_mailing(letter_id: str) -> None:
    """Send one letter of a round."""
    now = timezone.now()
    keep_trying(mailings.send_mailing(letter_id=letter_id, now=now), now=now)


@app.periodic(cron="5 * * * *")
@app.task(name="fieldwork.keep_dates", queueing_lock="fieldwork.keep_dates")
def keep_dates(timestamp: int) -> None:
    """Close rounds, and delete contacts, keys and answers, on the days that were declared."""
    now = timezone.now()
    rounds.close_due_rounds(now=now)
    contacts.delete_due_contacts(now=now)
    rounds.destroy_due_keys(now=now)
    rounds.delete_due_responses(now=now)
