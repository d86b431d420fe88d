"""Every action that the code records is told in a sentence that its event can fill, and no sentence is idle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import translation

import sloyfe
from sloyfe.audit.queries import sentences, words

PACKAGE = Path(sloyfe.__file__).parent
RECORDERS = {"action", "note"}
NOT_DETAILS = {"actor", "now", "about"}
SLOT = re.compile(r"%\((\w+)\)")


@dataclass(frozen=True)
class Recorded:
    """One place where an action is recorded, with the slots that its event can fill."""

    name: str
    slots: frozenset[str]
    place: str


def _imports_a_recorder(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "sloyfe.audit.actions"
        and any(each.name in RECORDERS for each in node.names)
        for node in ast.walk(tree)
    )


def _calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def _names(call: ast.Call, tree: ast.Module) -> list[str]:
    """Give the names that a call records: its own, or those that its function is called with."""
    [first, *_rest] = call.args
    if isinstance(first, ast.Constant):
        return [str(first.value)]
    assert isinstance(first, ast.Name), ast.unparse(call)
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or call not in list(ast.walk(function)):
            continue
        positional = [each.arg for each in function.args.args]
        found = []
        for caller in _calls(tree, {function.name}):
            given = dict(zip(positional, caller.args, strict=False))
            given |= {each.arg: each.value for each in caller.keywords if each.arg}
            value = given[first.id]
            assert isinstance(value, ast.Constant), ast.unparse(caller)
            found.append(str(value.value))
        return found
    raise AssertionError(ast.unparse(call))


def _filled_inside(call: ast.Call, tree: ast.Module) -> set[str]:
    """Give the slots that the block of ``with action(…) as event`` fills."""
    found: set[str] = set()
    for block in ast.walk(tree):
        if not isinstance(block, ast.With):
            continue
        if not any(item.context_expr is call for item in block.items):
            continue
        for node in (each for line in block.body for each in ast.walk(line)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "set_about":
                found.add("about")
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "event.about_name":
                found.add("about")
            if not isinstance(node, ast.Assign | ast.AugAssign):
                continue
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if ast.unparse(target) == "event.details" and isinstance(node.value, ast.Dict):
                    found |= {str(k.value) for k in node.value.keys if isinstance(k, ast.Constant)}
                elif (
                    isinstance(target, ast.Subscript)
                    and ast.unparse(target.value) == "event.details"
                    and isinstance(target.slice, ast.Constant)
                ):
                    found.add(str(target.slice.value))
    return found


def _named_inside(call: ast.Call, tree: ast.Module) -> list[str]:
    """Give the names that the block of ``with action(…) as event`` takes when it turns out to be another action."""
    return [
        str(node.value.value)
        for block in ast.walk(tree)
        if isinstance(block, ast.With) and any(item.context_expr is call for item in block.items)
        for node in ast.walk(block)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and any(ast.unparse(target) == "event.action" for target in node.targets)
    ]


def _recorded() -> list[Recorded]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not _imports_a_recorder(tree):
            continue
        for call in _calls(tree, RECORDERS):
            given = {each.arg for each in call.keywords if each.arg}
            slots = given - NOT_DETAILS | given & {"about"} | _filled_inside(call, tree)
            place = f"{path.relative_to(PACKAGE)}:{call.lineno}"
            names = [*_names(call, tree), *_named_inside(call, tree)]
            found += [Recorded(name, frozenset(slots), place) for name in names]
    return found


RECORDED = _recorded()


def test_actions_are_found_in_the_source_also_where_the_name_is_passed_on() -> None:
    names = {each.name for each in RECORDED}

    assert {"fieldwork.round.open", "fieldwork.reminders.send", "fieldwork.case.move"} <= names
    assert {"instruments.question.change", "programme.load"} <= names


def test_every_recorded_action_has_a_sentence() -> None:
    assert {each.name: each.place for each in RECORDED if each.name not in sentences()} == {}


@pytest.mark.parametrize("language", ["en", "nb", "nn"])
def test_an_event_fills_every_slot_of_its_sentence(language: str) -> None:
    with translation.override(language):
        empty = {
            each.place: missing
            for each in RECORDED
            if (missing := set(SLOT.findall(str(sentences().get(each.name, "")))) - each.slots)
        }

    assert empty == {}


def test_no_sentence_tells_an_action_that_nothing_records() -> None:
    assert set(sentences()) - {each.name for each in RECORDED} == set()


def test_words_for_codes_belong_to_slots_of_a_sentence() -> None:
    idle = {
        (name, slot)
        for name, slots in words().items()
        for slot in slots
        if slot not in SLOT.findall(str(sentences().get(name, "")))
    }

    assert idle == set()


def test_no_sentence_names_who_was_asked_or_answered() -> None:
    about_somebody = {
        name
        for name in sentences()
        if name.startswith(("fieldwork.case.", "fieldwork.link.", "letters.letter."))
    }

    assert about_somebody
    assert not [name for name in about_somebody if "about" in SLOT.findall(str(sentences()[name]))]
