from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sloyfe.common.errors import InputProblem, NotPossible
from sloyfe.stats import engine
from sloyfe.stats.engine import Column

COLUMNS = (
    Column("region", "single"),
    Column("satisfied", "single"),
    Column("challenges", "multiple"),
    Column("hours", "number"),
    Column("when", "date"),
    Column("comment", "text"),
)
CODEBOOK = {"title": "Runde 1", "items": {"satisfied": ["ja", "nei"]}}
ROWS = [
    {"region": "øst", "satisfied": "ja", "challenges": ["a", "b"], "hours": Decimal("1.5")},
    {"region": "øst", "satisfied": "nei", "challenges": [], "hours": 3, "when": date(2026, 1, 2)},
    {"region": "vest", "satisfied": "ja", "challenges": ["a"], "comment": "It's «fint»"},
    {"region": "vest", "satisfied": None, "challenges": None},
    {"region": None, "satisfied": "ja", "challenges": ["b"], "hours": Decimal("0.25")},
]


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    path = tmp_path / "runde 1's data.parquet"
    engine.write_parquet(path, COLUMNS, ROWS, CODEBOOK)
    return path


def test_options_are_counted_by_group_and_silence_is_told_apart(frozen: Path) -> None:
    found = engine.tabulate(frozen, "satisfied", by=("region",))
    assert found.cells == {("øst", "ja"): 1, ("øst", "nei"): 1, ("vest", "ja"): 1, ("", "ja"): 1}
    assert found.not_answered == {("øst",): 0, ("vest",): 1, ("",): 0}
    assert engine.tabulate(frozen, "satisfied").cells == {("ja",): 3, ("nei",): 1}
    assert engine.tabulate(frozen, "satisfied").not_answered == {(): 1}


def test_rows_can_be_limited(frozen: Path) -> None:
    found = engine.tabulate(frozen, "satisfied", where={"region": "øst"})
    assert found.cells == {("ja",): 1, ("nei",): 1}


def test_a_cross_table_holds_those_who_answered_both(frozen: Path) -> None:
    found = engine.crosstab(frozen, "region", "satisfied")
    assert found == {("øst", "ja"): 1, ("øst", "nei"): 1, ("vest", "ja"): 1}


def test_an_empty_choice_is_an_answer_and_no_answer_is_none(frozen: Path) -> None:
    found = engine.count_multiple(frozen, "challenges")
    assert found.choices == {("a",): 2, ("b",): 2}
    assert found.respondents == {(): 4}
    by_region = engine.count_multiple(frozen, "challenges", by=("region",))
    assert by_region.choices == {("øst", "a"): 1, ("øst", "b"): 1, ("vest", "a"): 1, ("", "b"): 1}
    assert by_region.respondents == {("øst",): 2, ("vest",): 1, ("",): 1}


@pytest.mark.parametrize("by", [(), ("region",)])
def test_counting_all_at_once_gives_what_counting_one_by_one_gives(
    frozen: Path, by: tuple[str, ...]
) -> None:
    singles, multiples = engine.tabulate_all(
        frozen, singles=["satisfied", "comment"], multiples=["challenges"], by=by
    )
    assert singles == {
        item: engine.tabulate(frozen, item, by=by) for item in ("satisfied", "comment")
    }
    assert multiples == {"challenges": engine.count_multiple(frozen, "challenges", by=by)}


def test_numbers_come_back_exactly(frozen: Path) -> None:
    found = engine.numbers(frozen, "hours", by=("region",))
    assert found == {("",): (Decimal("0.25"),), ("øst",): (Decimal("1.5"), Decimal(3))}


def test_several_files_are_counted_together(frozen: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.parquet"
    engine.write_parquet(other, COLUMNS, ROWS[:1], CODEBOOK)
    assert engine.tabulate([frozen, other], "satisfied").cells == {("ja",): 4, ("nei",): 1}


def test_another_backend_is_chosen_by_its_address(frozen: Path) -> None:
    found = engine.tabulate(frozen, "satisfied", by=("region",), url="duckdb://")
    assert found == engine.tabulate(frozen, "satisfied", by=("region",))


def test_an_unknown_item_or_file_is_named(frozen: Path, tmp_path: Path) -> None:
    with pytest.raises(NotPossible) as refusal:
        engine.tabulate(frozen, "age", by=("region", "sex"))
    assert refusal.value.details["items"] == ("age", "sex")
    with pytest.raises(NotPossible, match=r"dataset\.not_found"):
        engine.tabulate(tmp_path / "none.parquet", "age")


def test_the_embedded_engine_reads_nothing_else_and_stays_locked(
    frozen: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with engine._opened(frozen, None) as table:
        backend = table.get_backend()
        for statement in (
            f"FROM read_csv('{secret}')",
            f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
            "SET threads = 64",
            "SET enable_external_access = true",
            "INSTALL spatial",
        ):
            with pytest.raises(Exception, match=r"disabled|locked|Permission|not allowed|Cannot"):
                backend.raw_sql(statement)
        rows = backend.raw_sql(
            "SELECT name, value FROM duckdb_settings() WHERE name IN ('threads', "
            "'autoinstall_known_extensions', 'autoload_known_extensions', 'lock_configuration')"
        ).fetchall()
    assert dict(rows) == {
        "threads": str(engine.THREADS),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "lock_configuration": "true",
    }
    assert not (tmp_path / "out.csv").exists()


def test_what_is_frozen_reads_back_and_is_intact(frozen: Path) -> None:
    data = engine.read_parquet(frozen)
    assert data.columns == COLUMNS
    assert data.codebook == CODEBOOK
    assert data.is_intact
    assert sorted(str(row["comment"]) for row in data.rows) == ["It's «fint»"] + ["None"] * 4
    changed = engine.FrozenData(
        data.columns,
        (*data.rows[1:], {**data.rows[0], "region": "sør"}),
        data.codebook,
        data.stated_hash,
    )
    assert not changed.is_intact


def test_the_hash_is_of_the_content_and_known() -> None:
    given_hash = engine.content_hash(COLUMNS, ROWS, CODEBOOK)
    assert given_hash == engine.content_hash(
        COLUMNS[::-1], ROWS[::-1], dict(reversed(CODEBOOK.items()))
    )
    assert given_hash != engine.content_hash(COLUMNS, ROWS[1:], CODEBOOK)
    assert given_hash != engine.content_hash(COLUMNS, ROWS, {**CODEBOOK, "title": "Runde 2"})
    # Written down, so that a change of the canonical form cannot pass unseen.
    assert given_hash == "b77d8641d32fd195b6fa96a3b93003be47ac51670381d342f3d2fe3c0538865b"


def test_equal_numbers_have_one_hash() -> None:
    columns = (Column("hours", "number"),)
    same = {
        engine.content_hash(columns, [{"hours": value}], {})
        for value in (2, Decimal(2), Decimal("2.000"), Decimal("2E0"))
    }
    assert len(same) == 1
    assert engine.content_hash(columns, [{"hours": Decimal("-0")}], {}) == engine.content_hash(
        columns, [{"hours": 0}], {}
    )
    assert engine.content_hash(columns, [{"hours": 100}], {}) != engine.content_hash(
        columns, [{"hours": 1}], {}
    )


def test_what_does_not_fit_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    with pytest.raises(InputProblem) as refusal:
        engine.write_parquet(path, COLUMNS, [{"region": "øst"}, {"regoin": "øst"}], CODEBOOK)
    assert (refusal.value.problems[0].row, refusal.value.problems[0].column) == (2, "regoin")
    with pytest.raises(InputProblem):
        engine.write_parquet(path, COLUMNS, [{"hours": "three"}], CODEBOOK)
    with pytest.raises(TypeError, match="float"):
        engine.write_parquet(path, COLUMNS, [{"hours": 1.5}], CODEBOOK)  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="set"):
        engine.write_parquet(path, COLUMNS, [{"challenges": {"a"}}], CODEBOOK)  # type: ignore[dict-item]
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_origin_is_refused(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    plain = tmp_path / "plain.parquet"
    pq.write_table(pa.table({"a": [1]}), plain)
    with pytest.raises(NotPossible, match=r"dataset\.without_codebook"):
        engine.read_parquet(plain)
    (tmp_path / "text.parquet").write_text("no parquet")
    with pytest.raises(NotPossible, match=r"dataset\.unreadable"):
        engine.read_parquet(tmp_path / "text.parquet")


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "region": st.sampled_from(["a", "b", None]),
                "satisfied": st.sampled_from(["x", "y", None]),
            }
        ),
        min_size=1,
        max_size=30,
    )
)
def test_counts_are_those_of_the_rows(tmp_path: Path, rows: list[dict[str, str | None]]) -> None:
    path = tmp_path / "any.parquet"
    engine.write_parquet(path, COLUMNS, rows, {})
    plain = Counter((row["region"] or "", row["satisfied"]) for row in rows)
    found = engine.tabulate(path, "satisfied", by=("region",))
    assert found.cells == {key: n for key, n in plain.items() if key[1] is not None}
    assert sum(found.cells.values()) + sum(found.not_answered.values()) == len(rows)


def test_statistics_load_nothing_heavy_until_they_are_asked() -> None:
    modules = (
        "attacker bounds disclose engine estimate frequency published response rounding sampling"
    )
    code = "import sys\n" + "".join(f"import sloyfe.stats.{name}\n" for name in modules.split())
    code += "print([m for m in ('ibis','duckdb','numpy','scipy','pyarrow','django') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
