"""Changes to a draft's definition: each gives a new definition and leaves the old one as it was."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sloyfe.instruments.rules.definitions import Definition, Question, languages_of
from sloyfe.instruments.rules.purposes import PURPOSE_KEYS


class NoSuchQuestion(LookupError):
    """The definition has no question or page of that name."""


def _find(definition: Mapping[str, Any], code: str) -> tuple[list[Question], int]:
    for page in definition["pages"]:
        for number, question in enumerate(page["questions"]):
            if question["code"] == code:
                return page["questions"], number
    raise NoSuchQuestion(code)


def find_question(definition: Mapping[str, Any], code: str) -> Question:
    """Give the question of that code, or raise NoSuchQuestion."""
    questions, number = _find(definition, code)
    return questions[number]


def change_question(
    definition: Mapping[str, Any], code: str, changes: Mapping[str, Any]
) -> Definition:
    """Give the definition with some keys of one question changed."""
    new = copy.deepcopy(dict(definition))
    questions, number = _find(new, code)
    changed = {**questions[number], **changes}
    # Nothing said about the purpose is the same as no key, and has the same content hash.
    questions[number] = {
        key: value for key, value in changed.items() if value or key not in PURPOSE_KEYS
    }
    return _settled(new)


def remove_question(definition: Mapping[str, Any], code: str) -> Definition:
    """Give the definition without one question."""
    new = copy.deepcopy(dict(definition))
    questions, number = _find(new, code)
    del questions[number]
    return _settled(new)


def move_question(definition: Mapping[str, Any], code: str, by: int) -> Definition | None:
    """Give the definition with one question moved on its page, or nothing if it stands at the end."""
    new = copy.deepcopy(dict(definition))
    questions, number = _find(new, code)
    target = number + by
    if not 0 <= target < len(questions):
        return None
    questions[number], questions[target] = questions[target], questions[number]
    return _settled(new)


def add_question(definition: Mapping[str, Any], page: str, question: Question) -> Definition:
    """Give the definition with a question at the end of a page."""
    new = copy.deepcopy(dict(definition))
    for found in new["pages"]:
        if found["code"] == page:
            found["questions"].append(question)
            return _settled(new)
    raise NoSuchQuestion(page)


def _settled(definition: Definition) -> Definition:
    definition["languages"] = languages_of(definition)
    return definition
