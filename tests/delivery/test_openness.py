"""What the public is told of regions, against somebody who adds and subtracts all that is shown."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from sloyfe.delivery.rules.openness import Weight, hidden
from sloyfe.stats.disclose import REGISTER_THRESHOLD

PLACES = ("nord", "sor", "ost", "vest", "midt", "")
GIVEN = st.dictionaries(st.sampled_from(PLACES), st.integers(0, 9), min_size=1)
SHARES = st.dictionaries(
    st.sampled_from(PLACES), st.tuples(st.integers(0, 9), st.integers(0, 12)), min_size=1
)


def _weights(shares: dict[str, tuple[int, int]]) -> dict[str, Weight]:
    return {
        place: Weight(count, Decimal(below if count else 0))
        for place, (count, below) in shares.items()
    }


@given(GIVEN)
def test_nothing_that_is_shown_or_left_when_all_shown_is_taken_away_rests_on_few(
    given_by: dict[str, int],
) -> None:
    kept, is_whole_hidden = hidden({place: Weight(count) for place, count in given_by.items()})

    shown = {place for place, count in given_by.items() if count and place not in kept}
    assert all(given_by[place] >= REGISTER_THRESHOLD for place in shown)
    if is_whole_hidden:
        return
    whole = sum(given_by.values())
    for size in range(len(shown) + 1):
        for some in combinations(sorted(shown), size):
            left = whole - sum(given_by[place] for place in some)
            assert left == 0 or left >= REGISTER_THRESHOLD
    assert len(kept) != 1


@given(SHARES)
def test_a_sum_of_few_and_a_share_of_few_are_not_told_either(
    shares: dict[str, tuple[int, int]],
) -> None:
    weights = _weights(shares)

    kept, is_whole_hidden = hidden(weights)

    for place, weight in weights.items():
        if place not in kept and weight.given:
            assert not weight.size or weight.size >= REGISTER_THRESHOLD
    left = sum((weights[place].size or Decimal(0) for place in kept), Decimal(0))
    if kept and not is_whole_hidden:
        assert len(kept) > 1
        assert left == 0 or left >= REGISTER_THRESHOLD


@given(st.dictionaries(st.sampled_from(PLACES), st.integers(3, 9), min_size=1))
def test_where_every_region_rests_on_enough_nothing_is_hidden(given_by: dict[str, int]) -> None:
    assert hidden({place: Weight(count) for place, count in given_by.items()}) == (
        frozenset(),
        False,
    )


def test_one_small_region_takes_the_next_smallest_with_it() -> None:
    kept, is_whole_hidden = hidden(
        {"nord": Weight(1), "sor": Weight(8), "ost": Weight(4), "vest": Weight(0)}
    )

    assert kept == {"nord", "ost"}
    assert not is_whole_hidden
