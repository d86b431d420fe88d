"""Every file stands where it belongs, under a name that says what it is about."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "sloyfe"
MOST_LINES = 600
# Names under which anything could be put.
SAY_NOTHING = {"utils", "helpers", "tools", "services", "managers", "constants", "common", "misc"}
# Folders of the house without the inner order of a subject: they have no web, or are the web.
WITHOUT_INNER_ORDER = {
    "cli", "common", "config", "database", "files", "releases", "render", "stats", "ui",
}  # fmt: skip


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def contract(name: str) -> dict[str, set[str]]:
    """Give the lists of one import contract, as .importlinter has them."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    section = parser[f"importlinter:contract:{name}"]
    return {
        key: {line.strip() for line in value.split("\n")} - {""} for key, value in section.items()
    }


def test_whoever_imports_may_do_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT / "src"))

    assert lint_imports(config_filename=".importlinter", no_cache=True) == EXIT_STATUS_SUCCESS


def test_every_subject_keeps_the_inner_order() -> None:
    ordered = {name.removeprefix("sloyfe.") for name in contract("inside-a-subject")["containers"]}
    folders = {file.parent.name for file in PACKAGE.glob("*/__init__.py")}

    assert folders - ordered - WITHOUT_INNER_ORDER == set()
    assert ordered <= folders


def test_no_file_grows_beyond_what_can_be_read_at_once() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in sources()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
        and "migrations" not in path.parts
    }

    assert not long, "make a package of the same name, split by noun"


def test_every_name_says_what_is_inside() -> None:
    named = [
        path
        for path in sources()
        if path.stem in SAY_NOTHING
        or any(part in SAY_NOTHING for part in path.relative_to(PACKAGE).parts[1:-1])
    ]

    assert not named


def test_every_folder_of_code_is_a_package_or_holds_no_code() -> None:
    lone = {path.parent for path in sources() if not (path.parent / "__init__.py").exists()}

    assert not lone
