from __future__ import annotations

import math
import random
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sloyfe.stats.bounds import stratified_bounds
from sloyfe.stats.estimate import (
    StratumCount,
    StratumValues,
    hypergeometric_interval,
    korn_graubard_interval,
    stratified_mean,
    stratified_share,
)
from sloyfe.stats.rounding import EmptyBase
from tests.stats.reference_files import rows_of

HALF = Fraction(1, 2)


def chance_of(found: int, hits: int, sample: int, frame: int) -> Fraction:
    ways = math.comb(hits, found) * math.comb(frame - hits, sample - found)
    return Fraction(ways, math.comb(frame, sample))


def test_when_all_answered_there_is_a_point_and_no_interval() -> None:
    found = stratified_share([StratumCount("a", 4, 4, 4, 1), StratumCount("b", 6, 6, 6, 3)])
    assert (found.share, found.low, found.high) == (Fraction(4, 10), None, None)
    assert found.standard_error is None
    assert found.method.code == "estimate.census"
    assert found.assumptions == ()


def test_one_stratum_gets_the_exact_interval_and_says_what_it_assumes() -> None:
    found = stratified_share([StratumCount("all", 62, 62, 44, 32)])
    assert found.share == Fraction(32, 44)
    assert found.method.code == "estimate.hypergeometric"
    assert (found.low, found.high) == (Fraction(40, 62), Fraction(49, 62))
    assert [each.code for each in found.assumptions] == ["estimate.respondents_as_random_sample"]


@pytest.mark.parametrize("frame", [1, 2, 7, 12])
def test_the_exact_interval_covers_at_least_as_often_as_it_says(frame: int) -> None:
    for sample in range(1, frame + 1):
        ends = [hypergeometric_interval(found, sample, frame) for found in range(sample + 1)]
        for hits in range(frame + 1):
            covered = sum(
                chance_of(found, hits, sample, frame)
                for found, (low, high) in enumerate(ends)
                if low <= hits <= high
            )
            assert covered >= Fraction(95, 100)


def test_the_exact_interval_is_as_short_as_its_rule_allows() -> None:
    low, high = hypergeometric_interval(32, 44, 62)
    tail = Fraction(25, 1000)
    assert sum(chance_of(x, low - 1, 44, 62) for x in range(32, 45)) <= tail
    assert sum(chance_of(x, low, 44, 62) for x in range(32, 45)) > tail
    assert sum(chance_of(x, high + 1, 44, 62) for x in range(33) if 44 - x <= 62 - high - 1) <= tail


def test_a_stratum_that_answered_whole_adds_what_is_known() -> None:
    alone = stratified_share([StratumCount("b", 20, 10, 5, 2)])
    both = stratified_share([StratumCount("a", 4, 4, 4, 4), StratumCount("b", 20, 10, 5, 2)])
    assert alone.low is not None
    assert both.low == (alone.low * 20 + 4) / 24
    one = stratified_share([StratumCount("b", 20, 10, 1, 1)])
    assert (one.standard_error, one.low, one.high) == (None, Fraction(1, 20), 1)


def test_unequal_strata_are_weighted_by_their_frame() -> None:
    found = stratified_share([StratumCount("a", 90, 10, 5, 5), StratumCount("b", 10, 10, 5, 0)])
    assert found.share == Fraction(9, 10)
    assert found.method.code == "estimate.korn_graubard"
    assert found.degrees_of_freedom == 8


def test_a_stratum_without_answers_is_left_out_and_said() -> None:
    found = stratified_share(
        [
            StratumCount("a", 50, 10, 5, 2),
            StratumCount("b", 40, 9, 6, 2),
            StratumCount("c", 10, 3, 0, 0),
        ]
    )
    assert (found.covered, found.frame) == (90, 100)
    said = {each.code: each.parameters for each in found.assumptions}
    assert said["estimate.strata_without_answers"] == {"strata": ("c",), "units": 10}


def test_a_stratum_with_one_answer_is_said_and_widens_the_interval() -> None:
    two = [StratumCount("a", 50, 10, 8, 4), StratumCount("b", 40, 9, 6, 3)]
    found = stratified_share([*two, StratumCount("c", 30, 9, 1, 1)])
    assert "estimate.strata_with_one_answer" in {each.code for each in found.assumptions}
    plain = stratified_share(two)
    assert found.standard_error is not None
    assert plain.standard_error is not None
    assert found.standard_error > plain.standard_error


def test_one_answer_from_each_stratum_gives_no_interval() -> None:
    found = stratified_share([StratumCount("a", 5, 2, 1, 1), StratumCount("b", 5, 2, 1, 0)])
    assert (found.share, found.low, found.method.code) == (HALF, None, "estimate.no_interval")


def test_all_of_one_mind_still_leaves_doubt() -> None:
    strata = [StratumCount("a", 60, 17, 8, 8), StratumCount("b", 40, 17, 8, 8)]
    found = stratified_share(strata)
    assert found.high == 1
    assert found.low is not None
    assert Fraction(1, 2) < found.low < Fraction(95, 100)


def test_nobody_and_nonsense_are_refused() -> None:
    for empty in ([], [StratumCount("a", 5, 2, 0, 0)]):
        with pytest.raises(EmptyBase):
            stratified_share(empty)
    with pytest.raises(ValueError, match="within each other"):
        StratumCount("a", 5, 6, 1, 0)
    with pytest.raises(ValueError, match="within each other"):
        hypergeometric_interval(3, 2, 5)
    with pytest.raises(ValueError, match="confidence"):
        stratified_share([StratumCount("a", 5, 2, 1, 0)], confidence=Fraction(1))


@st.composite
def stratum(draw: st.DrawFn, name: str) -> StratumCount:
    frame = draw(st.integers(1, 60))
    sampled = draw(st.integers(0, frame))
    respondents = draw(st.integers(0, sampled))
    return StratumCount(name, frame, sampled, respondents, draw(st.integers(0, respondents)))


strata_lists = st.integers(1, 5).flatmap(
    lambda size: st.tuples(*(stratum(str(index)) for index in range(size)))
)


@settings(deadline=None)
@given(strata_lists)
def test_the_interval_holds_the_share_and_stays_within_what_is_certain(
    strata: tuple[StratumCount, ...],
) -> None:
    used = [each for each in strata if each.respondents]
    if not used:
        return
    found = stratified_share(strata)
    if found.low is None or found.high is None:
        assert found.method.code in ("estimate.census", "estimate.no_interval")
        return
    certain = Fraction(sum(each.hits for each in used), found.covered)
    possible = 1 - Fraction(sum(each.respondents - each.hits for each in used), found.covered)
    assert 0 <= certain <= found.low <= found.share <= found.high <= possible <= 1
    low, high = stratified_bounds(used)
    assert low <= found.share <= high


@settings(deadline=None, max_examples=50)
@given(strata_lists)
def test_yes_and_no_are_told_alike(strata: tuple[StratumCount, ...]) -> None:
    if not any(each.respondents for each in strata):
        return
    turned = [
        StratumCount(s.stratum, s.frame, s.sampled, s.respondents, s.respondents - s.hits)
        for s in strata
    ]
    one, other = stratified_share(strata), stratified_share(turned)
    assert one.share == 1 - other.share
    if one.low is not None and other.high is not None:
        assert float(one.low) == pytest.approx(1 - float(other.high), abs=1e-9)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.97])
def test_in_a_simulated_round_the_interval_covers_as_often_as_it_says(share: float) -> None:
    frames, answers = (110, 70, 75, 70, 42, 60), (7, 11, 4, 6, 10, 4)
    chance = random.Random(20171101)
    hits = [round(frame * share) for frame in frames]
    truth = Fraction(sum(hits), sum(frames))
    covered = 0
    for _ in range(300):
        strata = [
            StratumCount(str(n), frame, n, n, sum(u < k for u in chance.sample(range(frame), n)))
            for frame, n, k in zip(frames, answers, hits, strict=True)
        ]
        found = stratified_share(strata)
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= truth <= found.high
    assert covered >= 285


def test_means_are_weighted_and_say_what_is_missing() -> None:
    found = stratified_mean(
        [
            StratumValues("a", 90, (1.0, 3.0)),
            StratumValues("b", 10, (10.0,)),
            StratumValues("c", 9, ()),
        ]
    )
    assert found.mean == pytest.approx(0.9 * 2 + 0.1 * 10)
    assert {each.code for each in found.assumptions} == {
        "estimate.respondents_as_random_sample",
        "estimate.strata_without_answers",
        "estimate.strata_with_one_answer",
    }
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.mean < found.high
    assert stratified_mean([StratumValues("a", 2, (1.0, 2.0))]).method.code == "estimate.census"
    assert stratified_mean([StratumValues("a", 2, (1.0,))]).method.code == "estimate.no_interval"
    with pytest.raises(EmptyBase):
        stratified_mean([])
    with pytest.raises(ValueError, match="more answers"):
        StratumValues("a", 1, (1.0, 2.0))


def reference(case: str, stat: str, level: str) -> dict[str, float]:
    for row in rows_of("reference", "values.csv"):
        if (row["case"], row["stat"], row["level"]) == (case, stat, level):
            return {key: float(row[key]) for key in ("est", "se", "lci", "uci")}
    raise LookupError((case, stat, level))


def schools(name: str) -> dict[str, tuple[int, list[dict[str, str]]]]:
    held: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of("reference", name):
        held[row.get("stype", "all") if name != "apisrs.csv" else "all"].append(row)
    return {key: (round(float(rows[0]["fpc"])), rows) for key, rows in held.items()}


def school_counts(name: str, column: str, value: str) -> list[StratumCount]:
    return [
        StratumCount(key, frame, len(rows), len(rows), sum(row[column] == value for row in rows))
        for key, (frame, rows) in schools(name).items()
    ]


def test_share_and_standard_error_agree_with_r_survey() -> None:
    expected = reference("dstrat", "ciprop_beta", "sch.wide=Yes")
    found = stratified_share(school_counts("apistrat.csv", "sch.wide", "Yes"))
    # R weights by pw, which its data set holds with ten digits; we weight by N.
    assert float(found.share) == pytest.approx(expected["est"], rel=1e-8)
    assert found.standard_error == pytest.approx(expected["se"], rel=1e-8)


def test_the_korn_graubard_interval_agrees_with_r_survey() -> None:
    for case, answers, freedom, level in (
        ("dstrat", 200, 197, "sch.wide=Yes"),
        ("dstratnf", 200, 197, "sch.wide=Yes"),
        ("dsrs", 200, 199, "sch.wide=Yes"),
        ("dsrs", 200, 199, "api00>900"),
        ("dclus1", 183, 14, "sch.wide=Yes"),
    ):
        expected = reference(case, "ciprop_beta", level)
        share, variance = expected["est"], expected["se"] ** 2
        low, high, _ = korn_graubard_interval(
            share, share * (1 - share) / variance, answers, freedom, 0.95
        )
        assert (low, high) == pytest.approx((expected["lci"], expected["uci"]), rel=1e-9)


def test_with_many_answers_our_interval_is_a_trifle_wider_than_that_of_r_survey() -> None:
    expected = reference("dstrat", "ciprop_beta", "sch.wide=Yes")
    found = stratified_share(school_counts("apistrat.csv", "sch.wide", "Yes"))
    assert found.low is not None
    assert found.high is not None
    assert float(found.low) <= expected["lci"] + 1e-9
    assert float(found.high) >= expected["uci"] - 1e-9
    assert float(found.high - found.low) < 1.01 * (expected["uci"] - expected["lci"])


@pytest.mark.parametrize(("case", "name"), [("dstrat", "apistrat.csv"), ("dsrs", "apisrs.csv")])
def test_means_agree_with_r_survey(case: str, name: str) -> None:
    expected = reference(case, "mean", "api00")
    found = stratified_mean(
        [
            StratumValues(key, frame, tuple(float(row["api00"]) for row in rows))
            for key, (frame, rows) in schools(name).items()
        ]
    )
    assert (found.mean, found.standard_error, found.low, found.high) == pytest.approx(
        tuple(expected.values()), rel=1e-8
    )
