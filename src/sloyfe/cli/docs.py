"""`sloyfe docs`: the reference pages that are printed from the code itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from sloyfe.common.environment import project_folder, settings_table
from sloyfe.common.errors import NotPossible

HEAD = "<!-- Printed from the code by `make docs`. Do not edit. -->\n\n"


def settings_page() -> str:
    """The page on settings."""
    return (
        "# Settings\n\n"
        "An installation is set up by environment variables. None is needed on a laptop. A variable "
        "that begins with `SLOYFE_` and is not in this table is refused as misspelt.\n\n"
        + settings_table()
    )


PAGES: dict[str, Callable[[], str]] = {"docs/reference/settings.md": settings_page}


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
    differ = outdated(project_folder())
    if args.check:
        if differ:
            raise Outdated(differ)
        return 0
    for name in differ:
        path = project_folder() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + PAGES[name](), encoding="utf-8")
        print(f"Printed {name}")
    return 0


def outdated(root: Path) -> list[str]:
    """The pages whose files are missing or say something else."""
    return [
        name
        for name, page in PAGES.items()
        if not (root / name).exists() or (root / name).read_text(encoding="utf-8") != HEAD + page()
    ]
