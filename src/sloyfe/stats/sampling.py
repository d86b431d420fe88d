"""The draw: a simple random sample in each stratum, which anybody can repeat from two short texts.

Every unit gets the number HMAC-SHA256(seed, frame hash, stratum, unit); the n lowest of a stratum
are drawn. That is sequential simple random sampling by random sorting (Ohlsson 1995; Tillé 2006,
"Sampling Algorithms", 4.4), with a keyed hash in place of a generator, so that the result is the
same on every platform and Python version and does not depend on the order of the frame.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from sloyfe.common.errors import InputProblem, NotPossible, Problem

ALL: Literal["all"] = "all"


@dataclass(frozen=True, order=True)
class FrameUnit:
    """A unit that can be drawn: its stable id and the stratum it lies in."""

    unit: str
    stratum: str


@dataclass(frozen=True)
class StratumDraw:
    """What was drawn of a stratum: N (`frame`), n (`sampled`), n/N, and the units in id order."""

    stratum: str
    frame: int
    sampled: int
    inclusion: Fraction
    units: tuple[str, ...]


@dataclass(frozen=True)
class Draw:
    """A whole draw with what is needed to repeat it. `strata` stand in the order of their names."""

    seed: str
    frame_hash: str
    strata: tuple[StratumDraw, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit drawn, in id order."""
        return tuple(sorted(unit for stratum in self.strata for unit in stratum.units))


@dataclass(frozen=True)
class StratumTooSmall:
    """A stratum that was asked for more than it holds."""

    stratum: str
    wanted: int
    has: int


def frame_hash(frame: Iterable[FrameUnit]) -> str:
    """A fingerprint of a frame: SHA-256 in hex over its units and strata, sorted, as JSON lines.

    The order of the rows does not matter; any change of a unit or its stratum does. Raises
    `InputProblem` for a unit without id or stratum, or one that stands twice.
    """
    units = sorted(frame)
    problems = [
        Problem("sampling.incomplete_unit", "a unit needs an id and a stratum", value=unit.unit)
        for unit in units
        if not unit.unit or not unit.stratum
    ]
    problems += [
        Problem("sampling.unit_twice", f"{one.unit} stands twice in the frame", value=one.unit)
        for one, other in pairwise(units)
        if one.unit == other.unit
    ]
    if problems:
        raise InputProblem(problems)
    digest = hashlib.sha256()
    for unit in units:
        digest.update(json.dumps([unit.unit, unit.stratum], ensure_ascii=True).encode() + b"\n")
    return digest.hexdigest()


def _lot(seed: str, fingerprint: str, unit: FrameUnit) -> tuple[bytes, str]:
    message = json.dumps([fingerprint, unit.stratum, unit.unit], ensure_ascii=True).encode()
    # The id breaks a tie of 256-bit numbers, which nobody will see but which must be decided.
    return hmac.new(seed.encode(), message, hashlib.sha256).digest(), unit.unit


def draw(
    frame: Iterable[FrameUnit],
    sizes: int | Literal["all"] | Mapping[str, int | Literal["all"]],
    seed: str,
) -> Draw:
    """A random draw of a fixed number in each stratum, the same for the same seed and frame.

    `sizes` is one number for every stratum, or one per stratum; "all" takes the stratum whole. A
    mapping must name every stratum, so that none is left out by a slip (write 0 to leave it out).

    Raises `NotPossible`: ``sampling.no_seed``, ``sampling.empty_frame``,
    ``sampling.strata_mismatch`` (details: missing, unknown), ``sampling.negative_size``, and
    ``sampling.stratum_too_small`` with details ``problems``, each with stratum, wanted and has.
    """
    units = list(frame)
    if not seed:
        raise NotPossible("sampling.no_seed")
    if not units:
        raise NotPossible("sampling.empty_frame")
    fingerprint = frame_hash(units)
    held: dict[str, list[FrameUnit]] = {}
    for unit in units:
        held.setdefault(unit.stratum, []).append(unit)
    asked = dict(sizes) if isinstance(sizes, Mapping) else dict.fromkeys(held, sizes)
    missing, unknown = sorted(held.keys() - asked.keys()), sorted(asked.keys() - held.keys())
    if missing or unknown:
        raise NotPossible(
            "sampling.strata_mismatch", missing=tuple(missing), unknown=tuple(unknown)
        )
    wanted: dict[str, int] = {}
    for stratum, size in asked.items():
        number = len(held[stratum]) if size == "all" else size
        if number < 0:
            raise NotPossible("sampling.negative_size", stratum=stratum, wanted=number)
        wanted[stratum] = number
    short = tuple(
        StratumTooSmall(stratum, wanted[stratum], len(held[stratum]))
        for stratum in sorted(held)
        if wanted[stratum] > len(held[stratum])
    )
    if short:
        raise NotPossible("sampling.stratum_too_small", problems=short)
    strata = []
    for stratum in sorted(held):
        members, number = held[stratum], wanted[stratum]
        lots = sorted(members, key=lambda unit: _lot(seed, fingerprint, unit))
        strata.append(
            StratumDraw(
                stratum=stratum,
                frame=len(members),
                sampled=number,
                inclusion=Fraction(number, len(members)),
                units=tuple(sorted(unit.unit for unit in lots[:number])),
            )
        )
    return Draw(seed, fingerprint, tuple(strata))


def census(frame: Iterable[FrameUnit]) -> Draw:
    """Every unit of the frame, told in the same form as a draw; it has no seed."""
    taken = draw(frame, ALL, seed="census")
    return Draw("", taken.frame_hash, taken.strata)
