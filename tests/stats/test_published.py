from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.stats import rounding
from sloyfe.stats.published import (
    PrintedFigure,
    PrintedItem,
    counts_that_print,
    fits,
    recalculate,
    repairs,
)
from tests.stats.reference_files import rows_of


def item(base: int, printed: str, *, multiple: bool = False) -> PrintedItem:
    """Reads "agree=43; partly=36 | agree+partly=79", the form of the table of derived counts."""
    chunks = [[pair.rsplit("=", 1) for pair in part.split("; ")] for part in printed.split(" | ")]
    parts = tuple(PrintedFigure(key, int(value)) for key, value in chunks[0])
    merged = tuple(
        PrintedFigure(key, int(value), tuple(key.split("+")))
        for chunk in chunks[1:]
        for key, value in chunk
    )
    return PrintedItem(base, parts, merged, multiple=multiple)


def counts_of(printed: PrintedItem) -> dict[str, int]:
    best = recalculate(printed).best
    assert best is not None
    return dict(best.counts)


def test_a_distribution_gives_its_counts_and_base_back() -> None:
    told = item(42, "good=54; fair=31; neither=10; poor=3; bad=0; unsure=3 | good+fair=85")
    verdict = recalculate(told)
    assert (verdict.rule, verdict.bases) == ("half_up", (39,))
    assert counts_of(told) == {
        "good": 21,
        "fair": 12,
        "neither": 4,
        "poor": 1,
        "bad": 0,
        "unsure": 1,
    }
    assert {each.remark.code for each in verdict.figures} == {"published.reproduced"}
    assert verdict.figures[-1].fits == ((39, 33),)
    assert verdict.repairs == ()


def test_a_single_percentage_fits_many_bases_and_all_are_told() -> None:
    verdict = recalculate(item(44, "better=95"))
    assert verdict.bases == (44, 43, 42, 41, 40, 39, 38, 37)
    assert verdict.figures[0].fits[:2] == ((44, 42), (43, 41))


def test_figures_rounded_twice_are_recognised() -> None:
    verdict = recalculate(item(44, "good=73; fair=21; poor=5; unsure=2"))
    assert verdict.rule == "via_one_decimal"
    fair = verdict.figures[1]
    assert (fair.own, fair.remark.code) == (20, "published.rounded_twice")
    assert {key: str(value) for key, value in fair.remark.parameters.items()} == {
        "base": "44",
        "count": "9",
        "own": "20",
        "two_decimals": "20.45",
        "one_decimal": "20.5",
    }
    assert verdict.figures[0].remark.code == "published.reproduced"


def test_a_merged_figure_that_is_a_sum_of_rounded_parts_is_recognised() -> None:
    verdict = recalculate(item(44, "agree=43; partly=36; neither=18; unsure=2 | agree+partly=79"))
    assert verdict.rule == "sum_of_parts"
    merged = verdict.figures[-1]
    assert (merged.printed, merged.own) == (79, 80)
    assert merged.remark.code == "published.sum_of_rounded_parts"
    assert merged.remark.parameters["parts"] == (43, 36)


def test_both_at_once_are_recognised() -> None:
    verdict = recalculate(item(44, "a=46; b=23; c=18; d=11; e=2 | d+e=13"))
    assert verdict.rule == "via_one_decimal_sum_of_parts"
    assert [each.remark.code for each in verdict.figures] == [
        "published.rounded_twice",
        *["published.reproduced"] * 4,
        "published.sum_of_rounded_parts",
    ]


def test_figures_that_fit_no_common_base_are_told_with_the_repairs() -> None:
    verdict = recalculate(item(44, "a=56; b=34; c=7; d=2 | a+b=91"))
    assert (verdict.rule, verdict.best, verdict.bases) == (None, None, ())
    assert {each.remark.code for each in verdict.figures} == {"published.fits_no_common_base"}
    assert verdict.figures[0].own is None
    assert [(each.key, each.repaired, each.fit.base) for each in verdict.repairs] == [
        ("a", 57, 44),
        ("b", 35, 43),
        ("a+b", 90, 41),
    ]


def test_choices_of_several_may_pass_the_base_together() -> None:
    told = item(42, "a=60; b=60; c=0", multiple=True)
    assert counts_of(told) == {"a": 25, "b": 25, "c": 0}
    assert recalculate(told).fits[0].unreported is None


def test_repairs_are_found_for_figures_that_fit_a_small_base_only() -> None:
    found = repairs(item(44, "no=42; unsure=33; yes=25"))
    assert [(each.fit.base, each.key, each.repaired) for each in found][:2] == [
        (43, "yes", 26),
        (40, "no", 43),
    ]
    assert all(0 <= each.repaired <= 100 for each in repairs(item(5, "a=100; b=0")))


def test_a_printed_item_must_hang_together() -> None:
    for wrong in (
        item(44, "a=50; a=50"),
        item(44, "a=50 | a+b=60"),
        item(44, "a=50; b=10 | a+b=60", multiple=True),
    ):
        with pytest.raises(ValueError, match=r"."):
            fits(wrong)


def test_in_a_large_base_several_counts_print_alike() -> None:
    assert counts_that_print(50, 400) == (198, 199, 200, 201)
    assert counts_that_print(54, 42) == ()
    for base in (1, 7, 44, 199, 1000):
        for percent in range(101):
            assert counts_that_print(percent, base) == tuple(
                count for count in range(base + 1) if rounding.percent(count, base) == percent
            )
            assert counts_that_print(percent, base, "via_one_decimal") == tuple(
                count
                for count in range(base + 1)
                if rounding.percent_rounded_twice(count, base) == percent
            )


@given(st.lists(st.integers(0, 15), min_size=1, max_size=5).filter(any))
def test_what_our_own_rounding_prints_is_always_found_again(counts: list[int]) -> None:
    base = sum(counts)
    parts = tuple(
        PrintedFigure(f"o{index}", rounding.percent(count, base))
        for index, count in enumerate(counts)
    )
    everything = PrintedFigure("all", 100, tuple(part.key for part in parts))
    found = fits(PrintedItem(base, parts, (everything,)))
    assert any(fit.base == base and [n for _, n in fit.counts] == counts for fit in found)
    assert recalculate(PrintedItem(base, parts)).rule == "half_up"


RULE_NAMES = {
    "half_up": "half_up",
    "via_one_decimal (double rounding)": "via_one_decimal",
    "half_up, merged figure = sum of rounded parts": "sum_of_parts",
    "via_one_decimal, merged = sum of rounded parts": "via_one_decimal_sum_of_parts",
    "": None,
}


def test_the_table_of_derived_counts_is_reproduced() -> None:
    checked = 0
    for row in rows_of("seed", "counts.csv"):
        if row["status"] not in ("unique", "impossible"):
            continue
        told = item(int(row["N"]), row["published_percent"], multiple="(multi)" in row["item"])
        verdict = recalculate(told)
        best = verdict.best
        assert RULE_NAMES[row["rounding"]] == verdict.rule, row["item"]
        assert row["n_prime"] == (str(best.base) if best else ""), row["item"]
        assert (row["status"] == "impossible") == (best is None)
        if best:
            counts = [f"{key}={count}" for key, count in best.counts]
            if best.unreported and "(not reported)" in row["counts"]:
                counts.append(f"(not reported)={best.unreported}")
            assert ", ".join(counts) == row["counts"]
            # "Unique" is said of the largest base.
            assert sum(fit.base == best.base for fit in verdict.fits) == 1
        half_up = dict.fromkeys(fit.base for fit in fits(told))
        assert " ".join(map(str, half_up)) == row["all_n_prime_half_up"], row["item"]
        ours = {
            f"N'={each.fit.base}, {each.key} {each.printed}->{each.repaired}: "
            + ", ".join(f"{key}={count}" for key, count in each.fit.counts)
            for each in repairs(told)
        }
        assert set(filter(None, row["one_edit_repair"].split(" || "))) <= ours, row["item"]
        checked += 1
    assert checked == 61


def test_the_search_ends_at_the_smallest_base_asked_for() -> None:
    printed = PrintedItem(44, (PrintedFigure("better", 95),), smallest_base=42)
    assert recalculate(printed).bases == (44, 43, 42)
