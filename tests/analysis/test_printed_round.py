"""Loading the printed round of 2017: all of it or nothing, once, with every figure worked out again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from sloyfe.analysis import imports
from sloyfe.analysis.actions import cross
from sloyfe.analysis.actions.printed import Loaded
from sloyfe.analysis.models import DerivedCounts, PrintedFigure, PrintedRound
from sloyfe.analysis.queries import recalculated
from sloyfe.audit.models import Event
from sloyfe.cli.load_content import STEPS
from sloyfe.common.errors import InputProblem, NotPossible
from sloyfe.fieldwork.models import Case, FrameUnit, Round
from tests.analysis.conftest import NOW, load_evaluation, make_programme
from tests.analysis.facts import REASONS
from tests.analysis.small_round import make_printed_round
from tests.cast import make_world
from tests.content.reading import EVALUATION

pytestmark = pytest.mark.django_db


def test_loading_twice_is_as_loading_once(loaded: Loaded) -> None:
    events = Event.objects.filter(action="analysis.printed_round.load")
    assert (loaded.changed, events.count()) == (True, 1)

    again = load_evaluation(loaded.round.programme)

    assert not again.changed
    assert (PrintedFigure.objects.count(), DerivedCounts.objects.count()) == (308, 90)
    assert events.count() == 1


def test_the_round_holds_what_is_printed_and_says_what_is_not(loaded: Loaded) -> None:
    round_ = Round.objects.get(slug="evaluering-2017")

    assert (round_.origin, round_.state, round_.declaration) == (
        "published",
        "closed",
        "not_stated",
    )
    assert {round_.controller, round_.processor, round_.legal_ground, round_.host} == {
        "ikke oppgitt"
    }
    assert not FrameUnit.objects.exists()
    assert not Case.objects.exists()
    told = {p.code: p.printed for p in round_.populations.all()}
    assert [(p["asked"], p["answered"], p["rate"]) for p in told.values()] == [
        (102, 42, 41),
        (62, 44, 71),
        (5, 4, None),
    ]
    assert [row["count"] for row in told["basic-offer"]["regions"]] == [11, 10, 7, 6, 4, 4]
    assert {row["asked"] for row in told["basic-offer"]["regions"]} == {17}
    assert (told["towns"]["regions"], told["cities"]["sizes"]) == ([], [])
    assert [p.version.state for p in round_.populations.all()] == ["released"] * 3
    assert loaded.printed.public_since == 2018
    assert loaded.printed.ground["nb"].startswith("Tallene har vært offentlige siden 2018")


def test_the_stored_verdicts_are_those_of_the_engine(loaded: Loaded) -> None:
    answers = recalculated(loaded.round)

    assert len(answers) == 308
    for each in answers:
        assert each.verdict == REASONS.get(each.code, "exact")
        assert each.question
        assert each.printed
        assert each.sentence
        assert bool(each.reason) is (each.code in REASONS)
    told = {each.code: each for each in answers}
    assert (told["G017"].printed, told["G017"].fits, told["G017"].own) == (
        "54\u00a0%",
        ("21 av 39",),
        "54\u00a0%",
    )
    assert told["B079"].fits[:2] == ("42 av 44", "41 av 43")
    assert (told["B002"].printed, told["B002"].own) == ("21\u00a0%", "20\u00a0%")
    assert told["G014"].printed == "litt under en tredel"
    assert told["S001"].printed == "1 av 4"
    assert told["F048"].printed == "4.\u00a0desember 2017"
    assert told["S065"].order[1] and len(told["S065"].order[1]) == 3


def test_changed_content_replaces_the_figures_whole(loaded: Loaded, tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    _change(folder, "figure_labels.csv", "Spørreskjemaer", "Skjemaer")

    again = imports.load(loaded.round.programme, folder, actor=None, now=NOW)

    assert again.changed
    assert PrintedFigure.objects.count() == 308
    assert PrintedFigure.objects.get(code="F013").question["nb"] == "Skjemaer"
    assert Round.objects.count() == 1


def test_a_printed_figure_is_never_altered(loaded: Loaded) -> None:
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        PrintedFigure.objects.filter(code="G017").update(value="55")
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        DerivedCounts.objects.filter(item="coop_good").update(base=40)


def test_only_a_printed_round_may_lack_a_declaration(loaded: Loaded) -> None:
    with pytest.raises(IntegrityError, match="only_printed_rounds_lack"), transaction.atomic():
        Round.objects.update(origin="fielded")


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
    programme, folder = make_programme(), _copy(tmp_path)
    _change(folder, file, old, new)

    with pytest.raises(InputProblem) as refused:
        imports.load(programme, folder, actor=None, now=NOW)

    problems = {problem.code: problem for problem in refused.value.problems}
    assert code in problems, refused.value
    assert (problems[code].column, problems[code].row is not None) == (column, True)
    assert not PrintedRound.objects.exists()
    assert not Round.objects.exists()


@pytest.mark.parametrize("file", ["round.yaml", "figures.csv", "figure_labels.csv"])
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    programme, folder = make_programme(), _copy(tmp_path)
    (folder / file).unlink()

    with pytest.raises(InputProblem, match=file):
        imports.load(programme, folder, actor=None, now=NOW)


def test_a_programme_without_the_forms_is_told_to_load_them(tmp_path: Path) -> None:
    programme = make_programme()
    folder = _copy(tmp_path)
    _change(folder, "round.yaml", "instrument: towns", "instrument: villages")

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


def test_the_content_of_a_fresh_start_has_the_printed_round() -> None:
    assert "load_printed_rounds" in [step.__name__ for _words, step in STEPS]


def _copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EVALUATION, tmp_path / EVALUATION.name))


def _change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
