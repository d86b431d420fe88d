"""Fact files with something wrong in them, and what is refused of a printed round."""

from __future__ import annotations

from pathlib import Path

import pytest

from sloyfe.analysis import imports
from sloyfe.analysis.actions import cross
from sloyfe.analysis.models import PrintedRound
from sloyfe.common.errors import InputProblem, NotPossible
from sloyfe.fieldwork.models import Round
from tests.analysis.conftest import NOW, make_programme
from tests.analysis.facts import change, copied
from tests.analysis.small_round import make_printed_round
from tests.cast import make_world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "code"),
    [
        ("figures.csv", "percent,54,42,satisfaction", "percent,540,42,satisfaction", "value", "printed.number"),
        ("figures.csv", "G018,2.1.1,12", "G017,2.1.1,12", "id", "printed.twice"),
        ("figures.csv", "G018,2.1.1,12", "G018,2.1.1,x", "page", "printed.number"),
        ("figures.csv", "G018,2.1.1,12,grunntilbud", "G018,2.1.1,12,nobody", "tier", "printed.tier"),
        ("figures.csv", "fornoyd,percent,54", "fornoyd,guess,54", "kind", "printed.kind"),
        ("figures.csv", "satisfaction_total,verken,,", "satisfaction_total,kanskje,,", "bank_codes", "printed.no_answer"),
        ("figures.csv", "42,offer_hits_needs,nei", "42,offer_hits,nei", "bank_item", "printed.no_item"),
        ("figures.csv", "nei,fraction,>1/3", "nei,fraction,plenty", "value", "printed.words"),
        ("figures.csv", "enig,percent,61,44", "enig,percent,63,44", "counts", "printed.no_fit"),
        ("derived_counts.csv", "fornoyd=21; litt", "fornoyd=x; litt", "counts", "printed.counts"),
        ("derived_counts.csv", "fornoyd=21; litt", "fornoyd=20; litt", "counts", "printed.no_fit"),
        ("derived_counts.csv", "42 40,derived", "42 41 40,derived", "all_bases", "printed.other_bases"),
        ("figure_reasons.csv", "B002,rounded_twice", "B002,sum_of_rounded_parts", "reason", "printed.other_reason"),
        ("figure_reasons.csv", "B002,rounded_twice", "B999,rounded_twice", "id", "printed.no_figure"),
        ("figure_reasons.csv", "B002,rounded_twice", "B002,because", "reason", "printed.reason"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_row_and_column_and_nothing_is_written(
    tmp_path: Path, file: str, old: str, new: str, column: str, code: str
) -> None:
    programme, folder = make_programme(), copied(tmp_path)
    change(folder, file, old, new)

    with pytest.raises(InputProblem) as refused:
        imports.load(programme, folder, actor=None, now=NOW)

    problems = {problem.code: problem for problem in refused.value.problems}
    assert code in problems, refused.value
    assert (problems[code].column, problems[code].row is not None) == (column, True)
    assert not PrintedRound.objects.exists()
    assert not Round.objects.exists()


@pytest.mark.parametrize("file", ["round.yaml", "figures.csv", "figure_labels.csv"])
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    programme, folder = make_programme(), copied(tmp_path)
    (folder / file).unlink()

    with pytest.raises(InputProblem, match=file):
        imports.load(programme, folder, actor=None, now=NOW)


def test_a_programme_without_the_forms_is_told_to_load_them(tmp_path: Path) -> None:
    programme = make_programme()
    folder = copied(tmp_path)
    change(folder, "round.yaml", "instrument: towns", "instrument: villages")

    with pytest.raises(InputProblem, match="Load its forms first"):
        imports.load(programme, folder, actor=None, now=NOW)


def test_a_cross_table_of_a_printed_round_is_refused_with_the_reason() -> None:
    world = make_world()
    population = make_printed_round(world.programme).round.populations.get()
    with pytest.raises(NotPossible) as refused:
        cross(
            population=population, row="enough", column="useful",
            actor=world.person("evaluator"), now=NOW,
        )  # fmt: skip

    assert refused.value.code == "analysis.cross_table_unknown"
