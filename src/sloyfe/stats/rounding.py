"""The one rounding rule: half up, once, from counts.

"Half up" is the school rule: a half goes away from zero. All arithmetic is in integers and
fractions; a float is refused, because 0.285 * 100 is not 28.5 in binary.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal, overload

from sloyfe.common.errors import NotPossible


class EmptyBase(NotPossible):
    """Nobody is in the base, so no share of it exists. It is neither 0 % nor 100 %."""

    def __init__(self) -> None:
        super().__init__("stats.empty_base")


def share(count: int, base: int) -> Fraction:
    """The part that `count` is of `base`, exactly, from 0 to 1.

    Raises `EmptyBase` when nobody is in the base, `ValueError` when the count does not fit in it.
    """
    if isinstance(count, float) or isinstance(base, float):
        raise TypeError("counts are integers; a float has lost what rounding needs")
    if base == 0:
        raise EmptyBase
    if base < 0 or not 0 <= count <= base:
        raise ValueError(f"{count} is not a part of {base}")
    return Fraction(count, base)


def round_half_up(value: int | Fraction | Decimal, places: int = 0) -> Decimal:
    """A number as it is printed with `places` decimals; an exact half goes away from zero."""
    if isinstance(value, float):
        raise TypeError("round from integers, fractions or decimals, never from a float")
    if places < 0:
        raise ValueError("places is 0 or more")
    exact = Fraction(value)
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = 1 if exact < 0 and whole else 0
    return Decimal((sign, tuple(int(digit) for digit in str(whole)), -places))


@overload
def percent(count: int, base: int, places: Literal[0] = 0) -> int: ...
@overload
def percent(count: int, base: int, places: int) -> int | Decimal: ...
def percent(count: int, base: int, places: int = 0) -> int | Decimal:
    """The share in percent as it is printed: an integer, or a decimal number when places > 0.

    Raises `EmptyBase` when the base is 0.
    """
    rounded = round_half_up(share(count, base) * 100, places)
    return rounded if places else int(rounded)


def percent_of_share(value: Fraction) -> int:
    """A share from 0 to 1, not made from one count (an estimate, a bound), in whole percent."""
    return int(round_half_up(value * 100))


def percent_rounded_twice(count: int, base: int) -> int:
    """What a reader gets who rounds a share first to one decimal and then to none.

    20.45 becomes 20.5 and then 21. Sløyfe never prints it; it explains figures printed elsewhere.
    """
    return int(round_half_up(round_half_up(share(count, base) * 100, 1)))
