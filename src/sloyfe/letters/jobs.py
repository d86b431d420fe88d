"""Background work of the outbox, and the job that looks after all other jobs."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from sloyfe.letters import actions

# A worker tells every few seconds that it lives (see PROCRASTINATE_WORKER_DEFAULTS).
SILENT_SECONDS = 12
# A job whose worker has died this often is what kills them.
MOST_ATTEMPTS = 10


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
