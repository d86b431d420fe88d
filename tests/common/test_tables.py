"""Tables from people: what is read, and what is refused with the place and what to do."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from sloyfe.common.errors import InputProblem
from sloyfe.common.tables import Column, Limits, read_table

COLUMNS = (
    Column("code", ("kommunenummer", "nr")),
    Column("name", ("kommune",)),
    Column("mail", ("e-post",), required=False),
)


def told(
    content: bytes, filename: str, limits: Limits | None = None
) -> list[tuple[str, int | None]]:
    with pytest.raises(InputProblem) as caught:
        read_table(content, filename, COLUMNS, limits)
    return [(problem.code, problem.row) for problem in caught.value.problems]


def xlsx(*rows: list[object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(content: bytes, part: str, new: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name in old.namelist():
            package.writestr(name, new if name == part else old.read(name))
    return stream.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_with_any_usual_delimiter_and_line_end(
    delimiter: str, start: str, end: str
) -> None:
    lines = [
        delimiter.join(row)
        for row in (
            ["Kommunenummer", "Kommune", "annet"],
            ["0301", "Oslo", "x"],
            ["1201", "Bergen", "y"],
        )
    ]
    rows = read_table((start + end.join(lines) + end).encode(), "liste.csv", COLUMNS)
    assert [(row.number, row["code"], row["name"], row["mail"]) for row in rows] == [
        (2, "0301", "Oslo", ""),
        (3, "1201", "Bergen", ""),
    ]


def test_xlsx_is_read_as_the_text_that_its_cells_show() -> None:
    content = xlsx(
        ["NR", "Kommune", "E-post"],
        [301, "Oslo", None],
        [None, None, None],
        ["0602", " Drammen ", "post@x.invalid"],
    )
    rows = read_table(content, "liste.xlsx", COLUMNS)
    assert [(row.number, *row.values.values()) for row in rows] == [
        (2, "301", "Oslo", ""),
        (4, "0602", "Drammen", "post@x.invalid"),
    ]


def test_a_row_number_is_the_line_that_the_sender_sees_even_after_a_cell_of_several_lines() -> None:
    content = b'code,name\n1,"two\nlines"\n2,=danger\n'
    assert told(content, "a.csv") == [("table.formula", 4)]


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-cmd", " =HYPERLINK(1)"]
)
def test_a_formula_in_csv_is_refused(cell: str) -> None:
    assert told(f'code,name\n1,"{cell}"\n'.encode(), "a.csv") == [("table.formula", 2)]


@pytest.mark.parametrize("cell", ["+47 22 00 00 00", "-3", "- 4", "a=b", "post@kommune.invalid"])
def test_what_only_looks_like_a_formula_is_taken_as_it_is(cell: str) -> None:
    assert read_table(f'code,name\n1,"{cell}"\n'.encode(), "a.csv", COLUMNS)[0]["name"] == cell


def test_a_formula_in_xlsx_is_refused_and_never_calculated() -> None:
    assert told(xlsx(["code", "name"], ["1", "=1+1"]), "a.xlsx") == [("table.formula", 2)]


@pytest.mark.parametrize(
    ("content", "filename", "code"),
    [
        (b"", "a.csv", "table.empty"),
        (b"  \n \n", "a.csv", "table.empty"),
        (b"code,name\n", "a.csv", "table.no_rows"),
        (b"code,name\n,\n", "a.csv", "table.no_rows"),
        (b"code\n1\n", "a.csv", "table.column_missing"),
        (b"code,name,nr\n1,2,3\n", "a.csv", "table.column_twice"),
        ("code,name\n1,Bodø\n".encode("latin-1"), "a.csv", "table.encoding"),
        ("code,name\n1,Bodø\n".encode("utf-16"), "a.csv", "table.encoding"),
        (b"code,name\n1,a\x00b\n", "a.csv", "table.nul"),
        (b'code,name\n1,"open\n', "a.csv", "table.broken"),
        (b"code,name\n1,2\n", "a.xlsx", "table.not_xlsx"),
        (b"PK\x03\x04 not a package", "a.xlsx", "table.not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "table.old_excel"),
        (b"<html><table><tr><td>code</td></tr></table>", "a.xlsx", "table.not_xlsx"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_plainly(content: bytes, filename: str, code: str) -> None:
    assert told(content, filename)[0][0] == code


def test_a_wrong_encoding_is_told_with_its_line() -> None:
    assert told("code,name\n1,Oslo\n2,Bodø\n".encode("latin-1"), "a.csv") == [("table.encoding", 3)]


def test_a_file_over_the_limits_is_refused() -> None:
    rows = b"code,name\n" + b"1,x\n" * 30
    assert told(rows, "a.csv", Limits(bytes=50)) == [("table.too_large", None)]
    assert told(rows, "a.csv", Limits(rows=10)) == [("table.too_many_rows", 12)]
    assert told(b"code,name" + b"," * 200 + b"\n", "a.csv")[0][0] == "table.too_many_columns"
    assert told(b"code,name\n1," + b"x" * 6000 + b"\n", "a.csv") == [("table.cell_too_long", 2)]
    assert len(told(b"code,name\n" + b"1,=x\n" * 200, "a.csv")) == 50


def test_a_package_that_unpacks_to_far_too_much_is_refused_before_it_is_opened() -> None:
    content = xlsx(["code", "name"], ["1", "x"])
    bomb = repacked(content, "xl/worksheets/sheet1.xml", b" " * 70_000_000)
    assert len(bomb) < 200_000
    assert told(bomb, "a.xlsx") == [("table.bomb", None)]


def test_a_package_that_lies_about_its_size_is_refused() -> None:
    content = repacked(
        xlsx(["code", "name"], ["1", "x"]), "xl/worksheets/sheet1.xml", b" " * 9_000_000
    )
    real, false = (9_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert content.count(real) >= 2
    assert told(content.replace(real, false), "a.xlsx") == [("table.not_xlsx", None)]


def test_a_row_far_down_the_sheet_does_not_make_the_reader_walk_there() -> None:
    content = xlsx(["code", "name"], ["1", "x"])
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    code = told(repacked(content, "xl/worksheets/sheet1.xml", sheet), "a.xlsx")[0][0]
    assert code in {"table.too_many_rows", "table.column_missing"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_with_entities_is_refused(encoding: str) -> None:
    sheet = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    content = repacked(xlsx(["code", "name"]), "xl/worksheets/sheet1.xml", sheet.encode(encoding))
    assert told(content, "a.xlsx") == [("table.not_xlsx", None)]


def test_a_zip_that_is_no_spreadsheet_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert told(stream.getvalue(), "a.xlsx") == [("table.not_xlsx", None)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a"]))
def test_no_bytes_at_all_make_the_reader_fail_otherwise_than_with_a_problem(
    content: bytes, filename: str
) -> None:
    with suppress(InputProblem):
        read_table(content, filename, COLUMNS)


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0, max_value=5000), st.binary(min_size=1, max_size=4))
def test_no_damage_to_a_spreadsheet_makes_the_reader_fail_otherwise(at: int, noise: bytes) -> None:
    content = bytearray(SHEET)
    at %= len(content)
    content[at : at + len(noise)] = noise
    with suppress(InputProblem):
        read_table(bytes(content), "a.xlsx", COLUMNS)


SHEET = xlsx(["code", "name"], ["0301", "Oslo"])
