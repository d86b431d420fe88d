"""`sloyfe draw` on files of anybody's: repeatable, exact, and refused with the numbers."""

from __future__ import annotations

import csv
import random
import subprocess
from pathlib import Path

import pytest
from tests.cli.test_main import run

from sloyfe.common.errors import InputProblem, NotPossible


def frame(folder: Path, sizes: dict[str, int], shuffle: int | None = None) -> Path:
    rows = [(f"{stratum}-{at:02}", stratum) for stratum, n in sizes.items() for at in range(n)]
    if shuffle is not None:
        random.Random(shuffle).shuffle(rows)
    file = folder / f"frame-{shuffle}.csv"
    lines = ["Kommunenr;Region", *(";".join(row) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def draw(
    file: Path, *more: str, n: int = 3, seed: str = "høst"
) -> subprocess.CompletedProcess[str]:
    return run(
        *("draw", str(file), "--seed", seed, "--per-stratum", str(n)),
        *("--stratum-column", "Region", "--id-column", "Kommunenr", *more),
    )


def test_a_draw_tells_frame_numbers_chance_seed_and_hash(tmp_path: Path) -> None:
    told = draw(frame(tmp_path, {"nord": 12, "sør": 6}))

    assert told.returncode == 0, told.stderr
    assert "Seed:       høst" in told.stdout
    assert "Frame hash: " in told.stdout
    assert "3/12 = 0.2500" in told.stdout
    assert "3/6 = 0.5000" in told.stdout
    assert told.stdout.count("nord-") == 3
    assert told.stdout.count("sør-") == 3


def test_the_same_words_draw_the_same_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    one = draw(frame(tmp_path, {"nord": 12, "sør": 6}, shuffle=1))
    other = draw(frame(tmp_path, {"nord": 12, "sør": 6}, shuffle=2))

    assert one.stdout == other.stdout
    assert draw(frame(tmp_path, {"nord": 12, "sør": 6}), seed="vår").stdout != one.stdout


def test_more_than_a_stratum_holds_is_refused_with_the_numbers(tmp_path: Path) -> None:
    out = tmp_path / "drawn.csv"
    told = draw(frame(tmp_path, {"nord": 12, "sør": 6, "vest": 5}), "--out", str(out), n=7)

    assert told.returncode == NotPossible.exit_code
    assert "7 were asked for in each stratum" in told.stderr
    assert "sør has 6; vest has 5" in told.stderr
    assert "Ask for 5 at most" in told.stderr
    assert not out.exists()
    assert "Traceback" not in told.stderr


def test_the_drawn_units_are_written_with_their_chance(tmp_path: Path) -> None:
    out = tmp_path / "drawn.csv"

    assert draw(frame(tmp_path, {"nord": 12, "sør": 6}), "--out", str(out)).returncode == 0

    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Region"] for row in rows] == ["nord"] * 3 + ["sør"] * 3
    assert {row["inclusion_probability"] for row in rows} == {"0.250000", "0.500000"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Kommunenr;Region\nA;nord\nA;nord\n", "A stands in row 2 too"),
        ("Kommunenr;Region\nA;\n", "Every unit needs an id and a stratum"),
        ("Kommunenr;Landsdel\nA;nord\n", "The column Region is missing"),
        ("Kommunenr;Region\n=1+1;nord\n", "formula"),
        ("", "empty"),
    ],
    ids=["twice", "no stratum", "no column", "formula", "empty"],
)
def test_a_file_that_is_wrong_is_told_with_the_row(
    tmp_path: Path, content: str, words: str
) -> None:
    file = tmp_path / "frame.csv"
    file.write_text(content, encoding="utf-8")

    told = draw(file)

    assert told.returncode == InputProblem.exit_code
    assert words in told.stderr
    assert "Traceback" not in told.stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    told = draw(tmp_path / "borte.csv")

    assert told.returncode == InputProblem.exit_code
    assert "cannot be read" in told.stderr


def test_a_number_below_zero_or_no_seed_is_refused(tmp_path: Path) -> None:
    file = frame(tmp_path, {"nord": 3})

    assert draw(file, n=-1).returncode == NotPossible.exit_code
    assert "seed is empty" in draw(file, seed="").stderr
