"""Background work of the year wheel: each job calls one action and may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from sloyfe.letters.jobs import TRY_AGAIN, keep_trying
from sloyfe.programme.actions import year_wheel


@app.task(
    name="programme.send_announcement",
    queue="letters",
    retry=TRY_AGAIN,
)
def send_announcement(letter_id: str) -> None:
    """Send one letter about a change on the year wheel."""
    now = timezone.now()
    keep_trying(year_wheel.send_announcement(letter_id=letter_id, now=now), now=now)
