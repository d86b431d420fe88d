"""`sloyfe import-members PROGRAMME SUBPROGRAMME FILE --source TEXT`: take in a sourced list of members."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sloyfe.cli import connection


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which subprogramme, which file, and where the list comes from."""
    parser.add_argument("programme", metavar="PROGRAMME", help="the programme's slug")
    parser.add_argument("subprogramme", metavar="SUBPROGRAMME", help="the subprogramme's code")
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="CSV or XLSX with the number or name of each member"
    )
    parser.add_argument(
        "--source", default="", metavar="TEXT", help="where the list comes from; required"
    )


def run(args: argparse.Namespace) -> int:
    """Import it and say how many were new."""
    connection.use_django()
    from django.utils import timezone

    from sloyfe.common.errors import Refused
    from sloyfe.programme.actions import import_members
    from sloyfe.programme.models import Subprogramme
    from sloyfe.ui.refusals import sentence

    rows = Subprogramme.objects.select_related("programme").order_by("programme__slug", "code")
    row = rows.filter(programme__slug=args.programme, code=args.subprogramme).first()
    if row is None:
        there = ", ".join(f"{one.programme.slug} {one.code}" for one in rows) or "none"
        print(
            f"sloyfe: there is no subprogramme {args.programme} {args.subprogramme}."
            f" There are: {there}.",
            file=sys.stderr,
        )
        return 2
    try:
        found = import_members(row, args.file, source=args.source, actor=None, now=timezone.now())
    except Refused as refusal:
        print(f"sloyfe: {sentence(refusal)}", file=sys.stderr)
        return refusal.exit_code
    print(f"{row}: {found.added} members added, {found.known} were there already.")
    return 0
