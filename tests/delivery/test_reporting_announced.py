"""A last day of the yearly reports that comes at short notice says why, and is told to those who report."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from sloyfe.common.errors import NotPossible
from sloyfe.delivery.actions.day_letters import letter_values, send_day_letter
from sloyfe.delivery.actions.reports import years
from sloyfe.delivery.models import ReportingYear
from sloyfe.delivery.queries.reporting_days import YearDates
from sloyfe.letters.models import Letter
from sloyfe.programme.models import YearDate
from sloyfe.programme.rules.year_wheel import DateKind
from sloyfe.render import numbers
from tests.cast import NOW, TODAY, World
from tests.delivery import ladder
from tests.delivery.reporting import version
from tests.delivery.test_second_look import NUMBER
from tests.wording import write_letters

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]
DUE = dt.date(2026, 5, 20)
DATES = YearDates(
    opens_on=dt.date(2026, 4, 1),
    due_on=DUE,
    answer_by=dt.date(2026, 7, 1),
    summary_by=dt.date(2026, 8, 1),
    national_by=dt.date(2026, 9, 1),
)
WHY = "Skjemaet ble prøvd en gang til."


def planned(world: World, **more: Any) -> ReportingYear:
    values: dict[str, Any] = {
        "programme": world.programme,
        "year": 2026,
        "form": version(world),
        "dates": DATES,
        "actor": world.person("national_lead"),
        "now": NOW,
    }
    return years.plan_year(**(values | more))


def told() -> dict[str, str]:
    days = Letter.objects.filter(code__startswith="date_")
    return dict(days.values_list("recipient", "code"))


def test_a_last_day_within_the_year_needs_a_reason_and_is_told_to_those_who_report(
    world: World,
) -> None:
    write_letters()
    ladder.in_force(world, code="X104")
    with pytest.raises(NotPossible, match="reporting_needs_reason"):
        planned(world)

    year = planned(world, reason=WHY)

    # Of municipalities only those with an agreement; not the one who planned it.
    assert told() == {
        world.person(role).email: "date_new"
        for role in (
            "municipality_in_programme",
            "regional_office_nord",
            "regional_office_sor",
        )
    }
    letter = Letter.objects.get(
        recipient=world.person("municipality_in_programme").email, code="date_new"
    )
    values = letter_values(year, letter, TODAY)
    assert values["title"] == "Frist for årsrapporten for 2026"
    assert (values["day"], values["reason"]) == (numbers.date(DUE, "nb"), WHY)
    assert values["organisation"] == world.municipalities["X104"].name


def test_a_day_that_the_year_wheel_says_or_that_is_more_than_a_year_ahead_needs_none(
    world: World,
) -> None:
    YearDate.objects.create(
        programme=world.programme,
        code="rapport",
        title={"nb": "Rapport"},
        kind=DateKind.REPORT_DUE.value,
        starts_on=dt.date(2027, 4, 1),
        roles=["municipality"],
        changed_at=NOW,
    )
    on_wheel = replace(
        DATES,
        due_on=dt.date(2027, 4, 1),
        answer_by=dt.date(2027, 5, 1),
        summary_by=dt.date(2027, 6, 1),
        national_by=dt.date(2027, 7, 1),
    )
    far = YearDates(*(dt.date(2028, month, 1) for month in (1, 4, 5, 6, 7)))

    planned(world, dates=on_wheel, now=NOW + dt.timedelta(days=60))
    planned(world, year=2027, dates=far)

    assert not told()


def test_moving_it_back_to_the_wheels_day_is_told_to_those_who_were_told_another(
    world: World,
) -> None:
    write_letters()
    ladder.in_force(world, code="X104")
    YearDate.objects.create(
        programme=world.programme,
        code="rapport",
        title={"nb": "Rapport"},
        kind=DateKind.REPORT_DUE.value,
        starts_on=dt.date(2026, 6, 1),
        roles=["municipality"],
        changed_at=NOW,
    )
    year = planned(world, year=2025, reason=WHY)
    back = {
        "year": year,
        "form": year.form,
        "dates": replace(DATES, due_on=dt.date(2026, 6, 1)),
        "actor": world.person("national_lead"),
        "now": NOW + dt.timedelta(hours=1),
    }

    with pytest.raises(NotPossible, match="reporting_needs_reason"):
        years.change_year(**back)
    years.change_year(**back, reason="Den gamle dagen er best.")

    assert set(told().values()) == {"date_moved"}


def test_moving_it_tells_the_new_day_and_lets_the_older_letter_be(world: World) -> None:
    write_letters()
    ladder.in_force(world, code="X104")
    year = planned(world, reason=WHY)
    later = NOW + dt.timedelta(hours=1)
    moved = {
        "year": year,
        "form": year.form,
        "dates": replace(DATES, due_on=dt.date(2026, 6, 1)),
        "actor": world.person("national_lead"),
        "now": later,
    }
    years.change_year(**(moved | {"dates": replace(DATES, answer_by=dt.date(2026, 7, 2))}))
    with pytest.raises(NotPossible, match="reporting_needs_reason"):
        years.change_year(**moved)

    year = years.change_year(**moved, reason="Påsken kom i veien.")

    address = world.person("municipality_in_programme").email
    old, new = (
        Letter.objects.get(recipient=address, code=f"date_{what}") for what in ("new", "moved")
    )
    assert send_day_letter(letter_id=str(old.pk), now=later) is None
    values = letter_values(year, new, TODAY)
    assert (values["old_day"], values["day"]) == tuple(
        numbers.date(day, "nb") for day in (DUE, dt.date(2026, 6, 1))
    )
    old.refresh_from_db()
    assert old.state == "cancelled"


def test_the_page_keeps_what_was_written_and_asks_for_the_reason(world: World) -> None:
    write_letters()
    client = Client()
    client.force_login(world.person("national_lead"))
    url = reverse("delivery:plan_reporting", args=[world.programme.slug])
    days = {name: day.isoformat() for name, day in vars(DATES).items()}
    said = {"year": 2026, "form": version(world).pk, **days}

    asked = client.post(url, said)

    assert asked.status_code == 422
    page = asked.content.decode()
    assert "Skriv hvorfor, slik at de som rapporterer, kan få vite det." in page
    assert 'value="2026-05-20"' in page
    assert client.post(url, said | {"reason": WHY}).status_code == 302
    assert ReportingYear.objects.get().changed_why == WHY


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("x" * 601, "Teksten er for lang"),
        ("Hei\x00", "skjult tegn"),
        (f"Gjelder {NUMBER}", "fødselsnummer"),
        ("   \n ", "Skriv hvorfor"),
    ],
    ids=["huge", "hidden character", "birth number", "blank"],
)
def test_a_reason_that_cannot_be_kept_is_told_in_words_and_nothing_is_written(
    world: World, reason: str, said: str
) -> None:
    write_letters()
    client = Client()
    client.force_login(world.person("national_lead"))
    url = reverse("delivery:plan_reporting", args=[world.programme.slug])
    days = {name: day.isoformat() for name, day in vars(DATES).items()}

    answer = client.post(url, {"year": 2026, "form": version(world).pk, "reason": reason, **days})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ReportingYear.objects.exists()
    assert not told()


def test_the_reason_is_asked_for_in_nynorsk_too(world: World) -> None:
    client = Client()
    client.force_login(world.person("national_lead"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "nn"
    url = reverse("delivery:plan_reporting", args=[world.programme.slug])
    days = {name: day.isoformat() for name, day in vars(DATES).items()}

    page = client.post(url, {"year": 2026, "form": version(world).pk, **days}).content.decode()

    assert "Skriv kvifor, slik at dei som rapporterer, kan få vite det." in page


def test_of_two_who_plan_the_same_year_one_does_and_no_letter_is_written_for_the_other(
    world: World,
) -> None:
    write_letters()
    ladder.in_force(world, code="X104")
    planned(world, reason=WHY)
    letters = Letter.objects.count()

    with pytest.raises(NotPossible, match="reporting_planned_already"):
        planned(world, reason=WHY)

    assert Letter.objects.count() == letters
