"""Charts as pictures: SVG for pages and PDF, PNG for Word, drawn once per content.

Drawing takes some 20 milliseconds a picture, so each is kept under the hash of its specification, in
memory or in a folder that the caller gives (`Cache`).
"""

from __future__ import annotations

import copy
import functools
import hashlib
import json
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

from sloyfe.render import figures, fonts
from sloyfe.render.blocks import Chart, Language, without_data
from sloyfe.render.canvas import Spec
from sloyfe.render.characters import clean

WIDE = figures.WIDE
NARROW = figures.NARROW
_LANGUAGE_OF_CHARTS = "1"
"""Part of every cache key; raise it when the same specification shall be drawn differently."""


class Cache:
    """Pictures by content hash, in a folder that outlives the process or, without one, in memory.

    A folder may be shared by several processes: files are moved in place whole. Memory keeps the
    `keep` latest pictures. A folder's pictures may be deleted at any time.
    """

    def __init__(self, folder: Path | None = None, keep: int = 512) -> None:
        self.folder = folder
        self._keep = keep
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """The picture under `key`, if it has been drawn before."""
        if self.folder is not None:
            try:
                return (self.folder / key).read_bytes()
            except FileNotFoundError:
                return None
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
            return self._memory.get(key)

    def put(self, key: str, picture: bytes) -> None:
        """Keeps a picture under `key`."""
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as unfinished:
                unfinished.write(picture)
            Path(unfinished.name).replace(self.folder / key)
            return
        with self._lock:
            self._memory[key] = picture
            while len(self._memory) > self._keep:
                self._memory.popitem(last=False)


MEMORY = Cache()


def svg(
    chart: Chart,
    *,
    identity: str = "figur",
    width: int = WIDE,
    language: Language = "nb",
    cache: Cache = MEMORY,
) -> str:
    """A chart as SVG markup to be set into a page: no style, no script, no outside address.

    It has ``role="img"`` and is named by its title and described by its alternative text; `identity`
    makes the ids unique on the page. Shown at up to `width` pixels, it keeps its proportions.
    """
    names = f"{identity}-title", f"{identity}-desc"
    head, body = drawing(chart, width=width, language=language, cache=cache).split(">", 1)
    return (
        f'{head} class="sl-chart-svg" role="img" aria-labelledby="{names[0]} {names[1]}">'
        f'<title id="{names[0]}">{escape(clean(chart.title))}</title>'
        f'<desc id="{names[1]}">{escape(clean(chart.alt))}</desc>{body}'
    )


def drawing(
    chart: Chart, *, width: int = WIDE, language: Language = "nb", cache: Cache = MEMORY
) -> str:
    """The bare picture as SVG, without title, description and ids."""
    spec = figures.spec(without_data(chart), width, language)
    key = f"{_key(json.dumps(spec, ensure_ascii=False, sort_keys=True))}.svg"
    known = cache.get(key)
    if known is None:
        known = _drawn(spec).encode()
        cache.put(key, known)
    return known.decode()


def _drawn(spec: Spec) -> str:
    """The engine's picture of a specification.

    The engine measures every text it draws, at a millisecond each, which is most of its time. Nothing
    depends on that (the layout has measured them already), so it draws a nought for each text, and
    the texts are put in afterwards, in the same order.
    """
    quick = copy.deepcopy(spec)
    texts = []
    for layer in quick["layer"]:  # type: ignore[attr-defined]
        if layer["mark"]["type"] == "text":
            for value in layer["data"]["values"]:
                texts.append(str(value["text"]))
                value["text"] = "0"
    return _plain_svg(_engine().vegalite_to_svg(quick), iter(texts))


def png(
    chart: Chart,
    *,
    width: int = WIDE,
    language: Language = "nb",
    scale: float = 2,
    cache: Cache = MEMORY,
) -> bytes:
    """A chart as PNG with `scale` device pixels per pixel, on white."""
    picture = drawing(chart, width=width, language=language, cache=cache)
    key = f"{_key(f'{scale} {picture}')}.png"
    known = cache.get(key)
    if known is None:
        known = _pixels(picture, scale)
        cache.put(key, known)
    return known


_SHEET = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.wide) * 1pt)
"""


def _pixels(picture: str, scale: float) -> bytes:
    """A drawn SVG as PNG. Typst paints it three times as fast as the chart engine, in Inter alone."""
    import typst

    inputs = {"svg": picture, "wide": picture.partition('width="')[2].partition('"')[0]}
    compiler = typst.Compiler(_SHEET, font_paths=fonts.for_typst(), sys_inputs=inputs)
    result = compiler.compile(format="png", ppi=72 * scale)
    assert isinstance(result, bytes)  # noqa: S101
    return result


def _key(content: str) -> str:
    stamp = f"{_LANGUAGE_OF_CHARTS} {_engine().__version__} {content}"
    return hashlib.sha256(stamp.encode()).hexdigest()


@functools.cache
def _engine():  # type: ignore[no-untyped-def]
    import vl_convert

    vl_convert.register_font_directory(str(fonts.check()))
    return vl_convert


_KEPT = {
    "d", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-dasharray", "transform",
    "x", "y", "x1", "x2", "y1", "y2", "width", "height", "rx", "opacity", "fill-opacity", "stroke-opacity",
    "text-anchor", "font-family", "font-size", "font-weight",
}  # fmt: skip


def _plain_svg(markup: str, texts: Iterator[str]) -> str:
    """The engine's SVG with only what draws: no classes, ids, styles, roles or background."""
    # The markup comes from our own engine, not from outside.
    root = ET.fromstring(markup)  # noqa: S314
    wide, high = root.attrib["width"], root.attrib["height"]
    inner = "".join(_element(child, texts) for child in root)
    assert next(texts, None) is None  # noqa: S101
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}">{inner}</svg>'
    )


def _element(element: ET.Element, texts: Iterator[str]) -> str:
    name = element.tag.rpartition("}")[2]
    if name not in {"g", "path", "text", "rect", "line"}:
        return ""
    if element.attrib.get("class") in {"background", "foreground"}:
        return ""
    if name == "text":
        inner = escape(next(texts), quote=False)
    else:
        inner = "".join(_element(child, texts) for child in element)
    if not inner and name in {"g", "text"}:
        return ""
    kept = {key: value for key, value in element.attrib.items() if key in _KEPT}
    if name == "g" and not kept:
        return inner
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in kept.items())
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"
