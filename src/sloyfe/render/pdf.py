"""A report as an accessible PDF (PDF/UA-1), set by Typst in Inter and no other typeface.

The layout stands in ``report.typ`` beside this file and reads the report as JSON: texts are data
there, never Typst markup. Characters that Inter lacks are spelled out (`characters.drawable`), since
PDF/UA forbids a character without a glyph.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from sloyfe.render import charts, fonts, numbers
from sloyfe.render.blocks import (
    Answer,
    Bullets,
    Callout,
    Chart,
    Column,
    Document,
    Heading,
    LaidTable,
    Numbered,
    Paragraph,
    RankingList,
    Table,
    TileMap,
    appendix_tables,
    lay_table,
    marks_of,
    numbered,
)
from sloyfe.render.canvas import width
from sloyfe.render.characters import drawable, paragraphs
from sloyfe.render.html import CONTENTS_FROM
from sloyfe.render.words import WORDS

Json: TypeAlias = dict[str, object]

PAGE_WIDTH = 453.5
"""The width of the text on an A4 page with margins of 25 mm, in points."""

_TALLEST_CHART = 520.0
"""A chart is set smaller rather than beyond the page; in points, with room for its caption."""

_UNBROKEN_ROWS = 16
"""Tables up to this many rows stay on one page; longer ones break, with their head repeated."""

_TEMPLATE = Path(__file__).with_name("report.typ")


def render(
    document: Document,
    *,
    cache: charts.Cache = charts.MEMORY,
    archived: dt.date | None = None,
) -> bytes:
    """A report as PDF/UA-1: tagged, with title, language, headings, alternative texts, page x of y.

    With a day in `archived`, it is PDF/A-2a as well (ISO 19005-2), which asks for the document's date.
    The same document gives the same text and structure each time; no time of making is written.
    """
    import typst

    data = _Writer(document, cache).data()
    data["date"] = [archived.year, archived.month, archived.day] if archived else []
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(), font_paths=fonts.for_typst(), sys_inputs=inputs
    )
    result = compiler.compile(
        format="pdf", pdf_standards=["a-2a", "ua-1"] if archived else ["ua-1"], timestamp=0
    )
    assert isinstance(result, bytes)  # noqa: S101
    return result


def _text(text: str) -> str:
    return drawable(text, fonts.characters())


def _texts(texts: Sequence[str]) -> list[str]:
    return [_text(text) for text in texts]


class _Writer:
    def __init__(self, document: Document, cache: charts.Cache) -> None:
        self.document = document
        self.words = WORDS[document.language]
        self.cache = cache

    def data(self) -> Json:
        d = self.document
        title = _text(d.title) or "–"
        items = numbered(d)
        headings = sum(isinstance(i.block, Heading) and i.block.level <= 2 for i in items)
        return {
            "title": title,
            "short_title": _shortened(title, _title_room(d.marks)),
            "subtitle": _text(d.subtitle),
            "series": _text(d.series),
            "publisher": _text(d.publisher),
            "issued": _text(d.issued),
            "lang": d.language,
            "marks": _texts(d.marks),
            "contents": d.contents and headings >= CONTENTS_FROM,
            "runs_on": d.runs_on,
            "words": {key: value for key, value in self.words.items() if isinstance(value, str)},
            "blocks": [self._block(item) for item in items] + self._appendix(),
        }

    def _block(self, item: Numbered) -> Json:
        block = item.block
        if isinstance(block, Heading):
            return {"kind": "heading", "level": block.level, "text": _text(block.text) or "–"}
        if isinstance(block, Paragraph):
            return {"kind": "paragraph", "paragraphs": _texts(paragraphs(block.text))}
        if isinstance(block, Answer):
            return {"kind": "answer", "text": _text(block.text)}
        if isinstance(block, Bullets):
            kind = "numbers" if block.numbered else "bullets"
            return {"kind": kind, "items": _texts(block.items)}
        if isinstance(block, Callout):
            return {
                "kind": "callout",
                "warns": block.kind in {"simulated", "provisional", "small"},
                "title": self.words["callouts"][block.kind],
                "paragraphs": _texts(paragraphs(block.text)),
            }
        marks = marks_of(block, self.document)
        if isinstance(block, Table):
            return self._table(block, item.number, marks)
        if isinstance(block, RankingList):
            return self._ranking(block, item.number, marks)
        return self._chart(block, item.number, marks)

    def _table(self, block: Table, number: int, marks: Sequence[str]) -> Json:
        language = self.document.language
        ns = tuple("" if c.n is None else numbers.number(c.n, language) for c in block.columns)
        laid = lay_table(block, ns, self.words["hidden"])
        columns = [(_text(column.title), _text(column.unit)) for column in block.columns]
        widths, size = column_widths(laid)
        return {
            "kind": "table",
            "number": number,
            "title": _text(block.title),
            "marks": _texts(marks),
            "head": _text(block.head),
            "columns": columns,
            "align": [_align(column) for column in block.columns],
            "widths": widths,
            "size": size,
            "inset": _inset(len(columns)),
            "hyphenate": _overflows(laid, widths, size),
            "rows": [
                {
                    "head": _text(head),
                    "cells": [(_text(text), letter) for text, letter in cells],
                    "emphasis": emphasis,
                }
                for head, cells, emphasis in laid.rows
            ],
            "n": _texts(laid.n_row),
            "notes": [{"letter": letter, "text": _text(note)} for letter, note in laid.notes],
            "source": _text(block.source),
            "breakable": len(block.rows) > _UNBROKEN_ROWS,
        }

    def _ranking(self, block: RankingList, number: int, marks: Sequence[str]) -> Json:
        value = _text(block.value_title) or self.words["value"]
        rank_width = max(width(self.words["rank"], 8.5, 600) + 14, 40.0)
        value_width = max(
            [width(value, 8.5, 600), *(width(_text(e.value), 8.5) for e in block.entries)]
        )
        value_width = min(value_width + 16, 160.0)
        return {
            "kind": "table",
            "number": number,
            "title": _text(block.title),
            "marks": _texts(marks),
            "head": self.words["rank"],
            "columns": [(self.words["what"], ""), (value, "")],
            "align": ["left", "right"],
            "widths": [rank_width, PAGE_WIDTH - rank_width - value_width, value_width],
            "size": 8.5,
            "inset": _inset(2),
            "hyphenate": False,
            "rows": [
                {
                    "head": _text(entry.rank),
                    "cells": [(_text(entry.label), ""), (_text(entry.value), "")],
                    "emphasis": False,
                }
                for entry in block.entries
            ],
            "n": [],
            "notes": [{"letter": "", "text": _text(note)} for note in block.notes],
            "source": _text(block.source),
            "breakable": len(block.entries) > _UNBROKEN_ROWS,
        }

    def _chart(self, block: Chart, number: int, marks: Sequence[str]) -> Json:
        svg = charts.drawing(block, language=self.document.language, cache=self.cache)
        drawn, high = (
            float(svg.partition(f'{side}="')[2].partition('"')[0]) for side in ("width", "height")
        )
        at_full_width = high * PAGE_WIDTH / charts.WIDE
        shrunk = min(1.0, _TALLEST_CHART / at_full_width)
        return {
            "kind": "chart",
            "number": number,
            "title": _text(block.title),
            "subtitle": _text(block.subtitle),
            "marks": _texts(marks),
            "svg": svg,
            "alt": _text(block.alt) or _text(block.title) or "–",
            "width": shrunk * (min(1.0, drawn / charts.WIDE) if isinstance(block, TileMap) else 1),
            "notes": [],
            "source": _text(block.source),
        }

    def _appendix(self) -> list[Json]:
        tables = appendix_tables(self.document)
        if not tables:
            return []
        blocks: list[Json] = [
            {"kind": "heading", "level": 1, "text": self.words["appendix"]},
            {"kind": "paragraph", "paragraphs": [self.words["appendix_lead"]]},
        ]
        for number, table in tables:
            data = self._table(table, 0, marks_of(table, self.document))
            name = self.words["data_of"].format(number=number)
            blocks.append({**data, "title": name, "source": data["source"]})
        return blocks


def _title_room(marks: Sequence[str]) -> float:
    """The points that the marks leave for the title at the head of a page."""
    return max(120.0, PAGE_WIDTH - 40 - sum(width(_text(mark), 7.5, 600) + 16 for mark in marks))


def _shortened(text: str, room: float) -> str:
    """A title on one line at the head of a page, cut between words where it is too long."""
    short = text
    while width(short, 8) > room - 10 and " " in short:
        short = short.rsplit(" ", 1)[0].rstrip(" –-,:")
    return text if short == text else f"{short} …"


def _inset(columns: int) -> float:
    """The space at each side of a cell in points: less where there are many columns."""
    return 4.0 if columns <= 8 else 2.5


def _align(column: Column) -> str:
    return {"text": "left", "interval": "center"}.get(column.kind, "right")


def column_widths(laid: LaidTable) -> tuple[list[float], float]:
    """Column widths in points that fill the page, and the size of type they are reckoned for.

    Columns of numbers are as wide as their longest word or value; what is left goes to the row
    heads. Wide tables are set in smaller type rather than beyond the page.
    """
    columns = laid.table.columns
    for size in (8.5, 7.5, 6.5):
        wanted = [_wanted(laid, place, column, size) for place, column in enumerate(columns)]
        heads = [_text(head) for head, _, _ in laid.rows] + [_text(laid.table.head)]
        natural = max((width(head, size, 600) for head in heads), default=0) + 12
        least = min(max(natural, 60.0), (0.3 if len(columns) <= 8 else 0.2) * PAGE_WIDTH)
        if sum(wanted) + least <= PAGE_WIDTH:
            break
    room = PAGE_WIDTH - sum(wanted)
    if room < least:
        shrink = (PAGE_WIDTH - least) / sum(wanted)
        return [least, *(want * shrink for want in wanted)], size
    # Row heads get what they need, then the columns share the rest up to a calm distance.
    spare = max(0.0, room - max(natural, 0.28 * PAGE_WIDTH))
    extra = min(spare / len(columns), 34.0) if columns else 0
    return [room - extra * len(columns), *(want + extra for want in wanted)], size


def _overflows(laid: LaidTable, widths: Sequence[float], size: float) -> bool:
    """Whether some word is wider than its column, so that words have to be broken."""
    lines = [(laid.table.head, *(column.title for column in laid.table.columns))]
    lines += [(head, *(text for text, _ in cells)) for head, cells, _ in laid.rows]
    return any(
        width(word, size, 600) > room - 2 * _inset(len(widths) - 1)
        for line in lines
        for text, room in zip(line, widths, strict=True)
        for word in _text(text).split(" ")
    )


def _wanted(laid: LaidTable, place: int, column: Column, size: float) -> float:
    cells = [_text(row[1][place][0]) for row in laid.rows]
    title = f"{_text(column.title)} ({_text(column.unit)})" if column.unit else _text(column.title)
    pad = 2 * _inset(len(laid.table.columns)) + 3
    words = max((width(word, size, 600) for word in title.split()), default=0)
    if column.kind == "text":
        longest = max((width(cell, size) for cell in cells), default=0)
        return max(words, min(longest, 0.3 * PAGE_WIDTH)) + pad
    values = max((width(cell, size, 600) for cell in cells), default=0)
    # A title of two lines is better than one word a line.
    return max(min(words, 78.0), values, min(width(title, size, 600) / 2, 60.0)) + pad
