"""Background work of the outbox."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from sloyfe.letters import actions


@app.periodic(cron="* * * * *")
@app.task(name="letters.mark_uncertain", queueing_lock="letters.mark_uncertain", pass_context=False)
def mark_uncertain(timestamp: int) -> None:
    """Find letters whose worker died in the middle of sending."""
    actions.mark_uncertain(now=timezone.now())
