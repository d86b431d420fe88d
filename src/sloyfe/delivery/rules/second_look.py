"""What is asked once more before a report is sent: it may be right, and then it goes as it stands. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sloyfe.common.persons import Trace, traces
from sloyfe.instruments.rules.answers import Answers, Form, Value, counted
from sloyfe.instruments.rules.definitions import QuestionKind

# A number is asked about when it is this many times the last one, or less than that part of it …
_TIMES = 3
# … and the two are this far apart: in a small municipality three homes after one are nothing strange.
_APART = 10
_TEXTS = (QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT)


@dataclass(frozen=True)
class Doubt:
    """One answer to look at again: what in it may tell of a person, or the number of the year before."""

    page: str
    item: str
    traces: frozenset[Trace] = frozenset()
    before: float | None = None
    now: float | None = None


def stands_out(now: float, before: float) -> bool:
    """Tell whether a number is so far from the one before that somebody should look at it again."""
    low, high = sorted((abs(now), abs(before)))
    return high - low >= _APART and high >= _TIMES * low


def doubts(form: Form, answers: Answers, before: Mapping[str, Value]) -> list[Doubt]:
    """Give what should be looked at again, in the form's order; `before` is what was sent the year before."""
    kept = counted(form, answers)
    found = []
    for item, value in kept.items():
        page, question = form.by_item[item]
        if question.kind in _TEXTS and isinstance(value, str):
            if marks := traces(value):
                found.append(Doubt(page.code, item, traces=marks))
        elif question.kind is QuestionKind.NUMBER:
            last = before.get(item)
            if (
                isinstance(value, int | float)
                and isinstance(last, int | float)
                and stands_out(value, last)
            ):
                found.append(Doubt(page.code, item, before=last, now=value))
    return found
