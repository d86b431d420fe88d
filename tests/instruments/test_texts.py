"""Every refusal and every enum value has its words."""

from __future__ import annotations

import ast
from pathlib import Path

import sloyfe.comments
import sloyfe.instruments
from sloyfe.comments.rules import Outcome
from sloyfe.comments.texts import OUTCOMES
from sloyfe.instruments import texts
from sloyfe.instruments.rules import InstrumentKind, QuestionKind, VersionState
from sloyfe.instruments.rules.changes import ChangeKind
from sloyfe.ui.refusals import sentences


def raised_codes(package: Path) -> set[str]:
    """Give every dotted refusal code that stands in a package's modules."""
    codes = set()
    for file in package.rglob("*.py"):
        if file.name == "texts.py" or file.parent.name == "migrations":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.startswith(("instrument.", "comments."))
                and " " not in node.value
                and node.value.count(".") == 1
            ):
                codes.add(node.value)
    return codes


def test_every_refusal_that_is_raised_has_a_sentence_of_its_own() -> None:
    packages = (sloyfe.instruments, sloyfe.comments)
    raised: set[str] = set()
    for package in packages:
        assert package.__file__ is not None
        raised |= raised_codes(Path(package.__file__).parent)
    known = sentences()

    assert raised
    assert raised - set(known) == set()
    own = {code: str(text) for code, text in known.items() if code.startswith("instrument.")}
    assert set(own) - raised == set()
    assert len(set(own.values())) == len(own)


def test_every_value_has_its_words() -> None:
    assert set(texts.INSTRUMENT_KINDS) == set(InstrumentKind)
    assert set(texts.STATES) == set(VersionState)
    assert set(texts.QUESTION_KINDS) == set(QuestionKind)
    assert set(texts.CHANGES) == set(ChangeKind)
    assert set(OUTCOMES) == set(Outcome)
