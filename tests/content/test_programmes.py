"""The programmes, their question banks, questionnaires and letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.content.reading import (
    BOTH,
    EVALUATION,
    EXERCISE,
    FORMS,
    HUSBANKEN,
    INSTRUMENTS,
    PROGRAMMES,
    SHARED,
    data,
    rows,
)

FILES = [
    *(("programme", folder / "programme.yaml") for folder in BOTH),
    *(("bank", folder / "bank.yaml") for folder in BOTH),
    *(("instrument", folder / "instruments" / f"{name}.yaml") for folder in BOTH for name in FORMS),
]


def walk(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from walk(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from walk(part, (*path, number))


@pytest.mark.parametrize(("kind", "path"), FILES, ids=lambda x: getattr(x, "stem", x))
def test_every_content_file_meets_its_schema(kind: str, path: Path) -> None:
    schema = data(PROGRAMMES / f"{kind}.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data(path), schema)


@pytest.mark.parametrize("kind", ["programme", "bank", "instrument"])
def test_every_key_of_a_schema_is_described_and_no_object_takes_unknown_keys(kind: str) -> None:
    for path, part in walk(data(PROGRAMMES / f"{kind}.schema.json")):
        if isinstance(part, dict) and part.get("type") == "object":
            assert part["additionalProperties"] is False, path
            for key, inner in part["properties"].items():
                assert "$ref" in inner or inner.get("description"), (*path, key)


def test_a_misspelt_key_is_refused() -> None:
    programme = data(EXERCISE / "programme.yaml")
    programme["basic_offer"]["tekst"] = programme["basic_offer"].pop("text")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(programme, data(PROGRAMMES / "programme.schema.json"))


@pytest.mark.parametrize("folder", BOTH, ids=lambda f: f.name)
def test_every_text_is_there_in_bokmal_nynorsk_and_english_unless_it_is_a_quotation(
    folder: Path,
) -> None:
    files = [folder / "programme.yaml", folder / "bank.yaml"]
    files += [folder / "instruments" / f"{name}.yaml" for name in FORMS]
    for file in files:
        for path, part in walk(data(file)):
            if isinstance(part, dict) and "nb" in part:
                wanted = {"nb", "en"} if part.get("exact") else {"nb", "nn", "en"}
                assert wanted <= set(part), (file.name, path)
                for language in set(part) & {"nb", "nn", "en"}:
                    text = part[language]
                    assert isinstance(text, str), (file.name, path)
                    assert text == text.strip(), (file.name, path)
                    assert set(re.findall(r"\{(\w*)\}", text)) <= {"organisation"}


NOT_NYNORSK = re.compile(
    r"\b(ikke|jeg|hva|hvor|hvordan|hvilke[nt]?|fra|bolig\w*|kommuner|kommunene|kommunens|flere|mer|"
    r"virkemid\w*|veiledning|tjenester|muligheter|egne|økt|behovene|noe|noen|andre måter|også|blitt dårligere|uenig|enig)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("folder", BOTH, ids=lambda f: f.name)
def test_nynorsk_texts_hold_no_bokmal_words(folder: Path) -> None:
    files = [folder / "programme.yaml", folder / "bank.yaml", PROGRAMMES / "letters.yaml"]
    files += [folder / "instruments" / f"{name}.yaml" for name in FORMS]
    for file in files:
        for path, part in walk(data(file)):
            if isinstance(part, dict) and "nn" in part and "nb" in part:
                # Names of strategies and work packages are quoted as they are.
                text = re.sub(r"«[^»]*»|Bolig for velferd", "", part["nn"])
                assert not NOT_NYNORSK.search(text), (file.name, path, text)


def questions(folder: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for page in data(folder / "instruments" / f"{name}.yaml")["pages"]:
        for question in page["questions"]:
            yield page["code"], question


def row_parts(row: str | dict[str, str]) -> tuple[str, str | None]:
    return (row, None) if isinstance(row, str) else (row["item"], row.get("variant"))


@pytest.mark.parametrize("folder", BOTH, ids=lambda f: f.name)
@pytest.mark.parametrize("name", FORMS)
def test_a_form_takes_items_scales_and_variants_from_the_bank(folder: Path, name: str) -> None:
    bank = data(folder / "bank.yaml")
    scales = {scale["code"] for scale in bank["scales"]}
    items = {item["code"]: item for item in bank["items"]}
    variants = {
        code: {variant["code"]: variant for variant in item.get("variants", [])}
        for code, item in items.items()
    }
    seen: list[str] = []
    earlier: set[str] = set()
    for _, question in questions(folder, name):
        for _, part in walk(question.get("relevant", {})):
            if isinstance(part, dict) and "item" in part:
                assert part["item"] in earlier
        used = [row_parts(row) for row in question.get("rows", [])]
        if "item" in question:
            used.append((question["item"], question.get("variant")))
        for item, variant in used:
            assert item in items
            if variant:
                assert variant in variants[item]
            scale = variants[item].get(variant or "", {}).get("scale", items[item].get("scale"))
            if question["kind"] in ("battery", "multiple"):
                assert scale == question["scale"]
            if question["kind"] in ("single", "battery", "multiple"):
                assert scale in scales
            else:
                assert scale is None
            seen.append(item)
            earlier.add(item)
    assert len(seen) == len(set(seen)), "an item stands once in a form"


@pytest.mark.parametrize("folder", BOTH, ids=lambda f: f.name)
def test_every_item_in_the_bank_is_asked_and_every_scale_is_used(folder: Path) -> None:
    bank = data(folder / "bank.yaml")
    asked = set()
    for name in FORMS:
        for _, question in questions(folder, name):
            asked |= {row_parts(row)[0] for row in question.get("rows", [])}
            asked |= {question["item"]} if "item" in question else set()
    assert asked == {item["code"] for item in bank["items"]}
    scales = [item.get("scale") for item in bank["items"]]
    scales += [v.get("scale") for item in bank["items"] for v in item.get("variants", [])]
    assert {scale["code"] for scale in bank["scales"]} == set(scales) - {None}


@pytest.mark.parametrize("folder", BOTH, ids=lambda f: f.name)
def test_the_general_part_is_the_same_pages_in_all_three(folder: Path) -> None:
    parts = []
    for name in INSTRUMENTS:
        instrument = data(folder / "instruments" / f"{name}.yaml")
        assert set(instrument["general_part"]) < {page["code"] for page in instrument["pages"]}
        parts.append(instrument["general_part"])
    assert parts[0] == parts[1] == parts[2]


def test_the_two_programmes_ask_the_same_items_with_the_same_answers() -> None:
    ours, theirs = (data(folder / "bank.yaml") for folder in BOTH)
    for key in ("scales", "items"):
        assert [part["code"] for part in ours[key]] == [part["code"] for part in theirs[key]]
    assert ours["scales"] == theirs["scales"]


def test_the_exercise_names_no_real_agency_programme_or_site() -> None:
    for file in EXERCISE.rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            # Item codes are shared by both programmes, so that rounds can be compared.
            text = re.sub(r"\b\w+_husbanken_no|\b\w*husbanken_\w+|\w+_veiviseren_no", "", text)
            assert not re.search(r"Husbank|veiviseren|Bolig for velferd|Storbyprogrammet", text)


def test_every_published_figure_of_the_questionnaires_has_its_item_and_answer_in_the_bank() -> None:
    bank = data(HUSBANKEN / "bank.yaml")
    items = {item["code"]: item for item in bank["items"]}
    scales = {s["code"]: {o["code"] for o in s["options"]} for s in bank["scales"]}
    asked = {
        "grunntilbud": "basic-offer",
        "by_tettsted": "towns",
        "storby": "cities",
    }
    for figure in rows(EVALUATION / "figures.csv"):
        item = figure["bank_item"]
        if not item or item.startswith("respondent_"):
            continue
        in_questionnaire = {
            row_parts(row)[0]
            for _, question in questions(HUSBANKEN, asked[figure["tier"]])
            for row in [
                *question.get("rows", []),
                *([question["item"]] if "item" in question else []),
            ]
        }
        assert item in in_questionnaire, figure["id"]
        offered = set(scales[items[item]["scale"]])
        for variant in items[item].get("variants", []):
            offered |= scales[variant.get("scale", items[item]["scale"])]
        assert set(filter(None, figure["bank_codes"].split("+"))) <= offered, figure["id"]


def test_the_programme_of_husbanken_gives_a_source_for_every_fact() -> None:
    programme = data(HUSBANKEN / "programme.yaml")
    lists = ("roles", "learning_tools", "ladder", "arenas", "groups", "templates", "facts")
    for key in (*lists, "regions", "offices", "subprogrammes", "criteria"):
        for fact in programme[key]:
            assert "source" in fact, (key, fact["code"])
    for region in programme["regions"]:
        assert all(county["verified"] is False for county in region["counties"])
    strategy = programme["strategy"]
    assert [len(goal["subgoals"]) for goal in strategy["goals"]] == [2, 2, 3]
    assert [len(strategy[k]) for k in ("success_factors", "ministries", "directorates")] == [
        6,
        5,
        6,
    ]
    assert len(strategy["target_groups"][0]["result_goals"]) == 3
    members = programme["members"]
    assert [m["name"] for m in members["named"]] == [
        "Oslo",
        "Bergen",
        "Trondheim",
        "Stavanger",
        "Drammen",
    ]
    assert [(m["subprogramme"], m["count"]) for m in members["unnamed"]] == [("towns", 62)]


def test_every_thing_that_the_report_names_has_a_place() -> None:
    things = data(HUSBANKEN / "entities.yaml")["things"]
    assert [thing["number"] for thing in things] == list(range(1, 127))
    assert len({thing["term"] for thing in things}) == 126
    assert all(thing["places"] and thing["what"] for thing in things)


def test_an_exercise_programme_refers_only_to_its_own_regions_and_offices() -> None:
    for folder in BOTH:
        programme = data(folder / "programme.yaml")
        regions = {region["code"] for region in programme["regions"]}
        offices = {office["code"] for office in programme["offices"]}
        assert {o["region"] for o in programme["offices"] if "region" in o} == regions
        assert {role["holder"] for role in programme["roles"] if "holder" in role} <= offices


def test_every_letter_holds_exactly_its_slots_in_every_language_and_the_link_alone() -> None:
    letters = data(PROGRAMMES / "letters.yaml")
    known = set(letters["slots"])
    codes = [letter["code"] for letter in letters["letters"]]
    assert codes[:5] == ["invitation", "reminder_1", "reminder_2", "receipt", "sign_in"]
    assert len(codes) == len(set(codes))
    for letter in letters["letters"]:
        for language in ("nb", "nn", "en"):
            text = letter["subject"][language] + "\n" + letter["body"][language]
            assert set(re.findall(r"\{(\w+)\}", text)) == set(letter["slots"]) <= known
            assert "\n" not in letter["subject"][language]
            if "link" in letter["slots"]:
                assert "{link}" in letter["body"][language].splitlines()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the seed does not lie beside the checkout")
def test_the_things_stand_where_the_seed_found_them() -> None:
    found = []
    for line in (SHARED / "seed" / "entities.md").read_text(encoding="utf-8").splitlines():
        match = re.match(r"\| .+ \| (.+?) \| (\d+) \| \d+ \|$", line)
        if match:
            found.append((match[1], int(match[2])))
    things = data(HUSBANKEN / "entities.yaml")["things"]
    assert [(t["source"]["section"], t["source"]["page"]) for t in things] == found
