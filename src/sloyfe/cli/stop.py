"""`sloyfe stop`: stop what `up` started, also when that was killed."""

from __future__ import annotations

import argparse
import os
import signal
import time

from sloyfe.cli import connection, lock
from sloyfe.cli.supervise import orphans
from sloyfe.common.environment import FOLDER_FOR_DATA
from sloyfe.common.errors import NotPossible
from sloyfe.database.processes import end_all

SECONDS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(args: argparse.Namespace) -> int:
    """Ask the supervisor to stop and wait for it; end what a killed one has left."""
    var = FOLDER_FOR_DATA.read()
    holder = lock.holder(var)
    if holder is not None:
        os.kill(holder.process, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS
        while lock.holder(var) is not None:
            if time.monotonic() > deadline:
                raise NotPossible("stop.takes_too_long", process=holder.process, seconds=SECONDS)
            time.sleep(0.1)
        print("Sløyfe has stopped.")
        return 0
    left = orphans(var.resolve())
    end_all(left, seconds=5)
    # Looking must not make a folder for a database that never was.
    cluster = connection.embedded() if (var / "database").exists() else None
    stopped = cluster.stop() if cluster is not None else False
    if left or stopped:
        print("Sløyfe was not running; what a killed start had left is ended.")
    else:
        print("Sløyfe is not running.")
    return 0
