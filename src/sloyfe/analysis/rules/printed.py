"""Printed figures worked out again: which counts give them, and a verdict for every one, by code.

Nothing here reads a verdict that somebody has written down. A figure comes with what is printed of it;
the verdict follows from the other figures of its question, from the counts derived for the question, and
from the words it is told in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from sloyfe.stats import published, rounding, wording
from sloyfe.stats.remark import Remark, remark

NOT_REPORTED = "ikke_oppgitt"
FRAME = "frame"
TIERS = ("grunntilbud", "by_tettsted", "storby", FRAME)
QUESTIONNAIRES = TIERS[:3]


class FigureKind(StrEnum):
    PERCENT = "percent"
    COUNT = "count"
    RATE = "rate"  # answered of asked
    FRACTION = "fraction"  # a share told in words
    RANK = "rank"
    PERIOD = "period"


class Status(StrEnum):
    """Where the counts of a question come from."""

    DERIVED = "derived"  # worked out from the printed percentages
    STATED = "stated"  # printed themselves
    NO_COMMON_BASE = "no_common_base"  # the printed percentages fit no number of answers


class Verdict(StrEnum):
    EXACT = "exact"
    IN_WORDS = "in_words"
    PARTLY_IN_WORDS = "partly_in_words"
    PARTLY_PUBLISHED = "partly_published"
    ROUNDED_TWICE = "rounded_twice"
    SUM_OF_ROUNDED_PARTS = "sum_of_rounded_parts"
    NO_COMMON_BASE = "no_common_base"
    WORDS_AGAINST_FIGURE = "words_against_figure"
    AGAINST_COUNTS = "against_counts"
    WORDS_ONLY = "words_only"
    RANK_WITHOUT_FIGURES = "rank_without_figures"
    SPREAD_WITHOUT_COUNTS = "spread_without_counts"
    NOT_PUBLISHED = "not_published"
    STATED_FACT = "stated_fact"


class Outcome(StrEnum):
    """The verdicts gathered as a reader asks: does it come out, and if not, what then?"""

    EXACT = "exact"
    WORDS = "words"
    ROUNDING = "rounding"
    CONTRADICTION = "contradiction"
    NOTHING = "nothing"


OUTCOME_OF: dict[Verdict, Outcome] = {
    Verdict.EXACT: Outcome.EXACT,
    Verdict.IN_WORDS: Outcome.WORDS,
    Verdict.PARTLY_IN_WORDS: Outcome.WORDS,
    Verdict.PARTLY_PUBLISHED: Outcome.WORDS,
    Verdict.ROUNDED_TWICE: Outcome.ROUNDING,
    Verdict.SUM_OF_ROUNDED_PARTS: Outcome.ROUNDING,
    Verdict.NO_COMMON_BASE: Outcome.CONTRADICTION,
    Verdict.WORDS_AGAINST_FIGURE: Outcome.CONTRADICTION,
    Verdict.AGAINST_COUNTS: Outcome.CONTRADICTION,
    Verdict.WORDS_ONLY: Outcome.NOTHING,
    Verdict.RANK_WITHOUT_FIGURES: Outcome.NOTHING,
    Verdict.SPREAD_WITHOUT_COUNTS: Outcome.NOTHING,
    Verdict.NOT_PUBLISHED: Outcome.NOTHING,
    Verdict.STATED_FACT: Outcome.NOTHING,
}


@dataclass(frozen=True)
class Figure:
    """One figure as it is printed: where, about which question and answers, and what it says.

    `codes` are the answers that it covers; `order` writes a rank so that it can be checked.
    """

    code: str
    section: str
    page: int
    tier: str
    item: str
    category: str
    kind: FigureKind
    value: str
    n_stated: int | None = None
    bank_item: str = ""
    codes: tuple[str, ...] = ()
    order: str = ""
    note: str = ""

    @property
    def about(self) -> tuple[str, str]:
        """The question, in its questionnaire; facts about the survey are about themselves."""
        return self.tier, self.bank_item or self.item

    @property
    def key(self) -> str:
        """The answers it covers as one word."""
        return "+".join(self.codes)


@dataclass(frozen=True)
class Derived:
    """Counts of a question. `counts` also hold those that the report does not tell of."""

    item: str
    tier: str
    status: Status
    base: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    bases: tuple[int, ...] = ()

    @property
    def about(self) -> tuple[str, str]:
        """The question, in its questionnaire."""
        return self.tier, self.item

    @property
    def told(self) -> dict[str, int]:
        """The counts of answers that the report tells of."""
        return {code: n for code, n in self.counts.items() if code != NOT_REPORTED}

    @property
    def is_whole(self) -> bool:
        """Whether the counts tell of every answer in the base."""
        return self.base is not None and sum(self.told.values()) == self.base

    def count(self, codes: Sequence[str]) -> int | None:
        """How many gave one of some answers; None where the counts do not tell."""
        if self.base is None or not codes:
            return None
        joined = "+".join(codes)
        if joined in self.counts:
            return self.counts[joined]
        if all(code in self.counts for code in codes):
            return sum(self.counts[code] for code in codes)
        return 0 if self.is_whole else None


@dataclass(frozen=True)
class Recalculated:
    """What working a figure out again gave.

    `fits` are pairs of base and count that give the figure together with the rest of its question,
    largest base first; `alone` are those that give it when the rest is left aside, told where nothing
    fits. `own` is what our rounding gives, in the figure's own unit.
    """

    figure: Figure
    verdict: Verdict
    remark: Remark
    fits: tuple[tuple[int, int], ...] = ()
    alone: tuple[tuple[int, int], ...] = ()
    own: int | None = None

    @property
    def outcome(self) -> Outcome:
        """The verdict as a reader asks."""
        return OUTCOME_OF[self.verdict]


_FROM_REMARK = {
    "published.reproduced": Verdict.EXACT,
    "published.rounded_twice": Verdict.ROUNDED_TWICE,
    "published.sum_of_rounded_parts": Verdict.SUM_OF_ROUNDED_PARTS,
    "published.fits_no_common_base": Verdict.NO_COMMON_BASE,
}


def recalculate(
    figures: Sequence[Figure], derived: Iterable[Derived], multiple: Collection[str]
) -> tuple[Recalculated, ...]:
    """Work every figure out again, in the order given.

    `multiple` names the questions where several answers may be chosen.
    """
    return _Work(figures, derived, multiple).all()


def printed_items(
    figures: Iterable[Figure], multiple: Collection[str]
) -> dict[tuple[str, str], published.PrintedItem]:
    """Gather what is printed in percent of each question, as the statistics take it.

    A merged figure of which the parts are not printed is a part itself. A printed count of none goes
    along as 0 per cent.
    """
    gathered: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        if figure.tier != FRAME and figure.bank_item and figure.codes and _in_percent(figure):
            gathered.setdefault(figure.about, []).append(figure)
    items = {}
    for about, own in gathered.items():
        if not any(f.kind == FigureKind.PERCENT for f in own):
            continue
        single = {f.key for f in own if len(f.codes) == 1}
        parts = [f for f in own if len(f.codes) == 1 or not set(f.codes) <= single]
        merged = [f for f in own if f not in parts]
        items[about] = published.PrintedItem(
            largest_base=max(f.n_stated or 0 for f in own),
            parts=tuple(published.PrintedFigure(f.key, int(f.value)) for f in parts),
            merged=tuple(published.PrintedFigure(f.key, int(f.value), f.codes) for f in merged),
            multiple=about[1] in multiple,
        )
    return items


def _in_percent(figure: Figure) -> bool:
    return figure.kind == FigureKind.PERCENT or (
        figure.kind == FigureKind.COUNT and figure.value == "0"
    )


class _Work:
    def __init__(
        self, figures: Sequence[Figure], derived: Iterable[Derived], multiple: Collection[str]
    ) -> None:
        self.figures = figures
        self.derived = {each.about: each for each in derived}
        self.items = {
            about: published.recalculate(item)
            for about, item in printed_items(figures, multiple).items()
        }
        self.single = {
            about: {each.key: each for each in verdict.figures}
            for about, verdict in self.items.items()
        }

    def all(self) -> tuple[Recalculated, ...]:
        return tuple(self._one(figure) for figure in self.figures)

    def _one(self, figure: Figure) -> Recalculated:
        if figure.kind == FigureKind.RATE:
            return self._rate(figure)
        if figure.tier == FRAME or (
            figure.kind == FigureKind.COUNT and not figure.bank_item and not figure.order
        ):
            return Recalculated(figure, Verdict.STATED_FACT, remark("published.stated_fact"))
        if figure.kind == FigureKind.RANK:
            return self._rank(figure)
        if figure.kind == FigureKind.FRACTION:
            return self._fraction(figure)
        if figure.about in self.single:
            return self._percent(figure)
        return self._count(figure)

    def _rate(self, figure: Figure) -> Recalculated:
        row = self.derived.get((FRAME, figure.item))
        if row is None or row.base is None:
            return Recalculated(figure, Verdict.STATED_FACT, remark("published.stated_fact"))
        count = sum(row.counts.values())
        own = rounding.percent(count, row.base)
        agrees = own == int(figure.value)
        said = remark("published.reproduced", base=row.base, count=count)
        if not agrees:
            said = remark("published.against_counts", base=row.base, count=count)
        verdict = Verdict.EXACT if agrees else Verdict.AGAINST_COUNTS
        return Recalculated(figure, verdict, said, ((row.base, count),), own=own)

    def _percent(self, figure: Figure) -> Recalculated:
        found = self.single[figure.about][figure.key]
        verdict = _FROM_REMARK[found.remark.code]
        is_count = figure.kind == FigureKind.COUNT
        own = found.fits[0][1] if is_count and found.fits else found.own
        alone: tuple[tuple[int, int], ...] = ()
        if not found.fits:
            alone = tuple(
                (base, count)
                for base in range(figure.n_stated or 0, (figure.n_stated or 0) * 6 // 10 - 1, -1)
                for count in published.counts_that_print(found.printed, base)
            )
        said = found.remark
        if verdict is Verdict.NO_COMMON_BASE:
            repairs = tuple(
                (each.key, each.printed, each.repaired, each.fit.base)
                for each in self.items[figure.about].repairs
            )
            said = remark(said.code, printed=found.printed, repairs=repairs)
        return Recalculated(figure, verdict, said, found.fits, alone, own)

    def _count(self, figure: Figure) -> Recalculated:
        row = self.derived.get(figure.about)
        count = row.count(figure.codes) if row else None
        if row is None or row.base is None or count is None:
            return Recalculated(figure, Verdict.STATED_FACT, remark("published.stated_fact"))
        agrees = count == int(figure.value)
        code = "published.count_agrees" if agrees else "published.against_counts"
        said = remark(code, base=row.base, count=count)
        verdict = Verdict.EXACT if agrees else Verdict.AGAINST_COUNTS
        return Recalculated(figure, verdict, said, ((row.base, count),), own=count)

    def _fraction(self, figure: Figure) -> Recalculated:
        row = self.derived.get(figure.about)
        count = row.count(figure.codes) if row else None
        if row is None or row.base is None or count is None:
            # How many answers the words may stand for, had everybody answered the question.
            may_be = wording.counts_in_words(figure.value, figure.n_stated or 0)
            said = remark(
                "published.words_only",
                words=figure.value,
                base=figure.n_stated,
                least=min(may_be, default=0),
                most=max(may_be, default=0),
            )
            return Recalculated(figure, Verdict.WORDS_ONLY, said)
        said = wording.words_verdict(figure.value, count, row.base)
        said = remark(
            said.code, **said.parameters, two_decimals=rounding.percent(count, row.base, 2)
        )
        agrees = said.code == "published.words_agree"
        verdict = Verdict.IN_WORDS if agrees else Verdict.WORDS_AGAINST_FIGURE
        own = rounding.percent(count, row.base)
        return Recalculated(figure, verdict, said, self._fits(figure), own=own)

    def _fits(self, figure: Figure) -> tuple[tuple[int, int], ...]:
        """The pairs of base and count of the answers that the figure covers."""
        verdict = self.items.get(figure.about)
        if verdict is not None:
            pairs: dict[tuple[int, int], None] = {}
            for fit in verdict.fits:
                if set(figure.codes) <= dict(fit.counts).keys():
                    pairs[fit.base, fit.count(figure.codes)] = None
            return tuple(pairs)
        row = self.derived.get(figure.about)
        count = row.count(figure.codes) if row else None
        return ((row.base, count),) if row and row.base and count is not None else ()

    def _rank(self, figure: Figure) -> Recalculated:
        if figure.value == "spread":
            return Recalculated(
                figure, Verdict.SPREAD_WITHOUT_COUNTS, remark("published.spread_without_counts")
            )
        if not figure.order:
            said_lower = figure.value.startswith("<") or figure.value == "lowest_group"
            if said_lower:
                return Recalculated(
                    figure, Verdict.RANK_WITHOUT_FIGURES, remark("published.rank_without_figures")
                )
            return Recalculated(figure, Verdict.NOT_PUBLISHED, remark("published.not_published"))
        values, printed = self._values(figure)
        found = wording.rank_verdict(figure.order, values)
        if found.code == "published.rank_without_figures" or found.parameters.get("missing"):
            return self._rank_of_printed(figure, printed)
        if found.code == "published.rank_against_figures" or not self._stands(figure):
            said = remark("published.rank_against_figures", order=figure.order)
            return Recalculated(figure, Verdict.AGAINST_COUNTS, said)
        return Recalculated(figure, _completeness(figure), found)

    def _rank_of_printed(self, figure: Figure, printed: Mapping[str, int]) -> Recalculated:
        """An order among figures without counts: only the printed percentages can bear it out."""
        found = wording.rank_verdict(figure.order, printed)
        if found.code == "published.rank_agrees" and not found.parameters["missing"]:
            said = remark("published.order_of_printed", order=figure.order)
            return Recalculated(figure, Verdict.NO_COMMON_BASE, said)
        if found.code == "published.rank_against_figures":
            return Recalculated(figure, Verdict.AGAINST_COUNTS, found)
        return Recalculated(
            figure, Verdict.RANK_WITHOUT_FIGURES, remark("published.rank_without_figures")
        )

    def _values(self, figure: Figure) -> tuple[dict[str, Fraction], dict[str, int]]:
        """For each term of an order: its share by the counts, and its printed percentage."""
        values: dict[str, Fraction] = {}
        printed: dict[str, int] = {}
        for term in order_terms(figure):
            row = self.derived.get((term.tier, term.item))
            count = row.count(term.codes) if row else None
            if row is not None and row.base and count is not None:
                values[term.text] = rounding.share(count, row.base)
            single = self.single.get((term.tier, term.item), {}).get("+".join(term.codes))
            if single is not None:
                printed[term.text] = single.printed
        return values, printed

    def _stands(self, figure: Figure) -> bool:
        """Whether an answer that is said to be the first or the last is that, ties included."""
        if figure.value not in ("1", "last"):
            return True
        row = self.derived[figure.about]
        place = wording.place_verdict(figure.key, figure.value, row.told)
        return place.code == "published.rank_agrees"


@dataclass(frozen=True)
class Term:
    """One thing that an order speaks of."""

    text: str
    tier: str
    item: str
    codes: tuple[str, ...]


def order_terms(figure: Figure) -> tuple[Term, ...]:
    """The things that a figure's order speaks of, highest first. Raises `ValueError`."""
    terms = []
    for keys, _joint in wording.parse_order(figure.order):
        for text in keys:
            tier, _, rest = text.rpartition("/")
            item, colon, codes = rest.partition(":")
            if not (colon and item and codes):
                raise ValueError(f"{text!r} is not an item and its answers, such as item:answer")
            terms.append(Term(text, tier or figure.tier, item, tuple(codes.split("+"))))
    return tuple(terms)


def _completeness(figure: Figure) -> Verdict:
    """Whether an order that agrees was checked whole, or only as far as figures are printed."""
    if figure.value in ("1", "last") or ">" not in figure.value:
        return Verdict.EXACT
    named = [key for keys, _joint in wording.parse_order(figure.value) for key in keys]
    if "…" in named:
        return Verdict.PARTLY_PUBLISHED
    return Verdict.EXACT if len(named) == len(order_terms(figure)) else Verdict.PARTLY_IN_WORDS


def counts_that_do_not_fit(
    figures: Sequence[Figure], derived: Iterable[Derived], multiple: Collection[str]
) -> list[tuple[Derived, str]]:
    """Give the rows of derived counts that the printed percentages do not bear out, and how.

    The reasons are ``no_such_question``, ``more_than_base``, ``no_fit``, ``base_too_small`` and
    ``other_bases``.
    """
    items = printed_items(figures, multiple)
    spoken = {figure.about for figure in figures}
    spoken |= {(t.tier, t.item) for f in figures if f.order for t in order_terms(f)}
    wrong = []
    for row in derived:
        problem = _row_problem(row, items.get(row.about), row.item in multiple, row.about in spoken)
        if problem:
            wrong.append((row, problem))
    return wrong


def _row_problem(
    row: Derived, item: published.PrintedItem | None, is_multiple: bool, is_spoken_of: bool
) -> str:
    if row.base is not None:
        total = max(row.counts.values(), default=0) if is_multiple else sum(row.counts.values())
        if total > row.base:
            return "more_than_base"
    if item is None:
        # A count that is printed for two questions together names one of them only.
        return "" if is_spoken_of or row.status is Status.STATED else "no_such_question"
    verdict = published.recalculate(item)
    if (verdict.best is None) != (row.status is Status.NO_COMMON_BASE):
        return "no_fit"
    if verdict.best is None:
        return ""
    if row.base != verdict.best.base:
        return "base_too_small"
    if not any(fit.base == row.base and dict(fit.counts) == row.told for fit in verdict.fits):
        return "no_fit"
    bases = tuple(dict.fromkeys(fit.base for fit in published.fits(item)))
    return "" if bases == row.bases else "other_bases"
