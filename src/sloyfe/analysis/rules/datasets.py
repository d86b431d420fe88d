"""What is frozen of a round, and which tables are made of it, without Django."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["single", "multiple"]

# Background columns of a frozen data set, and the words of their categories come from elsewhere.
BACKGROUND = ("region", "size")
# In a table by group a row of this code holds those who did not answer the item.
NO_ANSWER = "(no_answer)"
CHOSEN, NOT_CHOSEN = "chosen", "not_chosen"


@dataclass(frozen=True)
class Asked:
    """An item as it was asked in a released form: its options in order, and what kind of answer it takes.

    `heading` is the code of the battery that it is a row of, or its own code.
    """

    code: str
    kind: str
    heading: str
    page: str
    text: Mapping[str, str]
    heading_text: Mapping[str, str]
    options: tuple[Mapping[str, Any], ...]
    max_choices: int | None

    @property
    def option_codes(self) -> tuple[str, ...]:
        """The codes of the options in the order of the scale."""
        return tuple(str(option["code"]) for option in self.options)

    @property
    def is_tabulated(self) -> bool:
        """Whether the item has options to count; numbers, dates and texts have none."""
        return self.kind in ("single", "multiple")

    def marked(self, mark: str) -> tuple[str, ...]:
        """The options that carry a mark (``dont_know`` or ``neutral``)."""
        return tuple(str(o["code"]) for o in self.options if o.get("mark") == mark)

    def pole(self, pole: str) -> tuple[str, ...]:
        """The options at one pole of the scale."""
        return tuple(str(o["code"]) for o in self.options if o.get("pole") == pole)


_COLUMN_KIND = {
    "single": "single",
    "battery": "single",
    "multiple": "multiple",
    "number": "number",
    "date": "date",
    "short_text": "text",
    "long_text": "text",
}


def asked_items(definition: Mapping[str, Any]) -> Iterator[Asked]:
    """Give every item of a form that can be answered, in order. A battery gives one per row."""
    for page in definition["pages"]:
        for question in page["questions"]:
            if question["kind"] not in _COLUMN_KIND:
                continue
            rows: Sequence[Mapping[str, Any]] = (
                question["rows"] if question["kind"] == "battery" else [question]
            )
            for row in rows:
                yield Asked(
                    code=row["code"],
                    kind=_COLUMN_KIND[question["kind"]],
                    heading=question["code"],
                    page=page["code"],
                    text=row["text"],
                    heading_text=question["text"],
                    options=tuple(question.get("options") or ()),
                    max_choices=question.get("max_choices"),
                )


def codebook(definition: Mapping[str, Any], *, form: str, version: int) -> dict[str, Any]:
    """Give what a reader of the frozen file needs: every column's wording, options and their marks.

    Open texts stand in the data; they are for the evaluator alone.
    """
    return {
        "form": form,
        "version": version,
        "background": ["stratum", *BACKGROUND],
        "items": [
            {
                "code": item.code,
                "kind": item.kind,
                "heading": item.heading,
                "text": dict(item.text),
                "options": [dict(option) for option in item.options],
                "max_choices": item.max_choices,
            }
            for item in asked_items(definition)
        ],
    }
