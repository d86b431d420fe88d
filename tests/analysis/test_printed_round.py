"""Loading the printed round of 2017: all of it or nothing, once, with every figure worked out again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from sloyfe.analysis import imports
from sloyfe.analysis.actions.printed import Loaded
from sloyfe.analysis.models import DerivedCounts, PrintedFigure
from sloyfe.analysis.queries import recalculated
from sloyfe.audit.models import Event
from sloyfe.cli.load_content import STEPS
from sloyfe.fieldwork.models import Case, FrameUnit, Round
from tests.analysis.conftest import NOW, load_evaluation
from tests.analysis.facts import REASONS, change, copied

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
    assert len(told["S065"].order[1]) == 3


def test_changed_content_replaces_the_figures_whole(loaded: Loaded, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    change(folder, "figure_labels.csv", "Spørreskjemaer", "Skjemaer")

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


def test_the_content_of_a_fresh_start_has_the_printed_round() -> None:
    assert "load_printed_rounds" in [step.__name__ for _words, step in STEPS]
