"""A report does not grow: a new field takes the place of one that is taken out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sloyfe.instruments.rules import QuestionKind
from sloyfe.instruments.rules.definitions import item_codes, questions_of
from sloyfe.instruments.rules.documents import Text


@dataclass(frozen=True)
class Field:
    """One item that takes an answer: its wording, and the item of the version before that it replaces."""

    code: str
    text: Text
    replaces: str | None


@dataclass(frozen=True)
class Growth:
    """How the fields of a report stand to those of the version before; `unplaced` are new and replace none."""

    before: int
    after: int
    unplaced: tuple[Field, ...]

    @property
    def is_allowed(self) -> bool:
        """Tell whether the report is no longer than before and every new field has its place."""
        return not self.unplaced and self.after <= self.before


def fields_of(definition: Mapping[str, Any]) -> Iterator[Field]:
    """Give every item of a definition that takes an answer, in the order asked."""
    for _, question in questions_of(definition):
        if question["kind"] == QuestionKind.BATTERY:
            for row in question["rows"]:
                yield Field(row["code"], row["text"], row.get("replaces"))
        elif item_codes(question):
            yield Field(question["code"], question["text"], question.get("replaces"))


def growth(before: Mapping[str, Any], after: Mapping[str, Any]) -> Growth:
    """Compare the fields of two versions.

    A new field has its place when it replaces an item that was in the version before, is no longer in this
    one, and that no field above it has replaced already.
    """
    old = {field.code for field in fields_of(before)}
    new = list(fields_of(after))
    free = old - {field.code for field in new}
    unplaced: list[Field] = []
    for field in new:
        if field.code in old:
            continue
        if field.replaces in free:
            free.discard(field.replaces)
        else:
            unplaced.append(field)
    return Growth(len(old), len(new), tuple(unplaced))
