from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.stats.rounding import (
    EmptyBase,
    percent,
    percent_of_share,
    percent_rounded_twice,
    round_half_up,
    share,
)


@pytest.mark.parametrize(
    ("count", "base", "printed"),
    [
        (32, 44, 73),
        (1, 200, 1),
        (1, 8, 13),
        (3, 8, 38),
        (9, 44, 20),
        (35, 44, 80),
        (0, 5, 0),
        (5, 5, 100),
    ],
)
def test_a_share_is_rounded_half_up(count: int, base: int, printed: int) -> None:
    assert percent(count, base) == printed


def test_decimals_are_kept_as_they_are_printed() -> None:
    assert str(percent(1, 8, 1)) == "12.5"
    assert str(percent(1, 2, 2)) == "50.00"
    assert str(round_half_up(Fraction(-1, 2))) == "-1"
    assert str(round_half_up(Fraction(-1, 3))) == "0"
    assert round_half_up(Decimal("2.675"), 2) == Decimal("2.68")
    assert percent_of_share(Fraction(1, 8)) == 13


def test_rounding_twice_is_told_apart() -> None:
    assert (percent(9, 44), percent_rounded_twice(9, 44)) == (20, 21)
    assert (percent(20, 44), percent_rounded_twice(20, 44)) == (45, 46)


def test_an_empty_base_has_no_share() -> None:
    with pytest.raises(EmptyBase) as refusal:
        percent(0, 0)
    assert refusal.value.code == "stats.empty_base"


@pytest.mark.parametrize(("count", "base"), [(3, 2), (-1, 2), (0, -1)])
def test_what_is_no_part_is_refused(count: int, base: int) -> None:
    with pytest.raises(ValueError, match="not a part"):
        share(count, base)


def test_floats_and_negative_places_are_refused() -> None:
    with pytest.raises(TypeError):
        share(0.5, 1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        round_half_up(0.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="places"):
        round_half_up(1, -1)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_rounding_agrees_with_decimal_arithmetic(pair: tuple[int, int]) -> None:
    count, base = pair
    doubled = Fraction(200 * count, base)
    assert percent(count, base) == (doubled.numerator // doubled.denominator + 1) // 2
    assert abs(Fraction(percent(count, base)) - Fraction(100 * count, base)) <= Fraction(1, 2)


@given(st.decimals(-(10**6), 10**6, places=4), st.integers(0, 3))
def test_rounding_agrees_with_the_standard_library(value: Decimal, places: int) -> None:
    assert round_half_up(value, places) == value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
