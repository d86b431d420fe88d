"""`sloyfe status`: what is running, and where."""

from __future__ import annotations

import argparse

from sloyfe.cli import connection, lock
from sloyfe.cli.supervise import orphans
from sloyfe.common.environment import FOLDER_FOR_DATA

NOT_RUNNING = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(args: argparse.Namespace) -> int:
    """Print what is running; exit code 0 when Sløyfe is."""
    var = FOLDER_FOR_DATA.read()
    holder = lock.holder(var)
    if holder is None:
        print("Sløyfe is not running. Start it with `make up`.")
    else:
        print(f"Sløyfe is running at {holder.address} (process {holder.process}).")
    if (var / "database").exists() and (cluster := connection.embedded()) is not None:
        state = "answers" if cluster.is_running() else "is not running"
        print(f"The embedded database {state}. Its data: {cluster.data}")
    left = orphans(var.resolve()) if holder is None else []
    if left:
        print(f"{len(left)} processes are left of a killed start; `sloyfe stop` ends them.")
    return 0 if holder is not None else NOT_RUNNING
