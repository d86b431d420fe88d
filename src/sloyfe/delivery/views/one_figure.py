"""The page of one figure: the rows that it is made of, down to the municipality's words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sloyfe.delivery.models import ResultDefinition
from sloyfe.delivery.permissions import results as may
from sloyfe.delivery.queries.results import NUMBERS, ResultRow, Rollup, Rows, Wording, rows_of
from sloyfe.delivery.rules.results import Aggregation, Cell
from sloyfe.delivery.texts import results as texts
from sloyfe.delivery.views import figures
from sloyfe.delivery.views.results import Asked, asked_by
from sloyfe.render import numbers
from sloyfe.ui.components import Crumb
from sloyfe.ui.templatetags.ui import pick


@require_safe
def figure(request: HttpRequest, programme: str, definition: str) -> HttpResponse:
    """What is this figure made of?"""
    asked = asked_by(request, programme)
    found = asked.ground.definition(definition)
    if found is None:
        raise Http404
    region = request.GET.get("region")
    names = {each.code: pick(each.title) or each.name for each in asked.ground.regions}
    if region is not None and region not in {"", *names}:
        raise Http404
    if region is not None:
        may.check_may_see_region(
            request.user, asked.programme, asked.today, region, asked.own_regions
        )
    year = asked.form.year
    up = asked.up(years=(year,) if year is not None else ())
    whole = up.cell(found, year, region=region) if year is not None else None
    rows = rows_of(
        asked.ground,
        found,
        years=up.years,
        structure=asked.form.structure,
        region=region,
    )
    where = _("the whole country") if region is None else names.get(region) or _("no one region")
    shown = figures.shown(whole, found, asked.wording) if whole is not None else figures.Shown("–")
    page = asked.context(Crumb(pick(found.title)), region=region) | {
        "title": pick(found.title),
        "definition": found,
        "unit": pick(found.unit),
        "where": where,
        "region": region,
        "shown": shown,
        "rule": texts.AGGREGATION_TEXT[Aggregation(found.aggregation)],
        "is_ratio": found.aggregation == Aggregation.RATIO,
        "is_text": found.aggregation == Aggregation.TEXT,
        "groups": _groups(asked, up, found, rows, region),
        "whole": _sums(found, whole) if whole is not None and found.aggregation in NUMBERS else {},
        "rows": rows.given,
        "words": [
            (row.name, [(pick(each.definition.title), each.words) for each in rows.said[row.report]])
            for row in rows.given
            if row.report in rows.said
        ],
        "has_words": bool(rows.said) and found.aggregation != Aggregation.TEXT,
        "missing": rows.missing,
        "withheld": texts.withheld(rows.withheld),
    }  # fmt: skip
    return render(request, "delivery/results/figure.html", page)


def _groups(
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
            "sums": _sums(definition, up.cell(definition, asked.form.year, region=code))
            if is_number and region is None
            else {},
        }
        for code in (*names, "")
        if code in by_region
    ]


def _sums(definition: ResultDefinition, cell: Cell) -> dict[str, str]:
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
