"""The project's own fact files of 2017, read without the database."""

from __future__ import annotations

import shutil
from pathlib import Path

from sloyfe.analysis.rules.printed import Derived, Figure, FigureKind, Status
from tests.content.reading import EVALUATION, Row, rows

MULTIPLE = frozenset({"future_challenges", "barriers"})


def figure_of(row: Row) -> Figure:
    """One row of the fact file as a figure."""
    return Figure(
        code=row["id"],
        section=row["section"],
        page=int(row["page"]),
        tier=row["tier"],
        item=row["item"],
        category=row["category"],
        kind=FigureKind(row["kind"]),
        value=row["value"],
        n_stated=int(row["n_if_stated"]) if row["n_if_stated"] else None,
        bank_item=row["bank_item"],
        codes=tuple(filter(None, row["bank_codes"].split("+"))),
        order=row["order"],
    )


def derived_of(row: Row) -> Derived:
    """One row of derived counts."""
    pairs = (pair.split("=") for pair in row["counts"].split("; ") if pair)
    return Derived(
        item=row["item"],
        tier=row["tier"],
        status=Status(row["status"]),
        base=int(row["base"]) if row["base"] else None,
        counts={code: int(n) for code, n in pairs},
        bases=tuple(map(int, row["all_bases"].split())),
    )


FIGURES = tuple(figure_of(row) for row in rows(EVALUATION / "figures.csv"))
DERIVED = tuple(derived_of(row) for row in rows(EVALUATION / "derived_counts.csv"))
REASONS = {row["id"]: row["reason"] for row in rows(EVALUATION / "figure_reasons.csv")}


def copied(tmp_path: Path) -> Path:
    """A copy of the fact files, to be spoilt."""
    return Path(shutil.copytree(EVALUATION, tmp_path / EVALUATION.name))


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Write something else in one place of a file."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
