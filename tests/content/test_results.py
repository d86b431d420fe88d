"""The yearly report, the other forms of the programme year, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.content.reading import BOTH, HUSBANKEN, OTHER_FORMS, data

from sloyfe.instruments.imports import read_folder
from sloyfe.instruments.rules import QuestionKind
from sloyfe.instruments.rules.answers import check_complete, read_form
from sloyfe.instruments.rules.definitions import ResolvedInstrument, item_codes, questions_of
from sloyfe.instruments.rules.purposes import Prefill

RESULT_KEYS = {"code", "title", "unit", "aggregation", "goal", "is_outcome", "decimals"}
OTHER_KEYS = {"item", "numerator", "denominator", "effort_area", "subprogramme"}
ADDED = {"sum", "latest"}
BOTH_FOLDERS = pytest.mark.parametrize("folder", BOTH, ids=lambda folder: folder.name)


def forms(folder: Path) -> dict[str, ResolvedInstrument]:
    return {form.code: form for form in read_folder(folder).instruments}


def kinds(folder: Path) -> dict[str, QuestionKind]:
    """The kind of question that each item of the report is asked by."""
    report = forms(folder)["yearly-report"]
    return {
        item: QuestionKind(question["kind"])
        for _, question in questions_of(report.definition)
        for item in item_codes(question)
    }


def results(folder: Path) -> Any:
    return data(folder / "results.yaml")


def items_of(result: dict[str, Any]) -> set[str]:
    return {result[key] for key in ("item", "numerator", "denominator") if key in result}


def goals(folder: Path) -> Iterator[str]:
    for goal in data(folder / "programme.yaml")["strategy"]["goals"]:
        for part in goal["subgoals"]:
            yield part["code"]


@BOTH_FOLDERS
def test_the_forms_of_the_year_are_read_in_three_languages(folder: Path) -> None:
    found = forms(folder)
    assert {found[code].kind for code in OTHER_FORMS} == {"report", "needs", "plan", "agreement"}
    for code in OTHER_FORMS:
        assert found[code].definition["languages"] == ["nb", "nn", "en"]
    if folder == HUSBANKEN:
        assert all("Forslag" in found[code].provenance["nb"] for code in OTHER_FORMS)


@BOTH_FOLDERS
def test_the_report_has_at_most_25_fields_in_few_pages_and_asks_for_little(folder: Path) -> None:
    report = forms(folder)["yearly-report"]
    asked = kinds(folder)
    assert len(asked) <= 25
    assert 4 <= len(report.definition["pages"]) <= 6
    required = [q["code"] for _, q in questions_of(report.definition) if q["required"]]
    assert required == ["homes_provided", "households_to_permanent"]


@BOTH_FOLDERS
def test_every_field_of_the_report_says_why_for_whom_and_what_stands_in_it(folder: Path) -> None:
    for _, question in questions_of(forms(folder)["yearly-report"].definition):
        assert {"nb", "nn", "en"} <= set(question["why"])
        assert {"nb", "nn", "en"} <= set(question["used_by"])
        assert question["help"], question["code"]
        assert question["prefill"] in list(Prefill)


@BOTH_FOLDERS
def test_a_need_is_told_with_one_field(folder: Path) -> None:
    form = read_form(forms(folder)["needs"].definition)
    assert check_complete(form, {"need": "Vi trenger hjelp til å skaffe små boliger."}) == []


@BOTH_FOLDERS
def test_every_field_that_is_put_together_has_a_definition_and_the_reverse(folder: Path) -> None:
    content = results(folder)
    used = set().union(*(items_of(result) for result in content["results"]))
    left_out = {one["item"] for one in content["left_out"]}
    assert not used & left_out
    assert used | left_out == set(kinds(folder))
    assert content["form"] == "yearly-report"


@BOTH_FOLDERS
def test_every_result_is_added_up_as_its_field_allows(folder: Path) -> None:
    asked = kinds(folder)
    content = results(folder)
    codes = [result["code"] for result in content["results"]]
    assert len(codes) == len(set(codes))
    for result in content["results"]:
        assert RESULT_KEYS <= set(result) <= RESULT_KEYS | OTHER_KEYS, result["code"]
        how = result["aggregation"]
        found = {asked[item] for item in items_of(result)}
        if how == "ratio":
            assert {"numerator", "denominator"} <= set(result)
            assert "item" not in result
        else:
            assert set(result) & {"item", "numerator", "denominator"} == {"item"}
        if how in ADDED | {"ratio"}:
            assert found == {QuestionKind.NUMBER}
            assert result["unit"]
        elif how == "text":
            assert found == {QuestionKind.LONG_TEXT}
        else:
            assert how == "none"
            assert found <= {QuestionKind.SINGLE, QuestionKind.BATTERY}
        assert isinstance(result["is_outcome"], bool)
        assert result["decimals"] in range(7)
    assert {result["is_outcome"] for result in content["results"]} == {True, False}


@BOTH_FOLDERS
def test_every_result_serves_a_goal_of_the_strategy_and_an_area_that_exists(folder: Path) -> None:
    content = results(folder)
    known = set(goals(folder))
    areas = {area["code"]: area for area in content["effort_areas"]}
    assert [area["goal"] for area in content["effort_areas"]] == list(goals(folder))
    packages = {
        package["code"]
        for part in data(folder / "programme.yaml")["subprogrammes"]
        for package in part.get("work_packages", [])
    }
    named = {area["work_package"] for area in areas.values() if "work_package" in area}
    assert named == packages
    for result in content["results"]:
        assert result["goal"] in known
        if "effort_area" in result:
            assert areas[result["effort_area"]]["goal"] == result["goal"]
    # Each area is asked about by its own line of the report, and can be chosen in a plan or a need.
    assert {f"status_{code}" for code in areas} <= set(kinds(folder))
    scales = {scale["code"]: scale for scale in data(folder / "bank.yaml")["scales"]}
    offered = [option["code"] for option in scales["effort_themes"]["options"]]
    assert offered == [*areas, "annet"]


def test_an_effort_area_that_no_source_names_is_marked() -> None:
    content = results(HUSBANKEN)
    assert "Forslag" in content["provenance"]["nb"]
    assert all(area["verified"] is False for area in content["effort_areas"])


def test_both_programmes_put_the_same_fields_together_in_the_same_way() -> None:
    ours, theirs = (
        [
            (r["code"], r["aggregation"], sorted(items_of(r)), r["is_outcome"])
            for r in results(folder)["results"]
        ]
        for folder in BOTH
    )
    assert ours == theirs
