"""The codebook of a version: every item with its wording and values, as analysis and readers need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sloyfe.instruments.rules import QuestionKind
from sloyfe.instruments.rules.documents import Text
from sloyfe.instruments.rules.purposes import PURPOSE_KEYS


@dataclass(frozen=True)
class Value:
    """One value that an item can have: the option's code, wording, mark and pole."""

    code: str
    text: Text
    mark: str | None
    pole: str | None


@dataclass(frozen=True)
class Variable:
    """One item as a version asks it. `lead` is the battery's text, empty for a question of its own."""

    item: str
    page: str
    question: str
    kind: str
    lead: Text
    text: Text
    required: bool
    relevant: Mapping[str, Any] | None
    general: bool
    scale: str | None
    values: tuple[Value, ...]
    max_choices: int | None
    minimum: float | None
    maximum: float | None
    decimals: int | None
    max_length: int | None
    why: Text = field(default_factory=dict)
    used_by: Text = field(default_factory=dict)
    prefill: str = ""
    replaces: str = ""


def codebook(definition: Mapping[str, Any]) -> list[Variable]:
    """Give every item of a definition in the order in which it is asked."""
    variables: list[Variable] = []
    for page in definition["pages"]:
        for question in page["questions"]:
            if question["kind"] == QuestionKind.INFORMATION:
                continue
            battery = question["kind"] == QuestionKind.BATTERY
            asked = (
                [
                    (row["code"], question["text"], row["text"], row.get("replaces", ""))
                    for row in question["rows"]
                ]
                if battery
                else [(question["code"], {}, question["text"], question.get("replaces", ""))]
            )
            values = tuple(
                Value(option["code"], option["text"], option["mark"], option["pole"])
                for option in question["options"]
            )
            variables.extend(
                Variable(
                    item=item,
                    page=page["code"],
                    question=question["code"],
                    kind=question["kind"],
                    lead=lead,
                    text=text,
                    required=question["required"],
                    relevant=question["relevant"],
                    general=page["general"],
                    scale=question["scale"],
                    values=values,
                    max_choices=question["max_choices"],
                    minimum=question["minimum"],
                    maximum=question["maximum"],
                    decimals=question["decimals"],
                    max_length=question["max_length"],
                    why=question.get("why", {}),
                    used_by=question.get("used_by", {}),
                    prefill=question.get("prefill", ""),
                    replaces=replaces,
                )
                for item, lead, text, replaces in asked
            )
    return variables


def as_data(variables: list[Variable]) -> list[dict[str, Any]]:
    """Give a codebook as plain values for JSON; what nobody has said about a purpose is left out."""
    return [
        {key: value for key, value in asdict(one).items() if value or key not in PURPOSE_KEYS}
        for one in variables
    ]
