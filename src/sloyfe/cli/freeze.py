"""`sloyfe freeze ROUND`: freeze the answers of a closed round, for whoever runs the installation."""

from __future__ import annotations

import argparse

from sloyfe.cli import connection
from sloyfe.common.errors import InputProblem, Problem, Refused, SloyfeError


class CannotFreeze(SloyfeError):
    """A round that cannot be frozen, with the reason in words."""

    exit_code = Refused.exit_code


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("round", help="the round's short name, as in its address")


def run(args: argparse.Namespace) -> int:
    """Freeze every group of the round that is not frozen yet, and make its tables."""
    connection.use_django()
    from django.utils import timezone, translation

    from sloyfe.analysis.actions import freeze_dataset, make_tables
    from sloyfe.fieldwork.models import Round
    from sloyfe.ui.refusals import sentence

    round_ = Round.objects.filter(slug=args.round).first()
    if round_ is None:
        known = ", ".join(Round.objects.order_by("slug").values_list("slug", flat=True)) or "none"
        text = f"There is no round {args.round}. Known rounds: {known}."
        raise InputProblem([Problem("freeze.no_such_round", text)])
    now = timezone.now()
    for population in round_.populations.select_related("version__instrument", "round", "draw"):
        if hasattr(population, "dataset"):
            print(f"{population.code}: frozen already, {population.dataset.content_hash}")
            continue
        try:
            dataset = freeze_dataset(population=population, actor=None, now=now)
        except Refused as refusal:
            with translation.override("en-gb"):
                raise CannotFreeze(f"{population.code}: {sentence(refusal)}") from refusal
        make_tables(dataset=dataset, now=now)
        print(f"{population.code}: {dataset.responses} responses, {dataset.content_hash}")
    return 0
