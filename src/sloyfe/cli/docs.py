"""`sloyfe docs`: the reference pages that are printed from the code itself."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from sloyfe.cli import connection
from sloyfe.cli.build import compile_translations
from sloyfe.common.environment import project_folder
from sloyfe.common.errors import NotPossible

HEAD = "<!-- Printed from the code by `make docs`. Do not edit. -->\n\n"


class Outdated(NotPossible):
    """A printed page differs from what the code says now."""

    def __init__(self, pages: list[str]) -> None:
        super().__init__("docs.outdated", pages=", ".join(pages))

    def __str__(self) -> str:
        return f"{self.details['pages']}: differs from the code. Run `make docs`."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--check` compares and writes nothing."""
    parser.add_argument("--check", action="store_true", help="compare only, for continuous checks")


def run(args: argparse.Namespace) -> int:
    """Print every page to its file, or tell which differ."""
    # The pages hold the sentences in all languages, so these must be as new as their sources.
    compile_translations()
    connection.use_django(warn=False)
    printed = pages()
    differ = outdated(project_folder(), printed)
    if args.check:
        if differ:
            raise Outdated(differ)
        return 0
    for name in differ:
        path = project_folder() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(printed[name], encoding="utf-8")
        print(f"Printed {name}")
    return 0


def pages() -> dict[str, str]:
    """Every printed page by the name of its file. Needs Django to be set up; asks no database."""
    from sloyfe.cli.reference import PAGES

    return {
        name: HEAD + re.sub(r"\n{3,}", "\n\n", page()).rstrip() + "\n"
        for name, page in PAGES.items()
    }


def outdated(root: Path, printed: dict[str, str]) -> list[str]:
    """The pages whose files are missing or say something else."""
    return [
        name
        for name, text in printed.items()
        if not (root / name).exists() or (root / name).read_text(encoding="utf-8") != text
    ]
