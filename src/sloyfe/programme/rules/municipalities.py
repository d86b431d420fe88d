"""Where an exercise programme's invented municipalities lie and what they are members of."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sloyfe.common.errors import Problem
from sloyfe.common.tables import Column, Row

COLUMNS = (
    Column("code"),
    Column("name"),
    Column("region"),
    Column("subprogramme"),
    Column("demo", required=False),
    Column("valid_from"),
    Column("valid_to"),
)
MARK = "(øving)"
NONE = {"", "none"}


@dataclass(frozen=True)
class Placement:
    """An invented municipality's region and subprogramme for a time. The subprogramme may be ""."""

    code: str
    name: str
    region: str
    subprogramme: str
    is_demo: bool
    valid_from: dt.date
    valid_to: dt.date | None


def check_placements(
    rows: Iterable[Row],
    source: str,
    *,
    regions: Collection[str],
    subprogrammes: Collection[str],
    real_names: Collection[str],
) -> tuple[list[Placement], list[Problem]]:
    """Give where invented municipalities lie, and what is wrong.

    Each must be marked as invented, and have neither the name nor the form of number of a real one.
    The dates have been checked with the register itself.
    """
    problems: list[Problem] = []
    found: list[Placement] = []
    for row in rows:
        faults = []
        plain = row["name"].removesuffix(MARK).strip()
        if plain == row["name"]:
            faults.append(
                ("name", "not_marked", f"An invented municipality's name must end in {MARK}.")
            )
        if plain.casefold() in real_names:
            faults.append(("name", "real_name", "This is the name of a real municipality."))
        if row["code"].isdigit():
            faults.append(
                (
                    "code",
                    "real_number",
                    "An invented municipality's number must not look like a real one.",
                )
            )
        if row["region"] not in regions:
            text = f"There is no such region. There are: {', '.join(sorted(regions))}."
            faults.append(("region", "unknown_region", text))
        subprogramme = "" if row["subprogramme"] in NONE else row["subprogramme"]
        if subprogramme and subprogramme not in subprogrammes:
            text = f"There is no such subprogramme. There are: none, {', '.join(sorted(subprogrammes))}."
            faults.append(("subprogramme", "unknown_subprogramme", text))
        problems += [
            Problem(f"programme.{code}", text, source, row.number, column, row[column])
            for column, code, text in faults
        ]
        found.append(
            Placement(
                row["code"],
                row["name"],
                row["region"],
                subprogramme,
                row["demo"] == "true",
                dt.date.fromisoformat(row["valid_from"]),
                dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
        )
    return found, problems


def joined(
    spans: Iterable[tuple[int, str, dt.date, dt.date | None]],
) -> dict[tuple[int, str, dt.date], dt.date | None]:
    """Join spans that touch: (organisation, what, from, to) → each whole span's end by its start."""
    by_what: dict[tuple[int, str], list[tuple[dt.date, dt.date | None]]] = defaultdict(list)
    for who, what, start, end in spans:
        by_what[who, what].append((start, end))
    found: dict[tuple[int, str, dt.date], dt.date | None] = {}
    for (who, what), own in by_what.items():
        begin: dt.date | None = None
        last: dt.date | None = None
        for start, end in sorted(own, key=lambda span: span[0]):
            if begin is not None and last == start:
                last = end
            else:
                begin, last = start, end
            found[who, what, begin] = last
    return found
