"""Numbers that are part of another number: together they are never larger than the whole. No Django.

The parts of one whole are those that name the same item; no unit is counted in two of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sloyfe.instruments.rules import QuestionKind
from sloyfe.instruments.rules.documents import Notes, Path, shown

if TYPE_CHECKING:
    from sloyfe.instruments.rules.answers import Form


@dataclass(frozen=True)
class Excess:
    """Parts that come to more than their whole: the items answered, their sum, and the whole's number."""

    whole: str
    parts: tuple[str, ...]
    total: Decimal
    number: Decimal


def read_part(raw: Mapping[str, object], path: Path, notes: Notes) -> dict[str, str]:
    """Read which item a number is part of. A key that is left out leaves no trace, as for purposes."""
    if raw.get("part_of") is None:
        return {}
    return {"part_of": notes.code(raw["part_of"], (*path, "part_of"))}


def check_part(
    question: Mapping[str, Any], path: Path, earlier: Mapping[str, Mapping[str, Any]], notes: Notes
) -> None:
    """Note a part whose whole is no number that is asked before it. So no part can be its own whole."""
    whole = question.get("part_of")
    if whole is not None and earlier.get(whole, {}).get("kind") != QuestionKind.NUMBER:
        notes.add("part_of_what", (*path, "part_of"), item=shown(whole))


def excesses(form: Form, answers: Mapping[str, object]) -> Iterator[Excess]:
    """Give every whole that is smaller than its parts together. What is not answered says nothing."""
    for whole, parts in form.parts.items():
        number = _number(answers.get(whole))
        given = {part: found for part in parts if (found := _number(answers.get(part))) is not None}
        total = sum(given.values(), Decimal(0))
        if number is not None and given and total > number:
            yield Excess(whole, tuple(given), total, number)


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Decimal(repr(value))
