"""A report as the document that every format is rendered from."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import override

from sloyfe.programme.queries import period_of
from sloyfe.render import numbers
from sloyfe.render.blocks import Block, Callout, Document, Language
from sloyfe.reports.models import Report
from sloyfe.reports.queries.blocks import Writer
from sloyfe.reports.queries.material import material_of


def language_of(report: Report) -> Language:
    """Give the language that a report is written in, whoever reads it."""
    return "nn" if report.language == "nn" else "en" if report.language == "en" else "nb"


def _issued(report: Report, day: dt.date, language: Language) -> str:
    """The day, or in an exercise programme its period: what is invented has no place in a real calendar."""
    period = period_of(report.programme, day) if report.programme.is_simulated else None
    if period is None:
        return numbers.date(day, language)
    return str(period.text.get(language) or period.text["nb"])


def document_of(report: Report, *, day: dt.date) -> Document:
    """Build the document of a report from its plan and from what may be shown now.

    A constant number of queries, however many blocks there are.
    """
    language = language_of(report)
    with override("en-gb" if language == "en" else language):
        marks: tuple[str, ...] = ()
        cautions: tuple[Block, ...] = ()
        if report.round.is_simulated:
            marks = (_("Simulated content (exercise)"),)
            cautions = (
                Callout(
                    "simulated",
                    _(
                        "Municipalities, answers and figures in this report are invented for exercise."
                    ),
                ),
            )
        blocks = Writer(material_of(report.round), language, marks).write(report.plan)
        return Document(
            title=report.title,
            subtitle=report.subtitle,
            language=language,
            marks=marks,
            issued=_issued(report, day, language),
            publisher=report.publisher,
            blocks=(*cautions, *blocks),
        )
