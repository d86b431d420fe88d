"""A drawing surface in pixels that becomes a Vega-Lite specification.

Vega-Lite is used as a drawing engine with its scales switched off: where every label stands is
decided here, with the widths of the very letters that will be drawn, so that labels never collide
at 360 or 800 pixels.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Literal, TypeAlias

from sloyfe.render import fonts
from sloyfe.render.characters import drawable

Spec: TypeAlias = dict[str, object]
Align: TypeAlias = Literal["left", "right", "center"]

INK = "#1E2B3C"
MUTED = "#5A6573"
RULE = "#D5DAE0"
WHITE = "#FFFFFF"


@functools.cache
def _advances(weight: int) -> tuple[dict[str, float], float]:
    from fontTools.ttLib import TTFont

    with TTFont(fonts.path(weight, fonts.check()), lazy=True) as font:
        em = font["head"].unitsPerEm
        widths = font["hmtx"].metrics
        return {chr(code): widths[name][0] / em for code, name in font.getBestCmap().items()}, 0.6


@functools.lru_cache(maxsize=16384)
def width(text: str, size: float, weight: int = 400) -> float:
    """How many pixels a line of text takes in Inter at `size` pixels (kerning left out)."""
    advances, fallback = _advances(weight)
    return size * sum(advances.get(character, fallback) for character in text)


def wrap(text: str, room: float, size: float, weight: int = 400) -> tuple[str, ...]:
    """A text in lines no wider than `room` pixels; a word longer than a line is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        rest = word
        candidate = f"{line} {rest}" if line else rest
        if width(candidate, size, weight) <= room:
            line = candidate
            continue
        if line:
            lines.append(line)
        while width(rest, size, weight) > room and len(rest) > 1:
            cut = len(rest) - 1
            while cut > 1 and width(rest[:cut] + "-", size, weight) > room:
                cut -= 1
            # No lonely letter on the next line.
            cut = max(1, min(cut, len(rest) - 3))
            lines.append(rest[:cut] + "-")
            rest = rest[cut:]
        line = rest
    return (*lines, line) if line or not lines else tuple(lines)


class Canvas:
    """Rectangles, lines, dots and texts, in the order of layers they are drawn in."""

    def __init__(self, pixels: int) -> None:
        self.width = pixels
        self.height = 0.0
        self._rects: list[Spec] = []
        self._lines: list[Spec] = []
        self._dots: list[Spec] = []
        self._texts: dict[tuple[Align, int, float], list[Spec]] = {}

    def rect(
        self, x: float, y: float, wide: float, high: float, fill: str, stroke: str = "none"
    ) -> None:
        """A filled rectangle from its upper left corner."""
        if wide <= 0 or high <= 0:
            return
        edges = {"x": _px(x), "x2": _px(x + wide), "y": _px(y), "y2": _px(y + high)}
        self._rects.append({**edges, "fill": fill, "stroke": stroke})
        self._reach(y + high)

    def line(
        self, x: float, y: float, x2: float, y2: float, stroke: str = RULE, thick: float = 1
    ) -> None:
        """A straight line."""
        ends = {"x": _px(x), "x2": _px(x2), "y": _px(y), "y2": _px(y2)}
        self._lines.append({**ends, "stroke": stroke, "thick": thick})
        self._reach(max(y, y2))

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        """A filled circle around a point."""
        self._dots.append(
            {"x": _px(x), "y": _px(y), "size": _px(3.14159 * radius**2), "fill": fill}
        )
        self._reach(y + radius)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 14,
        weight: int = 400,
        fill: str = INK,
        align: Align = "left",
    ) -> None:
        """One line of text; `y` is the middle of its lower-case letters."""
        if text:
            layer = self._texts.setdefault((align, weight, size), [])
            layer.append({"x": _px(x), "y": _px(y), "text": text, "fill": fill})
            self._reach(y + size * 0.6)

    def spec(self) -> Spec:
        """What was drawn, as a Vega-Lite specification."""
        position: Spec = {axis: _raw(axis) for axis in ("x", "y")}
        span = {**position, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
        stroke = {"field": "stroke", "type": "nominal", "scale": None, "legend": None}
        fill = {**stroke, "field": "fill"}
        layers: list[Spec] = []
        if self._rects:
            layers.append(
                _layer(self._rects, {"type": "rect"}, {**span, "fill": fill, "stroke": stroke})
            )
        if self._lines:
            thick = {"field": "thick", "type": "quantitative", "scale": None, "legend": None}
            mark: Spec = {"type": "rule", "strokeCap": "round"}
            layers.append(
                _layer(self._lines, mark, {**span, "stroke": stroke, "strokeWidth": thick})
            )
        if self._dots:
            size = {"field": "size", "type": "quantitative", "scale": None, "legend": None}
            mark = {"type": "point", "filled": True, "opacity": 1}
            layers.append(_layer(self._dots, mark, {**position, "fill": fill, "size": size}))
        for (align, weight, points), values in self._texts.items():
            mark = {
                "type": "text",
                "align": align,
                "baseline": "middle",
                "fontSize": points,
                "fontWeight": weight,
                "limit": 0,
            }
            text = {"field": "text", "type": "nominal"}
            layers.append(_layer(values, mark, {**position, "text": text, "fill": fill}))
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "width": self.width,
            "height": max(1, round(self.height)),
            "padding": 0,
            "autosize": "none",
            "background": None,
            "config": {"aria": False, "font": fonts.FAMILY, "view": {"stroke": None}},
            "layer": layers
            or [_layer([{"x": 0, "y": 0}], {"type": "point", "opacity": 0}, position)],
        }

    def _reach(self, y: float) -> None:
        self.height = max(self.height, y)


def lines_of(text: str, room: float, size: float, weight: int = 400) -> tuple[str, ...]:
    """A label in lines of drawable characters."""
    return wrap(drawable(text, fonts.characters()), room, size, weight)


def _raw(axis: str) -> Spec:
    return {"field": axis, "type": "quantitative", "scale": None, "axis": None}


def _layer(values: Sequence[Spec], mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}


def _px(value: float) -> float:
    return round(value, 1)
