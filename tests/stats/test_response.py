from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.stats.response import Dispositions, by_stratum, rates
from sloyfe.stats.rounding import EmptyBase, percent_of_share


def test_the_six_rates_by_hand() -> None:
    cases = Dispositions(
        complete=40, partial=4, refused=6, non_contact=8, other=2, unknown=10, not_eligible=20
    )
    found = rates(cases)
    assert found.eligibility == Fraction(60, 80)
    assert (found.rr1, found.rr2) == (Fraction(40, 70), Fraction(44, 70))
    assert (found.rr3, found.rr4) == (Fraction(80, 135), Fraction(88, 135))
    assert (found.rr5, found.rr6) == (Fraction(40, 60), Fraction(44, 60))
    assert (found.cooperation, found.refusal) == (Fraction(40, 52), Fraction(6, 70))
    assert found.contact == Fraction(52, 70)
    assert rates(cases, eligibility=Fraction(1)).rr3 == found.rr1
    assert rates(cases, eligibility=Fraction(0)).rr3 == found.rr5


def test_the_rates_of_2017() -> None:
    assert percent_of_share(rates(Dispositions(complete=42, non_contact=60)).rr1) == 41
    assert percent_of_share(rates(Dispositions(complete=44, non_contact=18)).rr1) == 71


def test_rates_need_a_unit_that_can_be_eligible() -> None:
    with pytest.raises(EmptyBase):
        rates(Dispositions(not_eligible=3))
    with pytest.raises(ValueError, match="eligibility"):
        rates(Dispositions(complete=1), eligibility=Fraction(2))
    with pytest.raises(ValueError, match="refused"):
        Dispositions(refused=-1)
    unknown = rates(Dispositions(unknown=4))
    assert (unknown.rr1, unknown.rr5, unknown.cooperation, unknown.eligibility) == (0, 0, None, 1)


def test_strata_tell_frame_sample_and_inclusion_and_sum_to_the_total() -> None:
    table = by_stratum(
        {"sør": 60, "vest": 85, "ingen": 10},
        {
            "sør": Dispositions(complete=11, non_contact=6),
            "vest": Dispositions(complete=4, partial=1, non_contact=12),
        },
    )
    assert [row.inclusion for row in table.rows] == [Fraction(17, 60), Fraction(1, 5), 0]
    assert table.rows[2].rates is None
    assert (table.total.frame, table.total.sampled, table.total.cases.complete) == (155, 34, 15)
    assert table.total.rates is not None
    assert table.total.rates.rr2 == Fraction(16, 34)
    assert by_stratum({}, {}).total.inclusion == 0


def test_cases_without_a_frame_or_beyond_it_are_refused() -> None:
    with pytest.raises(ValueError, match="without a frame: b"):
        by_stratum({"a": 3}, {"b": Dispositions(complete=1)})
    with pytest.raises(ValueError, match="4 cases, the frame holds 3"):
        by_stratum({"a": 3}, {"a": Dispositions(complete=4)})


numbers = st.integers(0, 50)


@given(st.builds(Dispositions, numbers, numbers, numbers, numbers, numbers, numbers, numbers))
def test_rates_grow_the_more_is_left_out_of_the_base(cases: Dispositions) -> None:
    if cases.known_eligible + cases.unknown == 0:
        return
    found = rates(cases)
    assert 0 <= found.rr1 <= found.rr3 <= 1
    assert found.rr1 <= found.rr2 <= found.rr4 <= 1
    if cases.known_eligible:
        assert found.rr3 <= found.rr5 <= found.rr6 <= 1
