"""Background work of the outbox, what every job that sends a letter does, and the job that looks after all others."""

from __future__ import annotations

import datetime as dt

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from sloyfe.letters import actions
from sloyfe.letters.models import Letter
from sloyfe.letters.rules import LetterState

# A worker tells every few seconds that it lives (see PROCRASTINATE_WORKER_DEFAULTS).
SILENT_SECONDS = 12
# A job whose worker has died this often is what kills them.
MOST_ATTEMPTS = 10
# How often a letter is tried while the mail server cannot be reached.
MOST_TRIES = 6


class ServerUnreachable(Exception):
    """The mail server could not be reached; nothing was handed over, so the letter is tried again."""


# A database that went away comes back; what was done until then stands in it.
TRY_AGAIN = RetryStrategy(
    max_attempts=MOST_TRIES,
    exponential_wait=5,
    retry_exceptions=[ServerUnreachable, OperationalError, InterfaceError],
)


def keep_trying(letter: Letter | None, *, now: dt.datetime) -> None:
    """Let a job whose letter the server could not take run again, until it has been tried often enough.

    Raises ServerUnreachable for that. After the last try the letter stays failed, and a page asks a person.
    """
    if letter is not None and letter.state == LetterState.FAILED and letter.attempts % MOST_TRIES:
        actions.requeue(letter, now=now)
        raise ServerUnreachable


@app.periodic(cron="* * * * *")
@app.task(name="letters.mark_uncertain", queueing_lock="letters.mark_uncertain", pass_context=False)
def mark_uncertain(timestamp: int) -> None:
    """Find letters whose worker died in the middle of sending."""
    actions.mark_uncertain(now=timezone.now())


@app.periodic(cron="* * * * * */15")
@app.task(
    name="letters.retry_stalled",
    queueing_lock="letters.retry_stalled",
    pass_context=True,
    priority=100,
)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Take up again the jobs whose worker has died, of every subject.

    A worker that was only cut off for a while may still be at it: every job may run twice without harm.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        if job.attempts >= MOST_ATTEMPTS:
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            await manager.retry_job(job)
