"""Background work of needs: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from sloyfe.delivery.actions import need_letters, needs
from sloyfe.letters.jobs import TRY_AGAIN, keep_trying


@app.task(
    name="delivery.send_need_letter",
    queue="letters",
    retry=TRY_AGAIN,
)
def send_need_letter(letter_id: str) -> None:
    """Send one letter about a need."""
    now = timezone.now()
    keep_trying(need_letters.send_need_letter(letter_id=letter_id, now=now), now=now)


@app.periodic(cron="25 * * * *")
@app.task(name="delivery.forget_needs", queueing_lock="delivery.forget_needs")
def forget_needs(timestamp: int) -> None:
    """Delete needs that nobody confirmed, and close old answered ones with their addresses."""
    now = timezone.now()
    needs.forget_unconfirmed(now=now)
    needs.close_old(now=now)
