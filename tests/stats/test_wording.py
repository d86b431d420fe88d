from __future__ import annotations

from fractions import Fraction

import pytest

from sloyfe.stats.wording import (
    counts_in_words,
    joint_counts_in_words,
    parse_order,
    place_verdict,
    rank_verdict,
    worded_share,
    words_verdict,
)


@pytest.mark.parametrize(
    ("words", "count", "base", "agrees"),
    [
        ("9/10", 33, 37, True),
        ("~3/4", 30, 43, False),  # 70 percent is not nearly three in four
        ("~1/3", 14, 42, True),
        ("<1/3", 14, 42, False),
        ("<1/3", 13, 42, True),
        (">1/3", 14, 42, False),
        (">1/3", 15, 42, True),
        (">1/3", 25, 42, False),
        ("<1/3", 5, 42, False),
    ],
)
def test_a_share_in_words_is_set_against_its_figure(
    words: str, count: int, base: int, agrees: bool
) -> None:
    verdict = words_verdict(words, count, base)
    assert verdict.code == ("published.words_agree" if agrees else "published.words_against_figure")
    assert verdict.parameters["base"] == base


def test_words_alone_leave_a_range_of_counts() -> None:
    assert counts_in_words("~1/3", 42) == (12, 13, 14, 15, 16)
    joint = joint_counts_in_words({"yes": "<1/3", "unsure": "~1/3", "no": ">1/3"}, 42)
    assert (("yes", 13), ("unsure", 14), ("no", 15)) in joint
    assert all(sum(count for _, count in vector) == 42 for vector in joint)


@pytest.mark.parametrize("words", ["half", "3/2", "1/0", "=1/3", ""])
def test_other_words_are_not_guessed_at(words: str) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        worded_share(words)


def test_a_worded_share_never_leaves_0_to_1() -> None:
    assert worded_share("1/1").high == 1
    assert worded_share("<1/20").low == 0
    assert worded_share(">19/20").high == 1


VALUES = {"a": Fraction(57), "b": Fraction(49), "c": Fraction(49), "d": Fraction(30)}


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ("a > b = c > d", "agrees"),
        ("a > b, c > d", "agrees"),
        ("a > d", "agrees"),
        ("a > b > c", "against_figures"),
        ("a = b > c", "against_figures"),
        ("d > a", "against_figures"),
        ("a > x > … > d", "agrees"),
        ("a > x, y", "without_figures"),
    ],
)
def test_an_order_is_set_against_the_figures(order: str, code: str) -> None:
    assert rank_verdict(order, VALUES).code == f"published.rank_{code}"


def test_the_pairs_that_contradict_and_the_missing_are_named() -> None:
    verdict = rank_verdict("d > a > x", VALUES).parameters
    assert verdict["pairs"] == ("d > a",)
    assert verdict["missing"] == ("x",)
    assert rank_verdict("a = b", VALUES).parameters["pairs"] == ("a = b",)
    assert rank_verdict("a > … > d", VALUES).parameters["missing"] == ()


def test_an_order_has_one_form() -> None:
    assert parse_order("a > b = c > d, e") == (
        (("a",), ""),
        (("b", "c"), "="),
        (("d", "e"), ","),
    )
    for wrong in ("a > ", "a = b, c", ""):
        with pytest.raises(ValueError, match="is not an order"):
            parse_order(wrong)


def test_first_and_last_place_may_be_shared() -> None:
    assert place_verdict("a", "1", VALUES).code == "published.rank_agrees"
    assert place_verdict("b", "1", VALUES).code == "published.rank_against_figures"
    assert place_verdict("d", "last", VALUES).code == "published.rank_agrees"
    assert place_verdict("b", "last", VALUES).parameters["tied_with"] == ("c",)
    assert place_verdict("x", "1", VALUES).code == "published.rank_without_figures"
    with pytest.raises(ValueError, match="the place"):
        place_verdict("a", "2", VALUES)
