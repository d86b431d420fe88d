"""The published figures of 2017: each is given by derived counts, or listed with its reason."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from tests.content.reading import EVALUATION, SHARED, Row, data, rows

FIGURES = rows(EVALUATION / "figures.csv")
DERIVED = rows(EVALUATION / "derived_counts.csv")
REASONS = {row["id"]: row for row in rows(EVALUATION / "figure_reasons.csv")}
ROUND = data(EVALUATION / "round.yaml")

needs_seed = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the seed does not lie beside the checkout"
)


def counts_of(row: Row) -> dict[str, int]:
    if not row["counts"]:
        return {}
    return {k: int(v) for k, v in (part.split("=") for part in row["counts"].split("; "))}


TABLE = {(row["tier"], row["item"]): row for row in DERIVED}


def share(tier: str, item: str, code: str) -> tuple[int, int] | None:
    """How many gave an answer, of how many; nothing where the counts do not tell."""
    row = TABLE.get((tier, item))
    if row is None or not row["base"]:
        return None
    counts, base = counts_of(row), int(row["base"])
    if code in counts:
        return counts[code], base
    if all(part in counts for part in code.split("+")):
        return sum(counts[part] for part in code.split("+")), base
    complete = "ikke_oppgitt" not in counts and sum(counts.values()) == base
    return (0, base) if complete else None


def percent(count: int, base: int) -> int:
    return int((Decimal(100 * count) / base).quantize(Decimal(1), ROUND_HALF_UP))


def order_holds(figure: Row) -> bool:
    previous: Decimal | None = None
    for sign, term in re.findall(r"(^|[>=])\s*([^>=\s]+)", figure["order"]):
        tier, _, rest = term.rpartition("/")
        item, code = rest.split(":")
        found = share(tier or figure["tier"], item, code)
        if found is None:
            return False
        value = Decimal(found[0]) / found[1]
        if previous is not None and not (previous > value if sign == ">" else previous == value):
            return False
        previous = value
    return previous is not None


def given(figure: Row) -> bool:
    """Whether the derived counts give the figure exactly as printed."""
    if figure["tier"] == "frame":
        found = share("frame", figure["item"], "svart") if figure["kind"] == "rate" else None
        return found is not None and percent(*found) == int(figure["value"])
    if figure["kind"] == "rank":
        return order_holds(figure)
    if figure["kind"] not in ("percent", "count"):
        return False
    found = share(figure["tier"], figure["bank_item"], figure["bank_codes"])
    if found is None:
        return False
    return (found[0] if figure["kind"] == "count" else percent(*found)) == int(figure["value"])


def test_there_are_308_figures_each_with_its_place_in_the_report() -> None:
    assert len(FIGURES) == len({figure["id"] for figure in FIGURES}) == 308
    assert all(figure["section"] and int(figure["page"]) > 0 for figure in FIGURES)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["id"])
def test_each_figure_is_given_by_counts_or_listed_with_a_reason(figure: Row) -> None:
    reason = REASONS.get(figure["id"], {}).get("reason")
    if reason in ("partly_in_words", "partly_published"):
        assert order_holds(figure)
    else:
        assert given(figure) is (reason is None)


def test_every_reason_belongs_to_a_figure_and_is_told_in_three_languages() -> None:
    assert set(REASONS) <= {figure["id"] for figure in FIGURES}
    for row in [*REASONS.values(), *DERIVED]:
        assert row["note_nb"]
        assert row["note_nn"]
        assert row["note_en"]


def test_every_figure_can_be_named_by_its_bank_item_or_a_label_in_three_languages() -> None:
    labels = {row["item"]: row for row in rows(EVALUATION / "figure_labels.csv")}
    background = {"respondent_region", "respondent_population"}
    wanted = {f["item"] for f in FIGURES if not f["bank_item"] or f["bank_item"] in background}
    assert set(labels) == wanted
    assert all(row[f"label_{code}"] for row in labels.values() for code in ("nb", "nn", "en"))


def test_a_figure_said_to_be_rounded_twice_is_reached_by_rounding_twice() -> None:
    twice = [f for f in FIGURES if REASONS.get(f["id"], {}).get("reason") == "rounded_twice"]
    assert len(twice) == 6
    for figure in twice:
        found = share(figure["tier"], figure["bank_item"], figure["bank_codes"])
        assert found
        once = (Decimal(100 * found[0]) / found[1]).quantize(Decimal("0.1"), ROUND_HALF_UP)
        assert int(once.quantize(Decimal(1), ROUND_HALF_UP)) == int(figure["value"])


def test_three_distributions_fit_no_common_base_and_have_no_counts() -> None:
    without = {row["item"] for row in DERIVED if not row["base"]}
    assert without == {"programme_hits_challenges", "changes_practice", "future_challenges"}
    for row in DERIVED:
        assert bool(row["base"]) is bool(row["counts"]) is (row["status"] != "no_common_base")


def test_counts_never_pass_their_base_and_the_base_never_passes_those_who_answered() -> None:
    answered = {p["tier"]: p["answered"]["total"] for p in ROUND["populations"]}
    for row in DERIVED:
        if row["tier"] == "frame" or not row["base"]:
            continue
        base, counts = int(row["base"]), counts_of(row)
        assert base <= answered[row["tier"]]
        assert max(counts.values()) <= base
        if row["item"] not in ("future_challenges", "barriers"):
            assert sum(counts.values()) <= base
        if row["all_bases"]:
            assert max(map(int, row["all_bases"].split())) == base


def test_the_round_tells_the_same_as_the_figures() -> None:
    basic = ROUND["populations"][0]
    printed = {f["id"]: f["value"] for f in FIGURES}
    assert str(basic["asked"]["total"]) == printed["F016"]
    assert str(basic["answered"]["total"]) == printed["F017"]
    assert sum(v for k, v in basic["asked_by_region"].items() if k != "source") == 102
    for key, item in (
        ("answered_by_region", "respondent_region"),
        ("answered_by_size", "respondent_population"),
    ):
        assert basic[key]["derived_counts"] == counts_of(TABLE["grunntilbud", item])
        shown = {
            f["bank_codes"]: int(f["value"])
            for f in FIGURES
            if f["item"] == item and f["kind"] == "percent"
        }
        assert basic[key]["printed_percent"] == shown
    assert [p["answered"]["total"] for p in ROUND["populations"]] == [42, 44, 4]
    assert ROUND["cross_tables"]["possible"] is False
    assert ROUND["disclosure"]["ground"] == "already_public"


@needs_seed
def test_the_fact_file_holds_what_the_seed_holds() -> None:
    seed = rows(SHARED / "seed" / "figures.csv")
    keys = ("id", "section", "page", "tier", "item", "category", "kind", "value", "n_if_stated")
    assert [[f[k] for k in keys] for f in FIGURES] == [[s[k] for k in keys] for s in seed]


@needs_seed
def test_the_derived_counts_are_those_of_the_seed() -> None:
    seed = rows(SHARED / "seed" / "counts.csv")
    assert len(seed) == len(DERIVED)
    for theirs, ours in zip(seed, DERIVED, strict=True):
        if theirs["tier"] == "frame":
            continue
        if theirs["status"] == "impossible":
            assert ours["status"] == "no_common_base"
            continue
        assert ours["base"] == theirs["n_prime"]
        numbers = [int(n) for n in re.findall(r"=(\d+)", theirs["counts"])]
        assert list(counts_of(ours).values()) == numbers
        assert ours["all_bases"] == theirs["all_n_prime_half_up"]
