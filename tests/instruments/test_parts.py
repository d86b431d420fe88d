"""A number that is part of another is never larger than the whole, alone or together with its other parts."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.delivery.rules.simulation import Draw, simulated_answers
from sloyfe.instruments.exports import _XlsForm
from sloyfe.instruments.rules import InstrumentKind
from sloyfe.instruments.rules.answers import check_complete, read_form, read_page
from sloyfe.instruments.rules.bank import read_bank
from sloyfe.instruments.rules.definitions import content_hash, read_instrument
from sloyfe.instruments.texts import problem_text
from tests.fieldwork.answering import page, question
from tests.instruments.documents import BANK, FORM

PROGRAMMES = Path(__file__).parents[2] / "programmes"
WHOLE = page(
    "homes",
    question("homes", "number", minimum=0),
    question("bought", "number", minimum=0, part_of="homes"),
    question("rented", "number", minimum=0, part_of="homes"),
)
TWO_PAGES = read_form(
    {
        "languages": ["nb"],
        "pages": [
            page("first", question("families", "number")),
            page(
                "second",
                question("long", "number", part_of="families"),
                question("other", "number"),
            ),
        ],
    }
)
HOMES = read_form({"languages": ["nb"], "pages": [WHOLE]})
NUMBERS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("homes", "bought", "rented"), st.integers(0, 30))
)


@given(NUMBERS)
def test_a_form_may_be_sent_exactly_where_the_parts_are_not_larger_than_the_whole(
    answers: dict[str, Any],
) -> None:
    problems = check_complete(HOMES, answers)

    parts = answers.get("bought", 0) + answers.get("rented", 0)
    fits = "homes" not in answers or parts <= answers["homes"]
    assert (problems == []) == fits


@given(NUMBERS)
def test_the_page_says_the_same_as_the_sending(answers: dict[str, Any]) -> None:
    sent = {item: [str(value)] for item, value in answers.items()}

    _changes, problems = read_page(HOMES, "homes", sent, {})

    assert problems == check_complete(HOMES, answers)


def test_the_sentence_names_both_numbers_in_three_languages() -> None:
    one = check_complete(HOMES, {"homes": 0, "rented": 135})
    both = check_complete(HOMES, {"homes": 209, "bought": 62, "rented": 282})

    for language, said in (("nb", "Rett"), ("nn", "Rett"), ("en", "Correct")):
        with translation.override(language):
            for problems, numbers in ((one, ("135", "0")), (both, ("344", "209"))):
                text = problem_text(problems[0])
                assert len(problems) == 1
                assert said in text
                assert all(number in text for number in numbers)
                assert "Spørsmål homes" in text


def test_a_part_on_another_page_is_told_where_the_reader_is() -> None:
    _, on_first = read_page(TWO_PAGES, "first", {"families": ["2"]}, {"long": 5})
    _, on_second = read_page(TWO_PAGES, "second", {"long": ["5"]}, {"families": 2})
    whole = check_complete(TWO_PAGES, {"families": 2, "long": 5})

    assert [(each.page, each.item) for each in on_first] == [("first", "families")]
    assert [(each.page, each.item) for each in on_second] == [("second", "long")]
    assert [(each.page, each.item) for each in whole] == [("second", "long")]


def test_a_page_with_neither_part_nor_whole_is_not_stopped() -> None:
    form = read_form(
        {"languages": ["nb"], "pages": [WHOLE, page("end", question("last", "number"))]}
    )

    _changes, problems = read_page(form, "end", {"last": ["3"]}, {"homes": 1, "bought": 2})

    assert problems == []


def test_what_is_wrong_in_itself_is_told_alone() -> None:
    sent = {"homes": ["two"], "bought": ["5"]}

    _changes, problems = read_page(HOMES, "homes", sent, {"homes": 1})

    assert [each.code for each in problems] == ["field.not_a_number"]


def _document(**more: object) -> tuple[Any, list[Any]]:
    bank, _mistakes = read_bank(copy.deepcopy(BANK))
    assert bank is not None
    form = copy.deepcopy(FORM)
    bank_items = form["pages"][0]["questions"]
    bank_items.append({"item": "agreed_on", "kind": "number", **more})
    for each in form["pages"][1:]:
        each["questions"] = [q for q in each["questions"] if q.get("item") != "agreed_on"]
    return read_instrument(form, bank, tuple(kind.value for kind in InstrumentKind))


def test_a_part_names_a_number_asked_before_it_and_leaves_no_trace_where_it_names_none() -> None:
    plain, _ = _document()
    part, mistakes = _document(part_of="inhabitants")

    assert not mistakes
    assert "part_of" not in str(plain.definition)
    assert part.definition["pages"][0]["questions"][-1]["part_of"] == "inhabitants"
    assert content_hash(plain.definition) != content_hash(part.definition)


@pytest.mark.parametrize("whole", ["agreed_on", "needs_changes", "no_such", 3])
def test_a_part_of_itself_or_of_no_number_is_refused_with_its_place(whole: object) -> None:
    form, mistakes = _document(part_of=whole)

    assert form is None
    assert {each.code for each in mistakes} & {"part_of_what", "bad_code"}
    assert all(each.path[-1] == "part_of" for each in mistakes)


def test_the_xlsform_holds_the_same_rule() -> None:
    out = _XlsForm(["nb"])

    out.page(WHOLE)

    rules = {str(row[1]): [cell for cell in row if "<=" in str(cell)] for row in out.survey}
    assert rules["bought"] == [". >= 0 and (${homes} = '' or . <= ${homes})"]
    assert rules["rented"] == [
        ". >= 0 and (${homes} = '' or . + coalesce(${bought}, 0) <= ${homes})"
    ]


@pytest.mark.parametrize("programme", ["exercise", "husbankens-kommuneprogram-2016-2020"])
def test_the_yearly_report_says_which_numbers_are_part_of_which(programme: str) -> None:
    path = PROGRAMMES / programme / "instruments" / "yearly-report.yaml"
    questions = [
        each
        for page in yaml.safe_load(path.read_text("utf-8"))["pages"]
        for each in page["questions"]
    ]

    found = {each["item"]: each["part_of"] for each in questions if "part_of" in each}

    assert found == {
        "homes_bought": "homes_provided",
        "homes_rented": "homes_provided",
        "families_temporary_long": "families_temporary",
    }


@given(
    st.integers(0, 900_000), st.integers(0, 15), st.text("abcX0123456789", min_size=1, max_size=6)
)
def test_a_simulated_report_never_has_parts_larger_than_their_whole(
    inhabitants: int, years_in: int, code: str
) -> None:
    answers: dict[str, Any] = simulated_answers(
        Draw("test", code, 2024 + years_in),
        inhabitants=inhabitants,
        years_in=years_in,
        areas=(),
        options={},
    )

    assert (
        answers.get("homes_bought", 0) + answers.get("homes_rented", 0) <= answers["homes_provided"]
    )
    if "families_temporary_long" in answers:
        assert answers["families_temporary_long"] <= answers["families_temporary"]
