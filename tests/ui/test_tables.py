"""Tables that can be read on any screen, and the way to a page."""

from __future__ import annotations

import re

from django.template import Context, Template
from django.test import RequestFactory

from sloyfe.ui.components import Crumb
from sloyfe.ui.tables import column_heads, dress

HEAD = (
    '<thead><tr><th scope="col">Region</th><th scope="col" class="sl-num">Sent <span>(%)</span></th>'
    '<th scope="col"><span class="ds-sr-only">Change</span></th></tr></thead>'
)


def test_each_cell_has_the_head_of_its_column_as_it_is_seen() -> None:
    html = dress(HEAD + '<tbody><tr><th scope="row">Nord</th><td>7</td><td>edit</td></tr></tbody>')

    assert re.findall(r'data-label="([^"]*)"', html) == ["Sent (%)"]
    assert '<td role="cell" data-label="Sent (%)"><div class="sl-cell">7</div></td>' in html


def test_each_part_says_what_it_is() -> None:
    html = dress(HEAD + '<tbody><tr><th scope="row">Nord</th><td>7</td></tr></tbody>')

    assert re.findall(r'role="([^"]*)"', html) == [
        "rowgroup", "row", "columnheader", "columnheader", "columnheader",
        "rowgroup", "row", "rowheader", "cell",
    ]  # fmt: skip


def test_a_cell_over_several_columns_counts_for_all_of_them() -> None:
    html = dress(
        "<thead><tr><th>A</th><th>B</th><th>C</th></tr></thead>"
        '<tbody><tr><td colspan="2">1</td><td>2</td></tr></tbody>'
    )

    assert re.findall(r'data-label="([^"]*)"', html) == ["A", "C"]


def test_a_quotation_mark_in_a_head_ends_no_attribute() -> None:
    assert column_heads('<thead><tr><th>So "called"</th></tr></thead>') == ["So &quot;called&quot;"]


def test_a_table_is_named_and_what_stands_in_it_stays_escaped() -> None:
    html = Template(
        "{% table label=name %}<tbody><tr><td>{{ name }}</td></tr></tbody>{% endtable %}"
    ).render(Context({"name": "<b>"}))

    assert "<b>" not in html
    assert html.count('aria-label="&lt;b&gt;"') == 2
    assert 'role="table"' in html


def test_the_way_to_a_page_leaves_out_the_page_and_offers_one_step_up() -> None:
    html = Template("{% trail crumbs %}").render(
        Context({"crumbs": [Crumb("First", "/a/"), Crumb("Second", "/a/b/"), Crumb("Here")]})
    )

    assert "Here" not in html
    assert re.findall(r'href="([^"]*)"', html) == ["/a/b/", "/a/", "/a/b/"]
    assert Template("{% trail crumbs %}").render(Context({"crumbs": [Crumb("Here")]})).strip() == ""


def test_the_way_up_never_leads_to_the_page_itself() -> None:
    crumbs = [Crumb("First", "/a/"), Crumb("Here", "/a/b/")]
    request = RequestFactory().get("/a/b/")

    html = Template("{% trail crumbs %}").render(Context({"crumbs": crumbs, "request": request}))

    assert 'href="/a/"' in html
    assert "/a/b/" not in html
