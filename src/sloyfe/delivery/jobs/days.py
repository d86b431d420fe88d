"""Background work of days that change at short notice: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from sloyfe.delivery.actions import day_letters
from sloyfe.letters.jobs import TRY_AGAIN, keep_trying


@app.task(
    name="delivery.send_day_letter",
    queue="letters",
    retry=TRY_AGAIN,
)
def send_day_letter(letter_id: str) -> None:
    """Send one letter about a day that is new, moved or cancelled."""
    now = timezone.now()
    keep_trying(day_letters.send_day_letter(letter_id=letter_id, now=now), now=now)
