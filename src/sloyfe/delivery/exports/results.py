"""Figures as files: one row for each result, year and place. Nothing in a cell can run as a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from sloyfe.delivery.models import ResultDefinition
from sloyfe.delivery.queries.results import Line, Rollup, Wording
from sloyfe.delivery.rules.results import Aggregation, Cell, rounded
from sloyfe.delivery.texts.results import GROUP_TEXT, language, place_name
from sloyfe.render import xlsx
from sloyfe.render.blocks import Cell as TableCell
from sloyfe.render.blocks import Column, Row, Table
from sloyfe.ui.templatetags.ui import pick


def rows_of_figures(
    up: Rollup, wording: Wording, *, by_place: bool, whole: str
) -> Iterator[dict[str, Any]]:
    """Give every figure as a row of plain values; `whole` is what the country is called.

    A choice has a row for each option, whose value is how many municipalities chose it. A result in words
    has none. A value that nobody gave is None.
    """
    places: list[Line | None] = [None, *(up.lines() if by_place else ())]
    for goal, definitions in up.by_goal():
        for definition in definitions:
            if definition.aggregation == Aggregation.TEXT:
                continue
            for line in places:
                for year in up.years:
                    cell = up.cell(definition, year, place=line.place if line else None)
                    row = {
                        "goal": pick(goal.text) if goal else "",
                        "result": pick(definition.title),
                        "code": definition.code,
                        "kind": str(GROUP_TEXT[definition.is_outcome]),
                        "unit": pick(definition.unit),
                        "place": place_name(line.place, line.name) if line else whole,
                        "year": str(year),
                        "option": "",
                        "value": None,
                        "reported": cell.reported,
                        "expected": cell.expected,
                    }
                    yield from _valued(row, definition, cell, wording)


def _valued(
    row: dict[str, Any], definition: ResultDefinition, cell: Cell, wording: Wording
) -> Iterator[dict[str, Any]]:
    if definition.aggregation == Aggregation.NONE and cell.options:
        for code, count in sorted(cell.options.items()):
            yield row | {"option": pick(wording.option(definition, code)), "value": str(count)}
        return
    value = cell.value
    yield row | {"value": None if value is None else str(rounded(value, definition.decimals))}


def table_of(rows: Sequence[dict[str, Any]], *, title: str, notes: tuple[str, ...]) -> Table:
    """Give the rows as one table, ready to be read."""
    heads = {
        "goal": _("Goal"), "result": _("Result"), "kind": _("Kind"), "option": _("Answer"),
        "place": _("Place"), "year": _("Year"), "value": _("Value"), "unit": _("Unit"),
        "reported": _("Have reported"), "expected": _("Should report"),
    }  # fmt: skip
    numeric = {"value", "reported", "expected"}
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
    if value is None:
        return _("not reported")
    text = str(value)
    return text.replace(".", ",") if _is_number(text) and language() != "en" else text


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdigit()


def as_csv(table: Table) -> bytes:
    """A table as CSV that Excel opens with æøå."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    heads = (table.head, *(column.title for column in table.columns))
    writer.writerow([xlsx.guarded(text) for text in heads])
    for row in table.rows:
        writer.writerow([xlsx.guarded(text) for text in (row.head, *(c.text for c in row.cells))])
    for note in table.notes:
        writer.writerow([xlsx.guarded(note)])
    return stream.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table) -> bytes:
    """A table as a workbook."""
    return xlsx.render([table], language())


def as_json(rows: Sequence[dict[str, Any]], **about: object) -> bytes:
    """The rows as JSON; numbers are written as text, exactly as they are rounded."""
    return json.dumps({**about, "figures": list(rows)}, ensure_ascii=False, indent=1).encode()
