"""Pages of mandates, capacity and the year wheel: what they answer, and what happens on the way to saving."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from sloyfe.programme.actions import mandates
from sloyfe.programme.models import (
    Mandate,
    MandateTask,
    OverloadDecision,
    TaskRole,
    YearDate,
)
from sloyfe.programme.queries.year_wheel import without_address
from tests.cast import World, make_world
from tests.programme.wheel import draft, ready, text
from tests.wording import write_letters

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15


@pytest.fixture
def world() -> World:
    world = make_world()
    write_letters()
    return world


def as_(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    client.cookies["django_language"] = "en-gb"
    return client


def base(world: World) -> str:
    return f"/program/{world.programme.slug}/"


def give_little(world: World, year: int) -> None:
    office = world.regions["nord"].office
    assert office is not None
    mandates.set_capacity(
        programme=world.programme,
        organisation=office,
        year=year,
        days=Decimal(5),
        actor=world.person("national_lead"),
        now=timezone.now(),
    )


DATE: dict[str, Any] = {
    "title_nb": "Samling",
    "title_nn": "Samling",
    "kind": "gathering",
    "roles": ["municipality", "regional_office"],
    "effort_days": "9",
}


def test_a_mandate_is_written_and_issued_page_by_page(world: World) -> None:
    client, at = as_(world, "owner"), base(world) + "mandat/"
    client.post(at + "begynn/")
    one = at + "1/"
    words = {"foreword_nb": "Hva vi vil", "foreword_nn": "Kva vi vil"}
    tomorrow = (timezone.localdate() + dt.timedelta(1)).isoformat()
    client.post(one + "tekst/", words | {"valid_from": tomorrow})
    both = {"text_nb": "Flere hjem", "text_nn": "Fleire heimar"}
    client.post(one + "mal/ny/", both | {"expected_nb": "Ti", "expected_nn": "Ti"})
    client.post(one + "ressurs/ny/", both | {"amount": "1000"})
    client.post(one + "ansvar/ny/", both | {"role": "owner"})
    client.post(one + "oppgave/ny/", both | {"role_owner": "accountable"})

    page = client.get(one).content.decode()
    assert "Flere hjem: Nobody does the task." in page
    assert "disabled" in page
    assert client.post(one + "utsted/").status_code == 409

    client.post(one + "oppgave/task-1/", both | {"role_owner": "accountable-responsible"})
    assert client.post(one + "utsted/").status_code == 302
    page = as_(world, "municipality").get(one).content.decode()
    assert "Hva vi vil" in page
    assert "1,000 kroner" in page


def test_the_list_is_empty_in_words_until_a_mandate_is_issued(world: World) -> None:
    assert (
        "No mandate has been issued yet"
        in as_(world, "partner").get(base(world) + "mandat/").content.decode()
    )


def test_a_task_that_asks_too_much_is_saved_only_after_a_reason(world: World) -> None:
    mandate = ready(world)
    assert mandate.valid_from is not None
    for year in (mandate.valid_from.year, mandate.valid_from.year + 1):
        give_little(world, year)
    client = as_(world, "owner")
    path = f"{base(world)}mandat/{mandate.number}/oppgave/task-1/"
    said = {
        "text_nb": "Møte kommunene",
        "text_nn": "Møte kommunane",
        "effort_days": "60",
        "role_regional_office": "responsible",
        "role_owner": "accountable",
    }

    asked = client.post(path, said)
    assert asked.status_code == 422
    assert "Regionkontor Nord" in asked.content.decode()
    assert "Save the task all the same" in asked.content.decode()
    assert 'name="role_regional_office" value="responsible"' in asked.content.decode()
    assert MandateTask.objects.get().effort_days == 24

    lacking = client.post(path, said | {"anyway": "1", "overload_reason": "  "})
    assert "Write why it is set all the same." in lacking.content.decode()
    back = client.post(path, said | {"back": "1", "overload_reason": "x"})
    assert 'value="60"' in back.content.decode()
    assert not OverloadDecision.objects.exists()

    done = client.post(path, said | {"anyway": "1", "overload_reason": "Vi ansetter én til"})
    assert done.status_code == 302
    assert MandateTask.objects.get().effort_days == 60
    year = mandate.valid_from.year + 1
    office, at = as_(world, "regional_office_sor"), f"{base(world)}kapasitet/?ar={year}"
    assert "Vi ansetter én til" not in office.get(at).content.decode()  # a draft decides nothing
    mandates.save_task(
        mandate=mandate,
        task=MandateTask.objects.get(),
        text=text("Møte kommunene"),
        roles=MandateTask.objects.get().facts.roles,
        effort_days=Decimal(48),
        overload_reason="Vi ansetter én til",
        actor=world.person("owner"),
        now=timezone.now(),
    )
    mandates.issue_mandate(mandate=mandate, actor=world.person("owner"), now=timezone.now())
    page = office.get(at).content.decode()
    assert page.count("Vi ansetter én til") == 1  # the last reason alone
    assert "48 of " in page
    assert "60 of " not in page


def test_a_task_that_two_answer_for_is_warned_of_where_it_was_written(world: World) -> None:
    mandate = ready(world)
    client = as_(world, "owner")
    path = f"{base(world)}mandat/{mandate.number}/oppgave/ny/"
    said = {
        "text_nb": "Svare",
        "text_nn": "Svare",
        "role_national_lead": "accountable",
        "role_owner": "accountable",
        "role_regional_office": "responsible",
    }

    page = client.post(path, said, follow=True)
    text_of_page = page.content.decode()

    assert page.redirect_chain[-1][0].endswith("/oppgave/task-2/")
    assert "More than one role answers for the task" in text_of_page
    assert 'href="#roles"' in text_of_page
    assert "#task-task-2" in text_of_page
    roles = text_of_page[text_of_page.index('id="roles"') :]
    assert "(optional)" not in roles


def test_a_date_that_has_begun_is_under_way_and_not_the_next(world: World) -> None:
    today = timezone.localdate()
    for code, start, end in (
        ("survey", today - dt.timedelta(10), today + dt.timedelta(10)),
        ("day", today + dt.timedelta(40), None),
    ):
        YearDate.objects.create(
            programme=world.programme,
            code=code,
            title=text(code),
            kind="survey",
            starts_on=start,
            ends_on=end,
            roles=["municipality"],
            changed_at=timezone.now(),
        )

    page = as_(world, "owner").get(base(world) + "arshjul/").content.decode()

    assert "The next is “day”" in page
    assert page.count("under way") == 1


def test_whoever_sets_a_date_is_told_how_many_get_no_letter_and_who(world: World) -> None:
    client, at = as_(world, "owner"), base(world) + "arshjul/"
    day = timezone.localdate() + dt.timedelta(20)
    near = DATE | {"starts_on": day.isoformat(), "effort_days": "", "reason": "Ledig lokale"}

    told = client.post(at + "ny/", near, follow=True).content.decode()
    code = YearDate.objects.get().code
    page = client.get(f"{at}{code}/").content.decode()

    assert "have no address here" in told
    silent = without_address(YearDate.objects.get(), timezone.localdate())
    assert silent
    assert all(each.name in page for each in silent)


def test_a_date_inside_the_year_asks_for_a_reason_and_then_shows_it(world: World) -> None:
    client, at = as_(world, "owner"), base(world) + "arshjul/"
    day = timezone.localdate() + dt.timedelta(20)
    near = DATE | {"starts_on": day.isoformat(), "effort_days": ""}

    lacking = client.post(at + "ny/", near)
    assert lacking.status_code == 422
    assert "Less than a year is left" in lacking.content.decode()

    client.post(at + "ny/", near | {"reason": "Lokalet ble ledig"}, follow=True)
    page = as_(world, "municipality").get(at).content.decode()
    assert "Lokalet ble ledig" in page
    assert "One date concerns your municipality" in page

    code = YearDate.objects.get().code
    client.post(f"{at}{code}/avlys/", {"reason": "For få"})
    page = client.get(at).content.decode()
    assert "<s>Samling</s>" in page
    assert "For få" in page


def test_a_deadline_shows_which_offices_get_too_much_before_it_is_saved(world: World) -> None:
    day = timezone.localdate() + dt.timedelta(370)
    give_little(world, day.year)
    client, at = as_(world, "national_lead"), base(world) + "arshjul/ny/"
    said = DATE | {"starts_on": day.isoformat()}

    asked = client.post(at, said)
    assert asked.status_code == 422
    assert "Regionkontor Nord" in asked.content.decode()
    assert not YearDate.objects.exists()

    assert client.post(at, said | {"anyway": "1", "overload_reason": "Bare nå"}).status_code == 302
    assert OverloadDecision.objects.get().date == YearDate.objects.get()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title_nb", ""),
        ("title_nn", "x" * 5000),
        ("title_nb", "a\0b"),
        ("starts_on", "2026-02-30"),
        ("starts_on", "9999-12-31"),
        ("effort_days", "NaN"),
        ("effort_days", "1e99"),
        ("kind", "annet"),
        ("region", "utenfor"),
        ("sequence", "-1"),
    ],
)
def test_what_cannot_be_meant_is_answered_in_the_form(world: World, field: str, value: str) -> None:
    day = timezone.localdate() + dt.timedelta(400)
    said = DATE | {"starts_on": day.isoformat(), field: value}

    answer = as_(world, "owner").post(base(world) + "arshjul/ny/", said)

    assert answer.status_code == 422
    assert not YearDate.objects.exists()


def test_numbers_that_are_no_year_or_mandate_are_answered(world: World) -> None:
    client = as_(world, "owner")

    assert client.get(base(world) + "kapasitet/?ar=99999999999").status_code == 200
    assert client.get(base(world) + "kapasitet/?ar=²").status_code == 200
    assert client.get(base(world) + "mandat/99999999999999999999/").status_code == 404
    assert client.get(base(world) + "arshjul/?for=ingen").status_code == 200


def test_pages_ask_few_questions_however_much_there_is(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    mandate = ready(world)
    tasks = MandateTask.objects.bulk_create(
        MandateTask(mandate=mandate, code=f"mange-{i}", position=i, text=text("Noe"), effort_days=1)
        for i in range(40)
    )
    TaskRole.objects.bulk_create(
        TaskRole(task=task, role=role, part=part)
        for task in tasks
        for role, part in (("owner", "accountable"), ("regional_office", "responsible"))
    )
    mandates.issue_mandate(mandate=mandate, actor=world.person("owner"), now=timezone.now())
    draft(world)
    YearDate.objects.bulk_create(
        YearDate(
            programme=world.programme,
            code=f"dato-{i}",
            title=text("Samling"),
            kind="gathering",
            starts_on=timezone.localdate() + dt.timedelta(i),
            roles=["regional_office", "municipality"],
            region=world.regions["nord"] if i % 3 else None,
            effort_days=1,
            changed_at=timezone.now(),
        )
        for i in range(200)
    )
    paths = ["mandat/", "mandat/1/", "mandat/2/", "mandat/2/endringer/", "kapasitet/", "arshjul/"]
    for role in ("owner", "regional_office_nord", "municipality"):
        client = as_(world, role)
        client.get("/")
        for path in paths:
            with django_assert_max_num_queries(MOST_QUERIES, info=f"{role} {path}"):
                client.get(base(world) + path)
    assert Mandate.objects.count() == 2
