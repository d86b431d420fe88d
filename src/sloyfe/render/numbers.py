"""Numbers, percentages, intervals and dates as Norwegian and English readers write them.

Rounding is half up in decimal arithmetic from the value as it is written (0.285 is 28.5 per cent and
becomes 29); a value is rounded here and nowhere before. Spaces inside a number never break: thousands
are set apart by a narrow no-break space (U+202F), the unit by a no-break space (U+00A0).
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeAlias

from sloyfe.render.blocks import Language

Value: TypeAlias = int | float | Decimal | Fraction

THIN = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"
_MONTHS = {
    "no": (
        "januar", "februar", "mars", "april", "mai", "juni",
        "juli", "august", "september", "oktober", "november", "desember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def rounded(value: Value, decimals: int = 0) -> Decimal:
    """A value rounded half up (away from zero), exact for fractions and for floats as written."""
    quantum = Decimal(1).scaleb(-decimals)
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**decimals * 2 + 1
        whole = scaled.numerator // (2 * scaled.denominator)
        return (Decimal(whole if value >= 0 else -whole) * quantum).quantize(quantum)
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return exact.quantize(quantum, rounding=ROUND_HALF_UP)


def number(value: Value, language: Language = "nb", *, decimals: int = 0) -> str:
    """1234.5 is "1 234,5" in Norwegian and "1,234.5" in English; negative ones get a minus sign."""
    text = f"{abs(rounded(value, decimals)):,}"
    if language != "en":
        text = text.replace(",", THIN).replace(".", ",")
    return MINUS + text if rounded(value, decimals) < 0 else text


def percent(value: Value, language: Language = "nb", *, decimals: int = 0) -> str:
    """73 is "73 %" in a table (English "73%")."""
    return number(value, language, decimals=decimals) + ("%" if language == "en" else f"{NBSP}%")


def percent_in_prose(value: Value, language: Language = "nb", *, decimals: int = 0) -> str:
    """73 is "73 prosent" in running text (English "73 per cent")."""
    word = "per cent" if language == "en" else "prosent"
    return number(value, language, decimals=decimals) + NBSP + word


def share(value: Value, language: Language = "nb") -> str:
    """A share from 0 to 1 as a whole percentage without its sign: 0.73 is "73"."""
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    return number(exact * 100, language)


def interval(low: Value, high: Value, language: Language = "nb", *, decimals: int = 0) -> str:
    """60 to 83 is "60–83"; with a negative end the words "til"/"to" stand between."""
    texts = [number(end, language, decimals=decimals) for end in (low, high)]
    if any(text.startswith(MINUS) for text in texts):
        return f"{NBSP}{'to' if language == 'en' else 'til'}{NBSP}".join(texts)
    return DASH.join(texts)


def difference(value: Value, language: Language = "nb", *, decimals: int = 0) -> str:
    """A change carries its sign: "+4", "−4", "0"."""
    text = number(value, language, decimals=decimals)
    return f"+{text}" if rounded(value, decimals) > 0 else text


def date(day: dt.date, language: Language = "nb") -> str:
    """23. november 2017 (English 23 November 2017)."""
    if language == "en":
        return f"{day.day}{NBSP}{_MONTHS['en'][day.month - 1]} {day.year}"
    return f"{day.day}.{NBSP}{_MONTHS['no'][day.month - 1]} {day.year}"
