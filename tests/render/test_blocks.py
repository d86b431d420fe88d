"""What the blocks themselves hold to, before any format."""

from __future__ import annotations

import dataclasses

import pytest

from sloyfe.render.blocks import (
    Cell,
    Column,
    Document,
    Heading,
    LikertChart,
    LikertPart,
    LikertRow,
    Row,
    Table,
    appendix_tables,
    lay_table,
    numbered,
)

EMPTY = Table("", (), ())


def document(*blocks: object) -> Document:
    return Document("T", "", "nb", (), "", "", blocks)  # type: ignore[arg-type]


def test_a_row_with_too_few_cells_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        Table("T", (Column("a"), Column("b")), (Row("x", (Cell("1"),)),))


def test_a_chart_with_two_scales_is_refused() -> None:
    rows = tuple(LikertRow(label, 1, (LikertPart(label, 1.0),)) for label in ("ja", "nei"))
    with pytest.raises(ValueError, match="different scales"):
        LikertChart("T", "", rows, "", EMPTY)


def test_tables_and_figures_are_numbered_apart_and_anchors_are_unique(report: Document) -> None:
    items = numbered(dataclasses.replace(report, blocks=report.blocks * 2))
    anchors = [item.anchor for item in items if item.anchor]
    assert len(anchors) == len(set(anchors))
    assert [i.number for i in items if isinstance(i.block, LikertChart)] == [1, 5]
    assert [i.number for i in items if isinstance(i.block, Table)] == [1, 3]


def test_a_heading_never_skips_a_level() -> None:
    levels = [
        item.block.level
        for item in numbered(document(*(Heading(n, "x") for n in (3, 1, 3, 4, 2, 4))))
        if isinstance(item.block, Heading)
    ]
    assert levels == [1, 1, 2, 3, 2, 3]


def test_notes_are_lettered_in_reading_order_and_a_hidden_cell_always_has_one() -> None:
    cells = (Cell("1", "B"), Cell(":"), Cell("2", "B"))
    table = Table("T", (Column("a"), Column("b"), Column("c")), (Row("x", cells),), ("Til slutt",))
    laid = lay_table(table, ("", "", ""), "skjult")
    assert [letter for _, letter in laid.rows[0][1]] == ["a", "b", "a"]
    assert laid.notes == (("a", "B"), ("b", "skjult"), ("", "Til slutt"))
    assert laid.n_row == ()


def test_the_appendix_leaves_out_numbers_that_a_table_of_the_report_shows(report: Document) -> None:
    # Three of the four charts are drawn from the table that the report shows.
    assert [number for number, _ in appendix_tables(report)] == [1]
    assert appendix_tables(dataclasses.replace(report, appendix=False)) == ()
