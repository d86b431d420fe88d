"""The only door to a table that can be shown outside the round's evaluators.

A table is a set of counts over one or more dimensions (a region, a question). What is published of
it are *figures*: each cell, each merged category, each total. A figure of a protected table is
hidden when it is

- small: above 0 and below the threshold (told as `below_threshold`, so that a reader sees "fewer
  than N"), or
- in a closed group: a group smaller than the threshold, or smaller than ten and of one mind. Every
  figure of its answers, zeros too, is told as `withheld`.

Then more figures are withheld, one at a time, until nobody can work a hidden one out. "Nobody" is an
attacker who knows every figure shown here and in earlier tables, all totals, and what the marks
mean; the test is exact: for each hidden figure two whole tables must exist that agree with all this
and differ in that figure (the interval feasibility of Fischetti and Salazar 2001, Management Science
47:1008-1027, found by integer programming and checked again in integers).

Decisions
---------
*Zeros are shown*, as is 100 % in a group of ten or more. A zero is what the municipalities read first
("none is dissatisfied"), it singles nobody out, and hiding it would hide every finding that all
share. What a zero or 100 % can do is tell the answer of *each* member of a group (group disclosure:
Hundepool et al. 2012, "Statistical Disclosure Control", 1.3 and 5.2). That harms where the group is so
small that its members are known, which is why groups of under ten that are of one mind are closed,
and groups under the threshold always. *Group sizes are shown*: how many answered in a region is said
in the response table, and a share without its base is no figure. *A respondent knows one answer
more* than the attacker here, and an attacker might reason back from which figure was withheld; the
threshold is the defence against both.

A group of under ten is told in counts, not percent, whatever the ground.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from sloyfe.common.errors import NotPossible
from sloyfe.stats import rounding
from sloyfe.stats.attacker import Attacker, Fact, exactly

REGISTER_THRESHOLD = 3
SURVEY_THRESHOLD = 5
PERCENT_FROM = 10
# Beyond this many joint cells the attacker's problem is not solved, and the table is refused.
LARGEST_PROBLEM = 4000

Place = tuple[str, ...]

GroundKind = Literal["protected", "already_public", "consent"]
Mark = Literal["shown", "below_threshold", "withheld"]
TOTAL = "*"


@dataclass(frozen=True)
class Ground:
    """Why a table may be shown as it is.

    `protected`: it may not, so small cells are hidden. `already_public` needs the citation of where
    its figures stand, `consent` the record of who agreed.
    """

    kind: GroundKind
    citation: str = ""

    def __post_init__(self) -> None:
        if self.kind != "protected" and not self.citation.strip():
            raise NotPossible("disclose.ground_without_citation", ground=self.kind)


PROTECTED = Ground("protected")


@dataclass(frozen=True)
class Dimension:
    """One direction of a table: all categories there are, those this table is about, and merged ones.

    `known` says that a unit's place is no secret (its region, its size): totals over everything else
    are then group sizes, which are shown. `only` limits the table to some categories (a region, or
    all but don't-know); empty means all. `categories` must be the same in every table of a data set.
    """

    name: str
    categories: tuple[str, ...]
    known: bool = False
    only: tuple[str, ...] = ()
    merged: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        names = [*self.categories, *(key for key, _ in self.merged), TOTAL]
        inside = set(self.covered)
        if len(set(names)) != len(names) or not inside <= set(self.categories):
            raise ValueError(f"{self.name}: a category stands twice, or is not among them")
        if any(not set(members) <= inside or not members for _, members in self.merged):
            raise ValueError(f"{self.name}: merged from categories that the table does not hold")

    @property
    def covered(self) -> tuple[str, ...]:
        """The categories that the table is about."""
        return self.only or self.categories

    @property
    def places(self) -> dict[str, frozenset[str]]:
        """Every name a figure can have in this direction, with the categories it sums."""
        named = {category: frozenset({category}) for category in self.covered}
        named.update((key, frozenset(members)) for key, members in self.merged)
        named[TOTAL] = frozenset(self.covered)
        return named

    def is_everything(self, place: str) -> bool:
        """Whether a place holds every category there is, so that it tells nothing of anybody."""
        return self.places[place] == frozenset(self.categories)


@dataclass(frozen=True)
class CountTable:
    """Counts to be shown: the data set (its content hash), the dimensions, a count per cell.

    The last dimension is the question; those before it make the groups, and the size of a group is
    its total over the question. A cell that is not named is 0.
    """

    dataset: str
    dimensions: tuple[Dimension, ...]
    counts: Mapping[Place, int]

    def __post_init__(self) -> None:
        names = [each.name for each in self.dimensions]
        if not names or len(set(names)) != len(names):
            raise ValueError("a table needs dimensions, each once")
        allowed = set(product(*(each.covered for each in self.dimensions)))
        for cell, count in self.counts.items():
            if cell not in allowed or count < 0:
                raise ValueError(f"{cell}: no such cell, or a count below 0")


@dataclass(frozen=True)
class Figure:
    """One published number, or the mark in its stead.

    `place` names its category in each dimension ("*" is the total), `base` is the size of its group.
    `percent` is None for a hidden figure, and in a group of under ten.
    """

    place: Place
    mark: Mark
    count: int | None
    base: int | None
    percent: int | None


@dataclass(frozen=True)
class DisclosedTable:
    """A table as it may be shown, and at the same time what the ledger of published tables keeps.

    It holds nothing that is not shown. `below` is the N of "fewer than N".
    """

    dataset: str
    dimensions: tuple[Dimension, ...]
    ground: Ground
    below: int
    figures: tuple[Figure, ...]

    def figure(self, *place: str) -> Figure:
        """The figure at a place. Raises `KeyError`."""
        for figure in self.figures:
            if figure.place == place:
                return figure
        raise KeyError(place)


def disclose(
    table: CountTable,
    *,
    ground: Ground,
    threshold: int = SURVEY_THRESHOLD,
    earlier: Iterable[DisclosedTable] = (),
) -> DisclosedTable:
    """The table as it may be shown on this ground, given what has been shown before.

    `earlier` are the published tables of the ledger; those of other data sets, and those that share
    nothing secret with this one, are passed over. The caller records the result in the ledger.

    Raises `NotPossible`: ``disclose.differencing`` (with earlier tables this one would give away a
    hidden figure, and withholding more does not help), ``disclose.too_much_to_check``,
    ``disclose.dimension_changed`` (the categories of a dimension differ from an earlier table),
    ``disclose.threshold_too_low``.
    """
    if threshold < 2:
        raise NotPossible("disclose.threshold_too_low", threshold=threshold)
    values = _values(table)
    if ground.kind != "protected":
        return _told(table, values, dict.fromkeys(values, "shown"), ground, threshold)
    marks = _first_marks(table, values, threshold)
    secret = [
        place
        for place, value in values.items()
        if marks[place] != "shown" and value and not _follows_from_all(table, values, place)
    ]
    before = _relevant(table, earlier)
    if not secret and not before:
        return _told(table, values, marks, ground, threshold)
    return _protect(table, values, marks, secret, before, ground, threshold)


def choice_tables(
    dataset: str,
    item: str,
    groups: Sequence[Dimension],
    choices: Mapping[Place, int],
    respondents: Mapping[Place, int],
) -> dict[str, CountTable]:
    """A multi-answer item as one table per option: who chose it, who did not.

    `choices` is keyed (*group, option), `respondents` by group, as the engine counts them. Each table
    goes through the door by itself, with those before it as `earlier`.
    """
    tables = {}
    for option in dict.fromkeys(key[-1] for key in choices):
        cells: dict[Place, int] = {}
        for group, size in respondents.items():
            chosen = choices.get((*group, option), 0)
            cells[(*group, "chosen")] = chosen
            cells[(*group, "not_chosen")] = size - chosen
        question = Dimension(f"{item}.{option}", ("chosen", "not_chosen"))
        tables[option] = CountTable(dataset, (*groups, question), cells)
    return tables


def _values(table: CountTable) -> dict[Place, int]:
    """Every figure of a table: cells, merged categories and totals, with its count."""
    places = [each.places for each in table.dimensions]
    return {
        place: sum(
            table.counts.get(cell, 0)
            for cell in product(
                *(sorted(named[at]) for named, at in zip(places, place, strict=True))
            )
        )
        for place in product(*places)
    }


def _is_size(dimensions: Sequence[Dimension], place: Place) -> bool:
    """Whether a figure only says how large a known group is."""
    return all(
        each.known or each.is_everything(at) for each, at in zip(dimensions, place, strict=True)
    )


def _groups_of(dimensions: Sequence[Dimension], place: Place) -> list[tuple[int, Place]]:
    """The groups within which a figure tells a secret: which dimension tells it, and their totals."""
    return [
        (index, (*place[:index], TOTAL, *place[index + 1 :]))
        for index, each in enumerate(dimensions)
        if not each.known and not each.is_everything(place[index])
    ]


def _line(dimensions: Sequence[Dimension], index: int, group: Place) -> list[Place]:
    """The figures that together tell how a group answered."""
    return [
        (*group[:index], at, *group[index + 1 :])
        for at in dimensions[index].places
        if not dimensions[index].is_everything(at)
    ]


def _is_closed(
    table: CountTable, values: Mapping[Place, int], index: int, group: Place, threshold: int
) -> bool:
    """Whether a group is too small to be told of, or under ten and of one mind."""
    size = values[group]
    alike = any(
        values[(*group[:index], category, *group[index + 1 :])] == size
        for category in table.dimensions[index].covered
    )
    return 0 < size < threshold or (0 < size < PERCENT_FROM and alike)


def _first_marks(
    table: CountTable, values: Mapping[Place, int], threshold: int
) -> dict[Place, Mark]:
    """Which figures are hidden for their own sake."""

    def mark(place: Place, value: int) -> Mark:
        if _is_size(table.dimensions, place):
            return "shown"
        groups = _groups_of(table.dimensions, place)
        if any(_is_closed(table, values, index, group, threshold) for index, group in groups):
            return "withheld"
        return "below_threshold" if 0 < value < threshold else "shown"

    return {place: mark(place, value) for place, value in values.items()}


def _follows_from_all(table: CountTable, values: Mapping[Place, int], place: Place) -> bool:
    """Whether all groups together, ten or more, gave the answer: then each group did, as is shown."""
    whole = tuple(
        TOTAL if each.known else at for each, at in zip(table.dimensions, place, strict=True)
    )
    everybody = values[(TOTAL,) * len(place)]
    return values[whole] == everybody >= PERCENT_FROM


def _told(
    table: CountTable,
    values: Mapping[Place, int],
    marks: Mapping[Place, Mark],
    ground: Ground,
    threshold: int,
) -> DisclosedTable:
    """The table with hidden figures taken out."""
    figures = []
    for place, count in values.items():
        group = (*place[:-1], TOTAL)
        base = values[group] if marks[group] == "shown" else None
        shown = marks[place] == "shown"
        in_percent = shown and base is not None and base >= PERCENT_FROM
        figures.append(
            Figure(
                place=place,
                mark=marks[place],
                count=count if shown else None,
                base=base,
                percent=rounding.percent(count, base) if in_percent and base else None,
            )
        )
    return DisclosedTable(table.dataset, table.dimensions, ground, threshold, tuple(figures))


def _relevant(table: CountTable, earlier: Iterable[DisclosedTable]) -> list[DisclosedTable]:
    """The earlier tables that tell of the same secrets, directly or by way of another table."""
    waiting = [each for each in earlier if each.dataset == table.dataset]
    secrets = {each.name for each in table.dimensions if not each.known}
    found: list[DisclosedTable] = []
    while True:
        near = [
            each
            for each in waiting
            if secrets & {one.name for one in each.dimensions if not one.known}
        ]
        if not near:
            return found
        found += near
        waiting = [each for each in waiting if each not in near]
        secrets |= {one.name for each in near for one in each.dimensions if not one.known}


def _closed_places(shown: DisclosedTable) -> set[Place]:
    """The figures of groups of which every figure is withheld."""
    marks = {figure.place: figure.mark for figure in shown.figures}
    lines = {
        (index, group) for place in marks for index, group in _groups_of(shown.dimensions, place)
    }
    closed: set[Place] = set()
    for index, group in lines:
        line = _line(shown.dimensions, index, group)
        if all(marks[place] == "withheld" for place in line):
            closed.update(line)
    return closed


class _Joint:
    """The table over all dimensions of several tables, of which each published figure is a sum."""

    def __init__(self, tables: Iterable[Sequence[Dimension]]):
        categories: dict[str, tuple[str, ...]] = {}
        for dimensions in tables:
            for each in dimensions:
                if categories.setdefault(each.name, each.categories) != each.categories:
                    raise NotPossible("disclose.dimension_changed", dimension=each.name)
        self.names = tuple(categories)
        self.size = 1
        for names in categories.values():
            self.size *= len(names)
        if self.size > LARGEST_PROBLEM:
            raise NotPossible(
                "disclose.too_much_to_check", cells=self.size, largest=LARGEST_PROBLEM
            )
        self.cells = tuple(product(*categories.values()))
        self._sums: dict[tuple[tuple[Dimension, ...], Place], tuple[int, ...]] = {}

    def sum_of(self, dimensions: Sequence[Dimension], place: Place) -> tuple[int, ...]:
        """The numbers of the joint cells that a figure sums."""
        key = (tuple(dimensions), place)
        if key not in self._sums:
            self._sums[key] = self._sum_of(dimensions, place)
        return self._sums[key]

    def _sum_of(self, dimensions: Sequence[Dimension], place: Place) -> tuple[int, ...]:
        allowed = {
            self.names.index(each.name): each.places[at]
            for each, at in zip(dimensions, place, strict=True)
        }
        return tuple(
            number
            for number, cell in enumerate(self.cells)
            if all(cell[index] in names for index, names in allowed.items())
        )

    def facts(self, shown: DisclosedTable) -> list[Fact]:
        """What a reader of a published table knows, marks included.

        "Below the threshold" means 1 to N-1. "Withheld" means 0 or at least N, for a smaller figure
        would have been told as below the threshold; but in a group of which every figure is
        withheld it means nothing.
        """
        known = []
        closed = _closed_places(shown)
        for figure in shown.figures:
            cells = self.sum_of(shown.dimensions, figure.place)
            if figure.count is not None:
                known.append(exactly(cells, figure.count))
            elif figure.mark == "below_threshold":
                known.append(Fact(cells, 1, shown.below - 1))
            elif figure.place not in closed:
                known.append(Fact(cells, shown.below, None, or_zero=True))
        return known


def _protect(
    table: CountTable,
    values: Mapping[Place, int],
    marks: Mapping[Place, Mark],
    secret: Sequence[Place],
    before: Sequence[DisclosedTable],
    ground: Ground,
    threshold: int,
) -> DisclosedTable:
    """Withhold more figures until the hidden ones of this and of earlier tables are in doubt."""
    joint = _Joint([table.dimensions, *(each.dimensions for each in before)])
    old = [fact for each in before for fact in joint.facts(each)]
    guarded = {joint.sum_of(table.dimensions, place): place for place in secret}
    for each in before:
        closed = _closed_places(each)
        for figure in each.figures:
            if figure.mark == "below_threshold" or figure.place in closed:
                guarded.setdefault(joint.sum_of(each.dimensions, figure.place), figure.place)
    if before:
        # What the earlier tables told already cannot be hidden any more, and is not this one's doing.
        known = Attacker(joint.size, old)
        guarded = {
            cells: place for cells, place in guarded.items() if not known.has_found_out(cells)
        }

    def attack(hidden: Mapping[Place, Mark], agreeing: Iterable[tuple[int, ...]] = ()) -> Attacker:
        told = _told(table, values, hidden, ground, threshold)
        return Attacker(joint.size, [*old, *joint.facts(told)], agreeing)

    def given_away(attacker: Attacker) -> tuple[int, ...] | None:
        return next((cells for cells in guarded if attacker.has_found_out(cells)), None)

    told_before = {
        place
        for place in values
        if exactly(joint.sum_of(table.dimensions, place), values[place]) in old
    }
    made: list[dict[Place, Mark]] = []
    # Where no other dimension is joined in, the true table is one that agrees, and needs no search.
    truth = tuple(table.counts.get(cell, 0) for cell in joint.cells)
    attacker = attack(marks, () if before else [truth])
    while (pinned := given_away(attacker)) is not None:
        now = _after(marks, made)
        moves = _moves(table, values, now, guarded[pinned], told_before)
        if not moves:
            # Alone a table can always be emptied down to its group sizes, which pin nothing.
            raise NotPossible("disclose.differencing", figure=guarded[pinned])
        chosen = next(
            (
                move
                for move in moves
                if not attack({**now, **move}, attacker.agreeing).has_found_out(pinned)
            ),
            moves[0],
        )
        made.append(chosen)
        attacker = attack(_after(marks, made), attacker.agreeing)
    for move in list(made):
        # What was withheld early may not be needed any more.
        others = [each for each in made if each is not move]
        if given_away(attack(_after(marks, others), attacker.agreeing)) is None:
            made = others
    return _told(table, values, _after(marks, made), ground, threshold)


def _after(marks: Mapping[Place, Mark], moves: Iterable[Mapping[Place, Mark]]) -> dict[Place, Mark]:
    """The marks after some moves."""
    result = dict(marks)
    for move in moves:
        result.update(move)
    return result


def _moves(
    table: CountTable,
    values: Mapping[Place, int],
    marks: Mapping[Place, Mark],
    pinned: Place,
    told_before: set[Place],
) -> list[dict[Place, Mark]]:
    """What may be withheld next, the least first: one more figure, or a whole group.

    Figures near the one given away come first, small before large, zeros last, then groups. The first
    is the move that is made when none helps alone. What an earlier table told stays.
    """

    def nearness(place: Place) -> tuple[bool, int, int, Place]:
        apart = sum(one != other for one, other in zip(place, pinned, strict=False))
        return values[place] == 0, apart, values[place], place

    hideable = [
        place
        for place in values
        if not _is_size(table.dimensions, place) and place not in told_before
    ]
    single: list[dict[Place, Mark]] = [
        {place: "withheld"} for place in sorted(hideable, key=nearness) if marks[place] == "shown"
    ]
    groups = sorted(
        {each for place in hideable for each in _groups_of(table.dimensions, place)},
        key=lambda each: nearness(each[1]),
    )
    closing: list[dict[Place, Mark]] = []
    for index, group in groups:
        line = _line(table.dimensions, index, group)
        open_ones = [place for place in line if marks[place] != "withheld"]
        if open_ones and not told_before.intersection(line):
            closing.append(dict.fromkeys(line, "withheld"))
    return single + closing
