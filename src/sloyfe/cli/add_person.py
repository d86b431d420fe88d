"""`sloyfe add-person PROGRAMME WORKPLACE ADDRESS`: let somebody in."""

from __future__ import annotations

import argparse
import datetime as dt
import sys

from sloyfe.cli import connection


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who, where, and for how long."""
    parser.add_argument("programme", metavar="PROGRAMME", help="the programme's slug")
    parser.add_argument(
        "workplace", metavar="WORKPLACE", help="the slug of an office, or a municipality's number"
    )
    parser.add_argument("address", metavar="ADDRESS", help="the e-mail address that links go to")
    parser.add_argument("--name", default="", metavar="TEXT", help="the person's name")
    parser.add_argument(
        "--from", dest="start", type=dt.date.fromisoformat, metavar="DATE", help="first day; today"
    )
    parser.add_argument(
        "--to", dest="end", type=dt.date.fromisoformat, metavar="DATE", help="first day after"
    )


def run(args: argparse.Namespace) -> int:
    """Register the person and say whether anything was new."""
    connection.use_django()
    from django.utils import timezone, translation

    from sloyfe.common.errors import Refused
    from sloyfe.organisations.models import Organisation
    from sloyfe.programme.actions import register_person
    from sloyfe.programme.models import Programme
    from sloyfe.ui.refusals import sentence

    programme = Programme.objects.filter(slug=args.programme).first()
    if programme is None:
        there = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True))
        print(
            f"sloyfe: there is no programme {args.programme}. There are: {there or 'none'}.",
            file=sys.stderr,
        )
        return 2
    taking_part = Organisation.objects.filter(participations__programme=programme).distinct()
    workplace = (
        taking_part.filter(slug=args.workplace).first()
        or taking_part.filter(periods__code=args.workplace).first()
    )
    if workplace is None:
        offices = taking_part.exclude(kind="municipality").order_by("slug")
        there = ", ".join(offices.values_list("slug", flat=True))
        print(
            f"sloyfe: nobody in the programme is called {args.workplace}. Offices: {there or 'none'};"
            " a municipality is named by its number.",
            file=sys.stderr,
        )
        return 2
    now = timezone.now()
    try:
        done = register_person(
            programme=programme,
            organisation=workplace,
            email=args.address,
            name=args.name,
            valid_from=args.start or timezone.localdate(now),
            valid_to=args.end,
            actor=None,
            now=now,
        )
    except Refused as refusal:
        with translation.override("en-gb"):
            print(f"sloyfe: {sentence(refusal)}", file=sys.stderr)
        return refusal.exit_code
    print(f"{workplace.name}: {'registered' if done.changed else 'nothing has changed'}.")
    return 0
