"""Sign-in letters that wait for the worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from sloyfe.accounts.jobs import send_link


def waiting_links() -> list[dict[str, Any]]:
    """Give what the waiting jobs are to do, in order."""
    rows = ProcrastinateJob.objects.filter(task_name="accounts.send_link", status="todo")
    return list(rows.order_by("pk").values_list("args", flat=True))


@contextmanager
def links_sent() -> Iterator[None]:
    """Do what the worker would do with each job that the block puts in line."""
    before = len(waiting_links())
    yield
    for args in waiting_links()[before:]:
        send_link(**args)
