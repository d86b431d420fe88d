"""Loading a programme from its folder."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from sloyfe.audit.models import Event
from sloyfe.common.errors import InputProblem
from sloyfe.organisations.imports import load_register
from sloyfe.organisations.models import MunicipalityPeriod, Organisation, Population
from sloyfe.organisations.rules import Register
from sloyfe.programme.actions import load_programme
from sloyfe.programme.models import (
    Membership,
    Participation,
    Programme,
    RegionArea,
    Statement,
)
from sloyfe.programme.queries import (
    BASIC_OFFER,
    frame_candidates,
    municipalities_of,
    period_of,
    region_of,
    statements,
    unnamed_members,
)
from sloyfe.programme.rules import Capacity
from tests.cast import NOW

ROOT = Path(__file__).resolve().parents[2]
EXERCISE = ROOT / "programmes" / "exercise"
HUSBANKEN = ROOT / "programmes" / "husbankens-kommuneprogram-2016-2020"

pytestmark = pytest.mark.django_db

Edited = Callable[..., Path]


def load(folder: Path) -> Programme:
    return load_programme(folder, actor=None, now=NOW).programme


@pytest.fixture
def norway() -> None:
    load_register(ROOT / "registers", register=Register.NORWAY, source="SSB", actor=None, now=NOW)


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """A copy of a programme's folder in which words have been changed."""

    def edit(folder: Path, *changes: tuple[str, str], file: str = "programme.yaml") -> Path:
        copy = tmp_path / folder.name
        if not copy.exists():
            shutil.copytree(folder, copy)
        text = (copy / file).read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (copy / file).write_text(text, "utf-8")
        return copy

    return edit


def problems(folder: Path) -> list[str]:
    with pytest.raises(InputProblem) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


def nothing_is_written() -> bool:
    tables = (Programme, Statement, Participation, Membership, RegionArea, MunicipalityPeriod)
    return not any(t.objects.exists() for t in tables) and not Event.objects.exists()


# What is loaded


def test_the_exercise_programme_is_loaded_whole_in_one_event() -> None:
    programme = load(EXERCISE)
    assert programme.is_simulated
    assert programme.valid_to is None
    kinds = {kind: len(rows) for kind, rows in statements(programme).items()}
    assert kinds["goal"] == 3
    assert kinds["period"] == 3
    assert {"subgoal", "result_goal", "success_factor", "offer", "responsibility"} <= set(kinds)
    assert {"ladder_step", "arena", "work_package", "purpose", "summary", "notice"} <= set(kinds)
    assert programme.regions.count() == 6
    assert all(region.office for region in programme.regions.select_related("office"))
    assert Event.objects.filter(action="programme.load").count() == Event.objects.count() == 1


def test_goals_are_a_tree_in_the_order_of_the_file() -> None:
    goals = statements(load(EXERCISE))
    assert [g.code for g in goals["goal"]] == ["m1", "m2", "m3"]
    assert [(g.parent.code if g.parent else "", g.code) for g in goals["subgoal"]][:3] == [
        ("m1", "m1.m1-1"),
        ("m1", "m1.m1-2"),
        ("m2", "m2.m2-1"),
    ]


def test_exercise_municipalities_have_regions_members_population_and_language() -> None:
    programme = load(EXERCISE)
    for year in (2024, 2025, 2026):
        rows = municipalities_of(programme, dt.date(year, 3, 1))
        assert len(rows) > 110
        assert all(row.inhabitants for row in rows)
        assert all(row.counted_on == dt.date(year, 1, 1) for row in rows)
        assert all(row.name.endswith("(øving)") for row in rows)
    candidates = frame_candidates(programme, dt.date(2026, 3, 1))
    assert {c.region_code for c in candidates} == set(
        programme.regions.values_list("code", flat=True)
    )
    assert sum(c.subprogramme == "cities" for c in candidates) == 5
    assert set(
        Organisation.objects.filter(kind="municipality").values_list("language_form", flat=True)
    ) == {"nb", "nn", "neutral"}


def test_a_municipality_that_moves_lies_in_another_region_from_that_day() -> None:
    programme = load(EXERCISE)
    for on, region in (("2024-12-31", "ytterkysten"), ("2025-01-01", "nordfjella")):
        day = dt.date.fromisoformat(on)
        period = next(
            p
            for p in MunicipalityPeriod.objects.filter(code="X615")
            if p.valid_from <= day and (p.valid_to is None or day < p.valid_to)
        )
        found = region_of(period, day, programme)
        assert found is not None
        assert found.code == region


def test_periods_are_shown_by_their_label() -> None:
    period = period_of(load(EXERCISE), dt.date(2025, 6, 1))
    assert period is not None
    assert period.text["nn"] == "runde 2"


def test_husbanken_has_five_members_by_name_and_sixty_two_whose_names_are_unknown(
    norway: None,
) -> None:
    programme = load(HUSBANKEN)
    day = dt.date(2017, 11, 1)
    assert [c.name for c in frame_candidates(programme, day, "cities")] == [
        "Bergen",
        "Drammen",
        "Oslo",
        "Stavanger",
        "Trondheim",
    ]
    assert frame_candidates(programme, day, "towns") == []
    assert unnamed_members(programme, day) == {"towns": 62}
    basic = frame_candidates(programme, day, BASIC_OFFER)
    assert len(basic) == 426 - 5
    regions = {c.region_code for c in basic}
    assert regions == {"ost", "sor", "vest", "midt-norge", "bodo", "hammerfest"}
    assert not RegionArea.objects.filter(region__programme=programme, verified=True).exists()


def test_offices_take_part_in_the_capacity_that_the_folder_says(norway: None) -> None:
    programme = load(HUSBANKEN)
    found = {
        (p.organisation.slug, p.capacity)
        for p in programme.participations.select_related("organisation").exclude(
            capacity=Capacity.MUNICIPALITY.value
        )
    }
    assert ("husbanken-region-ost", "regional_office") in found
    assert ("ntnu-samfunnsforskning", "evaluator") in found
    assert ("husbankens-strategikontor", "owner") in found
    assert ("husbankens-hovedkontor", "head_office") in found
    assert sum(capacity == "regional_office" for _, capacity in found) == 6


def test_a_frame_takes_the_same_number_of_queries_for_any_number_of_municipalities(
    norway: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    real, exercise = load(HUSBANKEN), load(EXERCISE)
    with django_assert_num_queries(4):
        assert len(frame_candidates(real, dt.date(2017, 11, 1))) == 426
    with django_assert_num_queries(5):
        assert len(frame_candidates(exercise, dt.date(2026, 3, 1))) == 126


def test_a_municipalitys_own_row_wins_over_its_countys(norway: None) -> None:
    programme = load(HUSBANKEN)
    bodo = programme.regions.get(code="bodo")
    RegionArea.objects.create(region=bodo, municipality_code="0301", valid_from=dt.date(2017, 1, 1))
    oslo = MunicipalityPeriod.objects.get(code="0301")
    assert region_of(oslo, dt.date(2017, 6, 1), programme) == bodo
    before = region_of(oslo, dt.date(2016, 6, 1), programme)
    assert before is not None
    assert before.code == "ost"


# Loading again


def test_loading_again_changes_nothing_and_tells_nothing(norway: None) -> None:
    for folder in (HUSBANKEN, EXERCISE):
        assert load_programme(folder, actor=None, now=NOW).changed
        events = Event.objects.count()
        again = load_programme(folder, actor=None, now=NOW)
        assert (again.changed, again.written) == (False, 0)
        assert Event.objects.count() == events


def test_what_the_folder_changes_is_changed_and_what_it_leaves_out_is_taken_away(
    edited: Edited,
) -> None:
    programme = load(EXERCISE)
    told = (EXERCISE / "programme.yaml").read_text("utf-8").splitlines(keepends=True)
    advice = next(line for line in told if "code: rad," in line)
    folder = edited(
        EXERCISE,
        ("nb: Ingen skal mangle et sted å bo", "nb: Alle skal ha et sted å bo"),
        (advice, ""),
    )
    folder_text = (folder / "programme.yaml").read_text("utf-8")
    assert "code: rad," not in folder_text
    load(folder)
    assert (
        programme.statements.get(kind="goal", code="m1").text["nb"] == "Alle skal ha et sted å bo"
    )
    assert not programme.statements.filter(code="basic-offer.rad").exists()
    assert Programme.objects.count() == 1


def test_a_membership_that_has_ended_since_is_not_opened_again() -> None:
    programme = load(EXERCISE)
    row = Membership.objects.filter(subprogramme__programme=programme, valid_to=None)[0]
    ended_on = row.valid_from + dt.timedelta(days=400)
    Membership.objects.filter(pk=row.pk).update(valid_to=ended_on)

    load(EXERCISE)

    assert Membership.objects.get(pk=row.pk).valid_to == ended_on


def test_an_office_that_the_folder_no_longer_names_takes_no_part_any_more(edited: Edited) -> None:
    programme = load(EXERCISE)
    text = (EXERCISE / "programme.yaml").read_text("utf-8")
    line = next(row for row in text.splitlines(keepends=True) if "code: tilsynet" in row)
    load(edited(EXERCISE, (line, "")))
    assert not programme.participations.filter(capacity="auditor").exists()


def test_a_programme_that_was_loaded_before_head_offices_took_part_gets_it_when_loaded_again() -> (
    None
):
    programme = load(EXERCISE)
    heads = programme.participations.filter(capacity=Capacity.HEAD_OFFICE.value)
    heads.delete()

    load(EXERCISE)

    assert [row.organisation.slug for row in heads.all()] == ["direktoratets-hovedkontor-oving"]


SECOND = """
slug: second
kind: real
title: {nb: Et annet program}
summary: {nb: Et program med andre mål.}
periods:
  - {code: hele, from: "2021-01-01", to: "2025-01-01", label: {nb: 2021–2024}}
strategy:
  code: annen
  title: {nb: En annen strategi}
  purpose: {nb: Noe annet.}
  goals:
    - {code: a, text: {nb: Ett mål}, subgoals: []}
    - {code: b, text: {nb: Enda et mål}, subgoals: []}
basic_offer: {code: tilbud, title: {nb: Tilbud}, text: {nb: Til alle.}, parts: [{code: x, text: {nb: Råd}}]}
subprogrammes:
  - {code: alle, title: {nb: Alle}, text: {nb: Alle.}, run_by: national, parts: [{code: x, text: {nb: Møter}}]}
regions:
  - {code: hele, title: {nb: Hele landet}, counties: [{code: "03", name: Oslo}]}
offices:
  - {code: kontor, kind: owner_office, title: {nb: Husbankens strategikontor}}
roles:
  - {code: owner, title: {nb: eier}, holder: kontor, responsibilities: []}
members:
  named: [{code: "3005", name: Drammen, subprogramme: alle}]
  unnamed: []
"""


def test_a_second_programme_needs_no_code(tmp_path: Path, norway: None) -> None:
    first = load(HUSBANKEN)
    (tmp_path / "programme.yaml").write_text(SECOND, "utf-8")
    second = load(tmp_path)
    day = dt.date(2022, 1, 1)
    assert [c.name for c in frame_candidates(second, day, "alle")] == ["Drammen"]
    assert len(frame_candidates(second, day, BASIC_OFFER)) == 355
    assert [g.text["nb"] for g in statements(second)["goal"]] == ["Ett mål", "Enda et mål"]
    # The same office takes part in both, as one organisation.
    assert Organisation.objects.filter(slug="husbankens-strategikontor").count() == 1
    assert not load_programme(HUSBANKEN, actor=None, now=NOW).changed
    assert first.statements.filter(kind="goal").count() == 3


# What is wrong is told with file, line and key, and nothing is written


def test_all_faults_against_the_schema_are_told_at_once(edited: Edited) -> None:
    folder = edited(
        EXERCISE,
        ("slug: exercise", "slug: Exercise!"),
        ("    run_by: regional", "    run_by: somebody"),
        ("title: {nb: Øvelsesprogrammet,", "titel: {nb: Øvelsesprogrammet,"),
    )
    told = problems(folder)
    assert len(told) == 4
    lines = (folder / "programme.yaml").read_text("utf-8").splitlines()
    place = lines.index("    run_by: somebody") + 1
    assert (
        f"programme.yaml:{place} [subprogrammes[0].run_by]: Must be one of: regional, national."
        in told
    )
    assert any("[slug]" in text for text in told)
    assert any("Unknown key: titel" in text for text in told)
    assert any("Required key missing: title" in text for text in told)
    assert nothing_is_written()


def test_references_that_lead_nowhere_are_told_with_line_and_key(edited: Edited) -> None:
    folder = edited(
        EXERCISE,
        ("region: ostvidda, title", "region: ostviddo, title"),
        ("    holder: fagansvaret", "    holder: fagansvar"),
        ("- code: m2\n", "- code: m1\n"),
        ('to: "2025-01-01"', 'to: "2025-02-30"'),
    )
    told = "\n".join(problems(folder))
    assert "[offices[3].region]: There is no region ostviddo" in told
    assert "[roles[1].holder]: There is no office fagansvar in" in told
    assert "[strategy.goals[1].code]: The code m1 stands twice" in told
    assert "[periods[0].to]: There is no such day." in told
    assert nothing_is_written()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("X101,Aabakken (øving)", "X101,Aabakken", "municipalities.csv:2 [name]: An invented municipality's name must end"),
        ("X101,Aabakken (øving)", "0301,Aabakken (øving)", "[code]: An invented municipality's number must not look"),
        (",ostvidda,25613", ",nowhere,25613", "municipalities.csv:2 [region]: There is no such region"),
        ("2024-01-01,\n", "2024-13-01,\n", "municipalities.csv:2 [valid_from]: This is not a date"),
    ],
)  # fmt: skip
def test_faults_in_the_municipalities_are_told_with_row_and_column(
    edited: Edited, old: str, new: str, told: str
) -> None:
    folder = edited(EXERCISE, (old, new), file="municipalities.csv")
    for file in ("population.csv", "changes.csv"):
        text = (folder / file).read_text("utf-8")
        if new.startswith("0301"):
            (folder / file).write_text(text.replace("X101", "0301"), "utf-8")
    assert told in "\n".join(problems(folder))
    assert nothing_is_written()


def test_an_invented_municipality_may_not_have_a_real_ones_name(
    edited: Edited, norway: None
) -> None:
    folder = edited(
        EXERCISE, ("X101,Aabakken (øving)", "X101,Bergen (øving)"), file="municipalities.csv"
    )
    assert any("the name of a real municipality" in text for text in problems(folder))
    assert not Programme.objects.exists()


def test_a_member_that_no_register_knows_is_told_and_nothing_is_half_written() -> None:
    told = problems(HUSBANKEN)
    assert len(told) == 5
    assert "[members.named[0].code]: No municipality had the number 0301 on 2016-01-01." in told[0]
    assert nothing_is_written()


def test_a_member_under_another_name_is_refused(edited: Edited, norway: None) -> None:
    told = problems(edited(HUSBANKEN, ('code: "1201", name: Bergen', 'code: "1201", name: Bærum')))
    assert any("The number 1201 was Bergen on 2016-01-01, not Bærum." in text for text in told)


def test_two_exercise_programmes_may_not_share_numbers(edited: Edited) -> None:
    load(EXERCISE)
    told = problems(edited(EXERCISE, ("slug: exercise", "slug: another")))
    assert "Another exercise programme uses the number X101." in "\n".join(told)
    assert Programme.objects.count() == 1


def test_an_exercise_programme_may_not_become_a_real_one(edited: Edited, norway: None) -> None:
    load(HUSBANKEN)
    folder = edited(EXERCISE, ("slug: exercise", "slug: husbankens-kommuneprogram-2016-2020"))
    assert any("other kind" in text for text in problems(folder))
    assert not Population.objects.filter(register="exercise").exists()


def test_a_missing_file_is_named(edited: Edited) -> None:
    folder = edited(EXERCISE)
    (folder / "changes.csv").unlink()
    assert problems(folder) == ["changes.csv: The file is missing in the folder exercise."]
    (folder / "programme.yaml").unlink()
    assert "programme.yaml" in problems(folder)[0]


def test_a_file_outside_the_folder_is_not_read(edited: Edited) -> None:
    folder = edited(EXERCISE, ("changes: changes.csv", "changes: ../changes.csv"))
    assert problems(folder) == ["../changes.csv: The file must lie in the folder itself."]
