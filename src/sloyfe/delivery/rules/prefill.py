"""What stands in a yearly report before anybody has written in it, and where it comes from. No Django.

The form's `prefill` says of each question which source it has; what fits is taken from there, and what would
not be accepted as an answer is left out. A source is kept with its item until the municipality changes it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sloyfe.delivery.rules.plans import MeasureStatus
from sloyfe.instruments.rules.answers import Answers, Form, Question, Value, check_answer
from sloyfe.instruments.rules.definitions import QuestionKind
from sloyfe.instruments.rules.purposes import Prefill

Source = Mapping[str, Any]


class SourceKind(StrEnum):
    LAST_REPORT = "last_report"
    PLAN = "plan"
    NEEDS = "needs"  # what the municipality has said that it needs, and nobody has met
    POPULATION = "population"
    AGREEMENT = "agreement"


# The items that the programme itself knows the answer to, by their code in the form.
INHABITANTS, AGREEMENT_FROM, AGREEMENT_TO = "inhabitants", "agreement_from", "agreement_to"
# A row of a battery that asks how an effort area stands; the rest of the code is the area's.
STATUS_ITEM = "status_"
STATUS_OPTION: dict[MeasureStatus, str] = {
    MeasureStatus.NOT_BEGUN: "ikke_begynt",
    MeasureStatus.UNDER_WAY: "i_gang",
    MeasureStatus.DONE: "gjennomfort",
    MeasureStatus.STOPPED: "stoppet",
}


@dataclass(frozen=True)
class PlannedMeasure:
    """One measure of the municipality's plan for the year, in which effort area ("" for none)."""

    text: str
    area: str
    status: MeasureStatus


@dataclass(frozen=True)
class Known:
    """What is known of a municipality when its report is opened. `facts` are values with their sources, by item."""

    last_year: int = 0
    last_answers: Answers = field(default_factory=dict)
    plan_year: int = 0
    measures: tuple[PlannedMeasure, ...] = ()
    needs: tuple[str, ...] = ()
    facts: Mapping[str, tuple[Value, Source]] = field(default_factory=dict)


def area_status(statuses: Collection[MeasureStatus]) -> MeasureStatus | None:
    """Give how an effort area stands, from its measures: under way unless all say the same.

    Where all are finished, one that was carried out is enough to call the area carried out.
    """
    found = set(statuses)
    if not found:
        return None
    if len(found) == 1:
        return found.pop()
    if found == {MeasureStatus.DONE, MeasureStatus.STOPPED}:
        return MeasureStatus.DONE
    return MeasureStatus.UNDER_WAY


def prefill(form: Form, known: Known) -> tuple[dict[str, Value], dict[str, Source]]:
    """Give the answers that a report begins with, and where each of them comes from, by item."""
    answers: dict[str, Value] = {}
    sources: dict[str, Source] = {}
    for page in form.pages:
        for question in page.questions:
            for item in question.items:
                found = _value(question, item, known)
                if found is None or check_answer(form, item, found[0]) is not None:
                    continue
                answers[item], sources[item] = found
    return answers, sources


def _value(question: Question, item: str, known: Known) -> tuple[Value, Source] | None:
    if question.prefill == Prefill.PLAN:
        return _from_plan(question, item, known)
    if question.prefill == Prefill.KNOWN:
        if item in known.facts:
            return known.facts[item]
        if question.kind is QuestionKind.LONG_TEXT:
            words = _lines(known.needs, question.max_length)
            return (words, {"from": SourceKind.NEEDS.value}) if words else None
    # A number of the year before stands beside the field: in it, it would be sent on unseen.
    if question.kind is QuestionKind.NUMBER:
        return None
    if question.prefill in (Prefill.LAST_REPORT, Prefill.KNOWN) and item in known.last_answers:
        source = {"from": SourceKind.LAST_REPORT.value, "year": known.last_year}
        return known.last_answers[item], source
    return None


def _from_plan(question: Question, item: str, known: Known) -> tuple[Value, Source] | None:
    source = {"from": SourceKind.PLAN.value, "year": known.plan_year}
    if question.kind is QuestionKind.LONG_TEXT:
        words = _lines([measure.text for measure in known.measures], question.max_length)
        return (words, source) if words else None
    if not item.startswith(STATUS_ITEM):
        return None
    area = item.removeprefix(STATUS_ITEM)
    status = area_status([measure.status for measure in known.measures if measure.area == area])
    return None if status is None else (STATUS_OPTION[status], source)


def as_line(text: str) -> str:
    """Give a text as one line of a list."""
    return "– " + " ".join(text.split())


def taken_back(
    answers: Mapping[str, Value], sources: Mapping[str, Source], text: str, instead: str
) -> dict[str, Value]:
    """Give the answers in which a need's words still stand as they were filled in, with other words instead."""
    found: dict[str, Value] = {}
    for item, source in sources.items():
        answer = answers.get(item)
        if source.get("from") != SourceKind.NEEDS or not isinstance(answer, str):
            continue
        lines = [as_line(instead) if row == as_line(text) else row for row in answer.split("\n")]
        if "\n".join(lines) != answer:
            found[item] = "\n".join(lines)
    return found


def _lines(texts: Collection[str], most: int) -> str:
    """Put texts on a line each, as many whole ones as there is room for."""
    lines: list[str] = []
    length = 0
    for text in texts:
        line = as_line(text)
        length += len(line) + 1
        if length > most:
            break
        lines.append(line)
    return "\n".join(lines)
