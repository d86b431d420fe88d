"""A report is a row of blocks; every output format is made from the same ones.

All classes are frozen and hold text that is ready to be read: numbers are formatted by
`sloyfe.render.numbers` before they come here, and disclosure control is done. The formats only lay
out, mark up and escape. Shares are floats from 0 to 1; counts are persons or municipalities. `source` is a line of text below a figure; on a web page it leads to
`source_url` (an address of the site, beginning with ``/``), the way back to the evidence.

    Document ─ blocks ─┬─ Heading, Paragraph, Answer, Bullets, Callout
                       ├─ Table (Column, Row, Cell)
                       ├─ RankingList (RankingEntry)
                       └─ charts: LikertChart, DotChart, BarChart, TileMap; each with `data: Table`
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal, TypeAlias

Language = Literal["nb", "nn", "en"]
ColumnKind = Literal["text", "number", "percent", "interval"]
Pole = Literal["negative", "neutral", "positive"]
PartMark = Literal["", "dont_know"]
CalloutKind = Literal["simulated", "reconstructed", "provisional", "small", "method", "reading"]

HIDDEN = ":"
"""What stands in a cell whose number may not be shown; its `Cell.note` says why."""


@dataclass(frozen=True)
class Heading:
    """A title in the text. `level` 1 to 4; `anchor` is the address of the place (``a-z 0-9 -``)."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text. A blank line inside `text` starts a new paragraph."""

    text: str


@dataclass(frozen=True)
class Answer:
    """The answer of a chapter in one sentence, set larger than the text around it."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """Short points, in order if `numbered`."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Callout:
    """A caution that belongs to what stands around it. The kind gives its heading in words."""

    kind: CalloutKind
    text: str


@dataclass(frozen=True)
class Column:
    """A column of a table, beside the row heads.

    `unit` stands in the head. `n` is the number of answers the column's percentages are made from;
    where any column has one, the table ends with a row N.
    """

    title: str
    unit: str = ""
    kind: ColumnKind = "number"
    n: int | None = None


@dataclass(frozen=True)
class Cell:
    """One formatted value. A `note` is set below the table, marked with a letter in the cell."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A row: its head and one cell per column. `emphasis` marks totals."""

    head: str
    cells: tuple[Cell, ...]
    emphasis: bool = False


@dataclass(frozen=True)
class Table:
    """A table of figures.

    `head` is the title of the column of row heads ("Region"). Raises `ValueError` when a row has
    more or fewer cells than there are columns: that is a bug of the caller.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    anchor: str = ""
    head: str = ""
    marks: tuple[str, ...] = ()
    source_url: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"Row {row.head!r} of table {self.title!r} has {len(row.cells)} cells "
                    f"for {len(self.columns)} columns."
                )


@dataclass(frozen=True)
class LikertPart:
    """One answer of a scale within a row.

    `pole` decides the hue; parts stand in the scale's order and grow darker towards its ends.
    ``mark="dont_know"`` sets the part apart at the right. `text` replaces the percentage that the
    chart writes itself (half up from `share`).
    """

    label: str
    share: float
    count: int | None = None
    pole: Pole = "neutral"
    mark: PartMark = ""
    text: str = ""


@dataclass(frozen=True)
class LikertRow:
    """One statement of a battery. Without parts, `note` stands where the bar would be."""

    label: str
    n: int | None
    parts: tuple[LikertPart, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class LikertChart:
    """Stacked 100 % bars for a battery: `title` is the finding, `subtitle` what is measured.

    `alt` says the finding in words. Rows hold the same labels in the same order; that is checked,
    because colours are given per label.
    """

    title: str
    subtitle: str
    rows: tuple[LikertRow, ...]
    alt: str
    data: Table
    source: str = ""
    marks: tuple[str, ...] = ()
    anchor: str = ""
    source_url: str = ""

    def __post_init__(self) -> None:
        scales = {tuple(part.label for part in row.parts) for row in self.rows if row.parts}
        if len(scales) > 1:
            raise ValueError(f"Rows of {self.title!r} have different scales: {sorted(scales)}.")


@dataclass(frozen=True)
class DotRow:
    """An estimate with its interval, in the chart's unit. Without interval: all answered.

    ``estimate=None`` leaves the row empty with `text` in its place. `text` is also what stands at
    the right; empty means "73 (60–83)".
    """

    label: str
    estimate: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    text: str = ""


@dataclass(frozen=True)
class DotChart:
    """A dot and a line from low to high per row. `domain` is the axis, 0 to 100 unless told."""

    title: str
    subtitle: str
    rows: tuple[DotRow, ...]
    alt: str
    data: Table
    source: str = ""
    marks: tuple[str, ...] = ()
    anchor: str = ""
    unit: str = "%"
    domain: tuple[float, float] = (0, 100)
    source_url: str = ""


@dataclass(frozen=True)
class BarRow:
    """A value per row; ``None`` leaves it empty with `text` in its place (":" for a hidden one)."""

    label: str
    value: float | None
    n: int | None = None
    text: str = ""


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars from zero. ``unit="%"`` fixes the axis at 100."""

    title: str
    subtitle: str
    rows: tuple[BarRow, ...]
    alt: str
    data: Table
    unit: str = ""
    source: str = ""
    marks: tuple[str, ...] = ()
    anchor: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class Tile:
    """A region on the tile map: its place (row and column from 0), value, written text, and a small note below."""

    label: str
    row: int
    column: int
    value: float | None
    text: str
    note: str = ""


@dataclass(frozen=True)
class TileMap:
    """One equal tile per region, darker for higher values; tiles without a value are hatched pale."""

    title: str
    subtitle: str
    tiles: tuple[Tile, ...]
    alt: str
    data: Table
    source: str = ""
    marks: tuple[str, ...] = ()
    anchor: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class RankingEntry:
    """One place on a ranking; `rank` is text, so that shared places read "2–3"."""

    rank: str
    label: str
    value: str


@dataclass(frozen=True)
class RankingList:
    """What came first, second, third, with the value each was ranked by (`value_title`)."""

    title: str
    entries: tuple[RankingEntry, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    anchor: str = ""
    value_title: str = ""
    marks: tuple[str, ...] = ()
    source_url: str = ""


Chart: TypeAlias = LikertChart | DotChart | BarChart | TileMap
Block: TypeAlias = Heading | Paragraph | Answer | Bullets | Callout | Table | RankingList | Chart
CHARTS = (LikertChart, DotChart, BarChart, TileMap)


@dataclass(frozen=True)
class Document:
    """A whole report.

    `marks` ("Simulert innhold (øving)") stand on every page and on each figure and table. `issued`
    is a written date. `series` is a small line above the title on the cover. With `appendix`, PDF
    and DOCX end with the numbers behind the charts, save those that a table of the report gives.
    Without `contents` there is no table of contents, however many headings there are.
    With `runs_on`, a chapter begins below the one before it and not on a page of its own: for
    documents of many short chapters, which would be mostly empty pages.
    """

    title: str
    subtitle: str
    language: Language
    marks: tuple[str, ...]
    issued: str
    publisher: str
    blocks: tuple[Block, ...]
    series: str = ""
    appendix: bool = True
    contents: bool = True
    runs_on: bool = False


@dataclass(frozen=True)
class Numbered:
    """A block with the number it carries in its document: "Tabell 3", "Figur 1"."""

    block: Block
    number: int
    anchor: str


def numbered(document: Document) -> tuple[Numbered, ...]:
    """Tables and rankings share one row of numbers, charts another; other blocks have number 0.

    Every block that can be pointed to has an anchor of its own: the given one, made unique where
    two blocks ask for the same, or one made from its kind and number. A heading that skips a level
    is lifted to the next one, since readers that hear a report would look for the missing chapter.
    """
    tables = figures = headings = deepest = 0
    taken: set[str] = set()
    result = []
    for given in document.blocks:
        block: Block = given
        number, fallback = 0, ""
        if isinstance(block, Table | RankingList):
            tables += 1
            number, fallback = tables, f"tabell-{tables}"
        elif isinstance(block, CHARTS):
            figures += 1
            number, fallback = figures, f"figur-{figures}"
        elif isinstance(block, Heading):
            headings += 1
            deepest = min(max(block.level, 1), deepest + 1, 4)
            block = dataclasses.replace(block, level=deepest)
            fallback = f"del-{headings}"
        result.append(Numbered(block, number, _unique(_anchor(block, fallback), taken)))
    return tuple(result)


def marks_of(block: Block, document: Document) -> tuple[str, ...]:
    """What has to be said on this figure: the document's marks, then its own, each once."""
    return tuple(dict.fromkeys((*document.marks, *getattr(block, "marks", ()))))


def appendix_tables(document: Document) -> tuple[tuple[int, Table], ...]:
    """The figure number and data table of each chart whose numbers no table of the report gives."""
    if not document.appendix:
        return ()
    shown = {(block.columns, block.rows) for block in document.blocks if isinstance(block, Table)}
    return tuple(
        (item.number, item.block.data)
        for item in numbered(document)
        if isinstance(item.block, CHARTS)
        and (item.block.data.columns, item.block.data.rows) not in shown
    )


@dataclass(frozen=True)
class LaidTable:
    """A table as all formats set it: rows of text with note letters, notes below in order."""

    table: Table
    rows: tuple[tuple[str, tuple[tuple[str, str], ...], bool], ...]
    """Per row: its head, (text, note letter) per cell, emphasis."""
    n_row: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    """(letter or "", text) for each line below the table."""


def lay_table(table: Table, n_texts: tuple[str, ...], hidden_note: str) -> LaidTable:
    """Notes of cells get letters in reading order; a hidden cell without a note gets `hidden_note`.

    `n_texts` are the written numbers of answers per column, "" where a column has none.
    """
    letters: dict[str, str] = {}
    rows = []
    for row in table.rows:
        cells = []
        for cell in row.cells:
            note = cell.note or (hidden_note if cell.text == HIDDEN else "")
            if note and note not in letters:
                letters[note] = _letter(len(letters))
            cells.append((cell.text, letters.get(note, "")))
        rows.append((row.head, tuple(cells), row.emphasis))
    notes = [(letter, note) for note, letter in letters.items()]
    notes += [("", note) for note in table.notes]
    return LaidTable(table, tuple(rows), n_texts if any(n_texts) else (), tuple(notes))


def _letter(position: int) -> str:
    letter = chr(ord("a") + position % 26)
    return letter if position < 26 else _letter(position // 26 - 1) + letter


def _anchor(block: Block, fallback: str) -> str:
    given = getattr(block, "anchor", "") or fallback
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in given)


def _unique(anchor: str, taken: set[str]) -> str:
    if not anchor:
        return ""
    result, extra = anchor, 2
    while result in taken:
        result, extra = f"{anchor}-{extra}", extra + 1
    taken.add(result)
    return result


def without_data(chart: Chart) -> Chart:
    """What a chart's picture depends on: everything but the table, the source and the marks."""
    empty = Table("", (), ())
    return dataclasses.replace(chart, data=empty, source="", marks=(), anchor="", source_url="")
