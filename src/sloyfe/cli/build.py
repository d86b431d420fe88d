"""`sloyfe build`: what is made from other files and never committed.

Styles, script and font of Designsystemet from `node_modules`; the report fonts; the compiled
translations; the folder of static files that the web server serves. `make` runs it when one of
its sources is newer; it may be run again at any time.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import sloyfe
from sloyfe.cli import connection
from sloyfe.common.environment import project_folder
from sloyfe.common.errors import InputProblem, NotPossible, Problem

PACKAGE = Path(sloyfe.__file__).resolve().parent
VENDOR = PACKAGE / "ui" / "static" / "ui" / "vendor"
# Name in the vendor folder ← file in node_modules.
STYLES = {
    "designsystemet.css": "@digdir/designsystemet-css/dist/src/index.css",
    "theme.css": "@digdir/designsystemet-theme/src/themes/designsystemet.css",
    "designsystemet.js": "@digdir/designsystemet-web/dist/umd/index.js",
}
WEIGHTS = (400, 500, 600, 700)
SUBSETS = ("latin-ext", "latin")
SLOT = re.compile(r"%\(\w+\)|(?<!\{)\{\w+\}")
Words: TypeAlias = str | Sequence[str]
SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=[^\n]*")


class MissingPackage(NotPossible):
    """A file that npm should have installed is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__("build.missing_package", path=path)

    def __str__(self) -> str:
        return f"{self.details['path']} is missing. Run `npm ci` (or `make up`, which does)."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which part to make; all when none is named."""
    parser.add_argument("part", nargs="*", metavar="PART", help=", ".join(PARTS))


def run(args: argparse.Namespace) -> int:
    """Make the parts in order."""
    unknown = [part for part in args.part if part not in PARTS]
    if unknown:
        raise InputProblem(
            [Problem("build.unknown_part", f"choose among {', '.join(PARTS)}", value=unknown[0])]
        )
    for part in args.part or PARTS:
        PARTS[part]()
    return 0


def copy_assets(node_modules: Path | None = None, vendor: Path = VENDOR) -> None:
    """Copy the pinned styles, script and Inter to where the pages look for them."""
    source = node_modules or project_folder() / "node_modules"
    vendor.mkdir(parents=True, exist_ok=True)
    for name, path in STYLES.items():
        content = _existing(source / path).read_bytes()
        # The maps are not copied, and the manifest refuses a style that names a missing file.
        (vendor / name).write_bytes(SOURCE_MAP.sub(b"", content))
    faces = []
    for weight in WEIGHTS:
        for subset in SUBSETS:
            name = f"inter-{subset}-{weight}-normal.woff2"
            shutil.copyfile(_existing(source / "@fontsource/inter/files" / name), vendor / name)
            faces.append(_face(source, subset, weight, name))
    (vendor / "inter.css").write_text("\n".join(faces), encoding="utf-8")


def _face(source: Path, subset: str, weight: int, file: str) -> str:
    # Only the file that lists all subsets says which characters each holds.
    text = _existing(source / "@fontsource/inter" / f"{weight}.css").read_text(encoding="utf-8")
    block = re.search(
        rf"/\* inter-{subset}-{weight}-normal \*/.*?unicode-range:\s*([^;]+);", text, re.DOTALL
    )
    characters = f"  unicode-range: {block.group(1).strip()};\n" if block else ""
    return (
        "@font-face {\n  font-family: 'Inter';\n  font-style: normal;\n  font-display: swap;\n"
        f"  font-weight: {weight};\n  src: url('{file}') format('woff2');\n{characters}}}\n"
    )


def _existing(path: Path) -> Path:
    if not path.exists():
        raise MissingPackage(path)
    return path


def build_fonts() -> None:
    """Make the fonts that reports are set in from the same Inter."""
    if importlib.util.find_spec("sloyfe.render.fonts") is None:
        return
    importlib.import_module("sloyfe.render.fonts").build(project_folder() / "node_modules")


def compile_translations(package: Path = PACKAGE) -> None:
    """Compile each catalogue beside its source.

    :raises InputProblem: when a catalogue cannot be read, or a translation loses a slot.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    problems = []
    for path in sorted(package.glob("*/locale/*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > path.stat().st_mtime:
            continue
        source = str(path.relative_to(package))
        try:
            with path.open("rb") as file:
                catalog = read_po(file, locale=path.parents[1].name, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            problems.append(Problem("catalogue.unreadable", str(error), source=source))
            continue
        problems += [
            Problem(
                "catalogue.slots",
                "the translation has other named slots than the text",
                source=source,
                row=message.lineno,
                value=str(message.id),
            )
            for message in catalog
            if message.id and _loses_a_slot(message.id, message.string or "")
        ]
        half = target.with_suffix(".mo.new")
        with half.open("wb") as file:
            write_mo(file, catalog)
        half.replace(target)
    if problems:
        raise InputProblem(problems)


def _loses_a_slot(source: Words, translation: Words) -> bool:
    """Whether a translation drops or invents a named slot. A singular may leave out the number."""
    wanted, given = _forms(source), _forms(translation)
    if not any(given):
        return False  # not translated yet: the source text is shown
    slots = set().union(*(SLOT.findall(form) for form in wanted))
    found = [set(SLOT.findall(form)) for form in given]
    return found[-1] != slots or any(not some <= slots for some in found)


def _forms(words: Words) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def collect_static() -> None:
    """Gather, hash and compress what the web server serves as files."""
    connection.use_django(warn=False)
    from django.core.management import call_command

    call_command("collectstatic", "--no-input", "--clear", "--verbosity", "0", stdout=sys.stdout)


PARTS = {
    "assets": copy_assets,
    "fonts": build_fonts,
    "translations": compile_translations,
    "static": collect_static,
}
