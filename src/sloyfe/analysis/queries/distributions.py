"""How a questionnaire of a printed round was answered, as far as it is printed, as blocks.

A whole distribution becomes a chart. What is printed only in part, or merged, stays so in a table. A
question that nothing is printed of says so. A group of fewer than ten is told in counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sloyfe.analysis.models import DerivedCounts, PrintedFigure, PrintedRound
from sloyfe.analysis.rules import Asked, asked_items
from sloyfe.analysis.rules.printed import NOT_REPORTED, Derived, FigureKind, Status
from sloyfe.analysis.texts.printed import base_text, in_words, language, of, printed_text
from sloyfe.fieldwork.models import Population
from sloyfe.render import numbers
from sloyfe.render.blocks import (
    Block,
    Callout,
    Cell,
    Column,
    Document,
    Heading,
    LikertChart,
    LikertPart,
    LikertRow,
    PartMark,
    Pole,
    Row,
    Table,
)
from sloyfe.stats.disclose import PERCENT_FROM


@dataclass(frozen=True)
class Known:
    """What is known of one item: its figures as printed, and its derived counts."""

    item: Asked
    figures: tuple[PrintedFigure, ...]
    counts: Derived | None
    note: str

    @property
    def label(self) -> str:
        """What was asked."""
        return in_words(self.item.text)

    @property
    def told(self) -> list[tuple[tuple[str, ...], int]]:
        """The derived or printed counts that are told of, in the order of the scale."""
        order = self.item.option_codes
        pairs = (
            [(tuple(key.split("+")), n) for key, n in self.counts.told.items()]
            if self.counts
            else []
        )
        return sorted(
            pairs, key=lambda pair: order.index(pair[0][0]) if pair[0][0] in order else 99
        )

    @property
    def percents(self) -> dict[str, int]:
        """The printed percentages of single answers."""
        return {
            figure.options[0]: int(figure.value)
            for figure in self.figures
            if figure.kind == FigureKind.PERCENT and len(figure.options) == 1
        }

    @property
    def is_whole(self) -> bool:
        """Whether every answer is told of, each option by itself."""
        return (
            self.counts is not None
            and self.counts.is_whole
            and set(self.counts.told) <= set(self.item.option_codes)
        )


def document_of(printed: PrintedRound, population: Population) -> Document:
    """Build the page of a questionnaire. Two queries, however many questions there are."""
    figures: dict[str, list[PrintedFigure]] = {}
    for figure in PrintedFigure.objects.filter(printed=printed, population=population):
        figures.setdefault(figure.item, []).append(figure)
    counts = {
        row.item: row
        for row in DerivedCounts.objects.filter(printed=printed, population=population)
    }
    known = {}
    for item in asked_items(population.version.definition):
        if item.is_tabulated:
            row = counts.get(item.code)
            known[item.code] = Known(
                item,
                tuple(figures.get(item.code, ())),
                _derived(row),
                in_words(row.note) if row else "",
            )
    writer = _Writer(printed, population)
    blocks: list[Block] = [
        Callout(
            "reconstructed",
            _(
                "The questionnaire is not printed. We have rebuilt the questions from the report, so their"
                " wording is not known. The figures stand as they are printed."
            ),
        )
    ]
    for page in population.version.definition["pages"]:
        own = [
            (question, [row for row in known.values() if row.item.heading == question["code"]])
            for question in page["questions"]
        ]
        written = [
            block for question, rows in own if rows for block in writer.question(question, rows)
        ]
        if written:
            blocks += [Heading(1, in_words(page["title"]), page["code"]), *written]
    return Document(
        title=in_words(population.title),
        subtitle="",
        language=language(),
        marks=(),
        issued="",
        publisher="",
        blocks=tuple(blocks),
    )


def _derived(row: DerivedCounts | None) -> Derived | None:
    if row is None:
        return None
    return Derived(row.item, row.tier, Status(row.status), row.base, row.counts, tuple(row.bases))


class _Writer:
    def __init__(self, printed: PrintedRound, population: Population) -> None:
        self.source = printed.citation
        self.in_counts = population.printed["answered"] < PERCENT_FROM

    def question(self, question: Mapping[str, Any], rows: Sequence[Known]) -> Iterable[Block]:
        """What is known of a question or a battery: a chart of what is whole, a table of the rest."""
        title = in_words(question["text"])
        if self.in_counts:
            yield self._in_counts(title, rows, is_battery=question["kind"] == "battery")
            return
        whole = [row for row in rows if row.is_whole and row.item.kind == "single"]
        if whole:
            yield self._chart(title, whole, is_all=len(whole) == len(rows))
        rest = [row for row in rows if row not in whole]
        if rest:
            yield self._table(title, rest, is_battery=question["kind"] == "battery")

    def _in_counts(self, title: str, rows: Sequence[Known], *, is_battery: bool) -> Table:
        """The answers of a group too small for percent, told in counts."""
        lines = []
        for row in rows:
            if is_battery or not row.counts:
                head = row.label if is_battery else _("All answers")
                lines.append(Row(head, (Cell(_told_in_counts(row)),)))
                continue
            lines += [
                Row(_answer(row.item, codes), (Cell(of(n, row.counts.base or 0)),))
                for codes, n in row.told
            ]
            left = row.counts.counts.get(NOT_REPORTED, 0)
            if left:
                lines.append(Row(_("Not stated"), (Cell(of(left, row.counts.base or 0)),)))
        return Table(
            title=title,
            columns=(Column(_("Answers, in counts"), kind="text" if is_battery else "number"),),
            rows=tuple(lines),
            head=_("Question") if is_battery else _("Answer"),
            source=self._source(rows),
        )

    def _table(self, title: str, rows: Sequence[Known], *, is_battery: bool) -> Table:
        """What is printed in part, or merged: each figure as it is printed, with its derived count."""
        lines: list[Row] = []
        notes: list[str] = []
        for row in rows:
            told = [f for f in row.figures if f.kind != FigureKind.RANK]
            if is_battery or not told:
                lines.append(
                    Row(row.label if is_battery else _("All answers"), (Cell(_told(row)),))
                )
                continue
            lines += [Row(in_words(f.answer), (Cell(_with_count(_printed(f), f)),)) for f in told]
            if row.counts:
                notes.append(base_text(row.counts.status, row.counts.base, row.counts.bases))
        return Table(
            title=title,
            columns=(Column(_("Printed, with the derived count in brackets"), kind="text"),),
            rows=tuple(lines),
            notes=tuple(notes),
            head=_("Question") if is_battery else _("Answer"),
            source=self._source(rows),
        )

    def _chart(self, title: str, rows: Sequence[Known], *, is_all: bool) -> LikertChart:
        item = rows[0].item
        positive = item.pole("positive")
        codes = item.option_codes

        def strength(row: Known) -> int:
            return row.counts.count(positive[:1]) or 0 if row.counts and positive else 0

        top = max(
            rows,
            key=lambda row: (strength(row) * 1000) // (row.counts.base or 1) if row.counts else 0,
        )
        shown = top.percents.get(positive[0]) if positive else None
        if len(rows) == 1 and rows[0].percents:
            code = max(rows[0].percents, key=rows[0].percents.__getitem__)
            finding = _("The most common answer is “%(answer)s”, %(percent)s") % {
                "answer": _lower(_answer(item, [code])),
                "percent": numbers.percent(rows[0].percents[code], language()),
            }
        elif shown is not None:
            # A statement of which only a part is printed may lie higher; the title claims no more.
            claim = (
                _("“%(answer)s” is answered most to: %(question)s (%(percent)s)")
                if is_all
                else _(
                    "Where all answers are printed, “%(answer)s” is answered most to: %(question)s (%(percent)s)"
                )
            )
            finding = claim % {
                "answer": _answer(item, positive[:1]),
                "question": top.label,
                "percent": numbers.percent(shown, language()),
            }
        else:
            finding = title
        zero = _("Not printed. Follows from the other figures.")
        return LikertChart(
            title=finding,
            subtitle=title,
            rows=tuple(
                LikertRow(
                    row.label if len(rows) > 1 or row.label != title else _("All answers"),
                    row.counts.base if row.counts else None,
                    tuple(_part(row, code) for code in codes),
                )
                for row in rows
            ),
            alt=f"{finding}. " + " ".join(_spoken(row) for row in rows),
            data=Table(
                title=title,
                columns=(
                    *(Column(_answer(item, [code]), unit="%", kind="percent") for code in codes),
                    Column(_("Answers (derived)")),
                ),
                rows=tuple(
                    Row(
                        row.label,
                        (
                            *(
                                Cell(str(row.percents[code]))
                                if code in row.percents
                                else Cell("0", zero)
                                for code in codes
                            ),
                            Cell(str(row.counts.base if row.counts else "")),
                        ),
                    )
                    for row in rows
                ),
                head=_("Question"),
            ),
            source=self._source(rows),
            marks=(_("Percentages printed, number of answers derived"),),
        )

    def _source(self, rows: Sequence[Known]) -> str:
        pages = sorted({figure.page for row in rows for figure in row.figures})
        if not pages:
            return ""
        return _("%(citation)s Page %(pages)s.") % {
            "citation": self.source,
            "pages": ", ".join(map(str, pages)),
        }


def _part(row: Known, code: str) -> LikertPart:
    item = row.item
    counts = row.counts
    count = (counts.count([code]) or 0) if counts else 0
    pole: Pole = (
        "positive"
        if code in item.pole("positive")
        else "negative"
        if code in item.pole("negative")
        else "neutral"
    )
    mark: PartMark = "dont_know" if code in item.marked("dont_know") else ""
    printed = row.percents.get(code)
    return LikertPart(
        label=_answer(item, [code]),
        share=count / (counts.base or 1) if counts else 0,
        count=count,
        pole=pole,
        mark=mark,
        text=str(printed) if printed is not None else "",
    )


def _printed(figure: PrintedFigure) -> str:
    kind = FigureKind(figure.kind)
    return printed_text(kind, figure.value, figure.n_if_stated, figure.order, figure.tier)


def _with_count(text: str, figure: PrintedFigure) -> str:
    """A printed figure with the count that is derived for it, where one is."""
    if not figure.fits:
        return text
    base, count = figure.fits[0]
    return f"{text} ({of(count, base)})"


def _told(row: Known) -> str:
    """All that is printed of one row of a battery."""
    told = [f for f in row.figures if f.kind != FigureKind.RANK]
    if not told:
        return _printed(row.figures[0]) if row.figures else _("not stated")
    words = [_with_count(f"{in_words(f.answer)}: {_printed(f)}", f) for f in told]
    left = row.counts.counts.get(NOT_REPORTED, 0) if row.counts else 0
    if left and row.counts and row.counts.base:
        words.append(_("not stated: %(count)s") % {"count": of(left, row.counts.base)})
    return "; ".join([words[0], *(_lower(text) for text in words[1:])])


def _told_in_counts(row: Known) -> str:
    if row.counts is None or row.counts.base is None:
        ranks = [figure for figure in row.figures if figure.kind == FigureKind.RANK]
        return _printed(ranks[0]) if ranks else _("not stated")
    base = row.counts.base
    words = [f"{_answer(row.item, codes)}: {of(n, base)}" for codes, n in row.told]
    left = row.counts.counts.get(NOT_REPORTED, 0)
    if left:
        words.append(_("not stated: %(count)s") % {"count": of(left, base)})
    return "; ".join(words)


def _answer(item: Asked, codes: Sequence[str]) -> str:
    texts = {str(option["code"]): in_words(option["text"]) for option in item.options}
    first, *others = (texts.get(code, code) for code in codes)
    return " + ".join([first, *(_lower(text) for text in others)])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _spoken(row: Known) -> str:
    told = ", ".join(
        f"{_lower(_answer(row.item, [code]))} {numbers.percent(percent, language())}"
        for code, percent in row.percents.items()
    )
    return f"{row.label}: {told}."
