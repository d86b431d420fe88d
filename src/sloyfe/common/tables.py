"""Reads tables that people send: CSV and XLSX, with hostile files in mind.

A table comes back as rows of plain text, each with the row number that the sender sees. Nothing is
calculated, followed or guessed: a formula, a picture of a spreadsheet or an unknown encoding is told
as a problem, with the place and what to do.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sloyfe.common.errors import InputProblem, Problem

XLSX_SUFFIXES = (".xlsx", ".xlsm")
CSV_SUFFIXES = (".csv", ".txt", ".tsv")
_DOCTYPES = tuple(
    mark.encode(code)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for code in ("ascii", "utf-16-le", "utf-16-be")
)
# "+47 …" and "-3" are figures; "=…", "@…" and "+cmd|…" are what a spreadsheet would run.
_FORMULA = re.compile(r"^\s*(?:[=@]|[+-](?![\d\s.,]))")


@dataclass(frozen=True)
class Limits:
    """How large a file may be. The defaults hold every municipality of Norway many times over."""

    bytes: int = 5 * 1024 * 1024
    unpacked_bytes: int = 60 * 1024 * 1024
    parts: int = 500
    rows: int = 20_000
    columns: int = 100
    cell: int = 5_000
    problems: int = 50


@dataclass(frozen=True)
class Column:
    """A column that the reader looks for: the name used in code, and the heads that people write."""

    name: str
    heads: tuple[str, ...] = ()
    required: bool = True

    def matches(self, head: str) -> bool:
        """Tell whether a head in the file means this column. Case, spaces and marks do not count."""
        return _plain(head) in {_plain(self.name), *map(_plain, self.heads)}


@dataclass(frozen=True)
class Row:
    """A row as text by column name; `number` counts from 1 with the head as row 1."""

    number: int
    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


def read_table(
    content: bytes, filename: str, columns: Sequence[Column], limits: Limits | None = None
) -> tuple[Row, ...]:
    """Give the rows of a CSV or XLSX file, told apart by what is in it and not by its name alone.

    Columns that are not asked for are left out; a missing one that is required is a problem. Empty
    rows are skipped. Raises InputProblem with every problem found, at most `limits.problems`.
    """
    limits = limits or Limits()
    if len(content) > limits.bytes:
        raise _one(
            "table.too_large",
            f"The file is larger than {limits.bytes // 1024} kB. Split it.",
            filename,
        )
    if not content.strip():
        raise _one("table.empty", "The file is empty.", filename)
    if content[:4] == b"PK\x03\x04":
        lines = _xlsx_lines(content, filename, limits)
    elif content[:4] == b"\xd0\xcf\x11\xe0":
        raise _one(
            "table.old_excel",
            "The file is in an old Excel format, or is protected by a password. Save it as .xlsx or CSV.",
            filename,
        )
    elif filename.lower().endswith(XLSX_SUFFIXES):
        raise _one(
            "table.not_xlsx", "The name ends in .xlsx, but the file is not a spreadsheet.", filename
        )
    else:
        lines = _csv_lines(content, filename, limits)
    return _rows(lines, filename, columns, limits)


def _rows(
    lines: Iterable[tuple[int, list[str]]], filename: str, columns: Sequence[Column], limits: Limits
) -> tuple[Row, ...]:
    problems: list[Problem] = []
    places: dict[str, int] | None = None
    rows: list[Row] = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if places is None:
            places = _places(cells, filename, number, columns)
            continue
        if len(rows) >= limits.rows:
            raise _one(
                "table.too_many_rows",
                f"The file has more than {limits.rows} rows.",
                filename,
                number,
            )
        for place, cell in enumerate(cells):
            fault = _cell_fault(cell, limits)
            if fault is not None:
                head = next((name for name, at in places.items() if at == place), str(place + 1))
                problems.append(
                    Problem(*fault, filename, number, head, cell[:40].replace("\0", "␀"))
                )
        rows.append(
            Row(
                number,
                {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()},
            )
        )
        if len(problems) >= limits.problems:
            break
    if problems:
        raise InputProblem(problems[: limits.problems])
    if places is None or not rows:
        raise _one("table.no_rows", "The file has no rows below the heads.", filename)
    return tuple(rows)


def _places(
    heads: list[str], filename: str, number: int, columns: Sequence[Column]
) -> dict[str, int]:
    problems: list[Problem] = []
    places: dict[str, int] = {}
    for column in columns:
        found = [at for at, head in enumerate(heads) if column.matches(head)]
        if len(found) > 1:
            text = f"The column {column.name} stands more than once. Keep one of them."
            problems.append(Problem("table.column_twice", text, filename, number, column.name))
        elif found:
            places[column.name] = found[0]
        elif column.required:
            accepted = ", ".join((column.name, *column.heads))
            text = f"The column {column.name} is missing. Its head may be: {accepted}."
            problems.append(Problem("table.column_missing", text, filename, number, column.name))
    if problems:
        raise InputProblem(problems)
    return places


def _cell_fault(cell: str, limits: Limits) -> tuple[str, str] | None:
    if len(cell) > limits.cell:
        return "table.cell_too_long", f"The cell holds more than {limits.cell} characters."
    if "\0" in cell:
        return "table.nul", "The cell holds a character that cannot be stored (NUL)."
    if _FORMULA.match(cell):
        return "table.formula", "The cell holds a formula. Write the value itself."
    return None


def _csv_lines(content: bytes, filename: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise _one(
            "table.encoding",
            "The file is not UTF-8. In Excel: save as «CSV UTF-8 (comma delimited)».",
            filename,
            row,
        ) from error
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise _one(
            "table.nul", "The file holds a character that cannot be stored (NUL).", filename, row
        )
    # What Unicode counts as space may be all there is.
    head = next(iter(text.lstrip().splitlines()), "")
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if len(cells) > limits.columns:
                raise _one(
                    "table.too_many_columns",
                    f"The row has more than {limits.columns} cells.",
                    filename,
                    start,
                )
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise _one(
            "table.broken", f"The row cannot be read as CSV ({error}).", filename, start
        ) from error


def _xlsx_lines(content: bytes, filename: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    _check_package(content, filename, limits)
    from openpyxl import load_workbook  # heavy; only whoever imports a spreadsheet pays for it

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=limits.columns), start=1):
            if number > limits.rows * 2:
                raise _one(
                    "table.too_many_rows",
                    f"The file has more than {limits.rows} rows.",
                    filename,
                    number,
                )
            cells: list[str] = []
            for cell in row:
                if cell.data_type == "f":
                    cells.append("=" + str(cell.value).lstrip("="))
                else:
                    cells.append(_as_text(cell.value))
            yield number, cells
    except InputProblem:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it trip over
        raise _one(
            "table.not_xlsx",
            "The file cannot be read as a spreadsheet. Open it, save it anew as .xlsx or CSV, and try again.",
            filename,
        ) from error


def _check_package(content: bytes, filename: str, limits: Limits) -> None:
    """Look into the package before anything unpacks it: size when unpacked, parts, foreign XML."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > limits.parts or sum(p.file_size for p in parts) > limits.unpacked_bytes:
                raise _one(
                    "table.bomb",
                    "The file unpacks to far more than a table of this kind holds.",
                    filename,
                )
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
                raise _one(
                    "table.not_xlsx", "The file is a zip package, but not a spreadsheet.", filename
                )
            left = limits.unpacked_bytes
            for part in parts:
                if part.flag_bits & 0x1:
                    raise _one("table.protected", "The file is protected by a password.", filename)
                with package.open(part) as stream:
                    tail = b""
                    while block := stream.read(1 << 16):
                        left -= len(block)
                        if left < 0:
                            raise _one(
                                "table.bomb",
                                "The file unpacks to far more than a table of this kind holds.",
                                filename,
                            )
                        if part.filename.endswith((".xml", ".rels")) and any(
                            mark in tail + block for mark in _DOCTYPES
                        ):
                            raise _one(
                                "table.not_xlsx",
                                "The file holds XML that no spreadsheet program writes.",
                                filename,
                            )
                        tail = block[-32:]
    except InputProblem:
        raise
    except Exception as error:  # a damaged package fails in as many ways as there are bytes
        raise _one(
            "table.not_xlsx",
            "The file cannot be read as a spreadsheet. Open it, save it anew as .xlsx or CSV, and try again.",
            filename,
        ) from error


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _plain(head: str) -> str:
    return re.sub(r"[\W_]+", "", head.casefold())


def _one(code: str, text: str, filename: str, row: int | None = None) -> InputProblem:
    return InputProblem([Problem(code, text, filename, row)])
