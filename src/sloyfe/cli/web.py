"""`sloyfe web`: the web server alone."""

from __future__ import annotations

import argparse
import os

from sloyfe.cli import connection
from sloyfe.cli.commands import web_server


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none; settings are environment variables."""


def run(args: argparse.Namespace) -> int:
    """Become the web server."""
    connection.use_database()
    command = web_server()
    os.execv(command[0], command)  # noqa: S606
