"""The documentation names places in the code; they must exist."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
PLACE = re.compile(r"`(sloyfe(?:\.\w+)+)(?::(\w+))?`")
FILE = re.compile(r"`((?:src|tests|docs|programmes|registers|bench)/[\w./-]+)`")
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
