"""Which figures the public is told: none that tells of one or two municipalities. No Django.

A figure of a region is hidden when it rests on fewer reports than the house's threshold for registers, or
counts or divides by so little. A hidden figure must not come out by taking the shown regions from the whole, so more
are hidden, those that rest on least first, until what is hidden is at least two regions that together rest on
enough. `sloyfe.stats.disclose` does this for counts of units in tables of several dimensions; figures here
are sums of what municipalities reported along one dimension, of which everybody may know who reported. There
the difference from the whole is all that can be worked out, so this rule is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from sloyfe.stats.disclose import REGISTER_THRESHOLD

P = TypeVar("P")


@dataclass(frozen=True)
class Weight:
    """What a figure rests on: how many reports gave it, and the sum that it is; for a ratio what they divide by."""

    given: int
    size: Decimal | None = None

    @property
    def is_enough(self) -> bool:
        """It rests on nothing, or on at least as much as the threshold says."""
        enough = self.given == 0 or self.given >= REGISTER_THRESHOLD
        return enough and (not self.size or self.size >= REGISTER_THRESHOLD)

    def __add__(self, other: Weight) -> Weight:
        both = self.size is not None and other.size is not None
        return Weight(
            self.given + other.given,
            (self.size or Decimal(0)) + (other.size or Decimal(0)) if both else None,
        )


def hidden(parts: Mapping[P, Weight]) -> tuple[frozenset[P], bool]:
    """Give the parts that are not told, and whether the whole is not told either.

    Parts that nobody reported are told as that; they hide nothing.
    """
    given = {part: weight for part, weight in parts.items() if weight.given}
    kept = {part for part, weight in given.items() if not weight.is_enough}
    order = sorted(given.items(), key=lambda pair: (pair[1].given, pair[1].size or 0, str(pair[0])))
    for part, _weight in order:
        if not kept or (len(kept) > 1 and _sum(given, kept).is_enough):
            break
        kept.add(part)
    whole = _sum(given, set(given))
    is_whole_hidden = not whole.is_enough or len(kept) == 1
    return frozenset(kept), is_whole_hidden


def _sum(given: Mapping[P, Weight], parts: set[P]) -> Weight:
    weights = [given[part] for part in parts]
    return sum(weights[1:], weights[0]) if weights else Weight(0)
