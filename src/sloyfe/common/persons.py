"""What in a free text tells of one person: birth numbers, which are refused, and what a person is asked about.

Nothing here keeps, logs or gives back what it found; only that there is something, and where it stands.
"""

from __future__ import annotations

import re
from enum import StrEnum

# Eleven digits as people write them: together, date and number apart, or the date in its parts.
_SHAPES = tuple(
    re.compile(rf"(?<![0-9]){shape}(?![0-9])", re.ASCII)
    for shape in (
        r"[0-9]{11}",
        r"[0-9]{6}[ \u00a0\u202f.-]{1,2}[0-9]{5}",
        r"[0-9]{6}[ \u00a0\u202f.-]{1,2}[0-9]{3}[ \u00a0\u202f][0-9]{2}",
        r"[0-9]{2}[ .][0-9]{2}[ .][0-9]{2}[ \u00a0\u202f.-]{1,2}[0-9]{3}[ \u00a0\u202f]?[0-9]{2}",
    )
)
_NO_DIGITS = re.compile(r"[^0-9]")
_PHONE = re.compile(
    r"(?<![0-9+.,])(?:(?:\+|00)47[ \u00a0]?)?"
    r"(?:[2-9][0-9]{7}|[2-9][0-9] [0-9]{2} [0-9]{2} [0-9]{2}|[2-9][0-9]{2} [0-9]{2} [0-9]{3})(?![0-9]|[.,][0-9])",
    re.ASCII,
)
_ADDRESS = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+", re.ASCII
)
_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# A D-number has 40 added to the day; numbers for emergencies and for tests have it added to the month.
_DAYS = frozenset({*range(1, 32), *range(41, 72)})
_MONTHS = frozenset(month + added for added in (0, 40, 65, 80) for month in range(1, 13))


class Trace(StrEnum):
    """What a text may tell of a person; worth a question, since an office has such things too."""

    NUMBER = "number"  # eleven digits that begin with a date, whose control digits do not fit
    PHONE = "phone"
    ADDRESS = "address"


def is_birth_number(digits: str) -> bool:
    """Tell whether eleven digits are a birth number or D-number: the day, the month and both control digits fit."""
    if not _begins_with_a_date(digits):
        return False
    numbers = [int(digit) for digit in digits]
    return numbers[9:] == list(control_digits(numbers[:9]))


def _begins_with_a_date(digits: str) -> bool:
    if len(digits) != 11 or not (digits.isascii() and digits.isdigit()):
        return False
    return int(digits[:2]) in _DAYS and int(digits[2:4]) in _MONTHS


def control_digits(nine: list[int]) -> tuple[int, int]:
    """Work out the two control digits of nine digits; 10 is no digit and fits nothing."""
    first = -sum(w * n for w, n in zip(_FIRST_WEIGHTS, nine, strict=True)) % 11
    second = -sum(w * n for w, n in zip(_SECOND_WEIGHTS, [*nine, first], strict=True)) % 11
    return first, second


def birth_number_line(text: str) -> int | None:
    """Give on which line of a text, from 1, the first birth number stands; None where there is none."""
    for start, digits in _elevens(text):
        if is_birth_number(digits):
            return text.count("\n", 0, start) + 1
    return None


def _elevens(text: str) -> list[tuple[int, str]]:
    """Give where eleven digits stand together in a text, and which, in the order of the text."""
    return sorted(
        (found.start(), _NO_DIGITS.sub("", found.group()))
        for shape in _SHAPES
        for found in shape.finditer(text)
    )


def traces(text: str) -> frozenset[Trace]:
    """Give which kinds of things in a text may tell of a person."""
    found = set()
    if any(_begins_with_a_date(digits) for _start, digits in _elevens(text)):
        found.add(Trace.NUMBER)
    if _PHONE.search(text):
        found.add(Trace.PHONE)
    if _ADDRESS.search(text):
        found.add(Trace.ADDRESS)
    return frozenset(found)
