"""Run as a process: makes a summary that is ready to go, and sends it in children that stop at a statement.

The parent reads a line for each stop and kills the child there. What is printed is for the test to read.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from typing import Any


def prepare() -> None:
    """Make the exercise programme, a draft with three matters, and nothing sent."""
    from sloyfe.delivery.actions.summaries import SummaryText, write_summary
    from tests.cast import NOW, make_world
    from tests.delivery.cabinet import reporting_year
    from tests.delivery.upward import asked, report

    world = make_world()
    report(world, "X101")
    draft = write_summary(
        reporting_year=reporting_year(world),
        region=world.regions["nord"],
        text=SummaryText(overview="Et godt år."),
        revision=0,
        actor=world.person("regional_office_nord"),
        now=NOW,
    )
    for number in range(3):
        asked(world, to="national_lead", summary=draft, title=f"Sak {number + 1}")


class _Stopper:
    """Stops before a given statement, tells the parent, and waits to be killed."""

    def __init__(self, stop_at: int, tell: int) -> None:
        self.stop_at = stop_at
        self.tell = tell
        self.seen = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.stop()
        return execute(sql, params, many, context)

    def stop(self) -> None:
        if self.seen == self.stop_at:
            os.write(self.tell, b"here\n")
            signal.pause()
        self.seen += 1


def _send(stop_at: int, tell: int) -> None:
    from django.db import connection

    from sloyfe.accounts.models import Person
    from sloyfe.delivery.actions.summaries import send_summary
    from sloyfe.delivery.models import Summary
    from tests.cast import NOW

    stopper = _Stopper(stop_at, tell)
    with connection.execute_wrapper(stopper):
        send_summary(
            summary=Summary.objects.get(),
            revision=1,
            actor=Person.objects.get(email="regional_office_nord@ovelse.invalid"),
            now=NOW,
        )
    # After the commit, before anybody has heard of it.
    stopper.stop_at = stopper.seen
    stopper.stop()


def _as_it_stands() -> dict[str, object]:
    from django.db import connection

    from sloyfe.audit.models import Event
    from sloyfe.delivery.models import Matter, Summary

    summary = Summary.objects.get()
    found = {
        "state": summary.state,
        "has_figures": bool(summary.figures),
        "matters": sorted(Matter.objects.values_list("state", flat=True)),
        "events": Event.objects.filter(action="delivery.summary.send").count(),
    }
    connection.close()
    return found


def kill_at_every_statement() -> None:
    """Send until it is sent, killing each attempt one statement later than the one before."""
    stop_at = 0
    while True:
        hears, tells = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(hears)
            try:
                _send(stop_at, tells)
            finally:
                os._exit(1)  # not reached: the parent kills
        os.close(tells)
        heard = os.read(hears, 5)
        os.close(hears)
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        stands = _as_it_stands()
        told = {
            "stop_at": stop_at,
            "stopped": heard == b"here\n",
            "killed": os.WIFSIGNALED(status),
            **stands,
        }
        sys.stdout.write(json.dumps(told) + "\n")
        if stands["state"] != "draft" or stop_at > 200:
            return
        stop_at += 1


def main() -> None:
    """Take the word of the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["prepare", "kill"])
    what = parser.parse_args().what

    import django

    django.setup()
    prepare() if what == "prepare" else kill_at_every_statement()


if __name__ == "__main__":
    main()
