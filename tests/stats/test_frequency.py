from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.stats.frequency import crosstab, distribution, multiple, ranking
from sloyfe.stats.rounding import EmptyBase

AGREE = {"agree": 19, "partly": 16, "neither": 8, "dont_know": 1}


def test_a_merged_category_is_made_from_counts_and_not_from_rounded_parts() -> None:
    spread = distribution(AGREE, merged={"both": ("agree", "partly")}, dont_know="in_base")
    assert [part.percent for part in spread.parts] == [43, 36, 18, 2]
    assert spread.part("both").percent == 80  # 43 + 36 is 79


def test_dont_know_is_in_the_base_or_out_of_it_as_stated() -> None:
    inside = distribution(AGREE, dont_know="in_base", dont_know_options=("dont_know",))
    outside = distribution(AGREE, dont_know="out_of_base", dont_know_options=("dont_know",))
    assert (inside.base, inside.answered, inside.outside) == (44, 44, ())
    assert (outside.base, outside.answered) == (43, 44)
    assert [part.key for part in outside.parts] == ["agree", "partly", "neither"]
    assert (outside.outside[0].count, outside.outside[0].base) == (1, 44)
    assert outside.part("agree").share == Fraction(19, 43)


def test_the_complement_is_everybody_else_in_the_base() -> None:
    spread = distribution(AGREE, merged={"both": ("agree", "partly")}, dont_know="in_base")
    assert spread.complement("both").count == 9
    assert spread.complement("both", "agree", "neither").options == ("dont_know",)
    with pytest.raises(KeyError):
        spread.complement("no such")


def test_an_option_that_nobody_chose_is_told() -> None:
    spread = distribution({"yes": 3}, options=("yes", "no"), dont_know="in_base")
    assert [(part.key, part.percent) for part in spread.parts] == [("yes", 100), ("no", 0)]


def test_with_nobody_in_the_base_there_is_a_count_and_no_share() -> None:
    spread = distribution({"yes": 0}, dont_know="in_base")
    assert spread.part("yes").count == 0
    with pytest.raises(EmptyBase):
        _ = spread.part("yes").percent


@pytest.mark.parametrize(
    "arguments",
    [
        {"options": ("agree",)},
        {"options": ("agree", "agree", "partly", "neither", "dont_know")},
        {"merged": {"agree": ("partly",)}},
        {"merged": {"both": ("agree", "agree")}},
        {"merged": {"both": ("agree", "other")}},
        {"dont_know_options": ("maybe",)},
        {"merged": {"m": ("dont_know",)}, "dont_know_options": ("dont_know",)},
    ],
)
def test_what_does_not_hang_together_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        distribution(AGREE, dont_know="out_of_base", **arguments)  # type: ignore[arg-type]


def test_a_count_is_a_whole_number_from_zero() -> None:
    for wrong in (-1, 1.5, True):
        with pytest.raises(ValueError, match="whole"):
            distribution({"yes": wrong}, dont_know="in_base")  # type: ignore[dict-item]


def test_choices_of_several_are_shares_of_respondents_and_may_pass_100() -> None:
    spread = multiple({"homes": 30, "advice": 25}, respondents=42, maximum=3)
    assert [part.percent for part in spread.parts] == [71, 60]
    assert (spread.choices, spread.complement("homes").count) == (55, 12)
    with pytest.raises(KeyError):
        spread.part("no such")


@pytest.mark.parametrize(
    "arguments",
    [
        {"counts": {"a": 5}, "respondents": 4},
        {"counts": {"a": 4, "b": 4, "c": 1}, "respondents": 4, "maximum": 2},
        {"counts": {"a": 4}, "respondents": 4, "options": ("b",)},
        {"counts": {"a": 0}, "respondents": -1},
    ],
)
def test_impossible_choices_are_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        multiple(**arguments)  # type: ignore[arg-type]


def test_a_ranking_lets_ties_share_a_place_and_skips_the_next() -> None:
    places = ranking({"a": 10, "b": 23, "c": 10, "d": 8})
    assert [(each.rank, each.key, each.tied) for each in places] == [
        (1, "b", False),
        (2, "a", True),
        (2, "c", True),
        (4, "d", False),
    ]
    assert ranking({}) == ()


def test_a_cross_table_has_its_cells_and_margins() -> None:
    table = crosstab(
        {("øst", "yes"): 3, ("vest", "no"): 2, ("øst", "dk"): 1},
        rows=("øst", "vest"),
        columns=("yes", "no", "dk"),
    )
    assert (table.row_totals, table.column_totals, table.total) == ((4, 2), (3, 2, 1), 6)
    assert table.count("vest", "no") == 2
    row = table.row("øst", dont_know="out_of_base", dont_know_options=("dk",))
    assert (row.base, row.part("yes").percent) == (3, 100)
    assert table.transposed().count("no", "vest") == 2
    assert crosstab({}, rows=(), columns=("a",)).transposed().row_totals == (0,)
    for wrong in ({"rows": ("øst",)}, {"rows": ("øst", "øst", "vest")}):
        with pytest.raises(ValueError, match=r"."):
            crosstab({("vest", "no"): 2}, columns=("no",), **wrong)


counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 300), min_size=1)


@given(counts, st.data())
def test_parts_and_what_is_outside_sum_to_all_answers(
    numbers: dict[str, int], data: st.DataObject
) -> None:
    outside = data.draw(st.sets(st.sampled_from(sorted(numbers))))
    spread = distribution(
        numbers, dont_know="out_of_base", dont_know_options=tuple(sorted(outside))
    )
    assert sum(part.count for part in spread.parts) == spread.base
    assert spread.base + sum(part.count for part in spread.outside) == spread.answered
    if spread.base:
        assert sum((part.share for part in spread.parts), Fraction(0)) == 1


@given(counts, st.data())
def test_a_merged_category_and_its_complement_are_the_whole(
    numbers: dict[str, int], data: st.DataObject
) -> None:
    members = tuple(sorted(data.draw(st.sets(st.sampled_from(sorted(numbers))))))
    spread = distribution(numbers, merged={"merged": members}, dont_know="in_base")
    assert spread.part("merged").count == sum(numbers[key] for key in members)
    assert spread.part("merged").count + spread.complement("merged").count == spread.base


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 6), max_size=9))
def test_a_rank_is_one_more_than_the_number_above(values: dict[str, int]) -> None:
    for place in ranking(values):
        assert place.rank == 1 + sum(other > values[place.key] for other in values.values())


@given(
    st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.integers(0, 50))
)
def test_cells_of_a_cross_table_sum_to_its_margins(cells: dict[tuple[str, str], int]) -> None:
    table = crosstab(cells, rows="abc", columns="xyz")
    assert sum(table.row_totals) == sum(table.column_totals) == table.total == sum(cells.values())
    assert table.transposed().transposed() == table
