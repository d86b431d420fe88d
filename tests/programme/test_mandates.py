"""Mandates: written by the owner, issued once, never changed; and what each office is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import InternalError, transaction
from django.db.utils import ProgrammingError

from sloyfe.audit.models import Event
from sloyfe.common.errors import InputProblem, NotAllowed, NotPossible
from sloyfe.organisations.imports import load_register
from sloyfe.organisations.rules import Register
from sloyfe.programme.actions import load_programme, mandates
from sloyfe.programme.imports import load_mandate
from sloyfe.programme.models import (
    Mandate,
    MandateGoal,
    MandateTask,
    OfficeCapacity,
    OverloadDecision,
    Statement,
    TaskRole,
    YearDate,
)
from sloyfe.programme.queries.mandates import (
    capacity_rows,
    changes_since,
    draft_of,
    faults_of,
    mandate_in_force,
    tasks_accountable,
)
from sloyfe.programme.rules.mandates import ChangeOf, MandateState, Part, RoleKind
from tests.cast import NOW, TODAY, World, make_world

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
EXERCISE = ROOT / "programmes" / "exercise"
HUSBANKEN = ROOT / "programmes" / "husbankens-kommuneprogram-2016-2020"
R, A = Part.RESPONSIBLE, Part.ACCOUNTABLE
DOES = {RoleKind.REGIONAL_OFFICE: frozenset({R}), RoleKind.NATIONAL_LEAD: frozenset({A})}


@pytest.fixture
def world() -> World:
    return make_world()


def two(text: str) -> dict[str, str]:
    return {"nb": text, "nn": text}


def draft(world: World, start: dt.date | None = TODAY) -> Mandate:
    owner = world.person("owner")
    mandate = mandates.begin_mandate(programme=world.programme, actor=owner, now=NOW)
    return mandates.save_text(
        mandate=mandate,
        foreword=two("Hva vi vil"),
        valid_from=start,
        valid_to=None,
        actor=owner,
        now=NOW,
    )


def goal(world: World, mandate: Mandate, text: str = "Flere hjem") -> MandateGoal:
    return mandates.save_goal(
        mandate=mandate,
        goal=None,
        statement=None,
        text=two(text),
        expected=two("Ti flere"),
        actor=world.person("owner"),
        now=NOW,
    )


def task(
    world: World,
    mandate: Mandate,
    roles: dict[RoleKind, frozenset[Part]] = DOES,
    effort: int | None = 10,
    reason: str = "",
) -> MandateTask:
    return mandates.save_task(
        mandate=mandate,
        task=None,
        text=two("Holde møter"),
        roles=roles,
        effort_days=None if effort is None else Decimal(effort),
        overload_reason=reason,
        actor=world.person("owner"),
        now=NOW,
    )


def issue(world: World, start: dt.date = TODAY) -> Mandate:
    mandate = draft(world, start)
    if not mandate.goals.exists():
        goal(world, mandate)
    if not mandate.tasks.exists():
        task(world, mandate)
    return mandates.issue_mandate(mandate=mandate, actor=world.person("owner"), now=NOW)


@pytest.mark.parametrize("role", ["national_lead", "regional_office_nord", "evaluator"])
def test_only_the_owner_begins_a_mandate(world: World, role: str) -> None:
    with pytest.raises(NotAllowed, match=r"programme\.only_the_owner"):
        mandates.begin_mandate(programme=world.programme, actor=world.person(role), now=NOW)


def test_one_mandate_is_written_at_a_time(world: World) -> None:
    draft(world)

    with pytest.raises(NotPossible, match=r"programme\.mandate_in_work"):
        draft(world)


def test_an_issued_mandate_holds_from_its_first_day(world: World) -> None:
    mandate = issue(world)

    assert mandate.issued_on == TODAY
    assert mandate_in_force(world.programme, TODAY) == mandate
    assert mandate_in_force(world.programme, TODAY - dt.timedelta(1)) is None
    assert Event.objects.filter(action="programme.mandate.issue").count() == 1


def test_a_later_mandate_replaces_the_one_before_it_from_its_own_first_day(world: World) -> None:
    first, later = issue(world), TODAY + dt.timedelta(100)
    second = issue(world, later)

    first.refresh_from_db()
    assert (first.stands, first.valid_to) == (MandateState.REPLACED, later)
    assert mandate_in_force(world.programme, later - dt.timedelta(1)) == first
    assert mandate_in_force(world.programme, later) == second


def test_a_new_draft_says_what_the_one_before_it_says(world: World) -> None:
    first = issue(world)
    second = draft(world, TODAY + dt.timedelta(30))

    assert [each.chapter.value for each in changes_since(second, first)] == ["period"]
    without_days = mandates.save_text(
        mandate=second,
        foreword=two("Hva vi vil"),
        valid_from=None,
        valid_to=None,
        actor=world.person("owner"),
        now=NOW,
    )
    assert changes_since(without_days, first) == ()
    assert faults_of(second) == ()


def test_what_changed_is_told(world: World) -> None:
    first = issue(world)
    second = draft(world, TODAY + dt.timedelta(30))
    goal(world, second, "Enda ett mål")
    mandates.remove_part(part=second.tasks.get(), actor=world.person("owner"), now=NOW)

    told = [(each.chapter.value, each.what) for each in changes_since(second, first)]
    assert told == [
        ("period", ChangeOf.CHANGED),
        ("goal", ChangeOf.ADDED),
        ("task", ChangeOf.REMOVED),
    ]


def test_a_new_period_and_a_new_foreword_are_told_as_changes(world: World) -> None:
    first = issue(world)
    second = draft(world, dt.date(2027, 1, 1))
    second = mandates.save_text(
        mandate=second,
        foreword=two("Hva vi vil nå"),
        valid_from=dt.date(2027, 1, 1),
        valid_to=dt.date(2028, 1, 1),
        actor=world.person("owner"),
        now=NOW,
    )

    period, foreword = changes_since(second, first)

    assert period.after is not None
    assert period.after.texts["text"]["nb"].replace("\N{NO-BREAK SPACE}", " ") == (
        "1. januar 2027–31. desember 2027"
    )
    assert foreword.after is not None
    assert foreword.after.texts["text"]["nb"] == "Hva vi vil nå"


@pytest.mark.parametrize(
    ("roles", "count"),
    [
        ({RoleKind.OWNER: frozenset({A})}, 1),
        ({RoleKind.OWNER: frozenset({R})}, 1),
        ({RoleKind.OWNER: frozenset({R, A}), RoleKind.PARTNER: frozenset({A})}, 1),
        ({}, 2),
    ],
)
def test_a_mandate_with_faults_is_not_issued(
    world: World, roles: dict[RoleKind, frozenset[Part]], count: int
) -> None:
    mandate = draft(world)
    goal(world, mandate)
    task(world, mandate, roles)

    with pytest.raises(NotPossible, match=f"mandate_has_faults .count={count}"):
        mandates.issue_mandate(mandate=mandate, actor=world.person("owner"), now=NOW)


def test_a_mandate_without_day_or_goal_is_not_issued(world: World) -> None:
    mandate = draft(world, None)
    task(world, mandate)
    with pytest.raises(NotPossible, match="mandate_needs_a_day"):
        mandates.issue_mandate(mandate=mandate, actor=world.person("owner"), now=NOW)

    mandate = mandates.save_text(
        mandate=mandate,
        foreword=two("x"),
        valid_from=TODAY,
        valid_to=None,
        actor=world.person("owner"),
        now=NOW,
    )
    with pytest.raises(NotPossible, match="mandate_needs_a_goal"):
        mandates.issue_mandate(mandate=mandate, actor=world.person("owner"), now=NOW)


def test_a_mandate_may_not_begin_before_the_one_it_replaces(world: World) -> None:
    issue(world)

    with pytest.raises(NotPossible, match="mandate_begins_too_early"):
        issue(world)


def test_the_database_keeps_an_issued_mandate_as_it_is(world: World) -> None:
    mandate = issue(world)
    changes: list[Callable[[], object]] = [
        lambda: Mandate.objects.filter(pk=mandate.pk).update(foreword=two("Noe annet")),
        lambda: Mandate.objects.filter(pk=mandate.pk).update(state="draft"),
        lambda: Mandate.objects.filter(pk=mandate.pk).update(valid_to=TODAY + dt.timedelta(9)),
        lambda: Mandate.objects.filter(pk=mandate.pk).delete(),
        lambda: mandate.goals.update(expected=two("Mindre")),
        lambda: mandate.goals.all().delete(),
        lambda: mandate.tasks.update(effort_days=1),
        lambda: TaskRole.objects.filter(task__mandate=mandate).delete(),
        lambda: MandateGoal.objects.create(
            mandate=mandate, code="ny", position=9, text=two("x"), expected=two("y")
        ),
        lambda: TaskRole.objects.create(task=mandate.tasks.get(), role="partner", part="informed"),
    ]
    for change in changes:
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            change()


def test_an_issued_mandate_keeps_the_words_of_the_programmes_goal(world: World) -> None:
    said = Statement.objects.create(
        programme=world.programme, kind="goal", code="g", position=0, text=two("Som det sto")
    )
    mandate = draft(world)
    mandates.save_goal(
        mandate=mandate,
        goal=None,
        statement=said,
        text={},
        expected=two("Noe"),
        actor=world.person("owner"),
        now=NOW,
    )
    task(world, mandate)
    mandates.issue_mandate(mandate=mandate, actor=world.person("owner"), now=NOW)
    Statement.objects.filter(pk=said.pk).update(text=two("Som det står nå"))

    assert MandateGoal.objects.get().wording == two("Som det sto")


def test_drafts_are_for_owner_and_fagansvar_and_issued_ones_for_all_with_a_role(
    world: World,
) -> None:
    issued = issue(world)
    work = draft(world, TODAY + dt.timedelta(5))

    def seen(role: str) -> set[int]:
        return set(
            Mandate.objects.visible_to(world.person(role), TODAY).values_list("pk", flat=True)
        )

    assert seen("owner") == seen("national_lead") == {issued.pk, work.pk}
    assert seen("municipality") == seen("partner") == {issued.pk}
    assert seen("stranger") == set()


def test_the_tasks_a_role_answers_for_are_found(world: World) -> None:
    mandate = issue(world)

    assert tasks_accountable(world.programme, RoleKind.NATIONAL_LEAD, TODAY) == [
        mandate.tasks.get()
    ]
    assert tasks_accountable(world.programme, RoleKind.OWNER, TODAY) == []


# Capacity


def give(world: World, days: int, year: int = 2026) -> None:
    for region in world.regions.values():
        assert region.office is not None
        mandates.set_capacity(
            programme=world.programme,
            organisation=region.office,
            year=year,
            days=Decimal(days),
            actor=world.person("national_lead"),
            now=NOW,
        )


def test_a_task_that_asks_too_much_is_saved_only_with_a_reason(world: World) -> None:
    give(world, 20)
    mandate = draft(world, dt.date(2026, 1, 1))

    with pytest.raises(NotPossible, match=r"too_much_is_asked .*Regionkontor Nord"):
        task(world, mandate, effort=30)
    assert not mandate.tasks.exists()

    task(world, mandate, effort=30, reason="Vi ansetter én til")
    kept = OverloadDecision.objects.get()
    assert kept.reason == "Vi ansetter én til"
    assert [row["name"] for row in kept.offices] == ["Regionkontor Nord", "Regionkontor Sør"]
    assert kept.offices[0]["available"] == "20.0"


def test_the_load_of_a_year_counts_the_months_in_which_the_mandate_holds(world: World) -> None:
    give(world, 100)
    mandate = draft(world, dt.date(2026, 7, 1))
    goal(world, mandate)
    task(world, mandate, effort=60)
    mandates.issue_mandate(mandate=mandate, actor=world.person("owner"), now=NOW)

    rows = {row.office.name: row.load for row in capacity_rows(world.programme, 2026, TODAY)}
    assert rows["Regionkontor Nord"].asked == 30
    assert rows["Regionkontor Nord"].difference == 70
    assert rows["Strategikontoret"].available is None


def test_the_head_office_stands_among_the_offices_with_the_days_that_it_said(world: World) -> None:
    person = world.person("head_office")
    head = person.affiliations.get().organisation
    before = capacity_rows(world.programme, 2026, TODAY)[0]

    mandates.set_capacity(
        programme=world.programme,
        organisation=head,
        year=2026,
        days=Decimal(15),
        actor=person,
        now=NOW,
    )

    after = capacity_rows(world.programme, 2026, TODAY)[0]
    assert before.office == after.office
    assert (after.office.name, after.office.role) == ("Hovedkontoret", RoleKind.HEAD_OFFICE)
    assert (before.load.available, after.load.available) == (None, 15)


def test_an_office_says_its_own_days_and_nobody_elses(world: World) -> None:
    nord, sor = world.regions["nord"].office, world.regions["sor"].office
    assert nord is not None
    assert sor is not None
    mine: dict[str, Any] = {
        "programme": world.programme,
        "year": 2027,
        "days": Decimal(9),
        "now": NOW,
    }
    actor = world.person("regional_office_nord")

    mandates.set_capacity(organisation=nord, actor=actor, **mine)
    assert OfficeCapacity.objects.get().organisation == nord
    with pytest.raises(NotAllowed):
        mandates.set_capacity(organisation=sor, actor=actor, **mine)
    with pytest.raises(NotPossible, match="not_an_office"):
        mandates.set_capacity(
            organisation=world.municipalities["X101"], actor=world.person("national_lead"), **mine
        )


# Loading


def test_the_exercise_loads_two_mandates_once() -> None:
    programme = load_programme(EXERCISE, actor=None, now=NOW).programme
    loaded = load_mandate(EXERCISE, actor=None, now=NOW)

    assert (loaded.mandates, loaded.capacities) == (2, 18)
    assert loaded.dates == YearDate.objects.count()
    states = list(Mandate.objects.order_by("number").values_list("state", flat=True))
    assert states == ["replaced", "issued"]
    assert not load_mandate(EXERCISE, actor=None, now=NOW).changed
    too_much = [row for row in capacity_rows(programme, 2026, TODAY) if row.load.is_too_much]
    assert [row.office.name for row in too_much] == ["Regionkontoret Ytterkysten (øving)"]


def test_husbankens_draft_says_only_what_the_report_says_and_shows_what_was_unclear() -> None:
    load_register(ROOT / "registers", register=Register.NORWAY, source="SSB", actor=None, now=NOW)
    programme = load_programme(HUSBANKEN, actor=None, now=NOW).programme
    load_mandate(HUSBANKEN, actor=None, now=NOW)

    mandate = draft_of(programme)
    assert mandate is not None
    assert mandate.valid_from is None
    assert len(faults_of(mandate)) == 4
    assert all(task.source for task in mandate.tasks.all())
    assert all(said.source for said in mandate.responsibilities.all())
    assert not YearDate.objects.exists()


def test_a_fault_in_the_folder_is_told_with_its_line(tmp_path: Path) -> None:
    load_programme(EXERCISE, actor=None, now=NOW)
    folder = tmp_path / "exercise"
    folder.mkdir()
    text = (EXERCISE / "year.yaml").read_text("utf-8")
    text = text.replace("goal: m3.m3-1", "goal: m9", 1).replace("{owner: RA,", "{owner: R,", 1)
    (folder / "year.yaml").write_text(text.replace('"2026-02-16"', '"2026-02-30"'), "utf-8")

    with pytest.raises(InputProblem) as found:
        load_mandate(folder, actor=None, now=NOW)

    told = {(problem.code, problem.row is not None) for problem in found.value.problems}
    assert told == {
        ("programme.unknown_reference", True),
        ("programme.responsibility", True),
        ("programme.date", True),
    }
    assert not Mandate.objects.exists()


def test_a_draft_can_be_thrown_away_and_the_reason_given_for_it_stays(world: World) -> None:
    give(world, 20)
    mandate = draft(world, dt.date(2026, 1, 1))
    goal(world, mandate)
    task(world, mandate, effort=30, reason="Vi ansetter én til")

    mandates.delete_draft(mandate=mandate, actor=world.person("owner"), now=NOW)

    assert not Mandate.objects.exists()
    assert OverloadDecision.objects.get().task is None


def test_nobody_throws_an_issued_mandate_away(world: World) -> None:
    with pytest.raises(NotPossible, match="mandate_is_issued"):
        mandates.delete_draft(mandate=issue(world), actor=world.person("owner"), now=NOW)
