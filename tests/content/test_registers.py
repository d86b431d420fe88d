"""The registers of Norwegian municipalities."""

from __future__ import annotations

import csv
import importlib.util
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REGISTERS = ROOT / "registers"
SHARED = ROOT.parent / "shared" / "data"

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{k: (v or "").strip() for k, v in row.items()} for row in csv.DictReader(file)]


MUNICIPALITIES = rows(REGISTERS / "municipalities.csv")
CHANGES = rows(REGISTERS / "changes.csv")
POPULATION = rows(REGISTERS / "population.csv")


def as_of(date: str) -> dict[str, Row]:
    found = [
        row
        for row in MUNICIPALITIES
        if row["valid_from"] <= date and (not row["valid_to"] or date < row["valid_to"])
    ]
    assert len({row["code"] for row in found}) == len(found)
    return {row["code"]: row for row in found}


@pytest.mark.parametrize(
    ("date", "total"),
    [
        ("2013-01-01", 428),
        ("2014-07-01", 428),
        ("2015-01-01", 428),
        ("2017-01-01", 426),
        ("2018-01-01", 422),
        ("2019-01-01", 422),
        ("2020-01-01", 356),
        ("2021-01-01", 356),
        ("2022-01-01", 356),
        ("2023-12-31", 356),
        ("2024-01-01", 357),
        ("2025-01-01", 357),
        ("2026-01-01", 357),
    ],
)
def test_the_number_of_municipalities_on_a_date_is_the_official_one(date: str, total: int) -> None:
    assert len(as_of(date)) == total


def test_periods_of_one_number_do_not_overlap_and_each_tells_something_new() -> None:
    by_code: dict[str, list[Row]] = defaultdict(list)
    for row in MUNICIPALITIES:
        by_code[row["code"]].append(row)
    for periods in by_code.values():
        periods.sort(key=lambda row: row["valid_from"])
        for earlier, later in pairwise(periods):
            assert earlier["valid_to"] <= later["valid_from"]
            if earlier["valid_to"] == later["valid_from"]:
                facts = ("name", "county_code", "county_name")
                assert [earlier[k] for k in facts] != [later[k] for k in facts]


def test_every_change_starts_and_ends_in_a_municipality_of_its_day() -> None:
    for change in CHANGES:
        year = int(change["date"][:4])
        assert change["old_code"] in as_of(f"{year - 1}-12-31"), change
        assert change["new_code"] in as_of(change["date"]), change


def test_every_number_that_ends_or_begins_is_explained_by_a_change() -> None:
    for date in sorted({change["date"] for change in CHANGES}):
        before, after = as_of(f"{int(date[:4]) - 1}-12-31"), as_of(date)
        here = [change for change in CHANGES if change["date"] == date]
        assert set(before) - set(after) <= {change["old_code"] for change in here}
        assert set(after) - set(before) <= {change["new_code"] for change in here}


def test_a_split_keeps_all_its_successors() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for change in CHANGES:
        if change["kind"] == "split":
            found[change["old_code"]].add(change["new_code"])
    assert found == {
        "0720": {"0704", "0710"},
        "1850": {"1806", "1875"},
        "5012": {"5055", "5056", "5059"},
        "1507": {"1508", "1580"},
    }


def test_a_rename_keeps_the_number_and_changes_the_name() -> None:
    for change in CHANGES:
        if change["kind"] == "rename":
            assert change["old_code"] == change["new_code"]
            before = as_of(f"{int(change['date'][:4]) - 1}-12-31")[change["old_code"]]
            assert before["name"] != as_of(change["date"])[change["new_code"]]["name"]


def test_the_municipalities_that_left_their_county_are_told_as_moves() -> None:
    moves = {(c["old_code"], c["new_code"]) for c in CHANGES if c["kind"] == "move"}
    assert moves == {("1567", "5061"), ("0532", "3053"), ("0533", "3054")}


def test_the_five_cities_of_2017_have_the_numbers_that_the_programme_uses() -> None:
    names = {code: row["name"] for code, row in as_of("2017-06-01").items()}
    assert [names[c] for c in ("0301", "1201", "1601", "1103", "0602")] == [
        "Oslo",
        "Bergen",
        "Trondheim",
        "Stavanger",
        "Drammen",
    ]


def test_population_adds_up_to_the_national_totals() -> None:
    totals: Counter[tuple[str, str]] = Counter()
    for row in POPULATION:
        totals[row["borders"], row["date"]] += int(row["population"])
    assert totals["2019-01-01", "2017-01-01"] == 5_258_317
    assert totals["2019-01-01", "2018-01-01"] == 5_295_619
    assert totals["2019-01-01", "2019-01-01"] == 5_328_212
    assert totals["2024-01-01", "2024-01-01"] == 5_550_203


def test_no_figure_is_guessed_for_those_who_took_over_part_of_a_split_municipality() -> None:
    for change in CHANGES:
        if change["kind"] == "split" and change["date"] == "2020-01-01":
            dates = {
                row["date"]
                for row in POPULATION
                if row["code"] == change["new_code"] and row["borders"] == "2024-01-01"
            }
            assert min(dates) == "2020-01-01"


def test_population_stands_on_municipalities_of_its_borders_and_once_each() -> None:
    keys = [(row["borders"], row["date"], row["code"]) for row in POPULATION]
    assert len(keys) == len(set(keys))
    for row in POPULATION:
        assert row["code"] in as_of(row["borders"])
        assert int(row["population"]) > 0


def test_population_of_2017_lacks_only_the_eight_that_merged_a_year_later() -> None:
    known = {row["code"] for row in POPULATION if row["borders"] == "2017-01-01"}
    assert set(as_of("2017-01-01")) - known == {
        "0702", "0714", "0709", "0728", "0722", "0723", "1624", "1718",
    }  # fmt: skip


def test_language_form_is_left_unknown() -> None:
    assert {row["language_form"] for row in MUNICIPALITIES} == {""}


needs_sources = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the source files do not lie beside the checkout"
)


@needs_sources
def test_the_files_are_what_the_script_makes_from_the_sources(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_registers", REGISTERS / "make.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.make(SHARED, tmp_path)
    for name in ("municipalities.csv", "changes.csv", "population.csv"):
        assert (tmp_path / name).read_bytes() == (REGISTERS / name).read_bytes()


@needs_sources
@pytest.mark.parametrize("year", [2013, 2015, 2017, 2018, 2019, 2020, 2022, 2023, 2024])
def test_each_yearly_register_is_met_number_by_number(year: int) -> None:
    source = {row["kommunenummer"]: row for row in rows(SHARED / f"kommuner_{year}.csv")}
    ours = as_of(f"{year}-01-01")
    assert set(ours) == set(source)
    for code, row in source.items():
        assert row["kommunenavn"].split(" (")[0] == ours[code]["name"]
        assert row["fylkesnummer"] == ours[code]["county_code"]


@needs_sources
def test_following_the_changes_from_2017_meets_the_independent_crosswalk() -> None:
    steps: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for change in CHANGES:
        steps[change["date"]][change["old_code"]].add(change["new_code"])
    for row in rows(SHARED / "kommune_crosswalk_2017_2024.csv"):
        codes = {row["code_2017"]}
        for date in sorted(date for date in steps if date > "2017-01-01"):
            codes = {new for code in codes for new in steps[date].get(code, {code})}
        assert codes == set(row["code_2024"].split("|")), row["name_2017"]
