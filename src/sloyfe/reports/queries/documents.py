"""A report as the document that every format is rendered from."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import override

from sloyfe.delivery.models import ReportingYear
from sloyfe.delivery.rules.reports import YearState
from sloyfe.organisations.models import valid_on
from sloyfe.programme.models import Participation, Programme
from sloyfe.programme.queries import Visitor, period_of, programmes_where
from sloyfe.programme.rules import Capacity
from sloyfe.render import numbers
from sloyfe.render.blocks import Block, Callout, Document, Language
from sloyfe.reports.models import Report
from sloyfe.reports.queries.blocks import Writer
from sloyfe.reports.queries.material import material_of
from sloyfe.reports.queries.year import material_of_year
from sloyfe.reports.queries.year_blocks import YearWriter


def language_of(report: Report) -> Language:
    """Give the language that a report is written in, whoever reads it."""
    return "nn" if report.language == "nn" else "en" if report.language == "en" else "nb"


def _issued(report: Report, day: dt.date, language: Language) -> str:
    """The day. A report of an exercise's survey says its round, since the survey was never in the calendar.

    The programme year has its days in the calendar, in an exercise too, so a year's report says the day.
    """
    is_round = report.programme.is_simulated and report.round is not None
    period = period_of(report.programme, day) if is_round else None
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
        blocks: tuple[Block, ...] = ()
        if report.is_simulated:
            marks = (_("Simulated content (exercise)"),)
            cautions = (
                Callout(
                    "simulated",
                    _(
                        "Municipalities, answers and figures in this report are invented for an exercise."
                    ),
                ),
            )
        if report.round is not None:
            blocks = Writer(material_of(report.round), language, marks).write(report.plan)
        elif report.reporting_year is not None:
            material = material_of_year(report.reporting_year, day)
            writer = YearWriter(material, language, marks)
            blocks = writer.write(report.plan)
            cautions += writer.cautions()
        return Document(
            title=report.title,
            subtitle=report.subtitle,
            language=language,
            marks=marks,
            issued=_issued(report, day, language),
            publisher=report.publisher,
            blocks=(*cautions, *blocks),
            # A year's report has many short chapters, and its charts stand beside their tables.
            appendix=report.round is not None,
            runs_on=report.round is None,
        )


def owner_of(programme: Programme, on: dt.date) -> str:
    """Give the name of the office that owns a programme, which publishes its yearly report; "" if unknown."""
    name = (
        Participation.objects.filter(
            valid_on(on), programme=programme, capacity=Capacity.OWNER.value
        )
        .order_by("organisation__sort_key")
        .values_list("organisation__name", flat=True)
        .first()
    )
    return name or ""


def years_to_tell(person: Visitor, on: dt.date) -> list[ReportingYear]:
    """Give the reporting years of which a person may make a programme report, and none is made; newest first.

    Those whose reports have been due: before, there is next to nothing to tell.
    """
    return list(
        ReportingYear.objects.filter(
            programme__in=programmes_where(person, on, [Capacity.NATIONAL_LEAD]),
            programme_report__isnull=True,
            due_on__lt=on,
        )
        .exclude(state=YearState.PLANNED.value)
        .select_related("programme")
        .order_by("-year")
    )
