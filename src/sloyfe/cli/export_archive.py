"""`sloyfe export-archive PROGRAMME YEAR --out DIR`: a year's case documents with descriptions, for the archive."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sloyfe.cli import connection


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which programme, which year, and where to."""
    parser.add_argument("programme", metavar="PROGRAMME", help="the programme's slug")
    parser.add_argument("year", type=int, metavar="YEAR", help="the year, in four digits")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder to write to; made if missing"
    )


def run(args: argparse.Namespace) -> int:
    """Write them and say how many there were."""
    connection.use_django()
    from django.utils import timezone

    from sloyfe.delivery.actions.documents import note_archive
    from sloyfe.delivery.exports.archive import archive_folder
    from sloyfe.delivery.queries.documents import documents_of_year, papers_of_year
    from sloyfe.programme.models import Programme

    found = Programme.objects.filter(slug=args.programme).first()
    if found is None:
        there = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True))
        print(
            f"sloyfe: there is no programme {args.programme}. There are: {there or 'none'}.",
            file=sys.stderr,
        )
        return 2
    if not 2000 <= args.year <= 2100:
        print(
            f"sloyfe: {args.year} is not a year that a programme can have. Write a year from"
            " 2000 to 2100.",
            file=sys.stderr,
        )
        return 2
    now = timezone.now()
    on = timezone.localdate(now)
    papers = papers_of_year(found, args.year, person=None, on=on)
    entries = documents_of_year(found, args.year, person=None, on=on)
    kept = [*(each.document for each in papers), *(each.document for each in entries)]
    written = archive_folder(kept, args.out)
    note_archive(programme=found, year=args.year, documents=written, actor=None, now=now)
    print(f"{found} {args.year}: {written} documents written to {args.out}.")
    return 0
