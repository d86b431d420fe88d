"""How answers are distributed: counts first, every share made from counts.

A merged category ("agree" + "partly agree") is the sum of its counts, never of rounded parts: 43 %
and 36 % of 44 are 19 and 16 answers, together 35, which is 80 % and not 79 %.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from sloyfe.stats import rounding

DontKnow = Literal["in_base", "out_of_base"]


def _check_count(name: str, count: int) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise ValueError(f"the count of {name!r} is {count!r}; it must be 0 or more, whole")
    return count


@dataclass(frozen=True)
class Part:
    """A category, or several merged, with its count and the base its share is of."""

    key: str
    count: int
    base: int
    options: tuple[str, ...]

    @property
    def share(self) -> Fraction:
        """The exact share of the base, 0 to 1. Raises `EmptyBase`."""
        return rounding.share(self.count, self.base)

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded once, half up. Raises `EmptyBase`."""
        return rounding.percent(self.count, self.base)


@dataclass(frozen=True)
class Distribution:
    """How the respondents of one single-answer item are spread over its options.

    `parts` stand in the order of the options and sum to `base`. With don't-know out of the base its
    parts are not among `parts` but in `outside`, and `answered` is `base` plus them.
    """

    parts: tuple[Part, ...]
    merged: tuple[Part, ...]
    outside: tuple[Part, ...]
    base: int
    answered: int
    dont_know: DontKnow

    def part(self, key: str) -> Part:
        """The category or merged category of this name. Raises `KeyError`."""
        for part in (*self.parts, *self.merged):
            if part.key == key:
                return part
        raise KeyError(key)

    def complement(self, *keys: str) -> Part:
        """Everybody in the base who is in none of the named categories (merged ones may overlap)."""
        taken = {option for key in keys for option in self.part(key).options}
        rest = tuple(part for part in self.parts if part.key not in taken)
        return Part(
            key="not:" + "+".join(keys),
            count=sum(part.count for part in rest),
            base=self.base,
            options=tuple(part.key for part in rest),
        )


def distribution(
    counts: Mapping[str, int],
    *,
    options: Sequence[str] | None = None,
    merged: Mapping[str, Sequence[str]] | None = None,
    dont_know: DontKnow,
    dont_know_options: Sequence[str] = (),
) -> Distribution:
    """How answers to one single-answer item are spread, with don't-know handled as stated.

    `options` gives order and completeness (an option nobody chose has count 0); without it the
    order is that of `counts`. Raises `ValueError` for an unknown option, a negative count, or a
    merged category that holds an option twice or one that stands outside the base.
    """
    order = tuple(options) if options is not None else tuple(counts)
    if len(set(order)) != len(order):
        raise ValueError("an option stands twice")
    unknown = [*(set(counts) - set(order)), *(set(dont_know_options) - set(order))]
    if unknown:
        raise ValueError(f"no such option: {', '.join(sorted(unknown))}")
    kept_out = set(dont_know_options) if dont_know == "out_of_base" else set()
    number = {key: _check_count(key, counts.get(key, 0)) for key in order}
    answered = sum(number.values())
    base = answered - sum(number[key] for key in kept_out)

    def part(key: str, of: tuple[str, ...], whole: int) -> Part:
        return Part(key, sum(number[option] for option in of), whole, of)

    joined = []
    for key, members in (merged or {}).items():
        of = tuple(members)
        if key in number or len(set(of)) != len(of) or not set(of) <= set(order) - kept_out:
            raise ValueError(f"{key!r} cannot be merged from {', '.join(of)}")
        joined.append(part(key, of, base))
    return Distribution(
        parts=tuple(part(key, (key,), base) for key in order if key not in kept_out),
        merged=tuple(joined),
        outside=tuple(part(key, (key,), answered) for key in order if key in kept_out),
        base=base,
        answered=answered,
        dont_know=dont_know,
    )


@dataclass(frozen=True)
class MultipleDistribution:
    """How many of the respondents chose each option of an item where several may be chosen.

    Shares are of respondents, so together they may pass 100 %. Options cannot be merged: how many
    chose either of two is not in the counts.
    """

    parts: tuple[Part, ...]
    base: int
    choices: int

    def part(self, key: str) -> Part:
        """The option of this name. Raises `KeyError`."""
        for part in self.parts:
            if part.key == key:
                return part
        raise KeyError(key)

    def complement(self, key: str) -> Part:
        """The respondents who did not choose the option."""
        part = self.part(key)
        return Part(f"not:{key}", self.base - part.count, self.base, ())


def multiple(
    counts: Mapping[str, int],
    *,
    respondents: int,
    options: Sequence[str] | None = None,
    maximum: int | None = None,
) -> MultipleDistribution:
    """How often each option was chosen by the respondents of a multi-answer item.

    Raises `ValueError` when an option has more choices than there are respondents, or all options
    together more than `maximum` a respondent.
    """
    order = tuple(options) if options is not None else tuple(counts)
    unknown = set(counts) - set(order)
    if unknown or len(set(order)) != len(order):
        raise ValueError(f"options do not match: {', '.join(sorted(unknown)) or order}")
    _check_count("respondents", respondents)
    number = {key: _check_count(key, counts.get(key, 0)) for key in order}
    choices = sum(number.values())
    if any(count > respondents for count in number.values()):
        raise ValueError(f"an option was chosen by more than the {respondents} respondents")
    if maximum is not None and choices > maximum * respondents:
        raise ValueError(f"{choices} choices by {respondents} respondents pass {maximum} each")
    parts = tuple(Part(key, number[key], respondents, (key,)) for key in order)
    return MultipleDistribution(parts, respondents, choices)


@dataclass(frozen=True)
class CrossTable:
    """How two single-answer items, or a group and an item, go together. Cells sum to the margins."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def row_totals(self) -> tuple[int, ...]:
        """How many stand in each row."""
        return tuple(sum(row) for row in self.counts)

    @property
    def column_totals(self) -> tuple[int, ...]:
        """How many stand in each column."""
        return tuple(sum(row[index] for row in self.counts) for index in range(len(self.columns)))

    @property
    def total(self) -> int:
        """How many stand in the table."""
        return sum(self.row_totals)

    def count(self, row: str, column: str) -> int:
        """The count of one cell."""
        return self.counts[self.rows.index(row)][self.columns.index(column)]

    def row(
        self,
        row: str,
        *,
        merged: Mapping[str, Sequence[str]] | None = None,
        dont_know: DontKnow = "in_base",
        dont_know_options: Sequence[str] = (),
    ) -> Distribution:
        """How one group answered, with its own size as base."""
        return distribution(
            dict(zip(self.columns, self.counts[self.rows.index(row)], strict=True)),
            merged=merged,
            dont_know=dont_know,
            dont_know_options=dont_know_options,
        )

    def transposed(self) -> CrossTable:
        """The same table with rows and columns changed over."""
        turned = tuple(zip(*self.counts, strict=True)) if self.counts else ()
        return CrossTable(self.columns, self.rows, turned or ((),) * len(self.columns))


def crosstab(
    counts: Mapping[tuple[str, str], int], *, rows: Sequence[str], columns: Sequence[str]
) -> CrossTable:
    """A cross table from cell counts; a cell that is not named is 0. Unknown names are refused."""
    unknown = [key for key in counts if key[0] not in rows or key[1] not in columns]
    if unknown or len(set(rows)) != len(rows) or len(set(columns)) != len(columns):
        raise ValueError(f"cells that no row and column hold: {unknown}")
    return CrossTable(
        tuple(rows),
        tuple(columns),
        tuple(
            tuple(
                _check_count(f"{row}/{column}", counts.get((row, column), 0)) for column in columns
            )
            for row in rows
        ),
    )


@dataclass(frozen=True)
class Ranked:
    """A place in a ranking. `tied` says that others share the place."""

    rank: int
    key: str
    value: Fraction
    tied: bool


def ranking(values: Mapping[str, int | Fraction]) -> tuple[Ranked, ...]:
    """Largest first, by standard competition ranking: 1, 2, 2, 4.

    Compares exact values, so that two shares that only look alike after rounding are not tied.
    Those who tie keep the order they were given in.
    """
    exact = {key: Fraction(value) for key, value in values.items()}
    ordered = sorted(exact, key=lambda key: -exact[key])
    held = list(exact.values())
    return tuple(
        Ranked(
            rank=1 + sum(other > exact[key] for other in held),
            key=key,
            value=exact[key],
            tied=held.count(exact[key]) > 1,
        )
        for key in ordered
    )
