"""What counts as an answer, which questions apply, and what stands in the way of sending."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.instruments.rules.answers import (
    Form,
    answered_count,
    check_answer,
    check_complete,
    counted,
    holds,
    merge,
    number_text,
    read_form,
    read_page,
    relevant_pages,
    relevant_questions,
    resume_page,
)
from sloyfe.instruments.rules.pages import answer_words, from_answers, page_view, value_text
from tests.fieldwork.answering import definition, page, question

FORM = read_form(definition())
CODES = ["agree", "neither", "disagree", "dont_know"]
ITEMS = sorted(FORM.by_item)

VALUES = {
    "satisfied": st.sampled_from(CODES),
    "more": st.sampled_from(CODES),
    **{f"useful_{at}": st.sampled_from(CODES) for at in range(1, 6)},
    "wishes": st.sets(st.sampled_from(CODES), min_size=1, max_size=2).map(sorted),
    "inhabitants": st.integers(0, 1_000_000),
    "share": st.decimals(0, 100, places=1).map(lambda d: int(d) if d == int(d) else float(d)),
    "agreed_on": st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)).map(dt.date.isoformat),
    "name": st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool),
    "comment": st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=200),
    "why_not": st.text(st.characters(categories=("L", "N")), min_size=1, max_size=200),
}
ANSWERS = st.fixed_dictionaries({}, optional=VALUES)


def posted(form: Form, page_code: str, answers: dict) -> dict[str, list[str]]:
    """Give what a browser would send for a page that shows these answers."""
    sent = {}
    for asked in form.by_page[page_code].questions:
        for item in asked.items:
            value = answers.get(item)
            if isinstance(value, list):
                sent[item] = value
            elif value is not None or not asked.options:
                sent[item] = [value_text(value)]
    return sent


@given(ANSWERS)
def test_every_answer_that_can_be_shown_is_read_back_as_it_was(answers: dict) -> None:
    for one in FORM.pages:
        changes, problems = read_page(FORM, one.code, posted(FORM, one.code, answers), {})
        assert [p for p in problems if not p.is_missing] == []
        assert changes == {i: v for i, v in answers.items() if i in one.items}
        again, _ = read_page(FORM, one.code, posted(FORM, one.code, answers), answers)
        assert again == {}


@given(ANSWERS, ANSWERS)
def test_merging_what_changed_gives_what_was_sent(before: dict, after: dict) -> None:
    merged = dict(before)
    for one in FORM.pages:
        changes, _ = read_page(FORM, one.code, posted(FORM, one.code, after), merged)
        merged = merge(merged, changes)
    assert merged == after


@given(
    st.sampled_from(FORM.pages),
    st.dictionaries(st.sampled_from([*ITEMS, "x"]), st.lists(st.text())),
)
def test_anything_at_all_can_be_sent_and_only_right_answers_come_through(
    one: object, sent: dict
) -> None:
    changes, problems = read_page(FORM, one.code, sent, {})  # type: ignore[attr-defined]
    wrong = {problem.item for problem in problems if not problem.is_missing}
    for item, value in changes.items():
        assert item not in wrong
        assert value is not None
        assert check_answer(FORM, item, value) is None
    assert {name for name in sent if name not in one.items} <= wrong  # type: ignore[attr-defined]


@given(ANSWERS)
def test_counting_is_stable_and_never_adds(answers: dict) -> None:
    kept = counted(FORM, answers)
    assert kept.items() <= answers.items()
    assert counted(FORM, kept) == kept
    done, asked = answered_count(FORM, answers)
    assert 0 <= done <= asked
    assert (resume_page(FORM, answers) is None) == (done == asked)


@given(ANSWERS)
def test_an_answer_counts_exactly_where_its_question_applies(answers: dict) -> None:
    kept, asked = counted(FORM, answers), relevant_questions(FORM, answers)
    for item, (_page, one) in FORM.by_item.items():
        assert (item in kept) == (item in answers and one.code in asked)


@given(ANSWERS)
def test_what_may_be_sent_has_every_required_answer_that_applies(answers: dict) -> None:
    problems = check_complete(FORM, answers)
    needs_more = answers.get("satisfied") in ("agree", "neither")
    lacking = {"satisfied"} - answers.keys()
    if needs_more and "more" not in answers:
        lacking.add("more")
    assert {problem.item for problem in problems} == lacking


CONDITIONS = st.recursive(
    st.builds(lambda i, c: {"item": i, "in": c}, st.sampled_from(["satisfied", "wishes"]),
              st.lists(st.sampled_from(CODES)))
    | st.builds(lambda i: {"item": i, "answered": True}, st.sampled_from(ITEMS)),
    lambda inner: st.builds(lambda c: {"not": c}, inner)
    | st.builds(lambda c: {"all": c}, st.lists(inner, max_size=3))
    | st.builds(lambda c: {"any": c}, st.lists(inner, max_size=3)),
    max_leaves=8,
)  # fmt: skip


@given(CONDITIONS, CONDITIONS, ANSWERS)
def test_conditions_follow_the_laws_of_logic(one: dict, other: dict, answers: dict) -> None:
    def true(condition: dict) -> bool:
        return holds(condition, answers)

    assert true({"not": one}) == (not true(one))
    assert true({"all": [one, other]}) == (true(one) and true(other))
    assert true({"not": {"any": [one, other]}}) == true({"all": [{"not": one}, {"not": other}]})


def test_a_chain_of_questions_closes_as_a_whole() -> None:
    form = read_form(
        {
            "languages": ["nb"],
            "pages": [
                page("one", question("a", "short_text")),
                page("two", question("b", "short_text", relevant={"item": "a", "answered": True})),
                page(
                    "three", question("c", "short_text", relevant={"item": "b", "answered": True})
                ),
            ],
        }
    )
    assert counted(form, {"b": "x", "c": "y"}) == {}
    assert [one.code for one in relevant_pages(form, {"b": "x", "c": "y"})] == ["one"]
    assert counted(form, {"a": "w", "b": "x", "c": "y"}) == {"a": "w", "b": "x", "c": "y"}


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("12", 12), ("12 000", 12000), ("12\u00a0000", 12000), ("12\u2009000", 12000), (" 7 ", 7),
        ("+5", 5), ("007", 7), ("12,0", 12),
    ],
)  # fmt: skip
def test_whole_numbers_are_read_as_norwegians_write_them(sent: str, stored: int) -> None:
    changes, problems = read_page(FORM, "third", {"inhabitants": [sent]}, {})
    assert (changes, problems) == ({"inhabitants": stored}, [])


@pytest.mark.parametrize(("sent", "stored"), [("12,5", 12.5), ("12.5", 12.5), ("0,1", 0.1)])
def test_decimals_are_read_with_comma_and_with_point(sent: str, stored: float) -> None:
    assert read_page(FORM, "third", {"share": [sent]}, {})[0] == {"share": stored}


@pytest.mark.parametrize(
    "sent", ["1e5", "nan", "inf", "--1", "१२", "1,2,3", "12 kr", "0x10", "1_0"]
)
def test_other_ways_of_writing_numbers_are_refused(sent: str) -> None:
    changes, problems = read_page(FORM, "third", {"share": [sent]}, {})
    assert changes == {}
    assert [problem.code for problem in problems] == ["field.not_a_number"]


@pytest.mark.parametrize("sent", ["2026-03-01", "01.03.2026", "1.3.2026", "1/3 2026"])
def test_a_date_may_be_written_in_several_ways(sent: str) -> None:
    assert read_page(FORM, "third", {"agreed_on": [sent]}, {})[0] == {"agreed_on": "2026-03-01"}


@given(st.decimals(-1_000_000, 1_000_000, places=3))
def test_a_stored_number_is_written_without_exponent(number: object) -> None:
    text = number_text(float(number))  # type: ignore[arg-type]
    assert "e" not in text.lower()
    assert float(text.replace(",", ".")) == float(number)  # type: ignore[arg-type]


def test_an_empty_field_takes_the_answer_back() -> None:
    changes, _ = read_page(FORM, "fourth", {"comment": ["  \r\n "]}, {"comment": "Hei"})
    assert changes == {"comment": None}
    assert merge({"comment": "Hei", "name": "A"}, changes) == {"name": "A"}


def test_line_breaks_are_kept_as_one_kind() -> None:
    changes, _ = read_page(FORM, "fourth", {"comment": ["a\r\nb\rc\td"]}, {})
    assert changes == {"comment": "a\nb\nc\td"}


@pytest.mark.parametrize(
    ("item", "value", "code"),
    [
        ("satisfied", 1, "field.unknown_option"), ("satisfied", ["agree"], "field.unknown_option"),
        ("wishes", "agree", "field.unknown_option"), ("wishes", [], "field.unknown_option"),
        ("wishes", ["disagree", "agree"], "field.several_values"),
        ("wishes", ["agree", "agree"], "field.several_values"),
        ("inhabitants", True, "field.not_a_number"), ("inhabitants", "1", "field.not_a_number"),
        ("inhabitants", float("nan"), "field.not_a_number"),
        ("agreed_on", "soon", "field.not_a_date"), ("comment", 5, "field.unreadable"),
        ("hello", "x", "field.unknown_item"), ("nothing", "x", "field.unknown_item"),
    ],
)  # fmt: skip
def test_a_stored_answer_of_the_wrong_shape_is_named(item: str, value: object, code: str) -> None:
    problem = check_answer(FORM, item, value)
    assert problem is not None
    assert problem.code == code


def test_a_page_shows_the_organisation_and_falls_back_to_bokmaal() -> None:
    asked = relevant_questions(FORM, {})
    dynamic = from_answers({"satisfied": "agree"}, organisation="Bjørkemo", asked=asked)
    view = page_view(FORM.pages[0], "en", dynamic)
    assert view.questions[0].label == "Vi spør Bjørkemo."
    neither = view.questions[1].options[1]
    assert (neither.label, neither.checked) == ("Verken eller", "")
    assert view.questions[1].options[0].checked == "checked"
    assert view.questions[2].hidden == "hidden"
    assert answer_words(FORM.by_item["wishes"][1], ["agree", "disagree"], "nn") == "Samd; Usamd"
