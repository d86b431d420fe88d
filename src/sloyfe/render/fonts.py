"""Inter, the typeface of Sløyfe, as TrueType files that Typst and the chart engine can read.

The npm package ``@fontsource/inter`` is pinned by the project and splits each weight in a latin and a
latin-ext part, as web fonts. Neither Typst nor vl-convert reads those, so the two parts are unpacked
and merged at build: one TrueType file per weight, with Norwegian and Sámi letters (á đ ŋ š ŧ ž).
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from sloyfe.common.errors import SettingProblem

FOLDER = Path(__file__).with_name("fonts")
FAMILY = "Inter"
WEIGHTS = {400: "Regular", 600: "SemiBold"}
_PARTS = ("latin", "latin-ext")


def path(weight: int, folder: Path = FOLDER) -> Path:
    """Each weight stands in one file; this says which."""
    return folder / f"Inter-{WEIGHTS[weight]}.ttf"


def build(node_modules: Path, target: Path = FOLDER) -> tuple[Path, ...]:
    """The pinned web font becomes one TrueType file per weight in `target`; returns their paths.

    Files that are newer than their sources are left as they are, so a second call costs nothing.
    Raises `SettingProblem` if ``@fontsource/inter`` is not below `node_modules`.
    """
    files = node_modules / "@fontsource" / "inter" / "files"
    sources = {
        weight: tuple(files / f"inter-{part}-{weight}-normal.woff" for part in _PARTS)
        for weight in WEIGHTS
    }
    missing = [source for parts in sources.values() for source in parts if not source.is_file()]
    if missing:
        raise SettingProblem(
            f"The font file {missing[0]} is missing. Run `npm ci` in the project's folder, "
            "then build the fonts again."
        )
    target.mkdir(parents=True, exist_ok=True)
    for weight, parts in sources.items():
        result = path(weight, target)
        newest = max(source.stat().st_mtime for source in parts)
        if not result.is_file() or result.stat().st_mtime < newest:
            _merge(parts, weight, result)
    return tuple(path(weight, target) for weight in WEIGHTS)


def check(folder: Path = FOLDER) -> Path:
    """The folder of built fonts, or a `SettingProblem` that says how to build them."""
    for weight in WEIGHTS:
        if not path(weight, folder).is_file():
            raise SettingProblem(
                f"The font file {path(weight, folder)} has not been built. "
                "Run `make up`, which fetches Inter and builds the fonts."
            )
    return folder


@functools.cache
def characters(folder: Path = FOLDER) -> frozenset[str]:
    """All characters that every weight can draw; anything else cannot stand in an accessible PDF."""
    from fontTools.ttLib import TTFont

    sets = []
    for weight in WEIGHTS:
        with TTFont(path(weight, check(folder)), lazy=True) as font:
            sets.append(frozenset(chr(code) for code in font.getBestCmap()))
    return frozenset.intersection(*sets)


@functools.cache
def for_typst():  # type: ignore[no-untyped-def]
    """The built fonts as Typst takes them: Inter and nothing of the machine's own."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[check()]
    )


def _merge(parts: tuple[Path, ...], weight: int, result: Path) -> None:
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    with tempfile.TemporaryDirectory(dir=result.parent) as folder:
        plain = []
        for part in parts:
            with TTFont(part) as font:
                font.flavor = None
                plain.append(str(Path(folder) / f"{part.stem}.ttf"))
                font.save(plain[-1])
        merged = Merger().merge(plain)
        _name(merged, weight)
        unfinished = Path(folder) / result.name
        merged.save(str(unfinished))
        # Moved in one step: a build that is killed leaves no half font behind.
        unfinished.replace(result)


def _name(font: object, weight: int) -> None:
    """The merged file says the family and weight by which Typst and the charts ask for it."""
    from fontTools.ttLib import TTFont

    assert isinstance(font, TTFont)  # noqa: S101
    style = WEIGHTS[weight]
    font["OS/2"].usWeightClass = weight
    names = font["name"]
    for record in (1, 16):
        names.setName(FAMILY, record, 3, 1, 0x409)
    for record in (2, 17):
        names.setName(style, record, 3, 1, 0x409)
    names.setName(f"{FAMILY} {style}", 4, 3, 1, 0x409)
    names.setName(f"{FAMILY}-{style}", 6, 3, 1, 0x409)
