"""What the share can be whatever those who did not answer would have said.

Worst-case bounds without any assumption: all who are missing say no, or all say yes (Manski 1989,
"Anatomy of the selection problem", Journal of Human Resources 24:343-360; for surveys Manski 2016,
"Credible interval estimates for official statistics with survey nonresponse", Journal of
Econometrics 191:293-301). 32 yes among 44 answers of 62 asked: 32/62 to 50/62, 52-81 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol

from sloyfe.stats import rounding


class Bounds(NamedTuple):
    """The lowest and highest share that the missing answers leave open, exact, 0 to 1."""

    low: Fraction
    high: Fraction

    @property
    def percents(self) -> tuple[int, int]:
        """Both ends in whole percent, half up."""
        return rounding.percent_of_share(self.low), rounding.percent_of_share(self.high)


class AskedStratum(Protocol):
    """What a stratum must tell: units in the frame, units asked, answers, and hits among them."""

    @property
    def frame(self) -> int: ...
    @property
    def sampled(self) -> int: ...
    @property
    def respondents(self) -> int: ...
    @property
    def hits(self) -> int: ...


def nonresponse_bounds(hits: int, respondents: int, frame: int) -> Bounds:
    """How low and high the share of all `frame` units can be, given the answers that came.

    `frame` is all who were asked (in a census: all there are). Raises `EmptyBase` for a frame of 0
    and `ValueError` when hits, respondents and frame do not lie within each other.
    """
    if not 0 <= hits <= respondents <= frame:
        raise ValueError(f"{hits} of {respondents} of {frame} do not lie within each other")
    return Bounds(rounding.share(hits, frame), rounding.share(hits + frame - respondents, frame))


def stratified_bounds(strata: Sequence[AskedStratum]) -> Bounds:
    """How low and high the estimate for the whole frame would have been, had all the asked answered.

    Each stratum counts with its share of the frame. Sampling error comes on top: these bounds tell
    nothing of the units that were never asked. A stratum of which nobody was asked may hold any
    share, so it counts 0 in the low and 1 in the high bound.
    """
    total = sum(stratum.frame for stratum in strata)
    if total == 0:
        raise rounding.EmptyBase
    low = high = Fraction(0)
    for stratum in strata:
        weight = Fraction(stratum.frame, total)
        if stratum.sampled == 0:
            high += weight
            continue
        part = nonresponse_bounds(stratum.hits, stratum.respondents, stratum.sampled)
        low += weight * part.low
        high += weight * part.high
    return Bounds(low, high)
