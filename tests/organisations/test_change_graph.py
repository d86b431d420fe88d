"""Properties of the change graph, over structures made at random."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sloyfe.organisations.rules import (
    Change,
    ChangeGraph,
    ChangeKind,
    LanguageForm,
    Stretch,
    broken_at_changes,
    completed,
    continues,
    organisations_of,
    size_class,
)

BEGIN = dt.date(2000, 1, 1)


def day(n: int) -> dt.date:
    return dt.date(2000 + n, 1, 1)


class History:
    """A made-up history: the numbers in force each year, and the changes between."""

    def __init__(self, structures: list[list[str]], changes: list[Change]) -> None:
        self.structures = structures
        self.changes = changes
        self.graph = ChangeGraph(changes)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Each year some merge into one new or one old number, some split, some get a new number."""
    standing = [f"A{i}" for i in range(draw(st.integers(2, 8)))]
    structures, changes, made = [list(standing)], [], 0
    for year in range(1, draw(st.integers(1, 5)) + 1):
        after: list[str] = []
        left = list(draw(st.permutations(standing)))
        while left:
            what = draw(
                st.sampled_from(["stay", "stay", "renumber", "merge", "absorb", "split", "rename"])
            )
            code = left.pop()
            made += 1
            new = f"N{made}"
            if what == "renumber":
                changes.append(Change(day(year), ChangeKind.RENUMBER, code, new))
                after.append(new)
            elif what == "rename":
                changes.append(Change(day(year), ChangeKind.RENAME, code, code))
                after.append(code)
            elif what in ("merge", "absorb") and left:
                other = left.pop()
                target = new if what == "merge" else code
                changes.extend(
                    Change(day(year), ChangeKind.MERGE, c, target) for c in (code, other)
                )
                after.append(target)
            elif what == "split":
                parts = [f"{new}a", f"{new}b"]
                changes.extend(Change(day(year), ChangeKind.SPLIT, code, part) for part in parts)
                after.extend(parts)
            else:
                after.append(code)
        standing = sorted(after)
        structures.append(standing)
    return History(structures, changes)


@given(histories(), st.data())
def test_totals_are_equal_in_both_structures(history: History, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(history.structures) - 1))
    last = data.draw(st.integers(first, len(history.structures) - 1))
    figures = {code: data.draw(st.integers(0, 10**6)) for code in history.structures[first]}
    placed = history.graph.place(figures, day(first), day(last))
    assert placed.total == sum(figures.values())
    assert set(placed.figures) <= set(history.structures[last])
    for unplaced in placed.unplaced:
        assert len(unplaced.candidates) > 1
        assert unplaced.value == figures[unplaced.code]
        assert set(unplaced.candidates) <= placed.incomplete


@given(histories())
def test_successors_of_successors_are_successors(history: History) -> None:
    last = len(history.structures) - 1
    for middle in range(last + 1):
        for code in history.structures[0]:
            there = history.graph.successors(code, day(0), day(middle))
            onward = {s for c in there for s in history.graph.successors(c, day(middle), day(last))}
            assert onward == history.graph.successors(code, day(0), day(last))


@given(histories())
def test_no_municipality_is_ever_lost(history: History) -> None:
    for year, standing in enumerate(history.structures):
        for code in history.structures[0]:
            found = history.graph.successors(code, day(0), day(year))
            assert found
            assert found <= set(standing)
        reached = {
            s for c in history.structures[0] for s in history.graph.successors(c, day(0), day(year))
        }
        assert reached == set(standing)


@given(histories())
def test_predecessors_are_the_other_direction_of_successors(history: History) -> None:
    last = len(history.structures) - 1
    for old in history.structures[0]:
        for new in history.structures[last]:
            forward = new in history.graph.successors(old, day(0), day(last))
            assert forward == (old in history.graph.predecessors(new, day(last), day(0)))


@settings(max_examples=60)
@given(histories())
def test_every_stretch_belongs_to_one_organisation_and_an_organisation_has_one_stretch_at_a_time(
    history: History,
) -> None:
    codes = {code for structure in history.structures for code in structure}
    stretches = []
    for code in sorted(codes):
        years = [y for y, structure in enumerate(history.structures) if code in structure]
        end = day(years[-1] + 1) if years[-1] + 1 < len(history.structures) else None
        stretches.append(Stretch(code, code, "", "", LanguageForm.UNKNOWN, day(years[0]), end))
    cut = broken_at_changes(stretches, history.changes)
    assert broken_at_changes(cut, history.changes) == cut
    owners = organisations_of(cut, history.changes)
    assert set(owners) == {stretch.key for stretch in cut}
    for year, structure in enumerate(history.structures):
        now = [owners[s.key] for s in cut if s.holds_on(day(year))]
        assert len(now) == len(set(now)) == len(structure)


def test_a_missing_figure_is_not_zero() -> None:
    graph = ChangeGraph([Change(day(1), ChangeKind.MERGE, code, "C") for code in ("A", "B")])
    placed = graph.place({"A": 5, "B": None}, BEGIN)
    assert placed.figures == {"C": 5}
    assert placed.incomplete == {"C"}


def test_what_was_split_and_has_come_together_again_can_be_placed() -> None:
    graph = ChangeGraph(
        [Change(day(1), ChangeKind.SPLIT, "A", part) for part in ("B", "C")]
        + [Change(day(2), ChangeKind.MERGE, part, "D") for part in ("B", "C")]
    )
    assert graph.place({"A": 7}, BEGIN).figures == {"D": Fraction(7)}
    between = graph.place({"A": 7}, BEGIN, day(1))
    assert between.figures == {}
    assert between.incomplete == {"B", "C"}


def test_two_that_change_numbers_with_each_other_on_one_day_are_told_apart() -> None:
    graph = ChangeGraph(
        [
            Change(day(1), ChangeKind.RENUMBER, "A", "B"),
            Change(day(1), ChangeKind.RENUMBER, "B", "A"),
        ]
    )
    assert graph.successors("A", BEGIN) == {"B"}
    assert graph.successors("B", BEGIN) == {"A"}
    assert graph.predecessors("A", day(1), BEGIN) == {"B"}


def test_who_takes_others_in_is_completed_with_its_own_continuation() -> None:
    changes = [Change(day(1), ChangeKind.MERGE, "A", "B")]
    whole = completed(changes, {day(1): {"A", "B"}})
    assert Change(day(1), ChangeKind.MERGE, "B", "B") in whole
    assert completed(whole, {day(1): {"A", "B"}}) == whole
    assert completed(changes, {day(1): {"A"}}) == changes


@pytest.mark.parametrize(
    ("edges", "continuing"),
    [
        ([("rename", "A", "A")], {("A", "A")}),
        ([("renumber", "A", "B")], {("A", "B")}),
        ([("move", "A", "A")], {("A", "A")}),
        ([("merge", "A", "C"), ("merge", "B", "C")], set()),
        ([("merge", "A", "A"), ("merge", "B", "A")], {("A", "A")}),
        ([("split", "A", "A"), ("split", "A", "B")], set()),
        ([("split", "A", "B"), ("split", "A", "C"), ("merge", "B", "B"), ("merge", "C", "C")], {("B", "B"), ("C", "C")}),
        ([("renumber", "A", "B"), ("split", "C", "B"), ("split", "C", "D")], set()),
    ],
)  # fmt: skip
def test_which_change_keeps_the_organisation(
    edges: list[tuple[str, str, str]], continuing: set[tuple[str, str]]
) -> None:
    changes = [Change(day(1), ChangeKind(kind), before, after) for kind, before, after in edges]
    assert {(c.before, c.after) for c in changes if continues(c, changes)} == continuing


@pytest.mark.parametrize(
    ("inhabitants", "code"),
    [(0, "0-5000"), (5000, "0-5000"), (5001, "5001-15000"), (100_000, "50001-100000"), (100_001, "100001-"), (None, "unknown")],
)  # fmt: skip
def test_size_classes_hold_their_bounds(inhabitants: int | None, code: str) -> None:
    assert size_class(inhabitants) == code
