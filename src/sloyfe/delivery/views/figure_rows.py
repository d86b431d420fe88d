"""How the rows that a figure is made of are laid out: region by region, each with what it comes to."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sloyfe.delivery.models import ResultDefinition
from sloyfe.delivery.queries.results import NUMBERS, ResultRow, Rollup, Rows, Wording
from sloyfe.delivery.rules.results import Aggregation, Cell
from sloyfe.delivery.texts import results as texts
from sloyfe.delivery.views import figures
from sloyfe.render import numbers
from sloyfe.ui.templatetags.ui import pick

if TYPE_CHECKING:
    from sloyfe.delivery.views.results import Asked


def groups_of(
    asked: Asked, up: Rollup, definition: ResultDefinition, rows: Rows, region: str | None
) -> list[dict[str, Any]]:
    """Lay the rows of a figure out region by region, each with what they come to."""
    names = {each.code: pick(each.title) or each.name for each in asked.ground.regions}
    by_region: dict[str, list[ResultRow]] = {}
    for row in rows.given:
        by_region.setdefault(row.region, []).append(row)
    is_number = definition.aggregation in NUMBERS and asked.form.year is not None
    return [
        {
            "name": names.get(code) or _("In no region"),
            "rows": [
                {
                    "row": row,
                    "value": _own_value(definition, row, asked.wording),
                    "above": _number(row.numerator),
                    "below": _number(row.denominator),
                    "url": figures.report_url(asked.programme, row.year, row.slug),
                    "sent": _sent(row.sent_at),
                }
                for row in by_region[code]
            ],
            "sums": sums_of(definition, up.cell(definition, asked.form.year, region=code))
            if is_number and region is None
            else {},
        }
        for code in (*names, "")
        if code in by_region
    ]


def sums_of(definition: ResultDefinition, cell: Cell) -> dict[str, str]:
    """Give what some rows come to, in the columns of the table."""
    return {
        "value": texts.figure(cell, definition.decimals),
        "above": _number(cell.numerator),
        "below": _number(cell.denominator),
    }


def _sent(at: dt.datetime | None) -> str:
    return numbers.date(timezone.localdate(at), texts.language()) if at else ""


def _number(value: Any) -> str:
    return "" if value is None else texts.number(value, 0 if value == value.to_integral() else 1)


def _own_value(definition: ResultDefinition, row: Any, wording: Wording) -> str:
    if row.value is not None:
        return texts.number(row.value, definition.decimals)
    if row.denominator is not None:
        if row.numerator > row.denominator:
            return _("the numbers do not agree")
        share = row.numerator / row.denominator * 100 if row.denominator else None
        return "–" if share is None else texts.number(share, definition.decimals)
    if definition.aggregation == Aggregation.NONE:
        return ", ".join(pick(wording.option(definition, code)) for code in row.words.split(","))
    return str(row.words)
