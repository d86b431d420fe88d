"""Words and figures of the fieldwork pages."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sloyfe.fieldwork.queries import PopulationProgress
from sloyfe.fieldwork.rules import Disposition
from sloyfe.fieldwork.texts import DISPOSITION_TEXT
from sloyfe.letters.rules import LetterState
from sloyfe.letters.texts import STATE_TEXT
from sloyfe.render import html
from sloyfe.render.blocks import BarChart, BarRow, Cell, Column, Language, Row, Table
from sloyfe.stats.rounding import percent

register = template.Library()

MOST_BARS = 8


@register.filter
def rate(value: Fraction | None) -> str:
    """Show a response rate as whole per cent; a dash where nobody was asked."""
    if value is None:
        return "–"
    return f"{percent(value.numerator, value.denominator)} %"


@register.filter
def lookup(names: dict[str, str], code: str) -> str:
    """Show the name behind a code, or the code."""
    return names.get(code, code)


@register.filter
def disposition(code: str) -> Any:
    """Say where a case stands."""
    return DISPOSITION_TEXT[Disposition(code)]


@register.filter
def letter_words(counts: dict[str, int]) -> list[tuple[Any, int]]:
    """Say how many letters there are of each state, in the order of a letter's life."""
    return [
        (STATE_TEXT[state], counts[state.value]) for state in LetterState if state.value in counts
    ]


@register.simple_tag
def progress_curve(progress: PopulationProgress) -> SafeString:
    """Draw how many have sent in, day by day, summed up as the days go."""
    total, rows = 0, []
    for day, n in progress.per_day:
        total += n
        rows.append((day, n, total))
    # A round lasts for weeks; the picture then shows where it stood at the end of each.
    drawn = rows
    if len(rows) > MOST_BARS:
        drawn = list({day.isocalendar()[:2]: (day, n, so_far) for day, n, so_far in rows}.values())
    title = _("%(complete)s of %(asked)s have sent in") % {
        "complete": total,
        "asked": progress.total.asked,
    }
    data = Table(
        title=title,
        columns=(Column(_("That day")), Column(_("In all"))),
        rows=tuple(
            Row(date_format(day, "MONTH_DAY_FORMAT"), (Cell(str(n)), Cell(str(so_far))))
            for day, n, so_far in rows
        ),
        head=_("Day"),
    )
    chart = BarChart(
        title=title,
        subtitle=_("Sent in by the end of the day"),
        rows=tuple(
            BarRow(date_format(day, "MONTH_DAY_FORMAT"), float(so_far), text=str(so_far))
            for day, _n, so_far in drawn
        ),
        alt=title,
        data=data,
    )
    # The renderer escapes everything that it puts into markup.
    return mark_safe(  # noqa: S308
        html.chart(
            chart,
            language_of_reader(),
            identity=f"progress-{progress.population.pk}",
        )
    )


def language_of_reader() -> Language:
    """Give the language that figures are written in for whoever reads the page."""
    code = (get_language() or "nb").split("-")[0]
    return "nn" if code == "nn" else "en" if code == "en" else "nb"
