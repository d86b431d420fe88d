"""What a bank and an instrument file may hold, and what is said when they hold something else."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sloyfe.common.errors import InputProblem
from sloyfe.instruments import texts
from sloyfe.instruments.imports import KINDS, read_yaml
from sloyfe.instruments.rules import MOVES, QuestionKind, VersionState, editing
from sloyfe.instruments.rules.bank import Bank, read_bank
from sloyfe.instruments.rules.changes import ChangeKind, compare
from sloyfe.instruments.rules.codebook import codebook
from sloyfe.instruments.rules.definitions import (
    ResolvedInstrument,
    check_definition,
    content_hash,
    item_codes,
    questions_of,
    read_instrument,
)
from sloyfe.instruments.rules.documents import LANGUAGES, Mistake
from tests.instruments import documents

Change = Callable[[Any], object]


def bank() -> Bank:
    found, mistakes = read_bank(documents.bank())
    assert mistakes == []
    return found


def resolve(document: object) -> tuple[ResolvedInstrument | None, list[Mistake]]:
    return read_instrument(document, bank(), KINDS)


def resolved() -> ResolvedInstrument:
    found, mistakes = resolve(documents.form())
    assert mistakes == []
    assert found is not None
    return found


def set_in(*path: str | int, to: object) -> Change:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = to

    return change


def drop(*path: str | int) -> Change:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        del document[path[-1]]

    return change


def test_a_definition_holds_the_wording_and_options_of_every_question() -> None:
    definition = resolved().definition

    about, offer = definition["pages"]
    assert (about["general"], offer["general"]) == (True, False)
    battery = offer["questions"][0]
    assert [row["text"]["nb"] for row in battery["rows"]] == [
        "Tilbudet er kjent",
        "Tilbudet blir brukt i byen",
    ]
    assert [option["mark"] for option in battery["options"]] == [
        None,
        "neutral",
        None,
        "dont_know",
    ]
    assert definition["languages"] == ["nb", "nn", "en"]
    assert about["questions"][2]["max_length"] == 200
    assert json.loads(json.dumps(definition)) == definition


def test_every_kind_of_question_stands_in_the_example() -> None:
    kinds = {question["kind"] for _, question in questions_of(resolved().definition)}

    assert kinds == {kind.value for kind in QuestionKind}


BATTERY = ("pages", 1, "questions", 0)
BAD_FORMS: list[tuple[str, Change]] = [
    ("unknown_item", set_in("pages", 0, "questions", 0, "item", to="nobody")),
    ("unknown_item", set_in("pages", 0, "questions", 0, "item", to=["a"])),
    ("unknown_item", set_in(*BATTERY, "rows", 0, to="nobody")),
    ("unknown_variant", set_in(*BATTERY, "rows", 1, "variant", to="village")),
    ("unknown_scale", set_in(*BATTERY, "scale", to="agree99")),
    ("other_scale", set_in(*BATTERY, "scale", to="yes_no")),
    ("other_scale", set_in("pages", 0, "questions", 1, "scale", to="agree")),
    ("no_scale", set_in("pages", 0, "questions", 2, "kind", to="single")),
    ("scale_not_used", set_in("pages", 0, "questions", 1, "kind", to="date")),
    ("item_twice", set_in(*BATTERY, "rows", 0, to="needs_changes")),
    ("question_twice", set_in("pages", 0, "questions", 2, "item", to="inhabitants")),
    ("routing_unknown", set_in("pages", 1, "questions", 1, "relevant", "item", to="nobody")),
    ("routing_later", set_in("pages", 1, "questions", 1, "relevant", "item", to="channels")),
    ("routing_later", set_in("pages", 1, "questions", 1, "relevant", "item", to="what_changes")),
    ("routing_unknown_option", set_in("pages", 1, "questions", 1, "relevant", "in", to=["jo"])),
    ("routing_unknown_option", set_in("pages", 1, "questions", 1, "relevant", "in", to=[["ja"]])),
    (
        "routing_needs_options",
        set_in("pages", 1, "questions", 1, "relevant", to={"item": "inhabitants", "in": ["1"]}),
    ),
    ("bad_routing", set_in("pages", 1, "questions", 1, "relevant", to="always")),
    ("bad_routing", set_in("pages", 1, "questions", 1, "relevant", to={"item": "needs_changes"})),
    (
        "bad_routing",
        set_in(
            "pages", 1, "questions", 1, "relevant", to={"item": "needs_changes", "answered": False}
        ),
    ),
    ("too_few", set_in("pages", 1, "questions", 1, "relevant", to={"all": []})),
    ("missing_wording", drop(*BATTERY, "text", "nn")),
    ("missing_wording", set_in("pages", 0, "title", "nb", to="  ")),
    ("not_a_text", set_in("title", to="Grunntilbudet")),
    ("not_a_text", set_in("title", "en", to=False)),
    ("unknown_language", set_in("title", "se", to="x")),
    ("unknown_slot", set_in(*BATTERY, "text", "nb", to="Hva med {kommune}?")),
    ("unknown_slot", set_in("title", "nb", to="Til {organisation}")),
    ("stray_brace", set_in(*BATTERY, "text", "nb", to="Hva med {organisation?")),
    ("text_too_long", set_in(*BATTERY, "text", "nb", to="x" * 1501)),
    ("unreadable_character", set_in(*BATTERY, "text", "nb", to="a\x00b")),
    ("unreadable_character", set_in(*BATTERY, "text", "nb", to="a\ud800b")),
    ("max_choices_over_options", set_in("pages", 1, "questions", 2, "max_choices", to=5)),
    ("out_of_range", set_in("pages", 1, "questions", 2, "max_choices", to=0)),
    ("not_a_whole_number", set_in("pages", 1, "questions", 2, "max_choices", to=True)),
    ("limits_upside_down", set_in("pages", 0, "questions", 0, "minimum", to=2000)),
    ("not_a_number", set_in("pages", 0, "questions", 0, "minimum", to=float("nan"))),
    ("not_a_number", set_in("pages", 0, "questions", 0, "minimum", to=float("inf"))),
    ("not_a_number", set_in("pages", 0, "questions", 0, "minimum", to="1")),
    ("out_of_range", set_in("pages", 1, "questions", 1, "max_length", to=10**6)),
    ("not_true_or_false", set_in("pages", 0, "questions", 1, "required", to="yes")),
    ("unknown_kind", set_in("pages", 0, "questions", 0, "kind", to="slider")),
    ("unknown_kind", set_in("pages", 0, "questions", 0, "kind", to=["single"])),
    ("unknown_kind", drop("pages", 0, "questions", 0, "kind")),
    ("unknown_instrument_kind", set_in("kind", to="quiz")),
    ("unknown_key", set_in("pages", 0, "questions", 0, "colour", to="red")),
    ("unknown_key", set_in("pages", 1, "questions", 4, "required", to=True)),
    ("missing_key", drop("pages", 0, "questions", 0, "item")),
    ("missing_key", drop(*BATTERY, "rows")),
    ("page_twice", set_in("pages", 1, "code", to="about")),
    ("unknown_page", set_in("general_part", to=["nowhere"])),
    ("unknown_page", set_in("general_part", to=[["about"]])),
    ("bad_code", set_in("code", to="Basic Offer")),
    ("bad_code", set_in(*BATTERY, "code", to="æøå")),
    ("too_few", set_in("pages", to=[])),
    ("too_few", set_in("pages", 1, "questions", to=[])),
    ("not_a_list", set_in("pages", to={})),
    ("not_a_mapping", set_in("pages", 0, to="about")),
    ("too_many", set_in(*BATTERY, "rows", to=["offer_known"] * 61)),
]


@pytest.mark.parametrize(("code", "change"), BAD_FORMS)
def test_a_bad_form_is_refused_with_the_place_of_the_mistake(code: str, change: Change) -> None:
    document = documents.form()
    change(document)

    found, mistakes = resolve(document)

    assert found is None
    assert code in [mistake.code for mistake in mistakes]
    for mistake in mistakes:
        assert texts.sentence_for(mistake)


BAD_BANKS: list[tuple[str, Change]] = [
    ("option_twice", set_in("scales", 0, "options", 1, "code", to="enig")),
    ("unknown_mark", set_in("scales", 0, "options", 1, "mark", to="middle")),
    ("unknown_pole", set_in("scales", 0, "options", 0, "pole", to="good")),
    ("mark_and_pole", set_in("scales", 0, "options", 1, "pole", to="negative")),
    ("mark_twice", set_in("scales", 0, "options", 1, "mark", to="dont_know")),
    (
        "positive_after_negative",
        set_in(
            "scales",
            0,
            "options",
            to=[
                {"code": "uenig", "text": documents.text("Uenig"), "pole": "negative"},
                {"code": "enig", "text": documents.text("Enig"), "pole": "positive"},
            ],
        ),
    ),
    ("too_few", set_in("scales", 0, "options", to=[])),
    ("scale_twice", set_in("scales", 1, "code", to="agree")),
    ("item_twice_in_bank", set_in("items", 1, "code", to="needs_changes")),
    ("unknown_scale", set_in("items", 0, "scale", to="likert")),
    ("unknown_scale", set_in("items", 2, "variants", 0, "scale", to=7)),
    ("variant_without_difference", drop("items", 2, "variants", 0, "text")),
    (
        "variant_twice",
        set_in(
            "items",
            2,
            "variants",
            to=[{"code": "town", "text": documents.text(name)} for name in ("A", "B")],
        ),
    ),
    ("missing_wording", drop("items", 0, "text", "nn")),
    ("bad_code", set_in("items", 0, "code", to="x" * 81)),
    ("missing_key", drop("items")),
    ("not_a_list", set_in("items", to="none")),
]


@pytest.mark.parametrize(("code", "change"), BAD_BANKS)
def test_a_bad_bank_is_refused_with_the_place_of_the_mistake(code: str, change: Change) -> None:
    document = documents.bank()
    change(document)

    _, mistakes = read_bank(document)

    assert code in [mistake.code for mistake in mistakes]
    for mistake in mistakes:
        assert texts.sentence_for(mistake)


def test_all_mistakes_are_found_at_once() -> None:
    document = documents.form()
    for change in (
        set_in("kind", to="quiz"),
        set_in("pages", 0, "questions", 0, "item", to="nobody"),
        set_in("pages", 1, "questions", 2, "max_choices", to=9),
        drop(*BATTERY, "text", "nn"),
    ):
        change(document)

    _, mistakes = resolve(document)

    assert {mistake.code for mistake in mistakes} == {
        "unknown_instrument_kind",
        "unknown_item",
        "max_choices_over_options",
        "missing_wording",
    }


def test_every_mistake_that_the_rules_name_has_its_own_sentence() -> None:
    sentences = [str(sentence) for sentence in texts.MISTAKES.values()]

    assert len(sentences) == len(set(sentences))
    assert {code for code, _ in BAD_FORMS + BAD_BANKS} <= set(texts.MISTAKES)


def test_english_may_be_missing_but_then_it_is_no_language_of_the_form() -> None:
    document = documents.form()
    drop("pages", 1, "questions", 4, "text", "en")(document)

    found, mistakes = resolve(document)

    assert mistakes == []
    assert found is not None
    assert found.definition["languages"] == ["nb", "nn"]


def test_a_line_is_told_for_every_place_in_a_file() -> None:
    content = yaml.safe_dump(documents.form(), allow_unicode=True, sort_keys=False)
    read = read_yaml(content.encode(), "form.yaml")
    lines = content.splitlines()

    assert read.data == documents.form()
    line = read.line(("pages", 1, "questions", 1, "relevant", "item"))
    assert line is not None
    assert lines[line - 1].strip() == "item: needs_changes"
    missing = read.line(("pages", 1, "questions", 1, "no_such_key"))
    assert missing is not None
    assert "what_changes" in lines[missing - 1]


def test_a_key_that_stands_twice_is_told() -> None:
    with pytest.raises(InputProblem) as told:
        read_yaml(b"code: a\ntitle: x\ncode: b\n", "form.yaml")

    (problem,) = told.value.problems
    assert (problem.code, problem.row, problem.column) == ("yaml.key_twice", 3, "code")
    assert "code" in problem.message


def test_a_small_file_with_aliases_cannot_become_a_huge_one() -> None:
    layers = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    layers += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 9)]

    with pytest.raises(InputProblem) as told:
        read_yaml("\n".join(layers).encode(), "bomb.yaml")

    assert [problem.code for problem in told.value.problems] == ["yaml.too_many"]


# Properties

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats()
    | st.sampled_from(
        ["", "needs_changes", "agree", "single", "battery", "nb", "{", "\x00", "ja", "æ"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "code",
                    "kind",
                    "text",
                    "item",
                    "scale",
                    "rows",
                    "relevant",
                    "nb",
                    "nn",
                    "all",
                    "in",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, part in value.items():
            found += places(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            found += places(part, (*path, number))
    return found


@settings(max_examples=300, deadline=None)
@given(data=st.data(), value=json_values)
def test_whatever_stands_anywhere_in_a_form_is_told_or_taken_never_a_crash(
    data: st.DataObject, value: object
) -> None:
    document = documents.form()
    path = data.draw(st.sampled_from(places(document)))
    set_in(*path, to=value)(document)

    found, mistakes = resolve(document)

    assert (found is None) == bool(mistakes)
    for mistake in mistakes:
        assert texts.sentence_for(mistake)
    if found is not None:
        assert check_definition(found.definition) == []
        assert content_hash(found.definition) == content_hash(
            json.loads(json.dumps(found.definition))
        )


@settings(max_examples=150, deadline=None)
@given(data=st.data(), value=json_values)
def test_whatever_stands_anywhere_in_a_bank_is_told_or_taken_never_a_crash(
    data: st.DataObject, value: object
) -> None:
    document = documents.bank()
    path = data.draw(st.sampled_from(places(document)))
    set_in(*path, to=value)(document)

    found, mistakes = read_bank(document)

    for mistake in mistakes:
        assert texts.sentence_for(mistake)
    read_instrument(documents.form(), found, KINDS)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="[]{}&*!:- \nabc\"'|>%@", max_size=80))
def test_any_bytes_are_read_or_told(content: bytes | str) -> None:
    raw = content if isinstance(content, bytes) else content.encode()

    try:
        read = read_yaml(raw, "any.yaml")
    except InputProblem:
        return
    resolve(read.data)


@given(st.permutations(list(resolved().definition)))
def test_the_order_of_keys_makes_no_other_content(keys: list[str]) -> None:
    definition = resolved().definition

    assert content_hash({key: definition[key] for key in keys}) == content_hash(definition)


@given(st.data())
def test_any_other_wording_makes_other_content(data: st.DataObject) -> None:
    definition = resolved().definition
    changed = copy.deepcopy(definition)
    questions = [question for _, question in questions_of(changed)]
    question = data.draw(st.sampled_from(questions))
    language = data.draw(st.sampled_from(LANGUAGES))
    question["text"][language] += "!"

    assert content_hash(changed) != content_hash(definition)
    (change,) = compare(definition, changed)
    assert (change.kind, change.code) == (ChangeKind.REWORDED, question["code"])


# Editing and comparing


def test_nothing_differs_from_itself() -> None:
    definition = resolved().definition

    assert compare(definition, copy.deepcopy(definition)) == []


def test_what_was_added_removed_rescaled_and_moved_is_told() -> None:
    old = resolved().definition
    new = editing.remove_question(old, "agreed_on")
    new = editing.change_question(new, "needs_changes", {"scale": "agree", "options": []})
    new = editing.add_question(new, "about", dict(editing.find_question(old, "agreed_on")))
    new = editing.remove_question(new, "channels")
    new = editing.change_question(new, "inhabitants", {"required": True})

    assert {(change.kind, change.code) for change in compare(old, new)} == {
        (ChangeKind.REMOVED, "channels"),
        (ChangeKind.OTHER_SCALE, "needs_changes"),
        (ChangeKind.MOVED, "agreed_on"),
        (ChangeKind.OTHER_RULES, "inhabitants"),
    }


def test_moving_a_question_is_one_change() -> None:
    old = resolved().definition
    new = editing.move_question(old, "inhabitants", 1)

    assert new is not None
    changes = compare(old, new)
    assert [change.kind for change in changes] == [ChangeKind.MOVED]
    assert editing.move_question(old, "inhabitants", -1) is None


def test_editing_leaves_the_old_definition_as_it_was() -> None:
    definition = resolved().definition
    before = content_hash(definition)

    editing.remove_question(definition, "agreed_on")
    editing.move_question(definition, "inhabitants", 1)
    editing.change_question(definition, "inhabitants", {"required": True})

    assert content_hash(definition) == before
    with pytest.raises(editing.NoSuchQuestion):
        editing.remove_question(definition, "nobody")


def test_the_codebook_holds_each_item_once() -> None:
    definition = resolved().definition
    items = [code for _, question in questions_of(definition) for code in item_codes(question)]

    assert [variable.item for variable in codebook(definition)] == items
    assert len(items) == len(set(items))


def test_every_state_can_be_reached_and_only_the_last_is_an_end() -> None:
    reached = {VersionState.DRAFT}
    while True:
        more = reached | {to for state in reached for to in MOVES[state]}
        if more == reached:
            break
        reached = more

    assert reached == set(VersionState)
    assert [state for state in VersionState if not MOVES[state]] == [VersionState.RETIRED]
