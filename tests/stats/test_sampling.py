from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.common.errors import InputProblem, NotPossible
from sloyfe.stats.sampling import FrameUnit, StratumTooSmall, census, draw, frame_hash

FRAME = [
    FrameUnit(f"{stratum}{number:02}", stratum)
    for stratum, size in (("bodø", 20), ("sør", 30), ("øst", 25))
    for number in range(size)
]


def test_a_draw_can_be_repeated_anywhere_from_seed_and_frame() -> None:
    # Written down once: another platform, Python or order of rows must give these.
    taken = draw(FRAME, 3, seed="2017-11")
    assert taken.frame_hash == "739a60e4b9fa44a7789fec1291a5dd118902626cb700ef41603884fbe06f4eac"
    assert taken.units == (
        "bodø04",
        "bodø05",
        "bodø07",
        "sør11",
        "sør14",
        "sør16",
        "øst05",
        "øst07",
        "øst17",
    )
    assert draw(FRAME[::-1], 3, seed="2017-11") == taken
    assert draw(FRAME, 3, seed="2017-12").units != taken.units


def test_each_stratum_tells_its_size_sample_and_inclusion_probability() -> None:
    taken = draw(FRAME, {"bodø": 17, "sør": 0, "øst": "all"}, seed="x")
    told = [(each.stratum, each.frame, each.sampled, each.inclusion) for each in taken.strata]
    assert told == [("bodø", 20, 17, Fraction(17, 20)), ("sør", 30, 0, 0), ("øst", 25, 25, 1)]


def test_more_than_a_stratum_holds_is_refused_with_the_numbers() -> None:
    with pytest.raises(NotPossible) as refusal:
        draw(FRAME, 27, seed="x")
    assert refusal.value.code == "sampling.stratum_too_small"
    assert refusal.value.details["problems"] == (
        StratumTooSmall("bodø", 27, 20),
        StratumTooSmall("øst", 27, 25),
    )


@pytest.mark.parametrize(
    ("frame", "sizes", "seed", "code"),
    [
        (FRAME, 3, "", "sampling.no_seed"),
        ([], 3, "x", "sampling.empty_frame"),
        (FRAME, {"bodø": 3, "sør": 3}, "x", "sampling.strata_mismatch"),
        (FRAME, {"bodø": 3, "sør": 3, "øst": 3, "vest": 3}, "x", "sampling.strata_mismatch"),
        (FRAME, -1, "x", "sampling.negative_size"),
    ],
)
def test_what_cannot_be_drawn_says_why(
    frame: list[FrameUnit], sizes: object, seed: str, code: str
) -> None:
    with pytest.raises(NotPossible) as refusal:
        draw(frame, sizes, seed)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_a_frame_with_doubles_or_gaps_is_refused() -> None:
    with pytest.raises(InputProblem) as refusal:
        frame_hash([*FRAME, FRAME[0], FrameUnit("", "sør"), FrameUnit("a", "")])
    assert [each.code for each in refusal.value.problems] == [
        "sampling.incomplete_unit",
        "sampling.incomplete_unit",
        "sampling.unit_twice",
    ]
    with pytest.raises(InputProblem):
        frame_hash([FrameUnit("a", "x"), FrameUnit("a", "y")])


def test_a_census_takes_everybody() -> None:
    taken = census(FRAME)
    assert taken.units == tuple(sorted(each.unit for each in FRAME))
    assert {each.inclusion for each in taken.strata} == {1}


def test_over_many_seeds_each_unit_is_drawn_about_equally_often() -> None:
    drawn = Counter(
        unit for seed in range(2000) for unit in draw(FRAME[:20], 5, seed=str(seed)).units
    )
    expected = 2000 * 5 / 20
    spread = sum((drawn[each.unit] - expected) ** 2 for each in FRAME[:20]) / (expected * 0.75)
    assert spread < 43.8  # chi-squared with 19 degrees of freedom, one in a thousand


frames = st.lists(
    st.builds(FrameUnit, st.text(min_size=1, max_size=4), st.sampled_from(["a", "æ", "å"])),
    min_size=1,
    max_size=30,
    unique_by=lambda each: each.unit,
)


@given(
    frames,
    st.text(min_size=1).filter(lambda text: text.isprintable()),
    st.integers(0, 4),
    st.randoms(),
)
def test_the_order_of_the_frame_never_matters(
    frame: list[FrameUnit], seed: str, number: int, chance: random.Random
) -> None:
    held = Counter(each.stratum for each in frame)
    sizes = {stratum: min(number, size) for stratum, size in held.items()}
    taken = draw(frame, sizes, seed)
    shuffled = list(frame)
    chance.shuffle(shuffled)
    assert draw(shuffled, sizes, seed) == taken
    assert len(set(taken.units)) == sum(sizes.values())
    stratum_of = {each.unit: each.stratum for each in frame}
    assert Counter(stratum_of[unit] for unit in taken.units) == Counter(
        {stratum: size for stratum, size in sizes.items() if size}
    )
