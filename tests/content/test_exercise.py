"""The invented municipalities of the exercise programme."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from tests.content.reading import EXERCISE, ROOT, as_of, data, rows

REGISTER = rows(EXERCISE / "municipalities.csv")
CHANGES = rows(EXERCISE / "changes.csv")
POPULATION = rows(EXERCISE / "population.csv")
PERIODS = data(EXERCISE / "programme.yaml")["periods"]
ROUNDS = {number: period["from"] for number, period in enumerate(PERIODS, 1)}


def words_of(name: str) -> set[str]:
    return {part.strip().casefold() for part in (name, *name.split(" - "), *name.split(" og "))}


def test_no_invented_name_is_or_was_the_name_of_a_norwegian_municipality() -> None:
    real = set()
    for row in rows(ROOT / "registers" / "municipalities.csv"):
        real |= words_of(row["name"])
    for row in REGISTER:
        assert not words_of(row["name_nb"]) & real, row["name_nb"]


def test_every_name_is_marked_as_exercise_and_belongs_to_one_municipality() -> None:
    for row in REGISTER:
        assert row["name"] == f"{row['name_nb']} (øving)"
        assert row["code"].startswith("X")
    for date in ROUNDS.values():
        names = [row["name"] for row in as_of(REGISTER, date).values()]
        assert len(names) == len(set(names))


def test_names_try_the_norwegian_alphabet_and_long_forms() -> None:
    names = [row["name_nb"] for row in REGISTER]
    for start in ("Aa", "Æ", "Ø", "Å"):
        assert any(name.startswith(start) for name in names)
    assert any(len(name) >= 28 for name in names)
    assert any(" - " in name for name in names)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_seventeen_with_the_basic_offer_can_be_drawn_in_each_of_six_regions(number: int) -> None:
    held = as_of(REGISTER, ROUNDS[number]).values()
    basic = Counter(row["region"] for row in held if row["subprogramme"] == "none")
    regions = {region["code"] for region in data(EXERCISE / "programme.yaml")["regions"]}
    assert set(basic) == regions
    assert min(basic.values()) >= 17
    kinds = Counter(row["subprogramme"] for row in held)
    assert kinds["cities"] == 5
    assert kinds["towns"] >= 10
    assert {row["region"] for row in held if row["subprogramme"] == "towns"} == regions


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_municipality_of_a_round_has_a_population_and_nobody_else(number: int) -> None:
    counted = [row for row in POPULATION if row["round"] == str(number)]
    assert {row["date"] for row in counted} == {ROUNDS[number]}
    assert Counter(row["code"] for row in counted) == Counter(
        as_of(REGISTER, ROUNDS[number]).keys()
    )


def test_population_is_skewed_as_in_norway_and_the_size_class_follows_it() -> None:
    people = [int(row["population"]) for row in POPULATION if row["round"] == "1"]
    people.sort()
    assert people[len(people) // 2] < sum(people) / len(people)
    limits = ((5_000, "0-5000"), (15_000, "5001-15000"), (50_000, "15001-50000"))
    for row in REGISTER:
        size = int(row["population"])
        wanted = next((name for limit, name in limits if size <= limit), None)
        assert row["size_class"] == (wanted or ("50001-100000" if size <= 100_000 else "100001-"))


def test_all_language_forms_and_kinds_of_change_are_there() -> None:
    assert {row["language_form"] for row in REGISTER} == {"bokmål", "nynorsk", "nøytral"}
    for date in (ROUNDS[2], ROUNDS[3]):
        kinds = {change["kind"] for change in CHANGES if change["date"] == date}
        assert {"rename", "renumber", "merge", "move"} <= kinds
    assert "split" in {change["kind"] for change in CHANGES}


@pytest.mark.parametrize("number", [2, 3])
def test_changes_explain_every_difference_between_two_rounds(number: int) -> None:
    before, after = as_of(REGISTER, ROUNDS[number - 1]), as_of(REGISTER, ROUNDS[number])
    here = [change for change in CHANGES if change["date"] == ROUNDS[number]]
    assert set(before) - set(after) <= {c["old_code"] for c in here}
    assert set(after) - set(before) <= {c["new_code"] for c in here}
    for change in here:
        old, new = before[change["old_code"]], after[change["new_code"]]
        if change["kind"] == "rename":
            assert old["name"] != new["name"]
            assert old["code"] == new["code"]
        if change["kind"] == "renumber":
            assert old["name"] == new["name"]
            assert old["code"] != new["code"]
        if change["kind"] == "move":
            assert old["region"] != new["region"]
    touched = {(c["old_code"], c["new_code"]) for c in here}
    for code in set(before) & set(after):
        told = ("name", "region", "subprogramme", "language_form")
        if any(before[code][key] != after[code][key] for key in told):
            assert (code, code) in touched


def test_a_split_has_all_its_successors() -> None:
    successors: dict[str, int] = defaultdict(int)
    for change in CHANGES:
        if change["kind"] == "split":
            successors[change["old_code"]] += 1
    assert successors
    assert all(count >= 2 for count in successors.values())


def test_two_demo_municipalities_live_through_all_rounds() -> None:
    for date in ROUNDS.values():
        demo = [row for row in as_of(REGISTER, date).values() if row["demo"] == "true"]
        assert {row["subprogramme"] for row in demo} == {"none", "towns"}
        (small,) = (row for row in demo if row["subprogramme"] == "none")
        assert 5_500 <= int(small["population"]) <= 6_500


def test_people_see_round_numbers_and_no_years() -> None:
    for period in PERIODS:
        assert not any(
            character in "4567890" for text in period["label"].values() for character in text
        )
