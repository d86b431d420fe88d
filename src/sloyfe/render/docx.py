"""A report as a Word file that reads well with a screen reader and can be worked on further.

Real heading styles, table heads that repeat, alternative texts on pictures, language and title set,
page numbers as fields. Tables are written as WordprocessingML at once: cell by cell through
python-docx, sixty tables take seconds.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from sloyfe.render import charts, numbers
from sloyfe.render.blocks import (
    Answer,
    Bullets,
    Callout,
    Cell,
    Chart,
    Column,
    Document,
    Heading,
    Numbered,
    Paragraph,
    RankingList,
    Row,
    Table,
    TileMap,
    appendix_tables,
    lay_table,
    marks_of,
    numbered,
)
from sloyfe.render.characters import clean, paragraphs
from sloyfe.render.html import CONTENTS_FROM
from sloyfe.render.pdf import column_widths
from sloyfe.render.words import WORDS

_LOCALES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
_INK = RGBColor(0x1E, 0x2B, 0x3C)
_MUTED = RGBColor(0x56, 0x61, 0x70)
_ACCENT = RGBColor(0x08, 0x45, 0x7E)
_TEXT_WIDTH = Mm(160)
_TWIPS = 9071
"""The width of the text in twentieths of a point: 160 mm."""
_UNBROKEN_ROWS = 16
"""Tables up to this many rows are kept on one page."""
_DAY_OF_FILES = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Files carry no time of making, so that the same report is the same file content."""


def render(document: Document, *, cache: charts.Cache = charts.MEMORY) -> bytes:
    """A report as DOCX. Charts are pictures of two pixels a point with the alternative text."""
    writer = _Writer(document, cache)
    writer.write()
    result = io.BytesIO()
    writer.word.save(result)
    return _without_times(result)


class _Writer:
    def __init__(self, document: Document, cache: charts.Cache) -> None:
        self.document = document
        self.words = WORDS[document.language]
        self.cache = cache
        self.word: WordDocument = docx.Document()
        self.bookmarks = 0
        self.style_ids: dict[str, str] = {}

    def write(self) -> None:
        """The whole file: settings, cover, contents, blocks, appendix."""
        items = numbered(self.document)
        _set_styles(self.word, _LOCALES[self.document.language], runs_on=self.document.runs_on)
        self._properties()
        self._page()
        self._cover()
        headings = [
            (item.block, item.anchor)
            for item in items
            if isinstance(item.block, Heading) and item.block.level <= 2
        ]
        if len(headings) >= CONTENTS_FROM:
            self._contents(headings)
        for place, item in enumerate(items):
            if place == 0 and not (isinstance(item.block, Heading) and item.block.level == 1):
                self.word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            self._block(item)
        tables = appendix_tables(self.document)
        if tables:
            self._add(self.words["appendix"], "Heading 1")
            self._add(self.words["appendix_lead"])
            for number, table in tables:
                title = self.words["data_of"].format(number=number)
                self._table(table, title, "", marks_of(table, self.document))

    def _properties(self) -> None:
        core, d = self.word.core_properties, self.document
        # The format allows 255 characters in each.
        core.title, core.author = clean(d.title)[:255], clean(d.publisher)[:255]
        core.subject = clean(d.subtitle)[:255]
        core.keywords = "; ".join(clean(mark) for mark in d.marks)[:255]
        core.language, core.comments = _LOCALES[d.language], ""
        core.created = core.modified = _DAY_OF_FILES
        core.last_modified_by = ""

    def _page(self) -> None:
        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(25)
        section.top_margin, section.bottom_margin = Mm(28), Mm(25)
        header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
        marks = " · ".join(clean(mark) for mark in self.document.marks)
        header.add_run(clean(self.document.title))
        if marks:
            header.add_run("\t" + marks).bold = True
        footer.add_run(clean(self.document.publisher) + "\t")
        for piece in _pieces(self.words["page"]):
            if piece in {"PAGE", "NUMPAGES"}:
                _field(footer, piece)
            else:
                footer.add_run(piece)
        for paragraph in (header, footer):
            stops = paragraph.paragraph_format.tab_stops
            for stop in list(paragraph.style.paragraph_format.tab_stops):
                stops.add_tab_stop(stop.position, alignment=WD_TAB_ALIGNMENT.CLEAR)
            stops.add_tab_stop(_TEXT_WIDTH, alignment=WD_TAB_ALIGNMENT.RIGHT)

    def _cover(self) -> None:
        d = self.document
        if d.series:
            self._add(d.series, "Cover line")
        self._add(d.title, "Title")
        if d.subtitle:
            self._add(d.subtitle, "Subtitle")
        self._marks(d.marks)
        for text in (d.publisher, d.issued):
            if text:
                self._add(text, "Cover line")

    def _contents(self, headings: Sequence[tuple[Heading, str]]) -> None:
        title = self._add(self.words["contents"], "Contents title")
        title.paragraph_format.page_break_before = True
        for place, (heading, anchor) in enumerate(headings):
            begin = end = ""
            # A field that Word can renew; its content is right as it stands, without page numbers.
            if place == 0:
                begin = (
                    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText '
                    'xml:space="preserve"> TOC \\o "1-2" \\h \\n </w:instrText></w:r>'
                    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                )
            if place == len(headings) - 1:
                end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            link = (
                f'<w:hyperlink w:anchor={quoteattr(_bookmark(anchor))} w:history="1">'
                f"{_run(heading.text)}</w:hyperlink>"
            )
            paragraph = self._paragraph(f"toc {heading.level}")
            for element in list(parse_xml(f"<w:p {nsdecls('w')}>{begin}{link}{end}</w:p>")):
                paragraph._p.append(element)

    def _block(self, item: Numbered) -> None:
        block = item.block
        if isinstance(block, Heading):
            self._heading(block, item.anchor)
        elif isinstance(block, Paragraph):
            for text in paragraphs(block.text):
                self._add(text)
        elif isinstance(block, Answer):
            self._add(block.text, "Answer")
        elif isinstance(block, Bullets):
            for text in block.items:
                self._add(text, "List Number" if block.numbered else "List Bullet")
        elif isinstance(block, Callout):
            self._add(self.words["callouts"][block.kind], "Callout").runs[0].bold = True
            for text in paragraphs(block.text):
                self._add(text, "Callout")
        elif isinstance(block, Table):
            name = f"{self.words['table']} {item.number}"
            self._table(block, block.title, name, marks_of(block, self.document))
        elif isinstance(block, RankingList):
            name = f"{self.words['table']} {item.number}"
            self._table(self._as_table(block), block.title, name, marks_of(block, self.document))
        else:
            self._chart(block, item.number)

    def _heading(self, block: Heading, anchor: str) -> None:
        paragraph = self._add(block.text, f"Heading {min(block.level, 4)}")
        self.bookmarks += 1
        name = quoteattr(_bookmark(anchor))
        start = f'<w:bookmarkStart {nsdecls("w")} w:id="{self.bookmarks}" w:name={name}/>'
        end = f'<w:bookmarkEnd {nsdecls("w")} w:id="{self.bookmarks}"/>'
        paragraph._p.insert(1, parse_xml(start))
        paragraph._p.append(parse_xml(end))

    def _as_table(self, block: RankingList) -> Table:
        value = block.value_title or self.words["value"]
        return Table(
            block.title,
            (Column(self.words["what"], kind="text"), Column(value)),
            tuple(Row(e.rank, (Cell(e.label), Cell(e.value))) for e in block.entries),
            notes=block.notes,
            source=block.source,
            head=self.words["rank"],
        )

    def _table(self, block: Table, title: str, name: str, marks: Sequence[str]) -> None:
        self._caption(name, title, "", marks)
        language = self.document.language
        ns = tuple("" if c.n is None else numbers.number(c.n, language) for c in block.columns)
        laid = lay_table(block, ns, self.words["hidden"])
        ranked = len(block.columns) == 2 and block.head == self.words["rank"]
        widths = _twips(len(block.columns), ranked)
        if not ranked and any(column.kind == "text" for column in block.columns):
            # Words need other room than figures: as much as they get on the printed page.
            widths = [round(points * 20) for points in column_widths(laid)[0]]
        sides = ["left", *(_side(column) for column in block.columns)]
        heads = [_run(block.head, bold=True)] + [
            _run(column.title, bold=True) + (_run(f" ({column.unit})") if column.unit else "")
            for column in block.columns
        ]
        rows = [_row(heads, widths, sides, "heavy", head=True)]
        kept = len(laid.rows) <= _UNBROKEN_ROWS
        for place, (head, cells, emphasis) in enumerate(laid.rows):
            runs = [_run(head, bold=emphasis)] + [
                _run(text, bold=emphasis) + (_run(letter, raised=True) if letter else "")
                for text, letter in cells
            ]
            last = place == len(laid.rows) - 1 and not laid.n_row
            rows.append(
                _row(runs, widths, sides, "heavy" if last else "light", kept=kept and not last)
            )
        if laid.n_row:
            runs = [_run(self.words["n"]), *(_run(n) for n in laid.n_row)]
            rows.append(_row(runs, widths, sides, "heavy"))
        grid = "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths)
        xml = (
            f"<w:tbl {nsdecls('w')}><w:tblPr>"
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
            '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
            '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" '
            'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
            f"<w:tblCaption w:val={quoteattr(clean(title))}/></w:tblPr>"
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )
        body = self.word.element.body
        body.insert(len(body) - 1, parse_xml(xml))
        for letter, note in laid.notes:
            self._add(f"{letter} {note}" if letter else note, "Source")
        self._add(f"{self.words['source']}: {block.source}" if block.source else "", "Source")

    def _chart(self, block: Chart, number: int) -> None:
        marks = marks_of(block, self.document)
        self._caption(f"{self.words['figure']} {number}", block.title, block.subtitle, marks)
        picture = charts.png(block, language=self.document.language, cache=self.cache)
        paragraph = self.word.add_paragraph()
        paragraph.paragraph_format.keep_with_next = bool(block.source)
        shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=_TEXT_WIDTH)
        if isinstance(block, TileMap):
            # A tile map is as large as its tiles; pixels are 1/800 of the text's width.
            pixels = int.from_bytes(picture[16:20], "big") / 2
            wide = min(1.0, pixels / charts.WIDE) * _TEXT_WIDTH
            shape.height = Emu(int(shape.height * wide / _TEXT_WIDTH))
            shape.width = Emu(int(wide))
        properties = shape._inline.docPr
        properties.set("descr", clean(block.alt))
        properties.set("title", clean(block.title))
        if block.source:
            self._add(f"{self.words['source']}: {block.source}", "Source")

    def _caption(self, name: str, title: str, subtitle: str, marks: Sequence[str]) -> None:
        paragraph = self._paragraph("Caption")
        if name:
            paragraph.add_run(f"{name}. ").font.color.rgb = _ACCENT
        paragraph.add_run(clean(title))
        if subtitle:
            run = paragraph.add_run(f"\n{clean(subtitle)}")
            run.bold, run.font.color.rgb = False, _MUTED
        self._marks(marks)

    def _marks(self, marks: Sequence[str]) -> None:
        if marks:
            self._add(" · ".join(clean(mark) for mark in marks), "Mark")

    def _add(self, text: str, style: str = "Normal") -> WordParagraph:
        paragraph = self._paragraph(style)
        paragraph.add_run(clean(text))
        return paragraph

    def _paragraph(self, style: str) -> WordParagraph:
        # The library looks through all styles for every paragraph it gives one; the id is enough.
        if style not in self.style_ids:
            self.style_ids[style] = self.word.styles[style].style_id
        paragraph = self.word.add_paragraph()
        paragraph._p.style = self.style_ids[style]
        return paragraph


def _without_times(package: io.BytesIO) -> bytes:
    """The same package with the times of its parts set to one day, so that equal reports are equal."""
    result = io.BytesIO()
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(result, "w") as new:
        for part in old.infolist():
            plain = zipfile.ZipInfo(part.filename, _DAY_OF_FILES.timetuple()[:6])
            # Pictures are packed already.
            packed = zipfile.ZIP_STORED if part.filename.endswith(".png") else zipfile.ZIP_DEFLATED
            new.writestr(plain, old.read(part), packed)
    return result.getvalue()


def _set_styles(word: WordDocument, locale: str, *, runs_on: bool) -> None:
    styles = word.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), locale)
    for name in (
        "Cover line", "Contents title", "Answer", "Callout", "Table text", "Source", "Mark",
        "toc 1", "toc 2",
    ):  # fmt: skip
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc"))
        style.base_style = styles["Normal"]
    # name: size, bold, colour, space before, space after, kept with the next paragraph
    table: dict[str, tuple[float, bool, RGBColor, float, float, bool]] = {
        "Normal": (10.5, False, _INK, 0, 8, False),
        "Title": (28, True, _INK, 6, 10, False),
        "Subtitle": (15, False, _MUTED, 0, 14, False),
        "Cover line": (11, True, _ACCENT, 0, 6, False),
        "Contents title": (20, True, _INK, 0, 12, True),
        "Heading 1": (20, True, _INK, 0, 10, True),
        "Heading 2": (14, True, _INK, 20, 8, True),
        "Heading 3": (12, True, _INK, 16, 6, True),
        "Heading 4": (10.5, True, _INK, 12, 4, True),
        "Answer": (13.5, False, _ACCENT, 0, 14, False),
        "Callout": (10.5, False, _INK, 0, 4, False),
        "Caption": (10.5, True, _INK, 16, 4, True),
        "Table text": (9, False, _INK, 2, 2, False),
        "Source": (8.5, False, _MUTED, 2, 4, False),
        "Mark": (8.5, True, _INK, 0, 4, True),
        "Header": (8.5, False, _MUTED, 0, 0, False),
        "Footer": (8.5, False, _MUTED, 0, 0, False),
        "toc 1": (10.5, True, _INK, 6, 2, False),
        "toc 2": (10.5, False, _INK, 0, 2, False),
    }
    for name, (size, bold, colour, before, after, kept) in table.items():
        style = styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101
        _set_font(style, size, bold, colour)
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(before),
            Pt(after),
        )
        style.paragraph_format.keep_with_next = kept
    first = styles["Heading 1"].paragraph_format
    first.page_break_before = not runs_on
    if runs_on:
        first.space_before = Pt(28)
    styles["toc 2"].paragraph_format.left_indent = Mm(5)
    styles["Table text"].paragraph_format.line_spacing = 1
    styles["Normal"].paragraph_format.line_spacing = 1.2
    for name, fill in (("Callout", "EDF3F9"), ("Mark", "FFF3D6")):
        shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>'
        # Word is strict about order: the shade stands before the spacing.
        styles[name].element.pPr.find(qn("w:spacing")).addprevious(parse_xml(shade))
    # The template draws a line under the title.
    properties = styles["Title"].element.pPr
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _set_font(style: ParagraphStyle, size: float, bold: bool, colour: RGBColor) -> None:
    font = style.font
    font.size, font.bold, font.italic, font.color.rgb = Pt(size), bold, False, colour
    font.name = "Calibri"
    fonts = style.element.rPr.rFonts
    # Without this the template's theme typeface wins over the name.
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        if qn(name) in fonts.attrib:
            del fonts.attrib[qn(name)]


def _run(text: str, *, bold: bool = False, raised: bool = False) -> str:
    cleaned = clean(text) if text.strip() == text else f" {clean(text)}"
    look = ("<w:b/>" if bold else "") + ('<w:vertAlign w:val="superscript"/>' if raised else "")
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(cleaned)}</w:t></w:r>'


def _row(
    runs: Sequence[str],
    widths: Sequence[int],
    sides: Sequence[str],
    below: str,
    *,
    head: bool = False,
    kept: bool = False,
) -> str:
    line = (
        '<w:bottom w:val="single" w:sz="8" w:color="1E2B3C"/>'
        if below == "heavy"
        else '<w:bottom w:val="single" w:sz="2" w:color="C9D0D8"/>'
    )
    top = '<w:top w:val="single" w:sz="8" w:color="1E2B3C"/>' if head else ""
    keep = "<w:keepNext/>" if kept or head else ""
    repeat = "<w:tblHeader/>" if head else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/><w:tcBorders>{top}{line}</w:tcBorders>'
        f'<w:vAlign w:val="{"bottom" if head else "center"}"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Tabletext"/>{keep}<w:jc w:val="{side}"/></w:pPr>'
        f"{run}</w:p></w:tc>"
        for run, wide, side in zip(runs, widths, sides, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{cells}</w:tr>"


def _side(column: Column) -> str:
    return {"text": "left", "interval": "center"}.get(column.kind, "right")


def _twips(columns: int, ranked: bool) -> list[int]:
    """Column widths: the row heads take about a third, a ranking's places little."""
    if ranked:
        return [900, _TWIPS - 900 - 1700, 1700]
    head = _TWIPS if not columns else max(_TWIPS // 3, _TWIPS - columns * 1700)
    head = min(head, _TWIPS - columns * 600)
    each = (_TWIPS - head) // columns if columns else 0
    return [_TWIPS - each * columns, *([each] * columns)]


def _bookmark(anchor: str) -> str:
    """Word takes at most 40 letters, digits and underscores, and hides names that begin with one."""
    return ("_" + "".join(c if c.isalnum() else "_" for c in anchor))[:40]


def _pieces(template: str) -> list[str]:
    text = template.replace("{page}", "\0PAGE\0").replace("{pages}", "\0NUMPAGES\0")
    return [piece for piece in text.split("\0") if piece]


def _field(paragraph: WordParagraph, name: str) -> None:
    xml = f'<w:fldSimple {nsdecls("w")} w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(xml))
