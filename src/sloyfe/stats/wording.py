"""Words set against figures: "nine in ten", "just under a third", "most often named".

The value of a printed share in words is written ``9/10`` (the fraction named), ``~1/3`` (about),
``<1/3`` (a little under) or ``>1/3`` (a little over). Of a printed order: ``a > b = c > d, e``, where
``=`` says as many, and a comma leaves the order among its neighbours open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from sloyfe.stats import rounding
from sloyfe.stats.remark import Remark, remark

# "Nine in ten" is one of the tenths, so a share nearer another tenth is not it: half a tenth away.
ABOUT = Fraction(1, 20)
# "A little under" and "a little over" reach as far as the next tenth.
LITTLE = Fraction(1, 10)

_FRACTION = re.compile(r"([<>~]?)\s*(\d+)\s*/\s*(\d+)")


@dataclass(frozen=True)
class WordedShare:
    """The range of shares that a wording covers, 0 to 1; the ends belong to it unless stated."""

    words: str
    low: Fraction
    high: Fraction
    without_low: bool = False
    without_high: bool = False

    def covers(self, share: Fraction) -> bool:
        """Whether a share may be told in these words."""
        above = self.low < share if self.without_low else self.low <= share
        below = share < self.high if self.without_high else share <= self.high
        return above and below


def worded_share(words: str) -> WordedShare:
    """The shares that a printed fraction covers. Raises `ValueError` for another form."""
    match = _FRACTION.fullmatch(words.strip())
    if match is None or int(match[3]) == 0 or int(match[2]) > int(match[3]):
        raise ValueError(f"{words!r} is not a share such as 9/10, ~1/3, <1/3 or >1/3")
    named = Fraction(int(match[2]), int(match[3]))
    if match[1] == "<":
        return WordedShare(words, max(named - LITTLE, Fraction(0)), named, without_high=True)
    if match[1] == ">":
        return WordedShare(words, named, min(named + LITTLE, Fraction(1)), without_low=True)
    return WordedShare(words, max(named - ABOUT, Fraction(0)), min(named + ABOUT, Fraction(1)))


def counts_in_words(words: str, base: int) -> tuple[int, ...]:
    """Every count of `base` that may be told in these words."""
    covered = worded_share(words)
    return tuple(n for n in range(base + 1) if covered.covers(rounding.share(n, base)))


def joint_counts_in_words(
    parts: Mapping[str, str], base: int
) -> tuple[tuple[tuple[str, int], ...], ...]:
    """Every vector of counts that sums to `base` and of which each part fits its words."""
    choices = [counts_in_words(words, base) for words in parts.values()]
    return tuple(
        tuple(zip(parts, vector, strict=True))
        for vector in product(*choices)
        if sum(vector) == base
    )


def words_verdict(words: str, count: int, base: int) -> Remark:
    """Whether a share told in words fits the count it stands for.

    ``published.words_agree`` or ``published.words_against_figure``, with words, count, base, percent.
    """
    agrees = worded_share(words).covers(rounding.share(count, base))
    return remark(
        "published.words_agree" if agrees else "published.words_against_figure",
        words=words,
        count=count,
        base=base,
        percent=rounding.percent(count, base),
    )


def parse_order(order: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The places of a printed order, highest first: the keys on a place and how they are joined.

    The joint is "=" (as many), "," (order among them left open) or "" (one alone).
    """
    places = []
    for chunk in order.split(">"):
        text = chunk.strip()
        joint = "=" if "=" in text else "," if "," in text else ""
        keys = tuple(key.strip() for key in (text.split(joint) if joint else [text]))
        if not all(keys) or ("=" in text and "," in text):
            raise ValueError(f"{order!r} is not an order such as a > b = c > d, e")
        places.append((keys, joint))
    return tuple(places)


def rank_verdict(order: str, values: Mapping[str, int | Fraction]) -> Remark:
    """Whether a printed order fits the values (counts of one base, or shares) it speaks of.

    ``published.rank_agrees``; ``published.rank_against_figures`` with the pairs that contradict it;
    ``published.rank_without_figures`` when fewer than two of the named have a value. `missing` names
    those without one ("…" stands for ones that are not named).
    """
    exact = {key: Fraction(value) for key, value in values.items()}
    places = [
        (tuple(key for key in keys if key in exact), joint) for keys, joint in parse_order(order)
    ]
    named = [key for keys, _ in parse_order(order) for key in keys]
    missing = tuple(key for key in named if key not in exact and key != "…")
    known = [key for keys, _ in places for key in keys]
    if len(known) < 2:
        return remark("published.rank_without_figures", order=order, missing=missing)
    wrong = []
    for index, (keys, joint) in enumerate(places):
        if joint == "=":
            wrong += [
                f"{keys[0]} = {other}" for other in keys[1:] if exact[keys[0]] != exact[other]
            ]
        lower = [key for later, _ in places[index + 1 :] for key in later]
        wrong += [
            f"{high} > {low}" for high in keys for low in lower if not exact[high] > exact[low]
        ]
    if wrong:
        return remark(
            "published.rank_against_figures", order=order, pairs=tuple(wrong), missing=missing
        )
    return remark("published.rank_agrees", order=order, missing=missing)


def place_verdict(key: str, place: str, values: Mapping[str, int | Fraction]) -> Remark:
    """Whether a category stands first (place "1") or last (place "last"), ties included."""
    if place not in ("1", "last"):
        raise ValueError(f"the place is 1 or last, not {place!r}")
    if key not in values or len(values) < 2:
        return remark("published.rank_without_figures", order=f"{key}: {place}", missing=(key,))
    end = max(values.values()) if place == "1" else min(values.values())
    beside = tuple(other for other in values if other != key and values[other] == values[key])
    code = "published.rank_agrees" if values[key] == end else "published.rank_against_figures"
    return remark(code, order=f"{key}: {place}", tied_with=beside)
