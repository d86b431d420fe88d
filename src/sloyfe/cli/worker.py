"""`sloyfe worker`: the worker alone."""

from __future__ import annotations

import argparse
import os

from sloyfe.cli import connection
from sloyfe.cli.commands import worker


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none; settings are environment variables."""


def run(args: argparse.Namespace) -> int:
    """Become the worker."""
    connection.use_database()
    command = worker()
    os.execv(command[0], command)  # noqa: S606
