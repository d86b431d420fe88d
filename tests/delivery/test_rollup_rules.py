"""How figures are put together and where they are placed, whatever municipalities do to each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.delivery.rules.results import (
    Aggregation,
    Amount,
    Axis,
    Became,
    Geography,
    Place,
    PlaceKind,
    RegionStay,
    Said,
    Stay,
    Structure,
    added,
    becomes,
    cell_of,
    newest,
    place_of,
    rounded,
    value_of,
    year_to_read,
)
from sloyfe.organisations.rules import Change, ChangeGraph, ChangeKind

YEARS = (2020, 2021, 2022, 2023, 2024)
TODAY = dt.date(2025, 3, 1)
REGIONS = ("nord", "sor", "")
NUMBERS = st.integers(-1000, 100_000)
AMOUNTS = st.builds(
    Amount,
    given=st.integers(1, 9),
    total=NUMBERS.map(lambda n: Decimal(n) / 100),
    numerator=NUMBERS.map(Decimal),
    denominator=st.integers(0, 1000).map(Decimal),
    options=st.dictionaries(st.sampled_from("abc"), st.integers(1, 9)),
)


@dataclass(frozen=True)
class History:
    """Municipalities that have merged, split, changed number and moved, one change a year at most."""

    stays: tuple[Stay, ...]
    lying: tuple[RegionStay, ...]
    changes: tuple[Change, ...]
    became: tuple[Became, ...]

    @property
    def geography(self) -> Geography:
        return Geography(self.stays, self.lying, ChangeGraph(self.changes), TODAY)

    def standing_in(self, year: int) -> list[Stay]:
        day = dt.date(year, 12, 31)
        return [
            stay
            for stay in self.stays
            if stay.valid_from <= day and (stay.valid_to is None or day < stay.valid_to)
        ]


@st.composite
def histories(draw: st.DrawFn) -> History:
    open_: dict[str, tuple[int, dt.date]] = {
        f"c{at}": (at, dt.date(2015, 1, 1)) for at in range(draw(st.integers(2, 6)))
    }
    region = {code: draw(st.sampled_from(REGIONS)) for code in open_}
    stays: list[Stay] = []
    lying: list[RegionStay] = []
    changes: list[Change] = []
    became: list[Became] = []
    since = dict.fromkeys(open_, dt.date(2015, 1, 1))
    fresh = len(open_)

    def end(code: str, on: dt.date) -> int:
        organisation, begun = open_.pop(code)
        stays.append(Stay(organisation, code, code, "", begun, on))
        if region[code]:
            lying.append(RegionStay(region[code], "", code, since[code], on))
        return organisation

    def begin(code: str, organisation: int, on: dt.date, where: str) -> None:
        open_[code] = (organisation, on)
        region[code], since[code] = where, on

    for year in YEARS:
        on = dt.date(year, 1, 1)
        what = draw(st.sampled_from(["merge", "merge_into", "split", "renumber", "move", "rest"]))
        codes = sorted(open_)
        first = draw(st.sampled_from(codes))
        others = [code for code in codes if code != first]
        new = f"n{year}"
        where = draw(st.sampled_from(REGIONS))
        if what in ("merge", "merge_into") and others:
            second = draw(st.sampled_from(others))
            one, two = end(first, on), end(second, on)
            kept = what == "merge_into"
            code, organisation = (first, one) if kept else (new, fresh)
            fresh += 1
            begin(code, organisation, on, where)
            changes += [Change(on, ChangeKind.MERGE, each, code) for each in (first, second)]
            became += [Became(each, organisation, on) for each in (one, two)]
        elif what == "split":
            whole = end(first, on)
            for part in ("a", "b"):
                begin(f"{new}{part}", fresh, on, draw(st.sampled_from(REGIONS)))
                changes.append(Change(on, ChangeKind.SPLIT, first, f"{new}{part}"))
                became.append(Became(whole, fresh, on))
                fresh += 1
        elif what in ("renumber", "move"):
            same = end(first, on)
            code = new if what == "renumber" else first
            begin(code, same, on, where)
            kind = ChangeKind.RENUMBER if what == "renumber" else ChangeKind.MOVE
            changes.append(Change(on, kind, first, code))
            became.append(Became(same, same, on))
    for code, (organisation, begun) in open_.items():
        stays.append(Stay(organisation, code, code, "", begun, None))
        if region[code]:
            lying.append(RegionStay(region[code], "", code, since[code], None))
    return History(tuple(stays), tuple(lying), tuple(changes), tuple(became))


@given(st.lists(AMOUNTS), st.integers(0, 10))
def test_parts_add_up_to_the_whole_however_they_are_grouped(
    amounts: Sequence[Amount], cut: int
) -> None:
    parts = added([added(amounts[:cut]), added(amounts[cut:])])
    assert parts == added(amounts) == added(reversed(amounts))


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1))
def test_a_ratio_comes_from_sums(pairs: list[tuple[int, int]]) -> None:
    amounts = [
        Amount(1, numerator=Decimal(above), denominator=Decimal(below)) for above, below in pairs
    ]
    value = value_of(Aggregation.RATIO, added(amounts))
    above, below = (sum(pair[at] for pair in pairs) for at in (0, 1))
    is_known = 0 < below >= above
    assert value == (Fraction(100 * above, below) if is_known else None)


def test_a_part_that_is_larger_than_its_whole_gives_no_share() -> None:
    cell = cell_of(Aggregation.RATIO, Amount(1, numerator=Decimal(5), denominator=Decimal(2)), 1, 0)
    assert cell.value is None
    assert cell.disagrees


@given(st.sampled_from(list(Aggregation)), st.integers(0, 50), st.integers(0, 5))
def test_what_nobody_gave_is_never_a_number(
    aggregation: Aggregation, expected: int, withheld: int
) -> None:
    cell = cell_of(aggregation, Amount(), expected, withheld)
    assert cell.value is None
    assert cell.reported == 0
    assert cell.missing == max(expected - withheld, 0)
    assert cell_of(Aggregation.SUM, Amount(given=1), 1, 0).value == 0


@given(AMOUNTS, st.integers(0, 20), st.integers(0, 5))
def test_never_have_more_reported_than_should(amount: Amount, expected: int, withheld: int) -> None:
    cell = cell_of(Aggregation.SUM, amount, expected, withheld)
    assert cell.reported + cell.withheld + cell.missing == cell.expected


@given(histories())
def test_every_report_stands_on_one_line_in_both_structures(history: History) -> None:
    geography = history.geography
    for axis in Axis:
        totals: list[Decimal] = []
        for structure in Structure:
            lines: dict[Place, Amount] = {}
            for year in YEARS:
                for stay in history.standing_in(year):
                    standing = geography.standing(stay.organisation, year, structure)
                    place = place_of(standing, axis)
                    amount = Amount(1, Decimal(stay.organisation * 10_000 + year))
                    lines[place] = lines.get(place, Amount()) + amount
            totals.append(added(lines.values()).total)
        assert totals[0] == totals[1]


@given(histories())
def test_a_split_municipality_is_never_shared_out(history: History) -> None:
    geography = history.geography
    today = {stay.code: stay for stay in history.standing_in(TODAY.year)}
    graph = ChangeGraph(history.changes)
    for year in YEARS:
        for stay in history.standing_in(year):
            standing = geography.standing(stay.organisation, year, Structure.TODAY)
            codes = graph.successors(stay.code, dt.date(year, 12, 31), TODAY)
            assert standing.is_split is (len(codes) > 1)
            if len(codes) == 1:
                assert standing.organisation == today[next(iter(codes))].organisation
                continue
            assert standing.organisation is None
            regions = {
                geography.standing(today[code].organisation, TODAY.year, Structure.TODAY).region
                for code in codes
            }
            assert standing.region == (regions.pop() if len(regions) == 1 else "")
            place = place_of(standing, Axis.REGION)
            assert place.kind is (PlaceKind.REGION if standing.region else PlaceKind.SPLIT)


@given(histories(), st.data())
def test_a_stock_is_never_counted_twice_and_never_lost(
    history: History, data: st.DataObject
) -> None:
    """Of all ground, each piece is told of by one value: the newest that tells of it, unless it was split."""
    said = [
        Said(stay.organisation, year, Decimal(1))
        for year in YEARS
        for stay in history.standing_in(year)
        if data.draw(st.booleans())
    ]
    reached = becomes(history.became)
    kept = newest(said, reached)
    assert len({each.organisation for each in kept}) == len(kept)
    for each in kept:
        for other in kept:
            since = reached.get(each.organisation, {}).get(other.organisation)
            assert since is None or other.year < since or other.year <= each.year
    for each in said:
        heirs = {each.organisation, *reached.get(each.organisation, {})}
        assert any(one.organisation in heirs and one.year >= each.year for one in kept)


def test_values_before_a_merger_count_until_the_merged_municipality_reports() -> None:
    edges = becomes([Became(1, 3, dt.date(2022, 1, 1)), Became(2, 3, dt.date(2022, 1, 1))])
    before = [Said(1, 2020, Decimal(4)), Said(2, 2021, Decimal(5))]
    assert sum(each.value for each in newest(before, edges)) == 9
    after = newest([*before, Said(3, 2022, Decimal(8))], edges)
    assert [each.organisation for each in after] == [3]


def test_a_value_from_before_another_was_taken_in_does_not_take_its_place() -> None:
    edges = becomes([Became(1, 2, dt.date(2023, 1, 1)), Became(2, 2, dt.date(2023, 1, 1))])
    own = [Said(1, 2021, Decimal(4)), Said(2, 2022, Decimal(5))]
    assert len(newest(own, edges)) == 2
    assert [each.year for each in newest([*own, Said(2, 2023, Decimal(9))], edges)] == [2023]


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(249, 100), 1, "2.5"),
        (Fraction(245, 100), 1, "2.5"),
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(10**15 + 1, 2), 0, "500000000000001"),
    ],
)
def test_a_value_is_rounded_once_and_half_up(value: Fraction, decimals: int, shown: str) -> None:
    assert str(rounded(value, decimals)) == shown


@pytest.mark.parametrize(
    ("came", "finished", "shown"),
    [
        ({}, {}, None),
        ({2024: (0, 0)}, {}, 2024),
        ({2024: (20, 20), 2025: (22, 23), 2026: (8, 22)}, {2024, 2025}, 2025),
        ({2024: (20, 20), 2025: (1, 23)}, {}, 2024),
        ({2024: (19, 20), 2025: (1, 23), 2026: (0, 23)}, {}, 2025),
        ({2024: (0, 20), 2025: (0, 0)}, {}, 2025),
        ({2024: (5, 20)}, {2023}, 2024),
    ],
)
def test_the_year_shown_first_waits_for_no_more_reports_where_there_is_such_a_year(
    came: dict[int, tuple[int, int]], finished: set[int], shown: int | None
) -> None:
    assert year_to_read(came, finished) == shown
