"""What a programme counts, read from its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from sloyfe.audit.models import Event
from sloyfe.common.errors import InputProblem, NotPossible
from sloyfe.delivery.imports.results import FILE, load_results
from sloyfe.delivery.models import EffortArea, Result, ResultDefinition
from sloyfe.delivery.rules.results import Aggregation
from sloyfe.organisations.imports import load_register
from sloyfe.organisations.rules import Register
from sloyfe.programme.actions import load_programme
from sloyfe.programme.models import Programme, Statement
from tests.cast import NOW, World
from tests.delivery.results import give, report_of

pytestmark = pytest.mark.django_db
FOLDERS = sorted(file.parent for file in (Path(settings.ROOT) / "programmes").glob(f"*/{FILE}"))


def _text(words: str) -> dict[str, str]:
    return {"nb": words, "nn": words, "en": words}


def _result(code: str = "homes", **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": _text("Boliger"),
        "unit": _text("boliger"),
        "item": code,
        "aggregation": "sum",
        "goal": "g1",
        "effort_area": "area",
        "is_outcome": False,
        "decimals": 0,
    } | more


def _write(folder: Path, *results: dict[str, Any], **more: Any) -> Path:
    said = {
        "form": "yearly-report",
        "effort_areas": [{"code": "area", "title": _text("Område"), "goal": "g1"}],
        "results": list(results),
    } | more
    (folder / FILE).write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.fixture
def programme(world: World) -> Programme:
    Statement.objects.create(
        programme=world.programme, kind="subgoal", code="g1", position=0, text=_text("Mål")
    )
    return world.programme


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_what_the_programmes_count_is_taken_in_once(folder: Path) -> None:
    if folder.name != "exercise":
        registers = Path(settings.ROOT) / "registers"
        load_register(registers, register=Register.NORWAY, source="test", actor=None, now=NOW)
    programme = load_programme(folder, actor=None, now=NOW).programme
    first = load_results(programme, folder, actor=None, now=NOW)
    assert first.areas == EffortArea.objects.filter(programme=programme).count() > 0
    assert first.results == ResultDefinition.objects.filter(programme=programme).count() > 0
    assert all(row.goal for row in ResultDefinition.objects.select_related("goal"))
    again = load_results(programme, folder, actor=None, now=NOW)
    assert not again.changed
    assert Event.objects.filter(action="delivery.results.define").count() == 1


def test_a_file_that_says_something_new_changes_only_that(
    programme: Programme, tmp_path: Path
) -> None:
    load_results(programme, _write(tmp_path, _result()), actor=None, now=NOW)
    kept = ResultDefinition.objects.get().pk
    changed = load_results(
        programme,
        _write(tmp_path, _result(title=_text("Hjem")), _result("more", effort_area="area")),
        actor=None,
        now=NOW,
    )
    assert (changed.areas, changed.results) == (0, 2)
    assert ResultDefinition.objects.get(code="homes").pk == kept
    assert load_results(programme, _write(tmp_path, _result("more")), actor=None, now=NOW).results
    assert list(ResultDefinition.objects.values_list("code", flat=True)) == ["more"]


def test_what_somebody_has_reported_is_neither_taken_away_nor_added_up_otherwise(
    programme: Programme, world: World, tmp_path: Path
) -> None:
    load_results(programme, _write(tmp_path, _result()), actor=None, now=NOW)
    office = world.regions["nord"].office
    assert office is not None
    report = report_of(programme, world.municipalities["X101"], 2025, office=office)
    give(report, ResultDefinition.objects.get(), 3)
    with pytest.raises(NotPossible) as refused:
        load_results(programme, _write(tmp_path, _result("other")), actor=None, now=NOW)
    assert refused.value.code == "delivery.results.in_use"
    with pytest.raises(NotPossible) as refused:
        load_results(
            programme, _write(tmp_path, _result(aggregation="latest")), actor=None, now=NOW
        )
    assert refused.value.code == "delivery.results.aggregation_in_use"
    assert ResultDefinition.objects.get().aggregation == Aggregation.SUM
    assert Result.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "code", "column"),
    [
        ({"goal": "nowhere"}, "results.unknown", "results[0].goal"),
        ({"effort_area": "nowhere"}, "results.unknown", "results[0].effort_area"),
        ({"subprogramme": "nowhere"}, "results.unknown", "results[0].subprogramme"),
        ({"numerator": "other"}, "results.wrong_item", "results[0].numerator"),
        ({"unit": {}}, "results.unit", "results[0].unit"),
        ({"unit": {"nb": "boliger"}}, "results.unit", "results[0].unit"),
        ({"aggregation": "none"}, "results.unit", "results[0].unit"),
        ({"aggregation": "mean"}, "schema.enum", "results[0].aggregation"),
        ({"aggregation": "ratio"}, "schema.required", "results[0]"),
        ({"decimals": 9}, "schema.maximum", "results[0].decimals"),
        ({"title": {"nb": "Bare bokmål"}}, "schema.required", "results[0].title"),
        ({"colour": "red"}, "schema.additionalProperties", "results[0].colour"),
    ],
)
def test_a_fault_is_told_with_its_line_and_nothing_is_written(
    programme: Programme, tmp_path: Path, wrong: dict[str, Any], code: str, column: str
) -> None:
    with pytest.raises(InputProblem) as told:
        load_results(programme, _write(tmp_path, _result(**wrong)), actor=None, now=NOW)
    problem = told.value.problems[0]
    assert (problem.code, problem.column) == (code, column)
    assert problem.row is not None
    assert problem.row > 5
    assert not ResultDefinition.objects.exists()


def test_a_code_that_stands_twice_is_told(programme: Programme, tmp_path: Path) -> None:
    with pytest.raises(InputProblem) as told:
        load_results(programme, _write(tmp_path, _result(), _result()), actor=None, now=NOW)
    assert [problem.code for problem in told.value.problems] == ["results.twice"]
