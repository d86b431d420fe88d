"""What holds for mandates, without Django: their life, who does what in a task, and what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Wording = Mapping[str, str]


class MandateState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    REPLACED = "replaced"  # a later one has been issued; it holds until that one's first day


MANDATE_MOVES: dict[MandateState, frozenset[MandateState]] = {
    MandateState.DRAFT: frozenset({MandateState.ISSUED}),
    MandateState.ISSUED: frozenset({MandateState.REPLACED}),
    MandateState.REPLACED: frozenset(),
}


class RoleKind(StrEnum):
    """Who a task or a date concerns: all who are in one of these capacities in the programme."""

    HEAD_OFFICE = "head_office"
    OWNER = "owner"
    NATIONAL_LEAD = "national_lead"
    REGIONAL_OFFICE = "regional_office"
    MUNICIPALITY = "municipality"
    EVALUATOR = "evaluator"
    PROJECT_GROUP = "project_group"
    PARTNER = "partner"
    AUDITOR = "auditor"


class Part(StrEnum):
    """What a role is to a task."""

    RESPONSIBLE = "responsible"  # does it
    ACCOUNTABLE = "accountable"  # answers for it; exactly one role
    CONSULTED = "consulted"
    INFORMED = "informed"


# What a role may be to one task: one part, or both the one that does it and the one that answers for it.
PART_SETS: tuple[frozenset[Part], ...] = (
    frozenset(),
    frozenset({Part.RESPONSIBLE}),
    frozenset({Part.ACCOUNTABLE}),
    frozenset({Part.RESPONSIBLE, Part.ACCOUNTABLE}),
    frozenset({Part.CONSULTED}),
    frozenset({Part.INFORMED}),
)
Assigned = Mapping[RoleKind, frozenset[Part]]

LONGEST_TEXT = 8000
LONGEST_LINE = 300
# More working days than any office can spend on one task in a year.
MOST_DAYS = 2000
MOST_AMOUNT = 10**12
LANGUAGES = ("nb", "nn", "en")
MUST_HAVE = ("nb", "nn")


class FaultKind(StrEnum):
    NO_TASKS = "no_tasks"
    NO_ACCOUNTABLE = "no_accountable"
    TWO_ACCOUNTABLE = "two_accountable"
    NO_RESPONSIBLE = "no_responsible"


@dataclass(frozen=True)
class TaskFacts:
    """A task as the rules see it: its code, who is what in it, and working days a year per office."""

    code: str
    roles: Assigned
    effort_days: Decimal | None = None

    def who(self, part: Part) -> tuple[RoleKind, ...]:
        """Give the roles that are this to the task, in the order of roles."""
        return tuple(role for role in RoleKind if part in self.roles.get(role, frozenset()))


@dataclass(frozen=True)
class Fault:
    """Something in the responsibility table that must be put right; `task` is "" for the whole table."""

    task: str
    kind: FaultKind
    roles: tuple[RoleKind, ...] = ()


def faults(tasks: Iterable[TaskFacts]) -> tuple[Fault, ...]:
    """Find the tasks for which nobody answers, for which two answer, and which nobody does."""
    found: list[Fault] = []
    rows = tuple(tasks)
    if not rows:
        return (Fault("", FaultKind.NO_TASKS),)
    for task in rows:
        accountable = task.who(Part.ACCOUNTABLE)
        if not accountable:
            found.append(Fault(task.code, FaultKind.NO_ACCOUNTABLE))
        elif len(accountable) > 1:
            found.append(Fault(task.code, FaultKind.TWO_ACCOUNTABLE, accountable))
        if not task.who(Part.RESPONSIBLE):
            found.append(Fault(task.code, FaultKind.NO_RESPONSIBLE))
    return tuple(found)


# What is wrong with what somebody wrote: code → field. The same for pages and folders.


def wording_problems(text: Wording, *, longest: int, required: bool = True) -> list[str]:
    """Give the languages of a wording that lack a text or hold too much; empty when it is whole.

    nb and nn are both needed where anything is written; en may be left out.
    """
    written = {language for language in LANGUAGES if str(text.get(language, "")).strip()}
    wrong = [language for language in MUST_HAVE if language not in written]
    if not written and not required:
        wrong = []
    return wrong + [each for each in sorted(written) if len(str(text[each])) > longest]


def days_are_possible(days: Decimal | None) -> bool:
    """Tell whether a number of working days can be meant."""
    return days is None or (days.is_finite() and 0 <= days <= MOST_DAYS)


def period_is_possible(start: dt.date | None, end: dt.date | None) -> bool:
    """Tell whether a mandate may hold from one day until another, the second not included."""
    return end is None or (start is not None and end > start)


# What changed


class ChangeOf(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Chapter(StrEnum):
    """The parts of a mandate, in the order in which it is read."""

    PERIOD = "period"
    FOREWORD = "foreword"
    GOAL = "goal"
    RESOURCE = "resource"
    RESPONSIBILITY = "responsibility"
    TASK = "task"


@dataclass(frozen=True)
class Entry:
    """One thing that a mandate says, as people read it: `texts` by field, `roles` of a task."""

    chapter: Chapter
    code: str
    title: Wording
    texts: Mapping[str, Wording] = field(default_factory=dict)
    amount: Decimal | None = None
    roles: Assigned = field(default_factory=dict)


@dataclass(frozen=True)
class MandateChange:
    """One difference between two mandates."""

    chapter: Chapter
    code: str
    what: ChangeOf
    before: Entry | None
    after: Entry | None


def _says(entry: Entry) -> tuple[object, ...]:
    def clean(text: Wording) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((k, str(v).strip()) for k, v in text.items() if str(v).strip()))

    return (
        clean(entry.title),
        tuple(sorted((name, clean(text)) for name, text in entry.texts.items() if clean(text))),
        entry.amount,
        tuple(sorted((role, tuple(sorted(parts))) for role, parts in entry.roles.items() if parts)),
    )


def changes(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[MandateChange, ...]:
    """Tell what a mandate says that an earlier one did not, chapter by chapter.

    Entries are the same when chapter and code are. What stands in another place is not a change.
    """
    old = {(each.chapter, each.code): each for each in before}
    new = {(each.chapter, each.code): each for each in after}
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        if was is None:
            what = ChangeOf.ADDED
        elif now is None:
            what = ChangeOf.REMOVED
        elif _says(was) != _says(now):
            what = ChangeOf.CHANGED
        else:
            continue
        found.append(MandateChange(*key, what, was, now))
    order = list(Chapter)
    return tuple(sorted(found, key=lambda change: order.index(change.chapter)))


def next_code(prefix: str, known: Iterable[str]) -> str:
    """Give a code that none of the known ones is: ``goal-4``."""
    taken = set(known)
    number = len(taken) + 1
    while f"{prefix}-{number}" in taken:
        number += 1
    return f"{prefix}-{number}"
