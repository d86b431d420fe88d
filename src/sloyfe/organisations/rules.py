"""Kinds of organisation and of change to municipalities, and the graph of changes, without Django."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    MUNICIPALITY = "municipality"
    OFFICE = "office"
    AGENCY = "agency"
    INSTITUTE = "institute"
    GROUP = "group"


class Register(StrEnum):
    """Real municipalities and invented ones never stand in one register."""

    NORWAY = "norway"
    EXERCISE = "exercise"


class ChangeKind(StrEnum):
    RENAME = "rename"
    RENUMBER = "renumber"
    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"


class LanguageForm(StrEnum):
    """A municipality's decision on the language of letters to it (språkvedtak)."""

    BOKMAAL = "nb"
    NYNORSK = "nn"
    NEUTRAL = "neutral"
    UNKNOWN = ""


# Upper bounds, in inhabitants, of the size classes that the evaluation of 2017 used.
SIZE_CLASSES: tuple[tuple[str, int | None], ...] = (
    ("0-5000", 5_000),
    ("5001-15000", 15_000),
    ("15001-50000", 50_000),
    ("50001-100000", 100_000),
    ("100001-", None),
)


def size_class(inhabitants: int | None) -> str:
    """Give the size class of a municipality; an unknown population has the class ``unknown``."""
    if inhabitants is None:
        return "unknown"
    for code, upper in SIZE_CLASSES:
        if upper is None or inhabitants <= upper:
            return code
    raise AssertionError("the last size class has no upper bound")


# Kinds of change that leave the municipality the same area, told by one edge at each end.
KEEPS_AREA = frozenset({ChangeKind.RENAME, ChangeKind.RENUMBER, ChangeKind.MOVE})


@dataclass(frozen=True, order=True)
class Change:
    """From this day the municipality `before` is, or is part of, `after`. Both are numbers."""

    on: dt.date
    kind: ChangeKind
    before: str
    after: str


def continues(change: Change, all_that_day: Iterable[Change]) -> bool:
    """Tell whether `after` is still the same organisation as `before`.

    A new name, number or county keeps the organisation. A merger into a municipality that keeps its
    number continues that one and ends the others; a merger into a new number begins a new one. A
    split ends the municipality that was split.
    """
    if change.kind is ChangeKind.SPLIT:
        return False
    same_day = tuple(all_that_day)
    outgoing = {other.after for other in same_day if other.before == change.before}
    incoming = {other.before for other in same_day if other.after == change.after}
    if len(outgoing) > 1:
        return False
    if len(incoming) > 1 or change.kind is ChangeKind.MERGE:
        return change.before == change.after
    return True


@dataclass(frozen=True)
class Unplaced:
    """A figure that has no one place in another structure: its municipality was split."""

    code: str
    value: Fraction
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """Figures carried to another structure.

    `figures` are sums; `unplaced` could not be carried; `incomplete` names the municipalities whose
    sum lacks something: a share of a split municipality, or a figure that nobody reported.
    """

    figures: Mapping[str, Fraction]
    unplaced: tuple[Unplaced, ...]
    incomplete: frozenset[str]

    @property
    def total(self) -> Fraction:
        """The sum over all figures, placed or not."""
        return sum(self.figures.values(), Fraction(0)) + sum(
            (figure.value for figure in self.unplaced), Fraction(0)
        )


class ChangeGraph:
    """How municipalities became others. All changes of one day happen at once."""

    def __init__(self, changes: Iterable[Change]) -> None:
        forward: dict[dt.date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        backward: dict[dt.date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for change in changes:
            forward[change.on][change.before].add(change.after)
            backward[change.on][change.after].add(change.before)
        self._days = sorted(forward)
        self._forward = {on: {k: frozenset(v) for k, v in e.items()} for on, e in forward.items()}
        self._backward = {on: {k: frozenset(v) for k, v in e.items()} for on, e in backward.items()}

    def successors(self, code: str, on: dt.date, until: dt.date | None = None) -> frozenset[str]:
        """Give all numbers that the municipality numbered `code` on a day has become by `until`.

        `until` is today's structure when left out. Never empty: what nothing happened to is itself.
        """
        current = frozenset({code})
        for day in self._days[bisect_right(self._days, on) :]:
            if until is not None and day > until:
                break
            edges = self._forward[day]
            current = frozenset(after for c in current for after in edges.get(c, (c,)))
        return current

    def predecessors(self, code: str, on: dt.date, since: dt.date) -> frozenset[str]:
        """Give all numbers on the day `since` from which the municipality `code` of a day has come."""
        current = frozenset({code})
        for day in reversed(self._days[: bisect_right(self._days, on)]):
            if day <= since:
                break
            edges = self._backward[day]
            current = frozenset(before for c in current for before in edges.get(c, (c,)))
        return current

    def place(
        self,
        figures: Mapping[str, int | Fraction | None],
        reported_on: dt.date,
        today: dt.date | None = None,
    ) -> Placed:
        """Carry figures that can be summed from the structure of one day to that of a later one.

        A split municipality's figure is placed only when all its parts have come together again; it
        is never shared out. None is a figure that is missing; it is not zero.
        """
        placed: dict[str, Fraction] = defaultdict(Fraction)
        unplaced: list[Unplaced] = []
        incomplete: set[str] = set()
        for code, value in figures.items():
            targets = self.successors(code, reported_on, today)
            if value is None:
                incomplete |= targets
            elif len(targets) == 1:
                placed[next(iter(targets))] += Fraction(value)
            else:
                unplaced.append(Unplaced(code, Fraction(value), tuple(sorted(targets))))
                incomplete |= targets
        return Placed(dict(placed), tuple(unplaced), frozenset(incomplete))


def completed(
    changes: Iterable[Change], standing: Mapping[dt.date, Collection[str]]
) -> list[Change]:
    """Add what a list of changes leaves unsaid: who takes others in also continues itself.

    `standing` gives the numbers in force the day before each day of change.
    """
    given = sorted(set(changes))
    by_day: dict[dt.date, list[Change]] = defaultdict(list)
    for change in given:
        by_day[change.on].append(change)
    added = [
        Change(on, ChangeKind.MERGE, after, after)
        for on, edges in by_day.items()
        for after in {edge.after for edge in edges}
        if after in standing.get(on, ()) and not any(edge.before == after for edge in edges)
    ]
    return sorted({*given, *added})


@dataclass(frozen=True)
class Stretch:
    """A municipality's number, name and county from a day on, to another. `row` is its row in a file."""

    code: str
    name: str
    county_code: str
    county_name: str
    language_form: LanguageForm
    valid_from: dt.date
    valid_to: dt.date | None
    row: int | None = None

    @property
    def key(self) -> tuple[str, dt.date]:
        """What tells it from all others in its register."""
        return (self.code, self.valid_from)

    def holds_on(self, on: dt.date) -> bool:
        """Tell whether it holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class Counted:
    """Inhabitants on a day within the borders of a day; None is the borders of the day itself."""

    code: str
    on: dt.date
    borders: dt.date | None
    inhabitants: int


@dataclass(frozen=True)
class RegisterContent:
    """What the files of a register say together; checked, broken at every change, changes completed."""

    stretches: tuple[Stretch, ...]
    changes: tuple[Change, ...]
    population: tuple[Counted, ...]


def broken_at_changes(stretches: Iterable[Stretch], changes: Iterable[Change]) -> list[Stretch]:
    """Cut each stretch at every change that its number takes part in, so that a change links whole stretches."""
    days: dict[str, set[dt.date]] = defaultdict(set)
    for change in changes:
        days[change.before].add(change.on)
        days[change.after].add(change.on)
    cut: list[Stretch] = []
    for stretch in stretches:
        rest = stretch
        for day in sorted(days[stretch.code]):
            if rest.valid_from < day and (rest.valid_to is None or day < rest.valid_to):
                cut.append(replace(rest, valid_to=day))
                rest = replace(rest, valid_from=day)
        cut.append(rest)
    return cut


def organisations_of(
    stretches: Collection[Stretch], changes: Iterable[Change]
) -> dict[tuple[str, dt.date], tuple[str, dt.date]]:
    """Tell which stretches are the same organisation: each key with the key of its first stretch.

    Stretches of one number that follow each other without any change are the same organisation too.
    """
    by_day: dict[dt.date, list[Change]] = defaultdict(list)
    for change in changes:
        by_day[change.on].append(change)
    ending = {(s.code, s.valid_to): s for s in stretches if s.valid_to is not None}
    first: dict[tuple[str, dt.date], tuple[str, dt.date]] = {}
    for stretch in sorted(stretches, key=lambda s: (s.valid_from, s.code)):
        on = stretch.valid_from
        same_day = by_day.get(on, [])
        befores = [c.before for c in same_day if c.after == stretch.code and continues(c, same_day)]
        if not any(stretch.code in (c.before, c.after) for c in same_day):
            befores = [stretch.code]
        root = stretch.key
        for before in befores:
            earlier = ending.get((before, on))
            if earlier is not None:
                root = first[earlier.key]
        first[stretch.key] = root
    return first
