# ruff: noqa: INP001
"""Norwegian municipalities 2013-2026, made from yearly registers of Statistics Norway.

Run as ``python registers/make.py DIR``, where DIR holds the yearly registers, the change table and
the population tables named in README.md. Writes municipalities.csv, changes.csv and population.csv
beside this file. Nothing reads DIR when the product runs.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).parent
REGISTER_YEARS = (2013, 2015, 2017, 2018, 2019, 2020, 2022, 2023, 2024)
# Share of a county's other municipalities that must go to one new county before a municipality
# that goes elsewhere counts as moved rather than renumbered with its county.
FOLLOWS_COUNTY = 0.75

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """The rows of one CSV file, with surrounding space taken off."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {key: (value or "").strip() for key, value in row.items()}
            for row in csv.DictReader(file)
        ]


def plain_name(name: str) -> str:
    """The municipality's own name, without the county that a register adds to tell namesakes apart.

    The registers add it in some years only, so keeping it would look like a change of name.
    """
    return re.sub(r" \([^)]*\)$", "", name)


def registers(folder: Path) -> dict[str, dict[str, tuple[str, str, str]]]:
    """For each date on which the structure changed: code -> (name, county number, county name)."""
    found: dict[str, dict[str, tuple[str, str, str]]] = {}
    for year in REGISTER_YEARS:
        found[f"{year}-01-01"] = {
            row["kommunenummer"]: (
                plain_name(row["kommunenavn"]),
                row["fylkesnummer"],
                row["fylkesnavn"],
            )
            for row in read(folder / f"kommuner_{year}.csv")
        }
    return found


def validity_periods(by_date: dict[str, dict[str, tuple[str, str, str]]]) -> list[tuple[str, ...]]:
    """One row per code and stretch of time in which name and county stay the same."""
    rows: list[tuple[str, ...]] = []
    running: dict[str, tuple[str, tuple[str, str, str]]] = {}
    for date, register in by_date.items():
        for code, (since, facts) in list(running.items()):
            if register.get(code) != facts:
                rows.append((code, *facts, since, date, ""))
                del running[code]
        for code, facts in register.items():
            running.setdefault(code, (date, facts))
    rows += [(code, *facts, since, "", "") for code, (since, facts) in running.items()]
    return sorted(rows, key=lambda row: (row[0], row[4]))


def change_graph(
    folder: Path, by_date: dict[str, dict[str, tuple[str, str, str]]]
) -> list[tuple[str, str, str, str]]:
    """Edges (date, kind, old code, new code); a splitting municipality has one edge per successor."""
    dates = list(by_date)
    edges: list[tuple[str, str, str, str]] = []
    # Changes on the first day led into the first register, whose predecessors are not held.
    rows = [
        row
        for row in read(folder / "kommuneendringer_2013_2024.csv")
        if row["change_date"] > dates[0]
    ]
    destinations: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for date, before in zip(dates[1:], dates, strict=False):
        here = [row for row in rows if row["change_date"] == date]
        targets = defaultdict(list)
        for row in here:
            targets[row["old_code"]].append(row["new_code"])
        for code, (_, county, _) in by_date[before].items():
            for target in targets.get(code, [code]):
                destinations[date, county][by_date[date][target][1]] += 1
    for row in rows:
        date, old, new, kind = row["change_date"], row["old_code"], row["new_code"], row["type"]
        if kind == "rename" and plain_name(row["old_name"]) == plain_name(row["new_name"]):
            continue
        if kind == "renumber":
            before = max(d for d in dates if d < date)
            goes_to = destinations[date, by_date[before][old][1]]
            county, count = goes_to.most_common(1)[0]
            follows = count / goes_to.total() >= FOLLOWS_COUNTY
            if follows and by_date[date][new][1] != county:
                kind = "move"
        edges.append((date, kind, old, new))
    return sorted(edges)


def populations(folder: Path) -> list[tuple[str, ...]]:
    """Rows (code, date, population, borders); borders is the date of the structure counted on."""
    rows: list[tuple[str, ...]] = [
        (row["kommunenummer"], "2017-01-01", row["pop_20170101"], "2017-01-01")
        for row in read(folder / "kommuner_2017.csv")
        if row["pop_20170101"]
    ]
    for name, borders in (
        ("folkemengde_grenser2019_2017_2019.csv", "2019-01-01"),
        ("folkemengde_grenser2024_2014_2026.csv", "2024-01-01"),
    ):
        for row in read(folder / name):
            for key, value in row.items():
                year = key.removeprefix("pop_")
                # Figures before 2020 of a municipality that took over part of a split one are
                # guesses in the source; a split is never guessed here.
                guessed = "approximate" in row.get("note", "") and year < "2020"
                if key.startswith("pop_") and value and not guessed:
                    rows.append((row["kommunenummer"], f"{year}-01-01", value, borders))
    return sorted(rows, key=lambda row: (row[3], row[0], row[1]))


def write(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Write one CSV file with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def make(folder: Path, target: Path) -> None:
    """Write the three register files into target from the sources in folder."""
    by_date = registers(folder)
    write(
        target / "municipalities.csv",
        ("code", "name", "county_code", "county_name", "valid_from", "valid_to", "language_form"),
        validity_periods(by_date),
    )
    edges: list[tuple[str, ...]] = list(change_graph(folder, by_date))
    write(target / "changes.csv", ("date", "kind", "old_code", "new_code"), edges)
    write(
        target / "population.csv",
        ("code", "date", "population", "borders"),
        populations(folder),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the municipality registers.")
    parser.add_argument("folder", type=Path, help="folder with the source files")
    parser.add_argument("--target", type=Path, default=HERE, help="where to write")
    arguments = parser.parse_args()
    make(arguments.folder, arguments.target)
