"""The forms themselves: definitions, routing and the checking of answers, without Django."""

from __future__ import annotations

from enum import StrEnum


class InstrumentKind(StrEnum):
    QUESTIONNAIRE = "questionnaire"
    REPORT = "report"
    NEEDS = "needs"
    PLAN = "plan"
    AGREEMENT = "agreement"
    GUIDE = "guide"
    CHECKLIST = "checklist"


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    BATTERY = "battery"
    NUMBER = "number"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    DATE = "date"
    INFORMATION = "information"


class VersionState(StrEnum):
    DRAFT = "draft"
    COMMENTING = "commenting"
    PILOT = "pilot"
    RELEASED = "released"
    RETIRED = "retired"


MOVES: dict[VersionState, frozenset[VersionState]] = {
    VersionState.DRAFT: frozenset({VersionState.COMMENTING}),
    VersionState.COMMENTING: frozenset({VersionState.DRAFT, VersionState.PILOT}),
    VersionState.PILOT: frozenset({VersionState.DRAFT, VersionState.RELEASED}),
    VersionState.RELEASED: frozenset({VersionState.RETIRED}),
    VersionState.RETIRED: frozenset(),
}
