"""The web fragment: well-formed, accessible, nothing inline, everything escaped."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sloyfe.render import charts, html
from sloyfe.render.blocks import (
    CHARTS,
    Block,
    Document,
    Heading,
    Paragraph,
    RankingList,
    Table,
)
from tests.render import sample_report

VOID = {"br", "hr", "img", "input", "meta", "link", "path", "rect", "line"}


class Page(HTMLParser):
    """Elements with their attributes and the text within; unbalanced tags are an error."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str, cls: str = "") -> list[dict[str, str | None]]:
        return [a for t, a in self.elements if t == tag and cls in (a.get("class") or "").split(" ")] if cls else [a for t, a in self.elements if t == tag]  # fmt: skip

    @property
    def text(self) -> str:
        return " ".join(self.words)


@pytest.fixture
def fragment(report: Document) -> Page:
    return Page(html.render(report))


def test_nothing_inline_and_nothing_from_outside(fragment: Page) -> None:
    for tag, attributes in fragment.elements:
        assert tag not in {"script", "style", "link", "img", "iframe", "object"}
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
        assert "src" not in attributes


def test_every_chart_has_both_drawings_an_alternative_text_and_a_folded_table(
    report: Document, fragment: Page
) -> None:
    count = sum(isinstance(block, CHARTS) for block in report.blocks)
    assert len(fragment.all("details", "ds-details")) == count
    assert len(fragment.all("figure", "sl-figure")) == count
    # The tile map is the same at every width.
    assert len(fragment.all("svg")) == 2 * count - 1
    for block in report.blocks:
        if isinstance(block, CHARTS):
            assert block.alt in fragment.text
            assert block.title in fragment.text


def test_ids_are_unique_and_every_reference_has_its_target(fragment: Page) -> None:
    ids = [a["id"] for _, a in fragment.elements if a.get("id")]
    assert len(ids) == len(set(ids))
    for _, attributes in fragment.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            for target in (attributes.get(name) or "").split():
                assert target in ids
        href = attributes.get("href") or ""
        assert not href or href.removeprefix("#") in ids


def test_tables_have_row_and_column_heads_units_and_the_number_of_answers(fragment: Page) -> None:
    scopes = [a.get("scope") for a in fragment.all("th")]
    assert set(scopes) == {"row", "col"}
    assert "(%)" in fragment.text
    assert "1\u202f234" in fragment.text
    assert len(fragment.all("tr", "sl-n")) >= 1
    assert fragment.all("td", "sl-num")
    assert fragment.all("td", "sl-interval")
    assert fragment.all("td", "sl-hidden")
    assert "Tallet vises ikke fordi det bygger på for få svar." in fragment.text


def test_the_marks_stand_on_the_report_and_on_each_figure_and_table(
    report: Document, fragment: Page
) -> None:
    figures = sum(isinstance(block, (*CHARTS, Table, RankingList)) for block in report.blocks)
    assert fragment.text.count(sample_report.MARK) == figures + 1


def test_headings_follow_the_level_of_the_page(report: Document) -> None:
    page = Page(html.render(report, top_level=2))
    assert len(page.all("h1")) == 0
    assert len(page.all("h2")) == 1
    assert len(page.all("h3")) == 1


def test_a_long_report_has_contents_and_a_short_one_has_not(fragment: Page) -> None:
    assert not fragment.all("nav")
    long_page = Page(html.render(sample_report.large()))
    assert len(long_page.all("nav", "sl-contents")) == 1
    assert len(long_page.all("li", "sl-contents-2")) == 25


def test_the_same_report_gives_the_same_bytes() -> None:
    first = html.render(sample_report.large(), cache=charts.Cache())
    assert html.render(sample_report.large(), cache=charts.Cache()) == first


def test_every_class_it_emits_is_named_in_its_documentation(fragment: Page) -> None:
    documented = set(re.findall(r"``((?:sl|ds)-[a-z0-9-]+)``", html.__doc__ or ""))
    emitted = {
        name
        for _, attributes in fragment.elements
        for name in (attributes.get("class") or "").split()
    }
    emitted |= {
        name
        for _, attributes in Page(html.render(sample_report.large())).elements
        for name in (attributes.get("class") or "").split()
    }
    kinds = {name for name in emitted if name.startswith("sl-callout-")}
    assert emitted - kinds <= documented


def replaced(block: Block, text: str) -> Block:
    """The block with `text` in every field that holds text."""

    def swap(value: object) -> object:
        if isinstance(value, str):
            return text
        if isinstance(value, tuple):
            return tuple(swap(item) for item in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            kept = {"kind", "pole", "mark", "unit", "anchor"}
            fields = {
                f.name: swap(getattr(value, f.name))
                for f in dataclasses.fields(value)
                if f.name not in kept
            }
            return dataclasses.replace(value, **fields)
        return value

    result = swap(block)
    assert isinstance(result, type(block))
    return result


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet="<>&\"'/\\`= aø\0\n\r\t\u202e\ud800-!", max_size=40))
def test_hostile_text_in_any_field_stays_text(hostile: str) -> None:
    blocks = tuple(
        replaced(block, hostile)
        for block in sample_report.small().blocks
        if not isinstance(block, CHARTS)
    )
    document = Document(hostile, hostile, "nb", (hostile,), hostile, hostile, blocks)
    page = Page(html.render(document))
    assert {tag for tag, _ in page.elements} <= {
        "article", "header", "h1", "h2", "p", "ul", "ol", "li", "figure", "figcaption", "strong",
        "span", "div", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "sup", "a",
    }  # fmt: skip


def test_script_in_every_text_of_a_chart_stays_text() -> None:
    hostile = "<script>alert(1)</script>\"'"
    blocks = tuple(
        replaced(block, hostile)
        for block in sample_report.small().blocks
        if isinstance(block, CHARTS)
    )
    page = Page(html.render(Document("T", "", "nb", (), "", "", blocks)))
    assert not page.all("script")
    assert page.text.count("<script>") > len(blocks)


def test_a_table_or_chart_can_stand_alone_on_a_page(report: Document) -> None:
    table = next(block for block in report.blocks if isinstance(block, Table))
    assert not Page(html.table(table, "nn", identity="svar")).all("span", "sl-number")
    chart = next(block for block in report.blocks if isinstance(block, CHARTS))
    alone = Page(html.chart(chart, "nn", identity="svar", number=2))
    assert "Figur 2" in alone.text
    assert "Vis tala som tabell" in alone.text


@pytest.mark.parametrize(
    ("url", "leads"),
    [("/runder/2/", True), ("//ond.example/", False), ("javascript:alert(1)", False), ("", False)],
)
def test_a_source_leads_to_the_evidence_on_the_site_and_nowhere_else(url: str, leads: bool) -> None:
    table = Table("T", (), (), source="Runde 2", source_url=url)
    links = Page(html.table(table, "nb", identity="t")).all("a")
    assert [link["href"] for link in links] == ([url] if leads else [])


def test_paragraphs_part_at_blank_lines() -> None:
    document = Document("T", "", "nb", (), "", "", (Heading(1, "H"), Paragraph("a\nb\n\n\nc")))
    assert html.render(document).count('data-variant="long"') == 2
