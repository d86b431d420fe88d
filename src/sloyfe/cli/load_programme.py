"""`sloyfe load-programme DIR`: take in a programme from its folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from sloyfe.cli import connection


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder that holds programme.yaml."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder with programme.yaml")


def run(args: argparse.Namespace) -> int:
    """Load it and say what was written."""
    connection.use_django()
    from django.utils import timezone

    from sloyfe.programme.actions import load_programme

    loaded = load_programme(args.folder, actor=None, now=timezone.now())
    if loaded.changed:
        print(f"{loaded.programme}: {loaded.written} rows written.")
    else:
        print(f"{loaded.programme}: nothing has changed since last time.")
    return 0
