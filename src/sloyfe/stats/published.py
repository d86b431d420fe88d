"""Recalculation of printed percentages: which counts and which base they can come from.

A printed distribution is turned around: for every base up to the number of respondents, which whole
numbers of answers give exactly the printed percentages? A rounding rule is a way from a count to a
printed figure. The first rule under which something fits is taken:

1. `half_up`: every figure, merged ones too, rounded once from its count;
2. `via_one_decimal`: rounded to one decimal and then to none (20.45, 20.5, 21);
3. `sum_of_parts`: single figures half up, merged figures added from the printed parts;
4. `via_one_decimal_sum_of_parts`: both.

If none fits, the printed figures come from no common base, and the repairs that change a single
figure by one are listed. The idea is that of GRIM and SPRITE (Brown and Heathers 2017, "The GRIM
test", Social Psychological and Personality Science 8:363-369), for whole distributions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from sloyfe.stats import rounding
from sloyfe.stats.remark import Remark, remark

RuleName = Literal["half_up", "via_one_decimal", "sum_of_parts", "via_one_decimal_sum_of_parts"]
RULES: tuple[RuleName, ...] = (
    "half_up",
    "via_one_decimal",
    "sum_of_parts",
    "via_one_decimal_sum_of_parts",
)


@dataclass(frozen=True)
class PrintedFigure:
    """One printed percentage. A merged one names the several options that it covers."""

    key: str
    percent: int
    options: tuple[str, ...] = ()

    @property
    def members(self) -> tuple[str, ...]:
        """The options that the figure covers; a figure for one option covers its own key."""
        return self.options or (self.key,)


@dataclass(frozen=True)
class PrintedItem:
    """All that is printed of one item: single parts, merged parts, and the largest base.

    `multiple` says that a respondent could choose several options; parts may then pass the base
    together. `smallest_base` ends the search; without it 60 % of the largest base, rounded down,
    since an item that two in five left unanswered would not be printed without a word.
    """

    largest_base: int
    parts: tuple[PrintedFigure, ...]
    merged: tuple[PrintedFigure, ...] = ()
    multiple: bool = False
    smallest_base: int | None = None

    @property
    def figures(self) -> tuple[PrintedFigure, ...]:
        """Single and merged figures in the order printed."""
        return (*self.parts, *self.merged)

    @property
    def bases(self) -> range:
        """The bases that are tried, largest first."""
        smallest = self.smallest_base
        if smallest is None:
            smallest = max(1, self.largest_base * 6 // 10)
        return range(self.largest_base, smallest - 1, -1)


@dataclass(frozen=True)
class Fit:
    """A base and counts that give the printed figures under `rule`.

    `counts` holds the single parts in their order; `unreported` is what is left of the base (None
    for an item where several may be chosen).
    """

    rule: RuleName
    base: int
    counts: tuple[tuple[str, int], ...]
    unreported: int | None

    def count(self, options: Sequence[str]) -> int:
        """How many answers the named options hold together."""
        number = dict(self.counts)
        return sum(number[option] for option in options)


@dataclass(frozen=True)
class Repair:
    """A single figure changed by one percentage point, and the fit this opens."""

    key: str
    printed: int
    repaired: int
    fit: Fit


@lru_cache(maxsize=4096)
def counts_that_print(percent: int, base: int, rule: RuleName = "half_up") -> tuple[int, ...]:
    """Every count that is printed as `percent` of `base`; none, one, or in a large base several."""
    printed = _printer(rule)
    around = percent * base // 100
    near = range(max(0, around - base // 100 - 1), min(base, around + base // 100 + 2) + 1)
    return tuple(count for count in near if printed(count, base) == percent)


def _printer(rule: RuleName) -> Callable[[int, int], int]:
    return rounding.percent_rounded_twice if rule.startswith("via") else rounding.percent


def _fits_at(item: PrintedItem, base: int, rule: RuleName) -> Iterator[Fit]:
    """Every vector of counts at one base."""
    choices = [counts_that_print(part.percent, base, rule) for part in item.parts]
    printed = _printer(rule)
    by_sum = rule.endswith("sum_of_parts")
    percents = {part.key: part.percent for part in item.parts}
    for vector in product(*choices):
        number = dict(zip(percents, vector, strict=True))
        total = sum(vector)
        if not item.multiple and total > base:
            continue
        if all(
            sum(percents[key] for key in figure.members) == figure.percent
            if by_sum
            else printed(sum(number[key] for key in figure.members), base) == figure.percent
            for figure in item.merged
        ):
            yield Fit(rule, base, tuple(number.items()), None if item.multiple else base - total)


def fits(item: PrintedItem, rule: RuleName = "half_up") -> tuple[Fit, ...]:
    """Every base and vector of counts that give the printed figures under one rule, largest first.

    Raises `ValueError` when a merged figure covers an option that no part stands for, or when
    merged figures are given for an item where several may be chosen.
    """
    keys = [part.key for part in item.parts]
    if len(set(keys)) != len(keys):
        raise ValueError("a part stands twice")
    if item.merged and item.multiple:
        raise ValueError("options that may be chosen together cannot be merged")
    for figure in item.merged:
        if not set(figure.members) <= set(keys):
            raise ValueError(f"{figure.key}: merged from parts that are not printed")
    return tuple(fit for base in item.bases for fit in _fits_at(item, base, rule))


def repairs(item: PrintedItem) -> tuple[Repair, ...]:
    """Every fit, under half up, that opens when one printed figure is changed by one point."""
    found = []
    for index, figure in enumerate(item.figures):
        for changed in (figure.percent - 1, figure.percent + 1):
            if not 0 <= changed <= 100:
                continue
            figures = list(item.figures)
            figures[index] = PrintedFigure(figure.key, changed, figure.options)
            cut = len(item.parts)
            tried = PrintedItem(
                item.largest_base,
                tuple(figures[:cut]),
                tuple(figures[cut:]),
                item.multiple,
                item.smallest_base,
            )
            found += [Repair(figure.key, figure.percent, changed, fit) for fit in fits(tried)]
    return tuple(sorted(found, key=lambda repair: -repair.fit.base))


@dataclass(frozen=True)
class FigureVerdict:
    """What recalculation says of one printed percentage.

    `fits` are the (base, count) pairs among the fits of the whole item; `own` is what our rounding
    gives at the largest of them, or None when none fits. `remark.code` is one of
    ``published.reproduced``, ``published.rounded_twice``, ``published.sum_of_rounded_parts``,
    ``published.fits_no_common_base``.
    """

    key: str
    printed: int
    fits: tuple[tuple[int, int], ...]
    own: int | None
    remark: Remark


@dataclass(frozen=True)
class ItemVerdict:
    """What recalculation says of one item: rule, fits under it, and a verdict per figure.

    `rule` is None when nothing fits. `other_rules` name the further rules that would explain the
    figures as well. `repairs` are filled when half up does not fit.
    """

    rule: RuleName | None
    fits: tuple[Fit, ...]
    other_rules: tuple[RuleName, ...]
    repairs: tuple[Repair, ...]
    figures: tuple[FigureVerdict, ...]

    @property
    def best(self) -> Fit | None:
        """The fit with the largest base, from which counts are derived."""
        return self.fits[0] if self.fits else None

    @property
    def bases(self) -> tuple[int, ...]:
        """The bases that fit, largest first."""
        return tuple(dict.fromkeys(fit.base for fit in self.fits))


def _figure_verdict(
    figure: PrintedFigure, item: PrintedItem, fitting: tuple[Fit, ...]
) -> FigureVerdict:
    if not fitting:
        alone = tuple(
            (base, count)
            for base in item.bases
            for count in counts_that_print(figure.percent, base)
        )
        bases = tuple(base for base, _ in alone)
        said = remark("published.fits_no_common_base", printed=figure.percent, bases_alone=bases)
        return FigureVerdict(figure.key, figure.percent, (), None, said)
    pairs = tuple(dict.fromkeys((fit.base, fit.count(figure.members)) for fit in fitting))
    base, count = pairs[0]
    own = rounding.percent(count, base)
    percents = {part.key: part.percent for part in item.parts}
    if own == figure.percent:
        said = remark("published.reproduced", base=base, count=count)
    elif rounding.percent_rounded_twice(count, base) == figure.percent:
        said = remark(
            "published.rounded_twice",
            base=base,
            count=count,
            own=own,
            two_decimals=rounding.percent(count, base, 2),
            one_decimal=rounding.percent(count, base, 1),
        )
    else:
        parts = tuple(percents[key] for key in figure.members)
        said = remark(
            "published.sum_of_rounded_parts", base=base, count=count, own=own, parts=parts
        )
    return FigureVerdict(figure.key, figure.percent, pairs, own, said)


def recalculate(item: PrintedItem) -> ItemVerdict:
    """Which counts stand behind a printed distribution, and what our own rounding gives.

    Under `half_up` an item may fit by chance at a smaller base than was asked; the fits tell all.
    """
    under = {rule: fits(item, rule) for rule in RULES}
    fitting = [rule for rule in RULES if under[rule]]
    rule = fitting[0] if fitting else None
    chosen = under[rule] if rule else ()
    return ItemVerdict(
        rule=rule,
        fits=chosen,
        other_rules=tuple(fitting[1:]),
        repairs=() if rule == "half_up" else repairs(item),
        figures=tuple(_figure_verdict(figure, item, chosen) for figure in item.figures),
    )
