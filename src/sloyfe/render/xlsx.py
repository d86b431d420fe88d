"""Tables as a workbook: one sheet each, numbers as text as they were formatted and released.

Nothing in a cell can run: texts are written as strings, never parsed as formulas or links, and a text
that a spreadsheet would take for a formula when it is saved on as CSV gets an apostrophe before it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence

from sloyfe.render import numbers
from sloyfe.render.blocks import HIDDEN, Language, Table, lay_table
from sloyfe.render.characters import clean
from sloyfe.render.words import WORDS

_STARTERS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+\u2212-]?\d{1,3}(?:[\u202f\u00a0\u2009 ]?\d{3})*(?:,\d+)?")
_ENGLISH = re.compile(r"[+\u2212-]?\d{1,3}(?:,?\d{3})*(?:\.\d+)?")
_LONGEST_CELL = 32_767
_SHEET_NAME = 31


def render(tables: Sequence[Table], language: Language = "nb") -> bytes:
    """A workbook with one sheet per table: title, head, rows, N, notes, source and marks.

    Plain numbers become numbers, so that they can be added up; intervals, hidden cells and everything
    else stay text. The same tables give the same content.
    """
    import xlsxwriter

    result = io.BytesIO()
    words = WORDS[language]
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(result, options) as book:
        # No time of making: the same tables are the same file.
        book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        title = book.add_format({"bold": True, "font_size": 13})
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "bottom"})
        right = book.add_format({"align": "right"})
        bold = book.add_format({"bold": True})
        names: set[str] = set()
        for place, table in enumerate(tables, 1):
            sheet = book.add_worksheet(_sheet_name(table, f"{words['table']} {place}", names))
            ns = tuple("" if c.n is None else numbers.number(c.n, language) for c in table.columns)
            laid = lay_table(table, ns, words["hidden"])
            sheet.write_string(0, 0, guarded(table.title), title)
            line = 1
            for mark in table.marks:
                sheet.write_string(line, 0, guarded(mark), bold)
                line += 1
            line += 1
            heads = [table.head] + [
                f"{c.title} ({c.unit})" if c.unit else c.title for c in table.columns
            ]
            for column, text in enumerate(heads):
                sheet.write_string(line, column, guarded(text), head)
            sheet.freeze_panes(line + 1, 1)
            rows = [(row_head, [text for text, _ in cells]) for row_head, cells, _ in laid.rows]
            if laid.n_row:
                rows.append((words["n"], list(laid.n_row)))
            for row_head, texts in rows:
                line += 1
                sheet.write_string(line, 0, guarded(row_head))
                for column, (text, kind) in enumerate(
                    zip(texts, (c.kind for c in table.columns), strict=True), 1
                ):
                    value = None if kind in {"text", "interval"} else _value(text, language)
                    if value is None:
                        look = None if kind == "text" else right
                        sheet.write_string(line, column, guarded(text), look)
                    else:
                        sheet.write_number(line, column, value)
            line += 1
            hidden = [(letter, note) for letter, note in laid.notes]
            for letter, note in hidden:
                line += 1
                # A cell holds a number or ":" here and has no room for the letter of its note.
                text = f"{HIDDEN} {note}" if letter and note == words["hidden"] else note
                sheet.write_string(line, 0, guarded(text))
            if table.source:
                sheet.write_string(line + 1, 0, guarded(f"{words['source']}: {table.source}"))
            sheet.set_column(0, 0, 44)
            sheet.set_column(1, max(1, len(table.columns)), 16)
        if not tables:
            book.add_worksheet()
    return result.getvalue()


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula, also after it has been saved as CSV."""
    cleaned = clean(text)
    if cleaned.startswith(_STARTERS) and not _NUMBER.fullmatch(cleaned):
        cleaned = f"'{cleaned}"
    return cleaned[:_LONGEST_CELL]


def _value(text: str, language: Language) -> float | None:
    cleaned = clean(text).removesuffix("%").rstrip("\u00a0\u202f ")
    if language == "en":
        if not _ENGLISH.fullmatch(cleaned):
            return None
        plain = cleaned.replace(",", "")
    else:
        if not _NUMBER.fullmatch(cleaned):
            return None
        plain = re.sub(r"[\u202f\u00a0\u2009 ]", "", cleaned).replace(",", ".")
    return float(plain.replace(numbers.MINUS, "-"))


def _sheet_name(table: Table, fallback: str, taken: set[str]) -> str:
    """A name Excel accepts: at most 31 characters, none of its special signs, each only once."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", clean(table.title)).strip("' ") or fallback
    name, extra = plain[:_SHEET_NAME].rstrip("' "), 2
    # "History" is a name Excel keeps for itself.
    while name.casefold() in taken or not name or name.casefold() == "history":
        ending = f" {extra}"
        name, extra = plain[: _SHEET_NAME - len(ending)] + ending, extra + 1
    taken.add(name.casefold())
    return name
