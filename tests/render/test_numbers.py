"""Numbers read as Norwegians and Englishmen write them, rounded once and half up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.render import numbers


@pytest.mark.parametrize(
    ("value", "decimals", "norwegian", "english"),
    [
        (1234.5, 1, "1\u202f234,5", "1,234.5"),
        (1234567, 0, "1\u202f234\u202f567", "1,234,567"),
        (0.5, 0, "1", "1"),
        (2.5, 0, "3", "3"),
        (-3, 0, "\u22123", "\u22123"),
        (-0.2, 0, "0", "0"),
        (Decimal("12.345"), 2, "12,35", "12.35"),
        (Fraction(1, 3), 1, "0,3", "0.3"),
        (0, 0, "0", "0"),
    ],
)
def test_a_number_is_written_in_the_language_of_the_report(
    value: numbers.Value, decimals: int, norwegian: str, english: str
) -> None:
    assert numbers.number(value, "nb", decimals=decimals) == norwegian
    assert numbers.number(value, "nn", decimals=decimals) == norwegian
    assert numbers.number(value, "en", decimals=decimals) == english


def test_percent_is_a_sign_in_tables_and_a_word_in_prose() -> None:
    assert numbers.percent(73) == "73\u00a0%"
    assert numbers.percent(73, "en") == "73%"
    assert numbers.percent_in_prose(73, "nn") == "73\u00a0prosent"
    assert numbers.percent_in_prose(73, "en") == "73\u00a0per cent"


def test_intervals_differences_and_dates() -> None:
    assert numbers.interval(60, 83) == "60–83"
    assert numbers.interval(-4, 3) == "\u22124\u00a0til\u00a03"
    assert numbers.difference(4) == "+4"
    assert numbers.difference(-4) == "\u22124"
    assert numbers.difference(0.2) == "0"
    assert numbers.date(dt.date(2017, 11, 23)) == "23.\u00a0november 2017"
    assert numbers.date(dt.date(2017, 5, 1), "en") == "1\u00a0May 2017"


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_given_as_a_float_rounds_as_its_counts_do(counts: tuple[int, int]) -> None:
    hits, base = counts
    from_counts = (200 * hits + base) // (2 * base)
    assert numbers.share(hits / base) == f"{from_counts:,}".replace(",", numbers.THIN)
    assert numbers.share(Fraction(hits, base)) == numbers.share(hits / base)


@given(st.fractions(-1000, 1000), st.integers(0, 3))
def test_rounding_goes_to_the_nearest_and_halves_away_from_zero(
    value: Fraction, decimals: int
) -> None:
    result = Fraction(numbers.rounded(value, decimals))
    assert abs(result - value) <= Fraction(1, 2 * 10**decimals)
    assert numbers.rounded(-value, decimals) == -numbers.rounded(value, decimals)
    if abs(result - value) == Fraction(1, 2 * 10**decimals):
        assert abs(result) > abs(value)
