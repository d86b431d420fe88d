"""`sloyfe manage`: Django's own commands, with the right database."""

from __future__ import annotations

import argparse

from sloyfe.cli import connection


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything after the verb belongs to Django."""
    parser.add_argument("rest", nargs="*", metavar="COMMAND")


def run(args: argparse.Namespace) -> int:
    """Hand over to Django."""
    connection.use_database()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["sloyfe manage", *args.rest])
    return 0
