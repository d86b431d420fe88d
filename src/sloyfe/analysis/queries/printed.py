"""Reading printed rounds: the figures with what came of working them out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sloyfe.analysis.models.printed import DerivedCounts, PrintedFigure, PrintedRound
from sloyfe.analysis.rules.printed import (
    OUTCOME_OF,
    QUESTIONNAIRES,
    TIERS,
    FigureKind,
    Outcome,
    Verdict,
)
from sloyfe.analysis.texts import printed as texts
from sloyfe.fieldwork.models import Population, Round
from sloyfe.stats import rounding


@dataclass(frozen=True)
class Answer:
    """A printed figure and what working it out again gave, in the reader's language.

    `fits` are pairs of count and base in words, the largest base first. `calculation` shows the share
    before rounding. `sentence` says the verdict with its grounds.
    """

    code: str
    tier: str
    item: str
    kind: FigureKind
    section: str
    page: int
    heading: str
    question: str
    answer: str
    printed: str
    order: tuple[tuple[str, ...], ...]
    fits: tuple[str, ...]
    alone: tuple[str, ...]
    calculation: str
    own: str
    verdict: Verdict
    verdict_text: str
    sentence: str
    reason: str

    @property
    def outcome(self) -> Outcome:
        """The verdict as a reader asks."""
        return OUTCOME_OF[self.verdict]

    @property
    def about(self) -> str:
        """What a reader sees as one thing asked: the battery, or the question itself."""
        return self.heading or self.question


def recalculated(round_: Round) -> list[Answer]:
    """Give every printed figure of a round with its verdict, in the order of the report. One query."""
    return [_answer(row) for row in PrintedFigure.objects.filter(printed__round=round_)]


def _answer(row: PrintedFigure) -> Answer:
    kind, verdict = FigureKind(row.kind), Verdict(row.verdict)
    reason = texts.in_words(row.reason)
    calculation = ""
    if row.fits and kind != FigureKind.COUNT:
        base, count = row.fits[0]
        calculation = texts.exact_share(count, base, rounding.percent(count, base, 2))
    # Of the questionnaire that is told in counts, the printed number names its own base.
    tells_fits = kind != FigureKind.RANK and row.tier != "storby"
    return Answer(
        code=row.code,
        tier=row.tier,
        item=row.item,
        kind=kind,
        section=row.section,
        page=row.page,
        heading=texts.in_words(row.heading),
        question=texts.in_words(row.question),
        answer=texts.in_words(row.answer),
        printed=texts.printed_text(kind, row.value, row.n_if_stated, row.order, row.tier),
        order=tuple(
            tuple(texts.in_words(name) for name in names)
            for _joint, names in (row.order if ">" in row.value else ())
        ),
        fits=tuple(texts.of(count, base) for base, count in row.fits) if tells_fits else (),
        alone=tuple(texts.of(count, base) for base, count in row.alone),
        calculation=calculation,
        own=texts.own_text(kind, row.own, row.fits, row.tier),
        verdict=verdict,
        verdict_text=str(texts.VERDICT_TEXT[verdict]),
        sentence=reason or texts.exact_text(kind, row.tier, row.item, calculation),
        reason=reason,
    )


@dataclass(frozen=True)
class SummaryRow:
    """How many figures of a questionnaire came out in each way, in the order of `Outcome`."""

    tier: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All figures of the questionnaire."""
        return sum(self.counts)


def summary(answers: Iterable[Answer]) -> list[SummaryRow]:
    """Count figures by questionnaire and outcome, the facts about the survey last."""
    counted = Counter((each.tier, each.outcome) for each in answers)
    return [SummaryRow(tier, tuple(counted[tier, o] for o in Outcome)) for tier in TIERS]


def outcomes_of_questionnaires(answers: Iterable[Answer]) -> Counter[Outcome]:
    """Count the figures of the three questionnaires by outcome, without facts about the survey."""
    return Counter(each.outcome for each in answers if each.tier in QUESTIONNAIRES)


@dataclass(frozen=True)
class Asked:
    """One thing that was asked, with its figures."""

    title: str
    base: str
    figures: tuple[Answer, ...]
    is_battery: bool


@dataclass(frozen=True)
class Chapter:
    """A questionnaire with what was asked in it."""

    tier: str
    title: str
    asked: tuple[Asked, ...]
    figures: int


def chapters(answers: Sequence[Answer], counts: Iterable[DerivedCounts]) -> list[Chapter]:
    """Gather figures by questionnaire and by what was asked, in the order of the report."""
    bases = {(row.tier, row.item): row for row in counts}
    found = []
    for tier in TIERS:
        groups: dict[str, list[Answer]] = {}
        for each in answers:
            if each.tier == tier:
                groups.setdefault(each.about if tier in QUESTIONNAIRES else "", []).append(each)
        if not groups:
            continue
        asked = []
        for title, figures in groups.items():
            row = bases.get((tier, figures[0].item)) if title and not figures[0].heading else None
            base = texts.base_text(row.status, row.base, row.bases) if row else ""
            asked.append(Asked(title, base, tuple(figures), bool(figures[0].heading)))
        total = sum(len(each.figures) for each in asked)
        found.append(Chapter(tier, str(texts.TIER_TEXT[tier]), tuple(asked), total))
    return found


def populations_of(printed: PrintedRound) -> list[Population]:
    """Give the questionnaires of a printed round in order."""
    return list(
        Population.objects.filter(round_id=printed.round_id)
        .select_related("version__instrument")
        .order_by("position")
    )
