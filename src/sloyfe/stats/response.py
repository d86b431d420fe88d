"""Who answered, as rates that others can compare.

American Association for Public Opinion Research (AAPOR), "Standard Definitions: Final Dispositions
of Case Codes and Outcome Rates for Surveys", 10th edition 2023. The units are organisations drawn
from a register, so that a bounced letter says nothing about eligibility: it counts as non-contact
(eligible), not as unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

from sloyfe.stats import rounding


@dataclass(frozen=True)
class Dispositions:
    """How the cases of a round ended, in numbers of units.

    complete (I), partial (P), refused (R), non_contact (NC, bounced included), other (O), unknown
    (U: nothing is known, not even whether the unit is in the population), not_eligible (outside
    every rate).
    """

    complete: int = 0
    partial: int = 0
    refused: int = 0
    non_contact: int = 0
    other: int = 0
    unknown: int = 0
    not_eligible: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 0:
                raise ValueError(f"{field.name} is below 0")

    def __add__(self, more: Dispositions) -> Dispositions:
        return Dispositions(
            *(getattr(self, field.name) + getattr(more, field.name) for field in fields(self))
        )

    @property
    def asked(self) -> int:
        """Every unit that was approached, eligible or not."""
        return sum(getattr(self, field.name) for field in fields(self))

    @property
    def known_eligible(self) -> int:
        """The units known to be in the population."""
        return self.complete + self.partial + self.refused + self.non_contact + self.other


@dataclass(frozen=True)
class Rates:
    """The six AAPOR response rates, the cooperation, refusal and contact rate, as exact shares.

    Odd numbers count complete answers only, even ones partial answers too. RR1 and RR2 take every
    unknown unit as eligible, RR3 and RR4 the share `eligibility` of them, RR5 and RR6 none.
    """

    rr1: Fraction
    rr2: Fraction
    rr3: Fraction
    rr4: Fraction
    rr5: Fraction
    rr6: Fraction
    cooperation: Fraction | None
    refusal: Fraction
    contact: Fraction
    eligibility: Fraction


def rates(cases: Dispositions, *, eligibility: Fraction | None = None) -> Rates:
    """The response rates of a round or a stratum.

    `eligibility` (AAPOR's e) is the part of the unknown units taken as eligible; without it the part
    among the units where it is known. Raises `EmptyBase` when no unit can be eligible.
    """
    if eligibility is None:
        known = cases.known_eligible + cases.not_eligible
        eligibility = Fraction(cases.known_eligible, known) if known else Fraction(1)
    if not 0 <= eligibility <= 1:
        raise ValueError("eligibility is a share from 0 to 1")
    done, some = cases.complete, cases.complete + cases.partial
    all_units = Fraction(cases.known_eligible + cases.unknown)
    weighed = cases.known_eligible + eligibility * cases.unknown
    if not all_units:
        raise rounding.EmptyBase

    def of(count: int, base: Fraction) -> Fraction:
        # With no eligible unit at all the count is 0 too, and nobody answered.
        return count / base if base else Fraction(0)

    contacted = some + cases.refused + cases.other
    return Rates(
        rr1=of(done, all_units),
        rr2=of(some, all_units),
        rr3=of(done, weighed),
        rr4=of(some, weighed),
        rr5=of(done, Fraction(cases.known_eligible)),
        rr6=of(some, Fraction(cases.known_eligible)),
        cooperation=Fraction(done, contacted) if contacted else None,
        refusal=of(cases.refused, all_units),
        contact=of(contacted, all_units),
        eligibility=eligibility,
    )


@dataclass(frozen=True)
class StratumResponse:
    """A row of the response table: frame, sample and how the cases ended.

    `inclusion` is the probability with which a unit of the stratum was drawn, `rates` is None when
    nobody was asked.
    """

    stratum: str
    frame: int
    sampled: int
    inclusion: Fraction
    cases: Dispositions
    rates: Rates | None


@dataclass(frozen=True)
class ResponseTable:
    """Response by stratum, and for all. `total.inclusion` is the overall sampling fraction."""

    rows: tuple[StratumResponse, ...]
    total: StratumResponse


def by_stratum(frame: Mapping[str, int], cases: Mapping[str, Dispositions]) -> ResponseTable:
    """How each stratum answered, with totals that are the sums of the rows.

    `frame` gives the number of units per stratum. Raises `ValueError` for a stratum without a frame
    or with more cases than the frame holds.
    """
    strangers = set(cases) - set(frame)
    if strangers:
        raise ValueError(f"strata without a frame: {', '.join(sorted(strangers))}")

    def row(stratum: str, size: int, ended: Dispositions) -> StratumResponse:
        if ended.asked > size:
            raise ValueError(f"{stratum}: {ended.asked} cases, the frame holds {size}")
        eligible = ended.known_eligible + ended.unknown
        return StratumResponse(
            stratum=stratum,
            frame=size,
            sampled=ended.asked,
            inclusion=Fraction(ended.asked, size) if size else Fraction(0),
            cases=ended,
            rates=rates(ended) if eligible else None,
        )

    rows = tuple(row(name, size, cases.get(name, Dispositions())) for name, size in frame.items())
    whole = Dispositions()
    for each in rows:
        whole += each.cases
    return ResponseTable(rows, row("total", sum(frame.values()), whole))
