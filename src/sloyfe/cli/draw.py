"""`sloyfe draw`: a stratified random sample from any CSV or spreadsheet, which anybody can draw again.

Needs neither Django nor a database. The draw itself is `sloyfe.stats.sampling`.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path
from typing import TextIO

from sloyfe.common.errors import InputProblem, NotPossible, Problem, SloyfeError
from sloyfe.common.tables import Column, read_table
from sloyfe.stats.sampling import Draw, FrameUnit, draw


class CannotDraw(SloyfeError):
    """A draw that the frame does not allow, told in words with the numbers."""

    exit_code = NotPossible.exit_code


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("file", type=Path, help="the frame: CSV or XLSX, one row per unit")
    parser.add_argument(
        "--seed", required=True, help="any words; the same words draw the same again"
    )
    parser.add_argument(
        "--per-stratum",
        required=True,
        type=int,
        metavar="N",
        help="how many to draw in each stratum",
    )
    parser.add_argument("--stratum-column", required=True, metavar="C", help="head of the strata")
    parser.add_argument("--id-column", required=True, metavar="I", help="head of the units' ids")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the units drawn there, as CSV"
    )


def run(args: argparse.Namespace) -> int:
    """Draw, tell what was done, and write the units drawn to a file where one is named."""
    units = _frame(args.file, args.id_column, args.stratum_column)
    drawn = _draw(units, args.per_stratum, args.seed, str(args.file))
    if args.out is not None:
        _write(args.out, drawn, args.id_column, args.stratum_column)
    _tell(drawn, sys.stdout)
    if args.out is None:
        print("\nUnits drawn:")
        for unit in drawn.units:
            print(unit)
    else:
        print(f"\n{len(drawn.units)} units are written to {args.out}.")
    return 0


def _frame(file: Path, id_column: str, stratum_column: str) -> list[FrameUnit]:
    try:
        content = file.read_bytes()
    except OSError as error:
        text = f"The file cannot be read ({error.strerror})."
        raise InputProblem([Problem("table.unreadable", text, str(file))]) from error
    rows = read_table(content, str(file), (Column(id_column), Column(stratum_column)))
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for row in rows:
        unit = row[id_column]
        for head, value in ((id_column, unit), (stratum_column, row[stratum_column])):
            if not value:
                text = "The cell is empty. Every unit needs an id and a stratum."
                problems.append(
                    Problem("sampling.incomplete_unit", text, str(file), row.number, head)
                )
        if unit and unit in first:
            text = f"{unit} stands in row {first[unit]} too. Keep one of them."
            problems.append(
                Problem("sampling.unit_twice", text, str(file), row.number, id_column, unit)
            )
        first.setdefault(unit, row.number)
    if problems:
        raise InputProblem(problems)
    return [FrameUnit(row[id_column], row[stratum_column]) for row in rows]


def _draw(units: list[FrameUnit], per_stratum: int, seed: str, source: str) -> Draw:
    try:
        return draw(units, per_stratum, seed)
    except NotPossible as refusal:
        raise CannotDraw(f"{source}: {_words(refusal, per_stratum)}") from refusal


def _words(refusal: NotPossible, per_stratum: int) -> str:
    if refusal.code == "sampling.stratum_too_small":
        problems = refusal.details["problems"]
        assert isinstance(problems, tuple)  # noqa: S101  # says what the code promises
        short = "; ".join(f"{one.stratum} has {one.has}" for one in problems)
        return (
            f"nothing was drawn, because {per_stratum} were asked for in each stratum and {short}. "
            f"Ask for {min(one.has for one in problems)} at most."
        )
    if refusal.code == "sampling.negative_size":
        return f"nothing was drawn: {per_stratum} is below zero."
    if refusal.code == "sampling.no_seed":
        return "nothing was drawn: the seed is empty. Write any words after --seed."
    return f"nothing was drawn ({refusal})."


def _write(out: Path, drawn: Draw, id_column: str, stratum_column: str) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([id_column, stratum_column, "inclusion_probability"])
    for stratum in drawn.strata:
        for unit in stratum.units:
            writer.writerow([unit, stratum.stratum, f"{float(stratum.inclusion):.6f}"])
    try:
        out.write_text(buffer.getvalue(), encoding="utf-8")
    except OSError as error:
        raise CannotDraw(
            f"{out}: the file cannot be written ({error.strerror}). Name another after --out."
        ) from error


def _tell(drawn: Draw, to: TextIO) -> None:
    size = sum(stratum.frame for stratum in drawn.strata)
    width = max(len("All"), len("Stratum"), *(len(stratum.stratum) for stratum in drawn.strata))
    print(f"Seed:       {drawn.seed}", file=to)
    print(f"Frame hash: {drawn.frame_hash}", file=to)
    print(f"\n{'Stratum':<{width}}  {'Frame':>6}  {'Drawn':>6}  Inclusion probability", file=to)
    for stratum in drawn.strata:
        share = f"{stratum.sampled}/{stratum.frame} = {float(stratum.inclusion):.4f}"
        print(
            f"{stratum.stratum:<{width}}  {stratum.frame:>6}  {stratum.sampled:>6}  {share}",
            file=to,
        )
    print(f"{'All':<{width}}  {size:>6}  {len(drawn.units):>6}", file=to)
