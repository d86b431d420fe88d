"""What differs between two versions, question by question as a respondent meets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from sloyfe.instruments.rules import QuestionKind
from sloyfe.instruments.rules.definitions import questions_of
from sloyfe.instruments.rules.documents import Text
from sloyfe.instruments.rules.purposes import BATTERY_KEYS


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    OTHER_SCALE = "other_scale"
    OTHER_RULES = "other_rules"
    OTHER_REASON = "other_reason"
    MOVED = "moved"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Change:
    """One difference; `before` and `after` are the wordings, empty where there was or is none.

    A question that takes the place of another has that one's wording as `before`.
    """

    kind: ChangeKind
    code: str
    before: Text
    after: Text
    note_before: str = ""
    note_after: str = ""


@dataclass(frozen=True)
class _Entry:
    text: Text
    help: Text | None
    scale: str
    options: tuple[tuple[str, str], ...]
    rules: tuple[object, ...]
    page: str
    purpose: tuple[object, ...]
    replaces: str


def _entries(definition: Mapping[str, Any]) -> dict[str, _Entry]:
    """Give every question and every row of a battery by its code, in order."""
    found: dict[str, _Entry] = {}
    pages = [page["code"] for page in definition["pages"] for _ in page["questions"]]
    for page, (_, question) in zip(pages, questions_of(definition), strict=True):
        rules = (
            question["kind"],
            question["required"],
            repr(question["relevant"]),
            question["max_choices"],
            question["minimum"],
            question["maximum"],
            question["decimals"],
            question["max_length"],
            question.get("part_of"),
        )
        options = tuple(
            (option["code"], repr(sorted(option["text"].items()))) for option in question["options"]
        )
        scale = question["scale"] or ""
        own = () if question["kind"] == QuestionKind.BATTERY else options
        purpose = tuple(question.get(key) for key in BATTERY_KEYS)
        replaces = question.get("replaces", "")
        found[question["code"]] = _Entry(
            question["text"], question["help"], scale, own, rules, page, purpose, replaces
        )
        for row in question["rows"]:
            replaces = row.get("replaces", "")
            found[row["code"]] = _Entry(row["text"], None, scale, options, (), page, (), replaces)
    return found


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Give the codes that stand in another order than before, as few as explain it."""
    first = [code for code in old if code in set(new)]
    second = [code for code in new if code in set(old)]
    matcher = SequenceMatcher(a=first, b=second, autojunk=False)
    stayed = {
        first[i]
        for block in matcher.get_matching_blocks()
        for i in range(block.a, block.a + block.size)
    }
    return set(second) - stayed


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Give what changed from one definition to the next, in the order of the newer; removals last."""
    old, new = _entries(before), _entries(after)
    moved = _moved(list(old), list(new))
    changes: list[Change] = []
    replaced: set[str] = set()
    for code, entry in new.items():
        was = old.get(code)
        if was is None:
            left = entry.replaces
            if left in old and left not in new and left not in replaced:
                replaced.add(left)
                changes.append(Change(ChangeKind.REPLACED, code, old[left].text, entry.text))
            else:
                changes.append(Change(ChangeKind.ADDED, code, {}, entry.text))
            continue
        if (was.text, was.help) != (entry.text, entry.help):
            changes.append(Change(ChangeKind.REWORDED, code, was.text, entry.text))
        if (was.scale, was.options) != (entry.scale, entry.options):
            changes.append(
                Change(ChangeKind.OTHER_SCALE, code, was.text, entry.text, was.scale, entry.scale)
            )
        if was.rules != entry.rules:
            changes.append(Change(ChangeKind.OTHER_RULES, code, was.text, entry.text))
        if was.purpose != entry.purpose:
            changes.append(Change(ChangeKind.OTHER_REASON, code, was.text, entry.text))
        if was.page != entry.page or code in moved:
            changes.append(
                Change(ChangeKind.MOVED, code, was.text, entry.text, was.page, entry.page)
            )
    changes.extend(
        Change(ChangeKind.REMOVED, code, entry.text, {})
        for code, entry in old.items()
        if code not in new and code not in replaced
    )
    return changes
