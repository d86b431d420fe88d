"""The printed report: PDF/UA-1, tagged, titled, in the right language, with every value in it."""

from __future__ import annotations

import io
import random
import re
import unicodedata

import pypdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pypdf.generic import DictionaryObject, IndirectObject

from sloyfe.render import fonts, pdf
from sloyfe.render.blocks import (
    CHARTS,
    Cell,
    Column,
    Document,
    Heading,
    LikertChart,
    Paragraph,
    RankingList,
    Row,
    Table,
)
from sloyfe.render.characters import clean, drawable
from tests.render import sample_report
from tests.render.test_html import replaced


def read(document: Document) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf.render(document)))


def squeezed(text: str) -> str:
    """Text without spaces, hyphenation and loose accents, which extraction gives as it pleases."""
    return re.sub(r"[\s\u00ad\u2010\u0300-\u036f-]+", "", unicodedata.normalize("NFKD", text))


def words(reader: pypdf.PdfReader) -> str:
    return squeezed("".join(page.extract_text() for page in reader.pages))


def tags(reader: pypdf.PdfReader) -> list[DictionaryObject]:
    root = reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    found: list[DictionaryObject] = []

    def walk(node: object) -> None:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, DictionaryObject) and "/S" in node:
            found.append(node)
            walk(node.get("/K"))

    walk(root["/K"])
    return found


def test_the_catalogue_says_tagged_title_language_and_pdf_ua(report: Document) -> None:
    reader = read(report)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    assert root["/Lang"] == "nb-NO"  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert reader.metadata is not None
    assert reader.metadata.title == report.title
    xmp = root["/Metadata"].get_object().get_data().decode()  # type: ignore[index]
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_headings_table_heads_and_alternative_texts_are_tagged(report: Document) -> None:
    found = tags(read(report))
    kinds = [str(tag["/S"]) for tag in found]
    assert kinds.count("/H1") == 2  # the chapter and the appendix
    assert {"/Title", "/Table", "/THead", "/TH", "/TD", "/Caption", "/L"} <= set(kinds)
    alts = {str(tag["/Alt"]) for tag in found if str(tag["/S"]) == "/Figure"}
    assert alts == {block.alt for block in report.blocks if isinstance(block, CHARTS)}


def test_every_value_of_every_table_is_in_the_text(report: Document) -> None:
    text = words(read(report))
    for block in report.blocks:
        table = block if isinstance(block, Table) else None
        if isinstance(block, LikertChart):
            table = block.data
        if table is not None:
            assert squeezed(table.title if table is block else "") in text
            for row in table.rows:
                assert squeezed(row.head) in text
                for cell in row.cells:
                    assert squeezed(cell.text) in text
        if isinstance(block, RankingList):
            assert all(squeezed(entry.label + entry.value) in text for entry in block.entries)
    assert "1234" in text


def test_the_marks_and_the_page_number_stand_on_every_page(report: Document) -> None:
    reader = read(report)
    count = len(reader.pages)
    for place, page in enumerate(reader.pages, 1):
        text = squeezed(page.extract_text())
        assert squeezed(sample_report.MARK) in text
        assert (f"Side{place}av{count}" in text) == (place > 1)


def test_only_inter_is_used_and_embedded(report: Document) -> None:
    names = set()
    for page in read(report).pages:
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            names.add(str(font.get_object()["/BaseFont"]))
    assert names
    assert all("Inter" in name for name in names)


def test_the_same_report_gives_the_same_file(report: Document) -> None:
    assert pdf.render(report) == pdf.render(report)


def test_a_large_report_has_contents_and_repeats_the_head_of_a_long_table() -> None:
    rows = tuple(Row(f"Kommune {place}", (Cell(str(place)),)) for place in range(90))
    headings = tuple(Heading(2, f"Del {place}") for place in range(5))
    long = Table("Lang", (Column("Hodetekst"),), rows, head="Kommunenavn")
    document = Document("T", "", "nn", (), "", "P", (Heading(1, "Alle"), *headings, long))
    reader = read(document)
    text = "".join(page.extract_text() for page in reader.pages)
    assert "Innhald" in text
    assert text.count("Hodetekst") >= 3
    assert reader.trailer["/Root"]["/Lang"] == "nn-NO"  # type: ignore[index]
    assert [item["/Title"] for item in reader.outline[1:2]] == ["Alle"]  # type: ignore[call-overload]


@pytest.mark.parametrize("columns", [0, 1, 6, 14, 24])
def test_a_table_of_any_width_stays_on_the_page(columns: int) -> None:
    table = Table(
        "T",
        tuple(Column(f"Verken enig eller uenig {i}", "%") for i in range(columns)),
        (Row("Sør-Varanger kommune – Mátta-Várjjaga gielda", (Cell("100"),) * columns),),
        head="Kommune",
    )
    from sloyfe.render.blocks import lay_table

    widths, size = pdf.column_widths(lay_table(table, ("",) * columns, ""))
    assert sum(widths) == pytest.approx(pdf.PAGE_WIDTH)
    assert min(widths) > 0
    assert size >= 6
    read(Document("T", "", "nb", (), "", "", (table,)))


TRICKY = "#$*_@<>\\\"'`/~=+-[]{}():;,.!?%&|^\n\r\t\0 aæåÁŋđ→≥\u202f\u202e\u200b中😀\ud800"


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet=TRICKY, max_size=30))
@example('#panic("x") $a$ *b* _c_ @ref <label> \\ // /* `raw` [x] {y} ~ --- ...')
@example("= Overskrift\n- punkt\n+ tall\n/ ledd: x")
@example("\0")
@example("")
def test_hostile_text_in_any_field_is_printed_as_text(hostile: str) -> None:
    blocks = tuple(
        replaced(block, hostile)
        for block in sample_report.small().blocks
        if not isinstance(block, CHARTS)
    )
    reader = read(Document(hostile, hostile, "nb", (hostile,), hostile, hostile, blocks))
    assert squeezed(drawable(hostile, fonts.characters())) in words(reader)


def test_hostile_text_in_a_chart_is_printed_as_text() -> None:
    hostile = TRICKY.replace("\n", " ")
    blocks = tuple(
        replaced(b, hostile) for b in sample_report.small().blocks if isinstance(b, CHARTS)
    )
    alts = {
        str(tag["/Alt"])
        for tag in tags(read(Document("T", "", "nb", (), "", "", blocks)))
        if str(tag["/S"]) == "/Figure"
    }
    assert alts == {drawable(hostile, fonts.characters())}


def test_a_chart_taller_than_a_page_is_set_smaller_and_stays_with_its_heading() -> None:
    rows = sample_report.battery(random.Random(2), 60, 8) * 4
    data = sample_report.likert_table(rows, "D", 60)
    chart = LikertChart("Funn", "Mål", rows, "Alt", data)
    reader = read(
        Document("T", "", "nb", (), "", "", (Heading(1, "Batteriet"), chart), appendix=False)
    )
    assert len(reader.pages) == 2
    assert "Funn" in reader.pages[1].extract_text()


def test_signs_the_typeface_lacks_are_spelled_out_and_never_lost() -> None:
    glyphs = fonts.characters()
    assert drawable("a → b ≥ 3", glyphs) == "a -> b >= 3"
    assert drawable("中", glyphs) == "[U+4E2D]"
    assert drawable("e\u0301", glyphs) == "é"
    assert drawable("Mátta-Várjjaga, ŋ đ š ŧ ž č", glyphs) == "Mátta-Várjjaga, ŋ đ š ŧ ž č"
    text = words(read(Document("T", "", "nb", (), "", "", (Paragraph("5 → 7 og 1\u202f234"),))))
    assert "5>7og1234" in text.replace("-", "")


def test_cleaning_drops_what_no_reader_sees() -> None:
    assert clean("a\0b\u202ec\u200bd\ud800e") == "abcde"
    assert clean("  a \n\t b ") == "a b"
    assert clean("e\u0301") == "é"
