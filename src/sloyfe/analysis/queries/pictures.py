"""The picture of what came out, in the one chart language of all reports."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from sloyfe.analysis.models import PrintedRound
from sloyfe.analysis.queries.printed import SummaryRow
from sloyfe.analysis.rules.printed import QUESTIONNAIRES, Outcome
from sloyfe.analysis.texts import printed as texts
from sloyfe.render.blocks import (
    Cell,
    Column,
    LikertChart,
    LikertPart,
    LikertRow,
    PartMark,
    Pole,
    Row,
    Table,
)

_POLES: dict[Outcome, Pole] = {
    Outcome.EXACT: "positive",
    Outcome.WORDS: "positive",
    Outcome.ROUNDING: "neutral",
    Outcome.CONTRADICTION: "negative",
    Outcome.NOTHING: "neutral",
}
# A scale runs from one pole to the other; what cannot be calculated stands apart.
_ORDER = (
    Outcome.CONTRADICTION,
    Outcome.ROUNDING,
    Outcome.WORDS,
    Outcome.EXACT,
    Outcome.NOTHING,
)


def outcome_chart(summary: Sequence[SummaryRow], printed: PrintedRound) -> LikertChart:
    """Draw how the figures of each questionnaire came out, in counts."""
    rows = [row for row in summary if row.tier in QUESTIONNAIRES and row.total]
    places = {outcome: place for place, outcome in enumerate(Outcome)}
    exact = sum(row.counts[0] for row in rows)
    total = sum(row.total for row in rows)
    against = sum(row.counts[places[Outcome.CONTRADICTION]] for row in rows)

    def part(row: SummaryRow, outcome: Outcome) -> LikertPart:
        n = row.counts[places[outcome]]
        mark: PartMark = "dont_know" if outcome is Outcome.NOTHING else ""
        return LikertPart(
            label=str(texts.OUTCOME_HEAD[outcome]),
            share=n / row.total,
            count=n,
            pole=_POLES[outcome],
            mark=mark,
        )

    data = Table(
        title=_("Figures by questionnaire and outcome"),
        columns=(
            *(Column(str(texts.OUTCOME_HEAD[o])) for o in Outcome),
            Column(_("All figures")),
        ),
        rows=tuple(
            Row(
                str(texts.TIER_TEXT[row.tier]),
                (*(Cell(str(n)) for n in row.counts), Cell(str(row.total))),
            )
            for row in rows
        ),
        head=_("Questionnaire"),
    )
    return LikertChart(
        title=_("%(exact)s of %(total)s figures come out exactly, %(against)s do not fit")
        % {"exact": exact, "total": total, "against": against},
        subtitle=_("Per cent of the printed figures in each questionnaire, by what came out"),
        rows=tuple(
            LikertRow(
                str(texts.TIER_TEXT[row.tier]),
                row.total,
                tuple(part(row, outcome) for outcome in _ORDER),
            )
            for row in rows
        ),
        alt=texts.lead(total, {o: sum(row.counts[places[o]] for row in rows) for o in Outcome}),
        data=data,
        source=printed.citation,
    )
