"""Printed figures as files: the same rows as on the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from sloyfe.analysis.models import PrintedRound
from sloyfe.analysis.queries.printed import Answer
from sloyfe.analysis.texts.printed import KIND_TEXT, OUTCOME_TEXT, TIER_TEXT, in_words, language
from sloyfe.render import xlsx
from sloyfe.render.blocks import Cell, Column, Row, Table


def table_of(answers: Sequence[Answer], printed: PrintedRound) -> Table:
    """Give the figures as one table, ready to be read."""
    titles = (
        _("Questionnaire"), _("What was asked"), _("Question"), _("Answer"), _("Kind of figure"),
        _("Section"), _("Page"), _("Printed"), _("Counts that fit (derived)"),
        _("Counts that fit this figure alone (derived)"), _("Our rounding"), _("Outcome"),
        _("Verdict"), _("Why"),
    )  # fmt: skip
    rows = tuple(
        Row(
            each.code,
            tuple(
                Cell(text)
                for text in (
                    str(TIER_TEXT[each.tier]), each.heading, each.question, each.answer,
                    str(KIND_TEXT[each.kind]), each.section, str(each.page), each.printed,
                    "; ".join(each.fits), "; ".join(each.alone), each.own,
                    str(OUTCOME_TEXT[each.outcome]), each.verdict_text, each.sentence,
                )
            ),
        )
        for each in answers
    )  # fmt: skip
    return Table(
        title=_("Printed and recalculated"),
        columns=tuple(Column(title, kind="text") for title in titles),
        rows=rows,
        notes=(in_words(printed.ground),),
        source=printed.citation,
        head=_("Figure"),
    )


def as_csv(table: Table) -> bytes:
    """A table as CSV that Excel opens with æøå; nothing in a cell can run as a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(
        [xlsx.guarded(text) for text in (table.head, *(c.title for c in table.columns))]
    )
    for row in table.rows:
        writer.writerow([xlsx.guarded(text) for text in (row.head, *(c.text for c in row.cells))])
    return stream.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table) -> bytes:
    """A table as a workbook."""
    return xlsx.render([table], language())
