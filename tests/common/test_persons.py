"""What in a free text tells of one person."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sloyfe.common.persons import (
    Trace,
    birth_number_line,
    control_digits,
    is_birth_number,
    traces,
)


@st.composite
def birth_numbers(draw: st.DrawFn) -> str:
    """Numbers built as the register builds them: a day, three digits, two control digits."""
    day = draw(st.dates(dt.date(1900, 1, 1), dt.date(2039, 12, 31)))
    of_day, of_month = draw(st.sampled_from([(0, 0), (40, 0), (0, 40), (0, 80), (40, 80)]))
    head = f"{day.day + of_day:02}{day.month + of_month:02}{day.year % 100:02}"
    nine = [int(digit) for digit in f"{head}{draw(st.integers(0, 999)):03}"]
    first, second = control_digits(nine)
    assume(first < 10 and second < 10)
    return "".join(map(str, [*nine, first, second]))


# Letters only, so that no digit of what stands around belongs to the number.
words = st.text(st.characters(categories=["L", "Zs"], include_characters="\n,;:!?()"), max_size=40)


@given(birth_numbers())
def test_every_number_built_as_in_the_register_is_known(number: str) -> None:
    assert is_birth_number(number)


@given(birth_numbers(), st.integers(0, 10), st.integers(1, 9))
def test_a_number_with_one_digit_wrong_is_none(number: str, at: int, more: int) -> None:
    wrong = str((int(number[at]) + more) % 10)

    assert not is_birth_number(number[:at] + wrong + number[at + 1 :])


@given(words, birth_numbers(), words, st.sampled_from(["{}{}", "{} {}", "{}-{}", "{}. {}"]))
def test_a_number_is_found_on_its_line_whatever_stands_around_it(
    before: str, number: str, after: str, shape: str
) -> None:
    written = shape.format(number[:6], number[6:])

    assert birth_number_line(before + written + after) == before.count("\n") + 1


@given(birth_numbers(), st.text("0123456789", min_size=1, max_size=4))
def test_digits_within_a_longer_number_are_no_birth_number(number: str, more: str) -> None:
    assert birth_number_line(number + more) is None
    assert birth_number_line(more + number) is None


@given(st.integers(0, 10**11 - 1))
def test_only_what_both_control_digits_fit_is_refused(number: int) -> None:
    digits = f"{number:011}"
    first, second = control_digits([int(digit) for digit in digits[:9]])

    if birth_number_line(digits) is not None:
        assert digits.endswith(f"{first}{second}")


@pytest.mark.parametrize(
    "text",
    [
        "Vi kjøpte 12 000 000 kroner i boliger i 2026.",
        "Organisasjonsnummer 974 760 673.",
        "Konto 1234 56 78903 hos banken.",
        "31.12.2026 kl. 10.30",
        "Gnr. 12, bnr. 345",
        "",
    ],
)
def test_ordinary_numbers_are_left_alone(text: str) -> None:
    assert birth_number_line(text) is None
    assert traces(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 91234567 eller 91 23 45 67", {Trace.PHONE}),
        ("Ring +47 912 34 567.", {Trace.PHONE}),
        ("Skriv til kari.nordmann@example.org!", {Trace.ADDRESS}),
        ("Hun er født 01019012481", {Trace.NUMBER}),
        ("Hun er født 010190 12481", {Trace.NUMBER}),
    ],
)
def test_what_may_tell_of_a_person_is_asked_about(text: str, found: set[Trace]) -> None:
    assert traces(text) == found
    assert birth_number_line(text) is None
