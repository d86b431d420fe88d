"""The documentation names places in the code; they must exist."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from sloyfe.cli.main import VERBS

ROOT = Path(__file__).resolve().parents[2]
DOCS = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
PLACE = re.compile(r"`(sloyfe(?:\.\w+)+)(?::(\w+))?`")
FILE = re.compile(r"`((?:src|tests|docs|programmes|registers|bench|changes|\.ci)/[\w./-]*)`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)")


def test_the_eight_hops_of_an_answer_exist() -> None:
    text = (ROOT / "docs/explanation/one-answer.md").read_text(encoding="utf-8")
    hops = re.findall(r"^\| (\d) \| `(sloyfe[\w.]+)(?::(\w+))?`", text, flags=re.MULTILINE)

    assert [int(number) for number, _module, _name in hops] == list(range(1, 9))
    for _number, module, name in hops:
        assert not name or hasattr(import_module(module), name), f"{module}:{name}"


@pytest.mark.parametrize("document", DOCS, ids=lambda document: str(document.relative_to(ROOT)))
def test_what_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    for module, name in PLACE.findall(text):
        try:
            found: object = import_module(module)
        except ModuleNotFoundError:
            parent, _dot, last = module.rpartition(".")
            found = getattr(import_module(parent), last)
        assert not name or hasattr(found, name), f"{module}:{name}"
    for file in FILE.findall(text):
        assert (ROOT / file).exists(), f"{document.name} names {file}"
    for link in LINK.findall(text):
        assert (document.parent / link).exists(), f"{document.name} links to {link}"


def _links(page: Path) -> set[Path]:
    text = page.read_text(encoding="utf-8")
    return {(page.parent / link).resolve() for link in LINK.findall(text)}


def test_every_page_can_be_reached_from_the_first() -> None:
    known: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page.is_dir():
            waiting += sorted(page.glob("*.md"))
        elif page not in known and page.suffix == ".md":
            known.add(page)
            waiting += sorted(_links(page))

    lost = [str(page.relative_to(ROOT)) for page in DOCS if page not in known]

    assert not lost, "link them from the README of their folder"


def test_every_picture_is_shown_somewhere() -> None:
    shown = {link for page in DOCS for link in _links(page)}

    unused = [
        str(picture.relative_to(ROOT))
        for picture in sorted((ROOT / "docs").rglob("*.png"))
        if picture not in shown
    ]

    assert not unused


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_recipe_and_verb_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    recipes = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", text, re.MULTILINE))
    used = set(re.findall(r"`sloyfe ([a-z-]+)", text)) | set(
        re.findall(r"sloyfe\.cli\.main ([a-z-]+)", text)
    )

    assert named <= recipes
    assert used <= {verb.name for verb in VERBS}
