"""YAML that describes something: lines of faults, and what is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.common.errors import InputProblem, Problem
from sloyfe.common.yaml_files import check_schema, parse_yaml, spell


def told(text: str | bytes) -> Problem:
    with pytest.raises(InputProblem) as caught:
        parse_yaml(text.encode() if isinstance(text, str) else text, "a.yaml")
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


def test_every_place_knows_its_line() -> None:
    document = parse_yaml(b"a: 1\nb:\n  - x: 2\n    y: [3, 4]\n  - z\n", "a.yaml")
    assert document.data == {"a": 1, "b": [{"x": 2, "y": [3, 4]}, "z"]}
    places = {("b",): 2, ("b", 0, "x"): 3, ("b", 0, "y", 1): 4, ("b", 1): 5, ("b", 1, "none"): 5}
    assert {place: document.line(place) for place in places} == places
    assert spell(("b", 0, "y", 1)) == "b[0].y[1]"


def test_dates_and_keys_stay_the_text_that_was_written() -> None:
    data = parse_yaml(b"on: 2020-01-01\nno: yes\n1: x\n", "a.yaml").data
    assert data == {"on": "2020-01-01", "no": True, "1": "x"}


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("", "yaml.empty", None),
        ("a: 1\nb: [1\n", "yaml.broken", 3),
        ("a: 1\n\tb: 2\n", "yaml.broken", 2),
        ("a: 1\nb: 2\na: 3\n", "yaml.key_twice", 3),
        ("a:\n  ? [1, 2]\n  : x\n", "yaml.key", 2),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", "yaml.tag", 2),
        ("a: 1\nb: !own x\n", "yaml.tag", 2),
        (b"a: 1\nb: \xff\n", "yaml.encoding", 2),
        ("a: 1\n---\nb: 2\n", "yaml.broken", 2),
        ("a: " + "[" * 100 + "]" * 100, "yaml.too_deep", 1),
        ("[" * 5000, "yaml.too_deep", None),
        ("a: " + "x" * 3_000_000, "yaml.too_large", None),
        ("a: \x00", "yaml.broken", None),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(
    text: str | bytes, code: str, row: int | None
) -> None:
    problem = told(text)
    assert (problem.code, problem.row) == (code, row)


def test_aliases_that_multiply_run_out() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 10) + "]" for i in range(1, 12)]
    assert told("\n".join(lines)).code == "yaml.too_many"


def test_an_alias_within_itself_is_refused() -> None:
    assert told("a: &a [*a]").code in {"yaml.too_deep", "yaml.too_many"}


def test_an_ordinary_alias_is_allowed() -> None:
    assert parse_yaml(b"a: &a {x: 1}\nb: *a\n", "a.yaml").data == {"a": {"x": 1}, "b": {"x": 1}}


def test_a_fault_in_one_of_several_forms_is_told_for_the_form_that_was_meant() -> None:
    schema = {
        "properties": {
            "source": {
                "oneOf": [
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["page"],
                        "properties": {"page": {"type": "integer"}},
                    },
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["name"],
                        "properties": {"name": {"type": "string"}},
                    },
                ]
            }
        }
    }
    document = parse_yaml(b"a: 1\nsource:\n  page: four\n", "a.yaml")
    assert [str(p) for p in check_schema(document, schema)] == [
        "a.yaml:3 [source.page]: Must be of type integer."
    ]


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_otherwise_than_with_a_problem(content: bytes) -> None:
    with suppress(InputProblem):
        parse_yaml(content, "a.yaml")
