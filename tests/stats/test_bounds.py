from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.stats.bounds import nonresponse_bounds, stratified_bounds
from sloyfe.stats.estimate import StratumCount
from sloyfe.stats.rounding import EmptyBase


def test_44_answers_of_62_leave_73_percent_between_52_and_81() -> None:
    low, high = nonresponse_bounds(32, 44, 62)
    assert (low, high) == (Fraction(32, 62), Fraction(50, 62))
    assert nonresponse_bounds(32, 44, 62).percents == (52, 81)


def test_when_all_answered_the_bounds_meet() -> None:
    assert nonresponse_bounds(3, 5, 5).percents == (60, 60)


def test_bounds_need_somebody_and_numbers_within_each_other() -> None:
    with pytest.raises(EmptyBase):
        nonresponse_bounds(0, 0, 0)
    with pytest.raises(EmptyBase):
        stratified_bounds([])
    for hits, respondents, frame in ((3, 2, 5), (2, 6, 5), (-1, 2, 5)):
        with pytest.raises(ValueError, match="within each other"):
            nonresponse_bounds(hits, respondents, frame)


def test_strata_count_with_their_share_of_the_frame() -> None:
    strata = [
        StratumCount("a", 100, 10, 8, 4),
        StratumCount("b", 300, 20, 20, 5),
        StratumCount("c", 100, 0, 0, 0),
    ]
    low, high = stratified_bounds(strata)
    assert low == (100 * Fraction(4, 10) + 300 * Fraction(5, 20)) / 500
    assert high == (100 * Fraction(6, 10) + 300 * Fraction(5, 20) + 100) / 500


@given(st.lists(st.sampled_from(["yes", "no", "silent"]), min_size=1, max_size=8))
def test_every_completion_lies_within_the_bounds_and_both_ends_are_reached(
    answers: list[str],
) -> None:
    yes, silent = answers.count("yes"), answers.count("silent")
    low, high = nonresponse_bounds(yes, len(answers) - silent, len(answers))
    completed = {Fraction(yes + more, len(answers)) for more in range(silent + 1)}
    assert (min(completed), max(completed)) == (low, high)
