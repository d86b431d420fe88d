"""Word files open with their values and structure; workbooks hold numbers and run nothing."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sloyfe.render import docx as word_file
from sloyfe.render import xlsx
from sloyfe.render.blocks import CHARTS, Cell, Column, Document, Row, Table
from tests.render import sample_report
from tests.render.test_html import replaced
from tests.render.test_pdf import TRICKY


@pytest.fixture(scope="module")
def word() -> docx.document.Document:
    return docx.Document(io.BytesIO(word_file.render(sample_report.small())))


def test_every_value_stands_in_its_cell(word: docx.document.Document) -> None:
    table = word.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == [
        "Region",
        "Fornøyde (%)",
        "Intervall (%)",
        "Merknad",
    ]
    assert [cell.text for cell in table.rows[1].cells] == [
        "Nordmark",
        "73",
        "60–83",
        "Mátta-Várjjaga gielda",
    ]
    assert [cell.text for cell in table.rows[2].cells][1:3] == [":a", ":b"]
    assert table.rows[4].cells[1].text == "1\u202f234"
    assert [cell.text for cell in word.tables[1].rows[2].cells] == ["2–3", "Kurs", "61 %"]


def test_headings_are_headings_and_table_heads_repeat(word: docx.document.Document) -> None:
    styles = {p.text: p.style.name for p in word.paragraphs if p.style is not None}
    assert styles["Er kommunene fornøyde?"] == "Heading 1"
    assert styles["73 prosent av kommunene er fornøyde med dialogen."] == "Answer"
    assert styles["Slik virker <programmet> & dialogen"] == "Title"
    for table in word.tables:
        assert table._tbl.findall(f".//{qn('w:tblHeader')}")


def test_title_language_marks_and_page_fields_are_set(word: docx.document.Document) -> None:
    assert word.core_properties.title == "Slik virker <programmet> & dialogen"
    assert word.core_properties.language == "nb-NO"
    language = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "nb-NO"
    assert sample_report.MARK in word.sections[0].header.paragraphs[0].text
    footer = word.sections[0].footer.paragraphs[0]._p
    fields = [field.get(qn("w:instr")).strip() for field in footer.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_every_chart_is_a_picture_with_its_alternative_text(word: docx.document.Document) -> None:
    alts = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert alts == [b.alt for b in sample_report.small().blocks if isinstance(b, CHARTS)]


def test_contents_lead_to_the_headings() -> None:
    word = docx.Document(io.BytesIO(word_file.render(sample_report.large())))
    body = word.element.body
    links = [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))]
    marks = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    kinds = [field.get(qn("w:fldCharType")) for field in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]
    assert len(links) == 30
    assert links == marks


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet=TRICKY, max_size=30))
def test_hostile_text_makes_a_file_that_opens(hostile: str) -> None:
    blocks = tuple(
        replaced(block, hostile)
        for block in sample_report.small().blocks
        if not isinstance(block, CHARTS)
    )
    document = Document(hostile, hostile, "en", (hostile,), hostile, hostile, blocks)
    docx.Document(io.BytesIO(word_file.render(document)))


def sheet_of(*texts: str, language: str = "nb", kind: str = "number") -> list[object]:
    table = Table("T", (Column("a", kind=kind),), tuple(Row(t, (Cell(t),)) for t in texts))  # type: ignore[arg-type]
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render((table,), language)))  # type: ignore[arg-type]
    sheet = book.worksheets[0]
    return [sheet.cell(row, 2).value for row in range(4, 4 + len(texts))]


def test_formatted_numbers_become_numbers_and_the_rest_stays_text() -> None:
    given_texts = ("1\u202f234,5", "73\u00a0%", "\u22124", "+4", ":", "60–83", "færre enn 5")
    assert sheet_of(*given_texts) == [1234.5, 73, -4, 4, ":", "60–83", "færre enn 5"]
    assert sheet_of("1,234.5", language="en") == [1234.5]
    assert sheet_of("0301", kind="text") == ["0301"]


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", '=HYPERLINK("x")']
)
def test_a_formula_is_written_as_text_with_a_guard(formula: str) -> None:
    table = Table(formula, (Column(formula),), (Row(formula, (Cell(formula),)),), (formula,), formula)  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render((table,))))
    values = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    assert len(values) >= 5
    for cell in values:
        assert cell.data_type == "s"
        assert str(cell.value)[0] not in "=+-@\t"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="[]:*?/\\' aA\0historyHISTORY", max_size=40), max_size=5))
def test_sheets_of_any_title_open_and_there_is_one_per_table(titles: list[str]) -> None:
    tables = [Table(title, (), ()) for title in titles]
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(tables)))
    assert len(book.worksheets) == max(1, len(titles))


def test_notes_source_and_number_of_answers_stand_below_the_table() -> None:
    table = next(b for b in sample_report.small().blocks if isinstance(b, Table))
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render((table,))))
    first = [str(cell.value) for cell in book.worksheets[0]["A"] if cell.value]
    assert first[0] == "Svar etter region"
    assert first[-1] == "Kilde: Runde 2"
    assert "N" in first
    assert "Færre enn 5 svar." in first


def test_the_same_report_gives_the_same_files() -> None:
    report = sample_report.small()
    assert word_file.render(report) == word_file.render(report)
    tables = [block for block in report.blocks if isinstance(block, Table)]
    assert xlsx.render(tables) == xlsx.render(tables)
