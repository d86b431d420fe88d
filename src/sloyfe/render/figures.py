"""How each kind of chart is laid out: row labels, N, bars, dots and tiles, wide and narrow.

Wide is for pages and paper (800 px): the label stands left of its bar. Narrow is for a phone (360 px):
the label stands above its bar. Titles, sources and marks are text around the picture, not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sloyfe.render import fonts, numbers, palette
from sloyfe.render.blocks import (
    BarChart,
    Chart,
    DotChart,
    Language,
    LikertChart,
    LikertRow,
    TileMap,
)
from sloyfe.render.canvas import INK, MUTED, Canvas, Spec, lines_of, width
from sloyfe.render.characters import drawable
from sloyfe.render.words import WORDS

WIDE = 800
NARROW = 360
LEAST_LABELLED = 0.05
"""Parts below 5 % carry no label: it would not fit, and the table has it."""

_TEXT = 14.0
_SMALL = 13.0
_LINE = 18.0
_BAR = 24.0


def spec(chart: Chart, pixels: int = WIDE, language: Language = "nb") -> Spec:
    """The Vega-Lite specification of a chart at a width of `pixels`."""
    canvas = Canvas(pixels)
    if isinstance(chart, LikertChart):
        _likert(canvas, chart, language)
    elif isinstance(chart, DotChart):
        _dots(canvas, chart, language)
    elif isinstance(chart, BarChart):
        _bars(canvas, chart, language)
    else:
        _tiles(canvas, chart)
    if not isinstance(chart, TileMap):
        # The distance kept below each row is not needed below the last one.
        canvas.height += 2
    return canvas.spec()


@dataclass(frozen=True)
class _Place:
    """Where one row of a chart stands: the middle of its bar, and where the next row begins."""

    middle: float
    below: float


class _Rows:
    """The label and N of each row; `left` is where the drawing area begins."""

    def __init__(self, canvas: Canvas, ns: Sequence[int | None], language: Language) -> None:
        self.canvas = canvas
        self.narrow = canvas.width < 560
        self.language = language
        self.with_n = any(n is not None for n in ns)
        n_room = max((width(self._n(n), _SMALL) for n in ns), default=0) + 10 if self.with_n else 0
        self.n_room = max(n_room, 26) if self.with_n else 0
        self.left = 0.0 if self.narrow else canvas.width * 0.335 + self.n_room + 12
        self.label_room = canvas.width - self.n_room - 24 if self.narrow else canvas.width * 0.335

    def head(self, y: float) -> None:
        """The letter N over the column of them."""
        if self.with_n and not self.narrow:
            self.canvas.text(
                self.left - 14, y, WORDS[self.language]["n"], size=_SMALL, fill=MUTED, align="right"
            )

    def place(self, y: float, label: str, n: int | None) -> _Place:
        """Writes a row's label and N from `y` on; says where its bar goes."""
        lines = lines_of(label, self.label_room, _TEXT)
        block = len(lines) * _LINE
        if self.narrow:
            for at, line in enumerate(lines):
                self.canvas.text(0, y + _LINE / 2 + at * _LINE, line)
            if n is not None:
                text = f"{WORDS[self.language]['n']} = {self._n(n)}"
                self.canvas.text(
                    self.canvas.width, y + block - _LINE / 2, text,
                    size=_SMALL, fill=MUTED, align="right",
                )  # fmt: skip
            middle = y + block + 3 + _BAR / 2
            return _Place(middle, middle + _BAR / 2 + 12)
        high = max(block, _BAR)
        middle = y + high / 2
        for at, line in enumerate(lines):
            self.canvas.text(0, middle - block / 2 + _LINE / 2 + at * _LINE, line)
        if n is not None:
            self.canvas.text(
                self.left - 14, middle, self._n(n), size=_SMALL, fill=MUTED, align="right"
            )
        return _Place(middle, y + high + 10)

    def _n(self, n: int | None) -> str:
        return "" if n is None else drawable(numbers.number(n, self.language), fonts.characters())


def _likert(canvas: Canvas, chart: LikertChart, language: Language) -> None:
    words = WORDS[language]
    scale = next((row.parts for row in chart.rows if row.parts), ())
    colours = palette.of_parts(scale)
    apart = [part.label for part in scale if part.mark == "dont_know"]
    rows = _Rows(canvas, [row.n for row in chart.rows], language)
    room = canvas.width - rows.left
    # Both parts share one scale of pixels per share, so that their lengths can be compared.
    largest = max(
        (sum(p.share for p in row.parts if p.mark == "dont_know") for row in chart.rows), default=0
    )
    head = width(_plain(apart[0]), _SMALL) if apart else 0
    gap = 16 if apart else 0
    per_share = room / (1 + largest) if not apart else (room - gap) / (1 + largest)
    apart_room = max(largest * per_share, min(head, 90.0)) if apart else 0
    per_share = min(per_share, room - gap - apart_room)
    apart_at = rows.left + per_share + gap

    y = _legend(canvas, [(p.label, colours[p.label]) for p in scale if p.mark != "dont_know"])
    lines = lines_of(" / ".join(apart), max(apart_room, 60), _SMALL) if apart else ()
    base = y + max(len(lines), 1) * _LINE - _LINE / 2
    rows.head(base)
    canvas.text(rows.left, base, words["percent"], size=_SMALL, fill=MUTED)
    for at, line in enumerate(lines):
        canvas.text(apart_at, base - (len(lines) - 1 - at) * _LINE, line, size=_SMALL, fill=MUTED)
    y = base + _LINE / 2 + 6
    for row in chart.rows:
        place = rows.place(y, row.label, row.n)
        _likert_bar(canvas, row, rows.left, place.middle, per_share, apart_at, colours, language)
        y = place.below


def _likert_bar(
    canvas: Canvas,
    row: LikertRow,
    left: float,
    middle: float,
    per_share: float,
    apart_at: float,
    colours: dict[str, str],
    language: Language,
) -> None:
    if not row.parts:
        canvas.text(left, middle, _plain(row.note), size=_SMALL, fill=MUTED)
        return
    x = left
    for part in row.parts:
        wide = part.share * per_share
        colour = colours[part.label]
        text = _plain(part.text or numbers.share(part.share, language))
        size = _SMALL
        if part.mark == "dont_know":
            canvas.rect(apart_at, middle - _BAR / 2, wide, _BAR, colour, palette.DONT_KNOW_EDGE)
            if wide >= width(text, size) + 6:
                canvas.text(apart_at + wide / 2, middle, text, size=size, fill=INK, align="center")
            apart_at += wide
            continue
        # A white gap of 1.5 px parts the pieces also where their greys are alike in print.
        canvas.rect(x, middle - _BAR / 2, max(wide - 1.5, min(wide, 0.8)), _BAR, colour)
        if part.share >= LEAST_LABELLED and wide >= width(text, size, 600) + 4:
            canvas.text(
                x + wide / 2, middle, text,
                size=size, weight=600, fill=palette.on(colour), align="center",
            )  # fmt: skip
        x += wide


def _legend(canvas: Canvas, entries: Sequence[tuple[str, str]]) -> float:
    """The scale's answers in order, each after its colour; wrapped. Returns where the rest begins."""
    if not entries:
        return 0.0
    x, y = 0.0, 9.0
    for label, colour in entries:
        text = _plain(label)
        wide = 19 + width(text, _SMALL)
        if x and x + wide > canvas.width:
            x, y = 0.0, y + 22
        canvas.rect(x, y - 7, 13, 13, colour)
        canvas.text(x + 19, y, text, size=_SMALL)
        x += wide + 18
    return y + 22


def _dots(canvas: Canvas, chart: DotChart, language: Language) -> None:
    rows = _Rows(canvas, [row.n for row in chart.rows], language)
    texts = [_plain(row.text or _estimate_text(row.estimate, row.low, row.high, language))
             for row in chart.rows]  # fmt: skip
    text_room = max((width(text, _SMALL, 600) for text in texts), default=0) + 14
    low, high = chart.domain
    left = rows.left + 6
    per_unit = (canvas.width - text_room - left - 8) / ((high - low) or 1)
    rows.head(9)
    unit = WORDS[language]["percent"] if chart.unit == "%" else chart.unit
    y = 18.0 + 10
    top = y
    middles = []
    for row in chart.rows:
        place = rows.place(y, row.label, row.n)
        middles.append(place.middle)
        y = place.below
    for value in _ticks(low, high):
        x = left + (value - low) * per_unit
        canvas.line(x, top - 4, x, y - 4)
        canvas.text(x, 9, _number(value, language), size=_SMALL, fill=MUTED, align="center")
    canvas.text(canvas.width, 9, _plain(unit), size=_SMALL, fill=MUTED, align="right")
    for row, text, middle in zip(chart.rows, texts, middles, strict=True):
        if row.low is not None and row.high is not None:
            canvas.line(
                left + (max(row.low, low) - low) * per_unit, middle,
                left + (min(row.high, high) - low) * per_unit, middle,
                stroke="#6BA6D6", thick=4,
            )  # fmt: skip
        if row.estimate is not None:
            canvas.dot(left + (row.estimate - low) * per_unit, middle, 6.5, palette.BLUE)
        canvas.text(canvas.width, middle, text, size=_SMALL, weight=600, align="right")


def _bars(canvas: Canvas, chart: BarChart, language: Language) -> None:
    rows = _Rows(canvas, [row.n for row in chart.rows], language)
    texts = [_plain(row.text or ("" if row.value is None else _number(row.value, language)))
             for row in chart.rows]  # fmt: skip
    text_room = max((width(text, _SMALL, 600) for text in texts), default=0) + 12
    largest = max((row.value for row in chart.rows if row.value is not None), default=0)
    top_value = 100 if chart.unit == "%" else (largest or 1)
    per_unit = (canvas.width - rows.left - text_room) / max(top_value, largest)
    rows.head(9)
    unit = WORDS[language]["percent"] if chart.unit == "%" else chart.unit
    canvas.text(rows.left, 9, _plain(unit), size=_SMALL, fill=MUTED)
    y = 18.0 + 6
    top = y
    for row, text in zip(chart.rows, texts, strict=True):
        place = rows.place(y, row.label, row.n)
        wide = max(row.value or 0, 0) * per_unit
        canvas.rect(rows.left, place.middle - _BAR / 2 + 2, wide, _BAR - 4, "#2F75B2")
        canvas.text(
            rows.left + (wide + 7 if wide else 4), place.middle, text, size=_SMALL, weight=600
        )
        y = place.below
    if not rows.narrow:
        canvas.line(rows.left, top - 2, rows.left, y - 8, stroke=MUTED)


def _tiles(canvas: Canvas, chart: TileMap) -> None:
    if not chart.tiles:
        return
    columns = max(tile.column for tile in chart.tiles) + 1
    side = min((canvas.width - 6 * (columns - 1)) / columns, 132.0)
    values = [tile.value for tile in chart.tiles if tile.value is not None]
    low, high = min(values, default=0), max(values, default=0)
    for tile in chart.tiles:
        x, y = tile.column * (side + 6), tile.row * (side + 6)
        fill = palette.DONT_KNOW
        if tile.value is None:
            canvas.rect(x + 0.5, y + 0.5, side - 1, side - 1, fill, palette.DONT_KNOW_EDGE)
        else:
            fill = palette.of_value(tile.value, low, high)
            canvas.rect(x, y, side, side, fill)
        ink = palette.on(fill)
        size = _SMALL if side > 90 else 11.0
        longest = max((width(word, size) for word in _plain(tile.label).split(" ")), default=0)
        size = size if longest <= side - 14 else max(9.0, size * (side - 14) / longest)
        lines = lines_of(tile.label, side - 12, size)
        for at, line in enumerate(lines):
            canvas.text(x + 8, y + 16 + at * (size + 4), line, size=size, fill=ink)
        big = 22.0 if side > 90 else 15.0
        value = _plain(tile.text)
        while big > 11 and width(value, big, 600) > side - 14:
            big -= 1
        below = y + side - big * 0.75
        if tile.note:
            note, small = _plain(tile.note), 12.0
            while small > 9 and width(note, small) > side - 14:
                small -= 0.5
            canvas.text(x + 8, y + side - 9, note, size=small, fill=ink)
            below -= small
        canvas.text(x + 8, below, value, size=big, weight=600, fill=ink)
    canvas.width = round(columns * (side + 6) - 6)


def _estimate_text(
    estimate: float | None, low: float | None, high: float | None, language: Language
) -> str:
    if estimate is None:
        return ""
    text = _number(estimate, language)
    if low is None or high is None:
        return text
    return f"{text} ({numbers.interval(low, high, language)})"


def _ticks(low: float, high: float) -> tuple[float, ...]:
    step = (high - low) / 4
    return tuple(low + step * place for place in range(5))


def _number(value: float, language: Language) -> str:
    decimals = 0 if value == int(value) or abs(value) >= 20 else 1
    return _plain(numbers.number(value, language, decimals=decimals))


def _plain(text: str) -> str:
    return drawable(text, fonts.characters())
