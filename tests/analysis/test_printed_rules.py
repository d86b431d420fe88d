"""Every figure of 2017 worked out again by our own engine, without the database."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.analysis.rules.printed import (
    OUTCOME_OF,
    Derived,
    Figure,
    FigureKind,
    Outcome,
    Recalculated,
    Status,
    Verdict,
    counts_that_do_not_fit,
    recalculate,
)
from sloyfe.stats import rounding
from sloyfe.stats.frequency import distribution
from tests.analysis.facts import DERIVED, FIGURES, MULTIPLE, REASONS
from tests.content.reading import SHARED, rows

FOUND: dict[str, Recalculated] = {
    each.figure.code: each for each in recalculate(FIGURES, DERIVED, MULTIPLE)
}
TABLE = {row.about: row for row in DERIVED}


def test_every_figure_has_a_verdict() -> None:
    assert len(FOUND) == len(FIGURES) == 308
    assert set(OUTCOME_OF) == set(Verdict)


@pytest.mark.parametrize("code", [figure.code for figure in FIGURES])
def test_each_figure_comes_out_exactly_or_is_listed_with_the_reason_that_we_find(code: str) -> None:
    assert FOUND[code].verdict == REASONS.get(code, Verdict.EXACT)


@pytest.mark.parametrize(
    "found",
    [each for each in FOUND.values() if each.figure.kind == FigureKind.PERCENT],
    ids=lambda found: found.figure.code,
)
def test_a_percentage_that_comes_out_is_given_by_the_distribution_of_its_counts(
    found: Recalculated,
) -> None:
    figure, row = found.figure, TABLE[found.figure.about]
    if row.base is None:
        assert (found.own, found.fits, found.outcome) == (None, (), Outcome.CONTRADICTION)
        assert found.alone
        return
    counts = dict(row.counts)
    counts.setdefault("left", row.base - sum(counts.values()))
    told = distribution(counts, dont_know="in_base")
    count = sum(told.part(code).count for code in figure.codes if code in counts)
    count = told.part(figure.key).count if figure.key in counts else count

    assert found.own == rounding.percent(count, told.base)
    assert (found.own == int(figure.value)) is (found.verdict is Verdict.EXACT)
    assert found.fits[0] == (row.base, count)
    assert [base for base, _count in found.fits] == sorted(
        (base for base, _count in found.fits), reverse=True
    )


def test_how_many_come_out_in_each_way() -> None:
    counted = Counter(e.outcome for e in FOUND.values() if e.figure.tier != "frame")

    assert counted == {
        Outcome.EXACT: 185,
        Outcome.NOTHING: 41,
        Outcome.CONTRADICTION: 21,
        Outcome.ROUNDING: 8,
        Outcome.WORDS: 4,
    }
    assert (FOUND["F019"].own, FOUND["F023"].own) == (41, 71)


def test_the_derived_counts_are_borne_out_by_the_printed_percentages() -> None:
    assert counts_that_do_not_fit(FIGURES, DERIVED, MULTIPLE) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"counts": {"fornoyd": 40}}, "more_than_base"),
        ({"counts": {"fornoyd": 22, "litt_fornoyd": 12}}, "no_fit"),
        ({"base": 38}, "more_than_base"),
        ({"base": 42}, "base_too_small"),
        ({"bases": (39, 30)}, "other_bases"),
        ({"status": Status.NO_COMMON_BASE, "base": None, "counts": {}}, "no_fit"),
        ({"item": "nobody_asked_this"}, "no_such_question"),
    ],
)
def test_counts_that_the_percentages_do_not_bear_out_are_named(
    change: dict[str, object], problem: str
) -> None:
    wrong = replace(TABLE["grunntilbud", "satisfaction_total"], **change)  # type: ignore[arg-type]

    found = counts_that_do_not_fit(FIGURES, [wrong], MULTIPLE)

    assert [(row.item, code) for row, code in found] == [(wrong.item, problem)]


def test_a_printed_count_against_its_counts_is_said_to_go_against_them() -> None:
    changed = [replace(f, value="3") if f.code == "S001" else f for f in FIGURES]

    found = {each.figure.code: each for each in recalculate(changed, DERIVED, MULTIPLE)}

    assert found["S001"].verdict is Verdict.AGAINST_COUNTS


@pytest.mark.parametrize("code", ["G011", "G012", "G040", "B005", "B060", "S023", "S065", "G070"])
def test_an_order_turned_round_is_said_to_go_against_the_counts(code: str) -> None:
    figure = next(f for f in FIGURES if f.code == code)
    places = re.split(r"\s*>\s*", figure.order)
    turned = replace(figure, order=" > ".join(reversed(places)))

    found = recalculate([turned, *(f for f in FIGURES if f.code != code)], DERIVED, MULTIPLE)

    assert found[0].verdict is Verdict.AGAINST_COUNTS


@given(st.lists(st.integers(0, 12), min_size=2, max_size=5).filter(any))
def test_what_is_rounded_once_from_counts_always_comes_out(counts: list[int]) -> None:
    base = sum(counts)
    codes = [f"a{place}" for place in range(len(counts))]
    figures = [
        Figure(code, "1", 1, "storby", "q", code, FigureKind.PERCENT, str(rounding.percent(n, base)),
               base, "q", (code,))
        for code, n in zip(codes, counts, strict=True)
    ]  # fmt: skip
    row = Derived("q", "storby", Status.DERIVED, base, dict(zip(codes, counts, strict=True)))

    for each in recalculate(figures, [row], ()):
        assert each.verdict is Verdict.EXACT
        assert each.own == int(each.figure.value)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the seed does not lie beside the checkout")
def test_the_figures_and_fits_are_those_of_the_seed() -> None:
    seed = rows(SHARED / "seed" / "figures.csv")
    assert [(f.code, f.value, str(f.page)) for f in FIGURES] == [
        (row["id"], row["value"], row["page"]) for row in seed
    ]
    for theirs, ours in zip(rows(SHARED / "seed" / "counts.csv"), DERIVED, strict=True):
        if theirs["status"] == "unique":
            assert str(ours.base) == theirs["n_prime"]
