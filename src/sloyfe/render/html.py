"""A report as a fragment of a web page: semantic HTML, Designsystemet's classes, nothing inline.

The fragment has no ``style`` attribute, ``<style>``, ``<script>`` or outside address, so it stands
under a content security policy without exceptions. Everything that comes from the document is escaped.

Classes of Designsystemet that it uses: ``ds-heading`` ``ds-paragraph`` ``ds-table`` ``ds-details``
``ds-alert`` ``ds-list`` ``ds-tag`` ``ds-link`` (with ``data-size``, ``data-color``, ``data-variant``).
Classes of its own, to be styled by the site:

======================  ================================================================================
``sl-report``           the ``<article>`` around everything
``sl-report-head``      title, subtitle, publisher and date at the top (left out with ``cover=False``)
``sl-report-series``    small line above the title
``sl-report-issue``     publisher and date
``sl-marks``            list of marks ("Simulert innhold (øving)") on the report and on each figure
``sl-answer``           the answer in a sentence: larger text
``sl-prose``            paragraphs and lists: at most 75 characters wide
``sl-contents``         ``<nav>`` with the table of contents (five or more headings of level 1–2)
``sl-contents-2``       an entry of level 2 in it: indented
``sl-callout``          a caution; also ``sl-callout-simulated`` and so on per kind
``sl-figure``           a chart with caption, picture, notes and folded table
``sl-table-figure``     a table with caption and notes
``sl-caption``          ``<figcaption>``; in it ``sl-number`` ("Tabell 3"), ``sl-finding`` (title) and
                        ``sl-measured`` (subtitle)
``sl-chart``            around one picture; ``sl-chart-wide`` and ``sl-chart-narrow`` are the two
                        drawings of a chart: show the wide one from 600 px up, the other below
                        (``display: none`` for the hidden one)
``sl-chart-svg``        the ``<svg>``: ``inline-size: 100%; block-size: auto``
``sl-chart-tiles``      beside ``sl-chart`` on tile maps: not wider than drawn
``sl-scroll``           around a table: scrolls sideways when too narrow; focusable by keyboard
``sl-figures``          the ``<table>`` of figures: tabular digits
``sl-sortable``         beside it, on tables of more than ten rows
``sl-num``              a right-aligned cell of numbers; ``sl-interval`` centred intervals
``sl-unit``             the unit in a column head
``sl-hidden``           a cell whose number may not be shown
``sl-emphasis``         a row of totals
``sl-n``                the row N below percentages
``sl-notes``            list of notes below a table; ``sl-note-mark`` is a note's letter
``sl-source``           source line
``sl-ranking``          table of a ranking list
======================  ================================================================================
"""

from __future__ import annotations

from html import escape

from sloyfe.render import charts, numbers
from sloyfe.render.blocks import (
    HIDDEN,
    Answer,
    Block,
    Bullets,
    Callout,
    Chart,
    Column,
    Document,
    Heading,
    Language,
    Numbered,
    Paragraph,
    RankingList,
    Table,
    TileMap,
    lay_table,
    marks_of,
    numbered,
)
from sloyfe.render.characters import clean, paragraphs
from sloyfe.render.words import WORDS

CONTENTS_FROM = 5
"""Headings of level 1 and 2 from which a report gets a table of contents."""

SORTABLE_ABOVE = 10
"""Rows above which a table is marked as sortable, for the site's script to take up."""

_ALERTS = {
    "simulated": "warning",
    "reconstructed": "info",
    "provisional": "warning",
    "small": "warning",
    "method": "info",
    "reading": "info",
}
_SIZES = {1: "lg", 2: "md", 3: "sm", 4: "xs"}


def render(
    document: Document,
    *,
    cache: charts.Cache = charts.MEMORY,
    cover: bool = True,
    top_level: int = 1,
) -> str:
    """A report as an HTML fragment (one ``<article>``).

    `top_level` is the level of the report's own title on the page it is set into; headings follow
    from it. ``cover=False`` leaves title and issue out, for pages that show them elsewhere.
    """
    writer = _Writer(document, cache, top_level)
    parts = [f'<article class="sl-report" lang="{document.language}">']
    if cover:
        parts.append(writer.head())
    elif document.marks:
        parts.append(_marks(document.marks))
    parts.append(writer.contents())
    parts += [writer.block(item) for item in writer.items]
    parts.append("</article>")
    return "\n".join(part for part in parts if part)


def table(block: Table, language: Language, *, identity: str, number: int = 0) -> str:
    """One table as a figure with caption, notes and source, for pages that show a table alone.

    `identity` makes its ids unique on the page; without `number` the caption has only the title.
    """
    return _table_figure(block, language, identity, number, block.marks)


def chart(
    block: Chart,
    language: Language,
    *,
    identity: str,
    number: int = 0,
    cache: charts.Cache = charts.MEMORY,
) -> str:
    """One chart as a figure with both drawings and its folded table, for pages that show it alone."""
    return _chart_figure(block, language, identity, number, block.marks, cache)


class _Writer:
    def __init__(self, document: Document, cache: charts.Cache, top_level: int) -> None:
        self.document = document
        self.language = document.language
        self.words = WORDS[document.language]
        self.cache = cache
        self.top = top_level
        self.items = numbered(document)

    def head(self) -> str:
        d = self.document
        issue = " · ".join(_text(part) for part in (d.publisher, d.issued) if part)
        return "\n".join(
            part
            for part in (
                '<header class="sl-report-head">',
                f'<p class="ds-paragraph sl-report-series">{_text(d.series)}</p>'
                if d.series
                else "",
                f'<h{self.top} class="ds-heading" data-size="xl">{_text(d.title)}</h{self.top}>',
                f'<p class="ds-paragraph" data-size="lg">{_text(d.subtitle)}</p>'
                if d.subtitle
                else "",
                f'<p class="ds-paragraph sl-report-issue">{issue}</p>' if issue else "",
                _marks(d.marks),
                "</header>",
            )
            if part
        )

    def contents(self) -> str:
        entries = [
            (item.block, item.anchor)
            for item in self.items
            if isinstance(item.block, Heading) and item.block.level <= 2
        ]
        if len(entries) < CONTENTS_FROM:
            return ""
        rows = "".join(
            f"<li{_if('class', 'sl-contents-2' if heading.level == 2 else '')}>"
            f'<a class="ds-link" href="#{anchor}">{_text(heading.text)}</a></li>'
            for heading, anchor in entries
        )
        title = self.words["contents"]
        level = min(self.top + 1, 6)
        return (
            '<nav class="sl-contents" aria-labelledby="sl-contents-title">'
            f'<h{level} class="ds-heading" data-size="sm" id="sl-contents-title">{title}</h{level}>'
            f'<ul class="ds-list">{rows}</ul></nav>'
        )

    def block(self, item: Numbered) -> str:
        block = item.block
        simple = self._simple(block, item.anchor)
        if simple is not None:
            return simple
        marks = marks_of(block, self.document)
        if isinstance(block, Table):
            return _table_figure(block, self.language, item.anchor, item.number, marks)
        if isinstance(block, RankingList):
            return _ranking(block, self.language, item.anchor, item.number, marks)
        assert not isinstance(block, Heading | Paragraph | Answer | Bullets | Callout)  # noqa: S101
        return _chart_figure(block, self.language, item.anchor, item.number, marks, self.cache)

    def _simple(self, block: Block, anchor: str) -> str | None:
        if isinstance(block, Heading):
            level = min(block.level + self.top, 6)
            size = _SIZES.get(block.level, "xs")
            return (
                f'<h{level} class="ds-heading" data-size="{size}" id="{anchor}">'
                f"{_text(block.text)}</h{level}>"
            )
        if isinstance(block, Paragraph):
            return "\n".join(
                f'<p class="ds-paragraph sl-prose" data-variant="long">{escape(text)}</p>'
                for text in paragraphs(block.text)
            )
        if isinstance(block, Answer):
            return f'<p class="ds-paragraph sl-answer" data-size="lg">{_text(block.text)}</p>'
        if isinstance(block, Bullets):
            name = "ol" if block.numbered else "ul"
            rows = "".join(f"<li>{_text(text)}</li>" for text in block.items)
            return f'<{name} class="ds-list sl-prose">{rows}</{name}>'
        if isinstance(block, Callout):
            texts = "".join(
                f'<p class="ds-paragraph">{escape(text)}</p>' for text in paragraphs(block.text)
            )
            return (
                f'<div class="ds-alert sl-callout sl-callout-{block.kind}" '
                f'data-color="{_ALERTS[block.kind]}"><p class="ds-paragraph">'
                f"<strong>{self.words['callouts'][block.kind]}</strong></p>{texts}</div>"
            )
        return None


def _text(text: str) -> str:
    return escape(clean(text))


def _if(name: str, value: str) -> str:
    """An attribute, or nothing when it would be empty."""
    return f' {name}="{value}"' if value else ""


def _letter(letter: str) -> str:
    return f'<span class="sl-note-mark">{letter}</span> ' if letter else ""


def _marks(marks: tuple[str, ...]) -> str:
    if not marks:
        return ""
    tags = "".join(f'<li class="ds-tag" data-color="warning">{_text(mark)}</li>' for mark in marks)
    return f'<ul class="sl-marks">{tags}</ul>'


def _caption(
    kind: str, number: int, title: str, subtitle: str, marks: tuple[str, ...], identity: str
) -> str:
    count = f'<span class="sl-number">{kind} {number}</span> ' if number else ""
    measured = f'<span class="sl-measured">{_text(subtitle)}</span>' if subtitle else ""
    return (
        f'<figcaption class="sl-caption" id="{identity}-caption">{count}'
        f'<strong class="sl-finding">{_text(title)}</strong> {measured}{_marks(marks)}</figcaption>'
    )


def _source(block: Table | RankingList | Chart, language: Language) -> str:
    if not block.source:
        return ""
    text, url = _text(block.source), clean(block.source_url)
    # Only the site's own addresses: "//" would lead elsewhere, other schemes could run.
    if url.startswith("/") and not url.startswith(("//", "/\\")):
        text = f'<a class="ds-link" href="{escape(url)}">{text}</a>'
    word = WORDS[language]["source"]
    return f'<p class="ds-paragraph sl-source" data-size="sm">{word}: {text}</p>'


def _table_figure(
    block: Table, language: Language, identity: str, number: int, marks: tuple[str, ...]
) -> str:
    kind = WORDS[language]["table"]
    return (
        f'<figure class="sl-table-figure" id="{identity}">'
        f"{_caption(kind, number, block.title, '', marks, identity)}"
        f"{_table(block, language, identity, f'{identity}-caption')}"
        f"{_source(block, language)}</figure>"
    )


def _table(block: Table, language: Language, identity: str, labelled_by: str) -> str:
    words = WORDS[language]
    ns = tuple(
        "" if column.n is None else numbers.number(column.n, language) for column in block.columns
    )
    laid = lay_table(block, ns, words["hidden"])
    head = "".join(_column_head(column) for column in block.columns)
    corner = f'<th scope="col">{_text(block.head)}</th>' if block.head else "<td></td>"
    rows = []
    for row_head, cells, emphasis in laid.rows:
        tds = "".join(
            _cell(column, text, letter, identity, words["note"])
            for column, (text, letter) in zip(block.columns, cells, strict=True)
        )
        emphasised = _if("class", "sl-emphasis" if emphasis else "")
        rows.append(f'<tr{emphasised}><th scope="row">{_text(row_head)}</th>{tds}</tr>')
    foot = ""
    if laid.n_row:
        tds = "".join(f'<td class="sl-num">{escape(n)}</td>' for n in laid.n_row)
        foot = f'<tfoot><tr class="sl-n"><th scope="row">{words["n"]}</th>{tds}</tr></tfoot>'
    notes = "".join(
        f"<li{_if('id', letter and f'{identity}-note-{letter}')}>{_letter(letter)}{_text(note)}</li>"
        for letter, note in laid.notes
    )
    sortable = " sl-sortable" if len(block.rows) > SORTABLE_ABOVE else ""
    return (
        f'<div class="sl-scroll" role="group" tabindex="0" aria-labelledby="{labelled_by}">'
        f'<table class="ds-table sl-figures{sortable}" data-size="sm" aria-labelledby="{labelled_by}">'
        f"<thead><tr>{corner}{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody>{foot}</table></div>"
        + (f'<ul class="sl-notes">{notes}</ul>' if notes else "")
    )


def _align(column: Column) -> str:
    return {"text": "", "interval": "sl-interval"}.get(column.kind, "sl-num")


def _column_head(column: Column) -> str:
    classes = _if("class", _align(column))
    unit = f' <span class="sl-unit">({_text(column.unit)})</span>' if column.unit else ""
    return f'<th scope="col"{classes}>{_text(column.title)}{unit}</th>'


def _cell(column: Column, text: str, letter: str, identity: str, note: str) -> str:
    classes = " ".join(
        name for name in (_align(column), "sl-hidden" if text == HIDDEN else "") if name
    )
    mark = (
        f'<sup class="sl-note-mark"><a href="#{identity}-note-{letter}" '
        f'aria-label="{note} {letter}">{letter}</a></sup>'
        if letter
        else ""
    )
    return f"<td{_if('class', classes)}>{_text(text)}{mark}</td>"


def _chart_figure(
    block: Chart,
    language: Language,
    identity: str,
    number: int,
    marks: tuple[str, ...],
    cache: charts.Cache,
) -> str:
    words = WORDS[language]
    pictures = []
    # A tile map is the same on a phone; drawn once, it is not read out twice either.
    widths = {"": charts.NARROW} if isinstance(block, TileMap) else {
        "wide": charts.WIDE, "narrow": charts.NARROW,
    }  # fmt: skip
    for name, width in widths.items():
        own = f"{identity}-{name}" if name else identity
        svg = charts.svg(block, identity=own, width=width, language=language, cache=cache)
        extra = f"sl-chart-{name}" if name else "sl-chart-tiles"
        pictures.append(f'<div class="sl-chart {extra}">{svg}</div>')
    data = _table(block.data, language, f"{identity}-data", f"{identity}-caption")
    return (
        f'<figure class="sl-figure" id="{identity}">'
        f"{_caption(words['figure'], number, block.title, block.subtitle, marks, identity)}"
        f"{''.join(pictures)}{_source(block, language)}"
        f'<details class="ds-details"><summary>{words["show_table"]}</summary>'
        f"<div>{data}</div></details></figure>"
    )


def _ranking(
    block: RankingList, language: Language, identity: str, number: int, marks: tuple[str, ...]
) -> str:
    words = WORDS[language]
    rows = "".join(
        f'<tr><td class="sl-num">{_text(entry.rank)}</td><th scope="row">{_text(entry.label)}</th>'
        f'<td class="sl-num">{_text(entry.value)}</td></tr>'
        for entry in block.entries
    )
    notes = "".join(f"<li>{_text(note)}</li>" for note in block.notes)
    value = _text(block.value_title) or words["value"]
    return (
        f'<figure class="sl-table-figure" id="{identity}">'
        f"{_caption(words['table'], number, block.title, '', marks, identity)}"
        f'<div class="sl-scroll" role="group" tabindex="0" aria-labelledby="{identity}-caption">'
        f'<table class="ds-table sl-figures sl-ranking" data-size="sm" '
        f'aria-labelledby="{identity}-caption"><thead><tr><th scope="col" class="sl-num">'
        f'{words["rank"]}</th><th scope="col">{words["what"]}</th>'
        f'<th scope="col" class="sl-num">{value}</th></tr></thead><tbody>{rows}</tbody></table></div>'
        + (f'<ul class="sl-notes">{notes}</ul>' if notes else "")
        + f"{_source(block, language)}</figure>"
    )
