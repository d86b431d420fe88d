"""Figures as files: one row for each result, year and place. Nothing in a cell can run as a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from sloyfe.delivery.models import ResultDefinition
from sloyfe.delivery.queries.results import Line, Rollup, Wording
from sloyfe.delivery.rules.results import Aggregation, Cell, rounded
from sloyfe.delivery.texts.results import (
    GROUP_TEXT,
    HIDDEN_NOTE,
    figure,
    language,
    place_name,
)
from sloyfe.render import xlsx
from sloyfe.render.blocks import HIDDEN, Column, Row, Table
from sloyfe.render.blocks import Cell as TableCell
from sloyfe.ui.templatetags.ui import pick


def rows_of_figures(
    up: Rollup, wording: Wording, *, whole: str, place_years: Collection[int]
) -> Iterator[dict[str, Any]]:
    """Give every figure as a row of plain values; `whole` is what the country is called.

    `place_years` are the years that are told place by place. A choice has a row for each option, whose value
    is how many municipalities chose it. A result in words has none. A value that nobody gave is None, and
    the note says why.
    """
    places: list[Line | None] = [None, *up.lines()]
    for goal, definitions in up.by_goal():
        for definition in definitions:
            if definition.aggregation == Aggregation.TEXT:
                continue
            for line in places:
                for year in up.years:
                    if line is not None and year not in place_years:
                        continue
                    cell = up.cell(definition, year, place=line.place if line else None)
                    row = {
                        "goal": pick(goal.text) if goal else "",
                        "result": pick(definition.title),
                        "code": definition.code,
                        "kind": str(GROUP_TEXT[definition.is_outcome]),
                        "unit": pick(definition.unit),
                        "place": place_name(line.place, line.name) if line else whole,
                        "year": year,
                        "option": "",
                        "value": None,
                        "reported": cell.reported,
                        "expected": cell.expected,
                        "withheld": cell.withheld,
                        "note": "",
                    }
                    yield from _valued(row, definition, cell, wording)


def _valued(
    row: dict[str, Any], definition: ResultDefinition, cell: Cell, wording: Wording
) -> Iterator[dict[str, Any]]:
    if cell.is_hidden:
        yield row | {"note": f"{HIDDEN} {HIDDEN_NOTE}"}
    elif definition.aggregation == Aggregation.NONE and cell.options:
        for code in wording.in_order(definition, cell.options):
            option = pick(wording.option(definition, code))
            yield row | {"option": option, "value": Decimal(cell.options.get(code, 0))}
    elif cell.value is None:
        yield row | {"note": figure(cell, definition.decimals)}
    else:
        yield row | {"value": rounded(cell.value, definition.decimals)}


def table_of(rows: Sequence[dict[str, Any]], *, title: str, notes: tuple[str, ...]) -> Table:
    """Give the rows as one table, ready to be read."""
    heads = {
        "goal": _("Goal"), "result": _("Result"), "kind": _("Kind"), "option": _("Answer"),
        "place": _("Place"), "year": _("Year"), "value": _("Value"), "unit": _("Unit"),
        "reported": _("Have reported"), "expected": _("Should report"),
        "withheld": _("Not public"), "note": _("Note"),
    }  # fmt: skip
    numeric = {"year", "value", "reported", "expected", "withheld"}
    return Table(
        title=title,
        columns=tuple(
            Column(head, kind="number" if key in numeric else "text") for key, head in heads.items()
        ),
        rows=tuple(
            Row(row["code"], tuple(TableCell(_text(row[key])) for key in heads)) for row in rows
        ),
        notes=notes,
        head=_("Code"),
    )


def _text(value: object) -> str:
    if isinstance(value, Decimal) and language() != "en":
        return str(value).replace(".", ",")
    return "" if value is None else str(value)


def as_csv(table: Table) -> bytes:
    """A table as CSV that Excel opens with æøå. Each line is a row: what the notes say has its own column."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    heads = (table.head, *(column.title for column in table.columns), _("About the figures"))
    about = " ".join(table.notes)
    writer.writerow([xlsx.guarded(text) for text in heads])
    for row in table.rows:
        cells = (row.head, *(cell.text for cell in row.cells), about)
        writer.writerow([xlsx.guarded(text) for text in cells])
    return stream.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table) -> bytes:
    """A table as a workbook."""
    return xlsx.render([table], language())


def as_json(rows: Sequence[dict[str, Any]], **about: object) -> bytes:
    """The rows as JSON. A value is a number as it is rounded, and null where there is none."""
    figures = [
        row | {"value": None if row["value"] is None else _plain(row["value"])} for row in rows
    ]
    return json.dumps({**about, "figures": figures}, ensure_ascii=False, indent=1).encode()


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
