"""One chart language: two hues, grey between, «vet ikke» apart, labels that fit, no inline style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from sloyfe.render import charts, figures, palette
from sloyfe.render.blocks import (
    CHARTS,
    BarChart,
    BarRow,
    Document,
    DotChart,
    DotRow,
    LikertChart,
    LikertPart,
    LikertRow,
    Table,
    TileMap,
)
from sloyfe.render.canvas import INK, WHITE, width, wrap

EMPTY = Table("", (), ())
LONG = "Sør-Varanger kommune – Mátta-Várjjaga gielda"


def likert(*shares: float, label: str = "Påstand") -> LikertChart:
    scale = (
        ("Svært uenig", "negative", ""),
        ("Uenig", "negative", ""),
        ("Verken eller", "neutral", ""),
        ("Enig", "positive", ""),
        ("Svært enig", "positive", ""),
        ("Vet ikke", "neutral", "dont_know"),
    )
    parts = tuple(
        LikertPart(name, share, None, pole, mark)  # type: ignore[arg-type]
        for (name, pole, mark), share in zip(scale, shares, strict=True)
    )
    return LikertChart("Funn", "Mål", (LikertRow(label, 44, parts),), "Alt", EMPTY)


def texts(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in fromstring(svg).iter() if e.tag.endswith("text")]


@pytest.mark.parametrize("pixels", [charts.WIDE, charts.NARROW])
def test_every_kind_of_chart_is_an_image_with_title_and_description_and_no_style(
    report: Document, pixels: int
) -> None:
    for place, chart in enumerate(block for block in report.blocks if isinstance(block, CHARTS)):
        svg = charts.svg(chart, identity=f"c{place}", width=pixels)
        root = fromstring(svg)
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-labelledby"] == f"c{place}-title c{place}-desc"
        assert [child.text for child in root][:2] == [chart.title, chart.alt]
        assert float(root.attrib["width"]) <= pixels
        assert not re.search(r"style|<script|on\w+=|href|class=\"(?!sl-)", svg)


def test_nothing_is_drawn_or_written_outside_the_picture(report: Document) -> None:
    wide = [likert(0.01, 0.3, 0.2, 0.2, 0.19, 0.1, label=LONG * 3)]
    for chart in (*wide, *(block for block in report.blocks if isinstance(block, CHARTS))):
        for pixels in (charts.WIDE, charts.NARROW):
            spec = figures.spec(chart, pixels)
            for layer in spec["layer"]:  # type: ignore[attr-defined]
                mark = layer["mark"]
                for value in layer["data"]["values"]:
                    right = value.get("x2", value["x"])
                    if mark["type"] == "text":
                        room = width(value["text"], mark["fontSize"], mark["fontWeight"])
                        shift = {"left": 1.0, "center": 0.5, "right": 0.0}[mark["align"]]
                        right = value["x"] + room * shift
                        assert value["x"] - room * (1 - shift) >= -0.5, value
                    assert right <= pixels + 0.5, value
                    assert 0 <= value["y"] <= float(str(spec["height"])) + 1


def test_a_row_label_stands_left_of_its_bar_on_paper_and_above_it_on_a_phone() -> None:
    chart = likert(0.1, 0.2, 0.2, 0.3, 0.2, 0.0)

    def place(pixels: int) -> tuple[float, float, float, float]:
        layers = figures.spec(chart, pixels)["layer"]
        values = [v for layer in layers for v in layer["data"]["values"]]  # type: ignore[attr-defined]
        label = next(v for v in values if v.get("text") == "Påstand")
        bar = next(v for v in values if "x2" in v and v["y2"] - v["y"] > 20)
        return label["x"], label["y"], bar["x"], bar["y"]

    x, y, bar_x, bar_y = place(charts.WIDE)
    assert x < bar_x
    assert bar_y < y < bar_y + 24
    x, y, bar_x, bar_y = place(charts.NARROW)
    assert x == bar_x
    assert y < bar_y


def test_labels_below_five_per_cent_are_hidden_and_the_rest_rounded_half_up() -> None:
    written = texts(charts.drawing(likert(0.04, 0.285, 0.2, 0.2, 0.275, 0.0)))
    assert "4" not in written
    assert written.count("29") == 1
    assert written.count("28") == 1
    assert "44" in written


def test_dont_know_stands_apart_to_the_right_of_a_full_bar() -> None:
    spec = figures.spec(likert(0.2, 0.2, 0.2, 0.2, 0.1, 0.1))
    rects = [v for layer in spec["layer"] for v in layer["data"]["values"] if "fill" in v and "x2" in v]  # type: ignore[attr-defined]  # fmt: skip
    bars = [rect for rect in rects if rect["y2"] - rect["y"] > 20]
    apart = [rect for rect in bars if rect["fill"] == palette.DONT_KNOW]
    full = max(rect["x2"] for rect in bars if rect["fill"] != palette.DONT_KNOW)
    assert len(apart) == 1
    assert apart[0]["x"] > full + (full - min(r["x"] for r in bars)) / 0.9 * 0.1


def test_a_row_without_answers_says_why() -> None:
    row = LikertRow("Kurs", 3, (), "Færre enn 5 svar, ikke vist")
    chart = LikertChart("F", "", (row,), "A", EMPTY)
    assert "Færre enn 5 svar, ikke vist" in texts(charts.drawing(chart))


def test_colours_grow_darker_towards_the_ends_and_carry_readable_labels() -> None:
    for size in (1, 2, 3, 4):
        poles = ["negative"] * size + ["neutral"] + ["positive"] * size
        parts = [LikertPart(str(i), 0.1, None, p) for i, p in enumerate(poles)]  # type: ignore[arg-type]
        colours = list(palette.of_parts(parts).values())
        assert len(set(colours)) == 2 * size + 1
        darkness = [palette.contrast(palette.of_parts(parts)[p.label], WHITE) for p in parts]
        assert darkness[:size] == sorted(darkness[:size], reverse=True)
        assert darkness[size + 1 :] == sorted(darkness[size + 1 :])
        for colour in colours:
            assert palette.contrast(palette.on(colour), colour) >= 4.5
    for value in range(11):
        colour = palette.of_value(value, 0, 10)
        assert palette.contrast(palette.on(colour), colour) >= 4.5
    assert palette.contrast(INK, palette.DONT_KNOW) >= 4.5


def test_a_scale_from_good_to_bad_has_its_darkest_ends_outside_too() -> None:
    parts = [
        LikertPart(name, 0.2, None, pole)  # type: ignore[arg-type]
        for name, pole in (
            ("svært", "positive"),
            ("noe", "positive"),
            ("lite", "negative"),
            ("ikke", "negative"),
        )
    ]
    colours = palette.of_parts(parts)
    assert palette.contrast(colours["svært"], WHITE) > palette.contrast(colours["noe"], WHITE)
    assert palette.contrast(colours["ikke"], WHITE) > palette.contrast(colours["lite"], WHITE)


def test_an_estimate_without_interval_is_a_dot_alone_and_a_hidden_one_a_colon() -> None:
    rows = (DotRow("a", 80, n=5), DotRow("b", None, text=":"), DotRow("c", 73, 60, 83, 44))
    written = texts(charts.drawing(DotChart("F", "", rows, "A", EMPTY)))
    assert {"80", ":", "73 (60–83)"} <= set(written)


def test_charts_of_nothing_are_still_pictures() -> None:
    for chart in (
        LikertChart("F", "", (), "A", EMPTY),
        DotChart("F", "", (), "A", EMPTY),
        BarChart("F", "", (), "A", EMPTY),
        BarChart("F", "", (BarRow("x", None, None, ":"), BarRow("y", 0)), "A", EMPTY),
        TileMap("F", "", (), "A", EMPTY),
    ):
        for pixels in (charts.WIDE, charts.NARROW):
            fromstring(charts.drawing(chart, width=pixels))


def test_hostile_labels_are_text_in_the_picture() -> None:
    hostile = "</text><script>alert(1)</script>\0 & \"x\" 'y' \u202e"
    svg = charts.svg(likert(0.2, 0.2, 0.2, 0.2, 0.1, 0.1, label=hostile), identity="x")
    assert "<script" not in svg
    assert "script" in "".join(texts(svg))


def test_every_text_of_the_specification_is_drawn_where_the_engine_would_draw_it(
    report: Document,
) -> None:
    import vl_convert

    def placed(svg: str) -> list[tuple[str | None, str | None, str]]:
        return [
            (e.attrib.get("transform"), e.attrib.get("text-anchor"), "".join(e.itertext()))
            for e in fromstring(svg).iter()
            if e.tag.endswith("text")
        ]

    for chart in (block for block in report.blocks if isinstance(block, CHARTS)):
        whole = vl_convert.vegalite_to_svg(figures.spec(chart))
        assert placed(charts.drawing(chart)) == placed(whole)


def test_a_known_chart_is_taken_from_the_folder_and_not_drawn_again(tmp_path: Path) -> None:
    chart = likert(0.2, 0.2, 0.2, 0.2, 0.1, 0.1)
    first = charts.drawing(chart, cache=charts.Cache(tmp_path))
    (kept,) = tmp_path.iterdir()
    kept.write_text(first.replace("Verken", "FRA MAPPEN"))
    assert "FRA MAPPEN" in charts.drawing(chart, cache=charts.Cache(tmp_path))
    other = likert(0.1, 0.3, 0.2, 0.2, 0.1, 0.1)
    assert "FRA MAPPEN" not in charts.drawing(other, cache=charts.Cache(tmp_path))


def test_the_memory_keeps_the_latest_pictures_only() -> None:
    cache = charts.Cache(keep=2)
    for key in ("a", "b"):
        cache.put(key, b"x")
    cache.get("a")
    cache.put("c", b"x")
    assert cache.get("b") is None
    assert cache.get("a") == b"x"


def test_lines_keep_every_letter_and_fit_their_room() -> None:
    for text in (LONG, "Boligsosialtkompetansetilskuddsordning", "a " * 40):
        for room in (40, 90, 250):
            lines = wrap(text.strip(), room, 14)
            assert all(width(line, 14) <= room for line in lines)
            joined = "".join(lines).replace("-", "").replace(" ", "")
            assert joined == text.replace("-", "").replace(" ", "")
