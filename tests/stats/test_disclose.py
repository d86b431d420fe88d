from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sloyfe.common.errors import NotPossible
from sloyfe.stats import disclose as module
from sloyfe.stats.attacker import Attacker, Fact, exactly
from sloyfe.stats.disclose import (
    PROTECTED,
    SURVEY_THRESHOLD,
    TOTAL,
    CountTable,
    Dimension,
    DisclosedTable,
    Ground,
    choice_tables,
    disclose,
)

ANSWER = Dimension("answer", ("agree", "partly", "neither", "unsure"))
MERGED = Dimension("answer", ANSWER.categories, merged=(("both", ("agree", "partly")),))
REGION = Dimension("region", ("øst", "vest", "sør"), known=True)
PRINTED = Ground("already_public", "Rapport 2018, s. 15")


def one_way(*counts: int, dimension: Dimension = ANSWER, dataset: str = "d") -> CountTable:
    cells = {(key,): count for key, count in zip(dimension.covered, counts, strict=True)}
    return CountTable(dataset, (dimension,), cells)


def two_way(
    *rows: tuple[int, ...], groups: Dimension = REGION, dimension: Dimension = ANSWER
) -> CountTable:
    cells = {
        (group, answer): count
        for group, row in zip(groups.covered, rows, strict=True)
        for answer, count in zip(dimension.covered, row, strict=True)
    }
    return CountTable("d", (groups, dimension), cells)


def marks(table: DisclosedTable) -> dict[tuple[str, ...], str]:
    return {figure.place: figure.mark for figure in table.figures if figure.mark != "shown"}


# What a table shows


def test_a_cell_below_the_threshold_is_told_as_such_with_its_number() -> None:
    shown = disclose(one_way(32, 9, 2, 1), ground=PROTECTED)
    assert marks(shown) == {("neither",): "below_threshold", ("unsure",): "below_threshold"}
    assert shown.below == SURVEY_THRESHOLD == 5
    hidden = shown.figure("neither")
    assert (hidden.count, hidden.percent, hidden.base) == (None, None, 44)
    assert shown.figure("agree").percent == 73
    with pytest.raises(KeyError):
        shown.figure("no such")


def test_a_single_small_cell_takes_another_with_it() -> None:
    shown = disclose(one_way(32, 9, 3, 0), ground=PROTECTED)
    assert marks(shown) == {("partly",): "withheld", ("neither",): "below_threshold"}


def test_a_merged_category_does_not_give_the_small_part_away() -> None:
    shown = disclose(one_way(10, 2, 9, 9, dimension=MERGED), ground=PROTECTED)
    assert shown.figure("partly").mark == "below_threshold"
    hidden = marks(shown)
    assert ("agree",) in hidden or ("both",) in hidden
    assert ("*",) not in hidden


def test_zeros_and_a_large_group_of_one_mind_are_shown() -> None:
    shown = disclose(one_way(12, 0, 0, 0), ground=PROTECTED)
    assert marks(shown) == {}
    assert [shown.figure(key).percent for key in ("agree", "partly")] == [100, 0]


def test_a_group_of_under_ten_that_is_of_one_mind_is_closed() -> None:
    shown = disclose(one_way(9, 0, 0, 0), ground=PROTECTED)
    assert set(marks(shown).values()) == {"withheld"}
    assert len(marks(shown)) == 4
    assert shown.figure(TOTAL).count == 9


def test_a_group_below_the_threshold_is_closed_and_its_size_told() -> None:
    shown = disclose(two_way((12, 11, 6, 7), (3, 1, 0, 0), (9, 5, 8, 6)), ground=PROTECTED)
    closed = {place for place, mark in marks(shown).items() if mark == "withheld"}
    assert {("vest", answer) for answer in ANSWER.categories} <= closed
    assert shown.figure("vest", TOTAL).count == 4
    # The others and the total would give the closed group away, so something there is hidden too.
    assert closed - {("vest", answer) for answer in ANSWER.categories}


def test_what_all_said_is_no_secret_of_the_small_group() -> None:
    shown = disclose(two_way((20, 0, 0, 0), (3, 0, 0, 0), (15, 0, 0, 0)), ground=PROTECTED)
    assert shown.figure(TOTAL, "agree").percent == 100
    assert shown.figure("øst", "agree").percent == 100


def test_an_empty_group_is_told_as_empty() -> None:
    shown = disclose(two_way((20, 9, 7, 8), (0, 0, 0, 0), (15, 9, 9, 6)), ground=PROTECTED)
    assert shown.figure("vest", "agree").count == 0
    assert shown.figure("vest", "agree").percent is None
    assert marks(shown) == {}


def test_under_ten_is_told_in_counts_on_any_ground() -> None:
    shown = disclose(one_way(1, 2, 1, 0), ground=PRINTED)
    assert marks(shown) == {}
    assert (shown.figure("partly").count, shown.figure("partly").percent) == (2, None)
    assert disclose(one_way(4, 3, 2, 1), ground=PRINTED).figure("agree").percent == 40


def test_what_is_public_or_agreed_is_shown_as_it_is() -> None:
    for ground in (PRINTED, Ground("consent", "Samtykke 12/2026")):
        assert marks(disclose(one_way(32, 9, 2, 1), ground=ground)) == {}


@pytest.mark.parametrize("kind", ["already_public", "consent"])
def test_a_ground_needs_its_record(kind: module.GroundKind) -> None:
    with pytest.raises(NotPossible) as refusal:
        Ground(kind, "  ")
    assert refusal.value.code == "disclose.ground_without_citation"


def test_the_threshold_is_at_least_two() -> None:
    with pytest.raises(NotPossible, match=r"disclose\.threshold_too_low"):
        disclose(one_way(1, 1, 1, 1), ground=PROTECTED, threshold=1)


def test_a_table_of_group_sizes_alone_hides_nothing() -> None:
    sizes = CountTable("d", (REGION,), {("øst",): 1, ("vest",): 2})
    assert marks(disclose(sizes, ground=PROTECTED)) == {}


def test_a_table_limited_to_some_answers_hides_its_small_base() -> None:
    only = Dimension("answer", ("agree", "partly"), only=("agree",))
    shown = disclose(CountTable("d", (only,), {("agree",): 2}), ground=PROTECTED)
    assert set(marks(shown)) == {("agree",), (TOTAL,)}
    assert shown.figure("agree").base is None


def test_a_question_with_one_answer_tells_only_how_many_there_are() -> None:
    table = CountTable("d", (Dimension("answer", ("agree",)),), {("agree",): 2})
    assert marks(disclose(table, ground=PROTECTED)) == {}


def test_answers_by_answers_protect_the_groups_on_both_sides() -> None:
    other = Dimension("benefit", ("yes", "no"))
    cells = {("agree", "yes"): 20, ("agree", "no"): 9, ("partly", "yes"): 2, ("neither", "no"): 12}
    shown = disclose(CountTable("d", (ANSWER, other), cells), ground=PROTECTED)
    assert shown.figure("partly", TOTAL).mark != "shown"
    assert shown.figure("partly", "yes").base is None
    assert shown.figure(TOTAL, "yes").count == 22


# What hangs together


@pytest.mark.parametrize(
    "arguments",
    [
        {"categories": ("a", "a")},
        {"categories": ("a", TOTAL)},
        {"categories": ("a",), "only": ("b",)},
        {"categories": ("a", "b"), "merged": (("a", ("a", "b")),)},
        {"categories": ("a", "b"), "merged": (("m", ()),)},
        {"categories": ("a", "b"), "only": ("a",), "merged": (("m", ("a", "b")),)},
    ],
)
def test_a_dimension_must_hang_together(arguments: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Dimension("q", **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dimensions", "cells"),
    [
        ((), {}),
        ((ANSWER, ANSWER), {}),
        ((ANSWER,), {("maybe",): 1}),
        ((ANSWER,), {("agree",): -1}),
    ],
)
def test_a_table_must_hang_together(
    dimensions: tuple[Dimension, ...], cells: dict[tuple[str, ...], int]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        CountTable("d", dimensions, cells)


# The ledger: what was shown before


def test_a_second_table_may_not_give_away_by_difference_what_the_first_hid() -> None:
    first = disclose(two_way((12, 9, 9, 9), (9, 3, 9, 2), (9, 8, 9, 7)), ground=PROTECTED)
    assert first.figure("vest", "partly").mark == "below_threshold"
    # All but one region, which is the hidden row by subtraction.
    rest = Dimension("region", REGION.categories, known=True, only=("øst", "sør"))
    table = CountTable(
        "d",
        (rest, ANSWER),
        {
            key: n
            for key, n in two_way((12, 9, 9, 9), (0, 0, 0, 0), (9, 8, 9, 7)).counts.items()
            if key[0] != "vest"
        },
    )
    alone = disclose(table, ground=PROTECTED)
    assert marks(alone) == {}
    after = disclose(table, ground=PROTECTED, earlier=[first])
    assert marks(after)
    assert survives([first, after])
    assert not survives([first, alone])


def test_a_table_that_only_repeats_another_cut_is_refused_when_nothing_can_be_withheld() -> None:
    first = disclose(one_way(20, 12, 3, 2), ground=PROTECTED)
    assert first.figure("neither").mark == "below_threshold"
    # The base without don't-know is the total of all who said something: known here as a group size.
    known = Dimension("answer", ANSWER.categories, known=True, only=("neither",))
    with pytest.raises(NotPossible) as refusal:
        disclose(
            CountTable("d", (known, Dimension("benefit", ("yes",))), {("neither", "yes"): 3}),
            ground=PROTECTED,
            earlier=[first, linking()],
        )
    assert refusal.value.code == "disclose.differencing"


def linking() -> DisclosedTable:
    """A table by which the secret of one question becomes relevant to another."""
    benefit = Dimension("benefit", ("yes",))
    return disclose(
        CountTable(
            "d",
            (ANSWER, benefit),
            {
                ("agree", "yes"): 20,
                ("partly", "yes"): 12,
                ("neither", "yes"): 3,
                ("unsure", "yes"): 2,
            },
        ),
        ground=PROTECTED,
    )


def test_what_was_told_before_cannot_be_hidden_and_refuses_nothing() -> None:
    before = disclose(one_way(32, 9, 2, 1), ground=PRINTED)
    after = disclose(one_way(32, 9, 2, 1), ground=PROTECTED, earlier=[before])
    assert after.figure("neither").mark == "below_threshold"
    assert after.figure("partly").mark == "shown"


def test_the_same_table_twice_is_the_same() -> None:
    table = two_way((12, 9, 3, 9), (9, 3, 9, 2), (9, 8, 9, 7), dimension=MERGED)
    first = disclose(table, ground=PROTECTED)
    assert survives([first, disclose(table, ground=PROTECTED, earlier=[first])])


def test_a_closed_group_of_an_earlier_table_stays_closed() -> None:
    sizes = Dimension("size", ("small", "large"), known=True)
    first = disclose(two_way((12, 9, 9, 9), (2, 1, 1, 0), (9, 8, 9, 7)), ground=PROTECTED)
    assert first.figure("vest", "agree").mark == "withheld"
    rest = Dimension("region", REGION.categories, known=True, only=("øst", "sør"))
    everybody = two_way((12, 9, 9, 9), (2, 1, 1, 0), (9, 8, 9, 7)).counts
    table = CountTable("d", (rest, ANSWER), {k: n for k, n in everybody.items() if k[0] != "vest"})
    assert marks(disclose(table, ground=PROTECTED)) == {}
    assert marks(disclose(table, ground=PROTECTED, earlier=[first]))
    # Another cut, which tells nothing of the closed region, stays as it is.
    cut = CountTable("d", (sizes, ANSWER), {("small", "agree"): 12, ("large", "agree"): 11})
    assert "withheld" not in marks(disclose(cut, ground=PROTECTED)).values()


def test_choices_of_several_become_one_table_per_option() -> None:
    tables = choice_tables(
        "d",
        "challenges",
        (REGION,),
        {("øst", "homes"): 12, ("vest", "homes"): 2, ("øst", "advice"): 6},
        {("øst",): 20, ("vest",): 14},
    )
    assert tables["homes"].counts[("vest", "not_chosen")] == 12
    assert tables["advice"].counts[("vest", "chosen")] == 0
    shown = disclose(tables["homes"], ground=PROTECTED)
    assert shown.figure("vest", "chosen").mark == "below_threshold"
    assert shown.figure("vest", "not_chosen").mark == "withheld"
    assert shown.figure("øst", TOTAL).count == 20


def test_tables_of_other_data_or_other_questions_are_passed_over() -> None:
    other_data = disclose(one_way(32, 9, 2, 1, dataset="e"), ground=PRINTED)
    changed = Dimension("other", ("a", "b"))
    other_question = disclose(CountTable("d", (changed,), {("a",): 20, ("b",): 20}), ground=PRINTED)
    table = one_way(32, 9, 3, 0)
    assert disclose(table, ground=PROTECTED, earlier=[other_data, other_question]) == disclose(
        table, ground=PROTECTED
    )


def test_a_question_whose_options_changed_is_refused() -> None:
    other = Dimension("answer", ("agree", "disagree"))
    before = disclose(
        CountTable("d", (other,), {("agree",): 20, ("disagree",): 20}), ground=PRINTED
    )
    with pytest.raises(NotPossible) as refusal:
        disclose(one_way(32, 9, 3, 0), ground=PROTECTED, earlier=[before])
    assert refusal.value.details == {"dimension": "answer"}


def test_more_than_can_be_checked_is_refused_and_not_shown() -> None:
    many = Dimension("place", tuple(map(str, range(2000))), known=True)
    with pytest.raises(NotPossible, match=r"disclose\.too_much_to_check"):
        disclose(CountTable("d", (many, ANSWER), {("1", "agree"): 1}), ground=PROTECTED)


# The attacker


def test_the_attacker_takes_no_table_on_trust() -> None:
    attacker = Attacker(2, [exactly((0, 1), 5)], agreeing=[(9, 9), (2, 3)])
    assert attacker.agreeing == {(2, 3)}
    assert attacker.is_in_doubt((0,))
    assert not Attacker(2, [exactly((0, 1), 5), exactly((0,), 5)]).is_in_doubt((1,))
    # Facts that contradict each other leave no table, which counts as no doubt.
    assert not Attacker(1, [exactly((0,), 1), exactly((0,), 2)]).is_in_doubt((0,))
    assert Attacker(1, []).is_in_doubt((0,))
    assert Attacker(1, [Fact((0,), 3, None)]).is_in_doubt((0,))


def test_a_table_that_the_solver_got_wrong_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    attacker = Attacker(2, [exactly((0, 1), 5)])
    monkeypatch.setattr(Fact, "holds", lambda fact, table: False)
    assert not attacker.is_in_doubt((0,))


def test_zero_or_large_is_understood() -> None:
    attacker = Attacker(2, [exactly((0, 1), 6), Fact((0,), 5, None, or_zero=True)])
    attacker.is_in_doubt((0,))
    assert {table[0] for table in attacker.agreeing} <= {0, 5, 6}
    assert not Attacker(2, [exactly((0, 1), 4), Fact((0,), 5, None, or_zero=True)]).is_in_doubt(
        (0,)
    )


# Brute force: an attacker of another making, who tries every table there is


def spread(total: int, ways: int) -> Iterator[tuple[int, ...]]:
    if ways == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in spread(total - first, ways - 1):
            yield (first, *rest)


def worlds(shown: DisclosedTable) -> Iterator[dict[tuple[str, ...], int]]:
    """Every table with these group sizes."""
    groups = [d for d in shown.dimensions if d.known]
    question = shown.dimensions[-1].categories
    keys = list(product(*(d.categories for d in groups)))
    sizes = []
    for key in keys:
        count = shown.figure(*key, TOTAL).count
        assert count is not None
        sizes.append(count)
    for rows in product(*(spread(size, len(question)) for size in sizes)):
        yield {
            (*key, answer): count
            for key, row in zip(keys, rows, strict=True)
            for answer, count in zip(question, row, strict=True)
        }


def value(
    world: dict[tuple[str, ...], int], dimensions: tuple[Dimension, ...], place: tuple[str, ...]
) -> int:
    allowed = [each.places[at] for each, at in zip(dimensions, place, strict=True)]
    return sum(
        count
        for cell, count in world.items()
        if all(name in names for name, names in zip(cell, allowed, strict=True))
    )


def agrees(world: dict[tuple[str, ...], int], shown: DisclosedTable) -> bool:
    for figure in shown.figures:
        found = value(world, shown.dimensions, figure.place)
        if figure.mark == "shown":
            if found != figure.count:
                return False
        elif figure.mark == "below_threshold":
            if not 0 < found < shown.below:
                return False
        else:
            line = [
                other.mark
                for other in shown.figures
                if other.place[:-1] == figure.place[:-1]
                and not shown.dimensions[-1].is_everything(other.place[-1])
            ]
            if set(line) != {"withheld"} and 0 < found < shown.below:
                return False
    return True


def survives(tables: list[DisclosedTable]) -> bool:
    """Whether every figure told as below the threshold can be more than one number.

    All tables here have the same dimensions; the groups of the first are all there are.
    """
    assert {figure.place[:-1] for figure in tables[0].figures} >= {
        figure.place[:-1]
        for each in tables[1:]
        for figure in each.figures
        if TOTAL not in figure.place
    }
    small = {
        (index, figure.place)
        for index, each in enumerate(tables)
        for figure in each.figures
        if figure.mark == "below_threshold"
    }
    # Sizes in the tables above are too large to try them all, so the two ends are solved for.
    joint = module._Joint([each.dimensions for each in tables])
    facts = [fact for each in tables for fact in joint.facts(each)]
    return all(
        Attacker(joint.size, facts).is_in_doubt(joint.sum_of(tables[index].dimensions, place))
        for index, place in small
    )


small_rows = st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=2)
three = Dimension("answer", ("a", "b", "c"), merged=(("a+b", ("a", "b")),))


@settings(deadline=None, max_examples=60)
@given(small_rows, st.sampled_from([2, 3]))
def test_by_trying_every_table_nobody_can_pin_a_hidden_figure(
    rows: list[tuple[int, int, int]], threshold: int
) -> None:
    groups = Dimension("region", tuple("xy"[: len(rows)]), known=True)
    table = two_way(*rows, groups=groups, dimension=three)
    shown = disclose(table, ground=PROTECTED, threshold=threshold)
    truth = dict(table.counts)
    assert agrees(truth, shown), "the marks must be true"
    possible = [world for world in worlds(shown) if agrees(world, shown)]
    everybody = value(truth, shown.dimensions, (TOTAL, TOTAL))
    for figure in shown.figures:
        true = value(truth, shown.dimensions, figure.place)
        whole = value(truth, shown.dimensions, (TOTAL, figure.place[1]))
        if figure.mark == "shown":
            if not three.is_everything(figure.place[1]):
                assert true == 0 or true >= threshold
            continue
        size = shown.figure(figure.place[0], TOTAL).count
        alike = figure.place[1] in three.categories and true == size < 10
        if (0 < true < threshold or (true and alike)) and not (whole == everybody >= 10):
            told = {value(world, shown.dimensions, figure.place) for world in possible}
            assert len(told) > 1, figure.place


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(*[st.integers(0, 12)] * 4), min_size=2, max_size=3))
def test_what_is_shown_is_true_and_what_is_small_is_not_shown(
    rows: list[tuple[int, int, int, int]],
) -> None:
    groups = Dimension("region", tuple("xyz"[: len(rows)]), known=True)
    table = two_way(*rows, groups=groups, dimension=MERGED)
    shown = disclose(table, ground=PROTECTED)
    for figure in shown.figures:
        true = value(dict(table.counts), shown.dimensions, figure.place)
        if figure.mark == "shown":
            assert figure.count == true
            assert not 0 < true < 5 or figure.place[1] == TOTAL
        assert figure.percent is None or (figure.base or 0) >= 10
    assert survives([shown])
