"""Yearly reports: later days, excuses, reminders, and municipalities that are no more."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.actions import report_letters, reports
from sloyfe.delivery.models import Agreement, YearlyReport
from sloyfe.delivery.rules.reports import completeness
from sloyfe.letters.models import Letter
from sloyfe.letters.rules import LetterState
from sloyfe.organisations.models import (
    MunicipalityChange,
    MunicipalityPeriod,
    Organisation,
)
from sloyfe.programme.models import RegionArea
from tests.cast import NOW, TODAY, World
from tests.delivery.reporting import (
    ANSWERS,
    DATES,
    OFFICE,
    OWN,
    WRITER,
    YEAR,
    agreement,
    at,
    definitions,
    opened,
    planned,
    report_of,
    sent,
)

pytestmark = pytest.mark.django_db


def test_a_later_day_is_given_with_a_reason_and_kept(world: World) -> None:
    opened(world)
    adviser = world.person(OFFICE)

    for day, reason in (
        (DATES.due_on, "Sykdom"),
        (dt.date(2026, 3, 1), "Sykdom"),
        (dt.date(2028, 1, 1), "Sykdom"),
        (dt.date(2026, 5, 1), " "),
    ):
        with pytest.raises(NotPossible):
            reports.extend_report(
                report=report_of(world), new_due=day, reason=reason, actor=adviser, now=NOW
            )
    reports.extend_report(
        report=report_of(world),
        new_due=dt.date(2026, 5, 1),
        reason="Sykdom",
        actor=adviser,
        now=NOW,
    )

    report = report_of(world)
    assert report.due_on == dt.date(2026, 5, 1)
    assert [(row.old_due, row.reason) for row in report.extensions.all()] == [
        (DATES.due_on, "Sykdom")
    ]
    with pytest.raises(NotAllowed):
        reports.extend_report(
            report=report_of(world),
            new_due=dt.date(2026, 6, 1),
            reason="Sykdom",
            actor=world.person(WRITER),
            now=NOW,
        )


def test_an_excused_municipality_is_not_expected(world: World) -> None:
    opened(world, OWN, "X102")
    sent(world)

    reports.excuse_report(
        report=report_of(world, "X102"),
        reason="Avtalen er ute.",
        actor=world.person(OFFICE),
        now=NOW,
    )

    counts = completeness(YearlyReport.objects.values_list("state", flat=True))
    assert (counts.expected, counts.sent, counts.excused, counts.percent) == (1, 1, 1, 100)
    with pytest.raises(NotPossible):
        reports.excuse_report(report=report_of(world), reason="x", actor=None, now=NOW)


def test_what_a_merged_municipality_became_reports_in_its_place(world: World) -> None:
    opened(world, OWN, "X103")
    day = dt.date(2026, 3, 20)
    new = Organisation.objects.create(
        slug="x-x110",
        name="Nyvik (øving)",
        kind="municipality",
        register="exercise",
        sort_key="nyvik",
    )
    after = MunicipalityPeriod.objects.create(
        organisation=new,
        register="exercise",
        code="X110",
        name=new.name,
        sort_key="nyvik",
        county_code="X1",
        valid_from=day,
    )
    RegionArea.objects.create(
        region=world.regions["nord"], municipality_code="X110", valid_from=day
    )
    for code in (OWN, "X103"):
        before = MunicipalityPeriod.objects.get(code=code)
        before.valid_to = day
        before.save()
        MunicipalityChange.objects.create(
            register="exercise", on=day, kind="merge", before=before, after=after
        )

    assert reports.follow_changes(now=at(TODAY)) == 0
    assert reports.follow_changes(now=at(day)) == 2
    assert reports.follow_changes(now=at(day)) == 0

    states = dict(YearlyReport.objects.values_list("municipality__slug", "state"))
    assert states == {"x-x104": "excused", "x-x103": "excused", "x-x110": "expected"}
    assert "Nyvik" in report_of(world).excused_why
    assert Agreement.objects.filter(municipality=new).count() == 0


def _remind(day: dt.date) -> int:
    return reports.remind_due(now=at(day))


def test_reminders_go_three_times_and_stop_when_the_report_is_sent(world: World) -> None:
    opened(world, OWN, "X102")
    invited = Letter.objects.count()
    assert invited == 2
    due = DATES.due_on

    days = [
        (due + dt.timedelta(days=offset), _remind(due + dt.timedelta(days=offset)))
        for offset in range(-30, -4)
    ]
    assert [(day - due).days for day, number in days if number == 2] == [-14]
    sent(world)
    days = [
        (due + dt.timedelta(days=offset), _remind(due + dt.timedelta(days=offset)))
        for offset in range(-4, 40)
    ]

    assert [(day - due).days for day, number in days if number] == [-3, 7]
    assert all(number <= 1 for _day, number in days)
    assert report_of(world, "X102").reminders == 3
    assert report_of(world).reminders == 1
    languages = dict(Letter.objects.values_list("recipient", "language"))
    assert languages["municipality@ovelse.invalid"] == "nn"


def test_nobody_is_reminded_twice_on_a_day_or_when_the_year_is_closed(world: World) -> None:
    year = opened(world)
    day = DATES.due_on - dt.timedelta(days=14)

    assert _remind(day) == 1
    assert _remind(day) == 0
    reports.close_year(year=year, actor=world.person("national_lead"), now=NOW)
    assert _remind(DATES.due_on - dt.timedelta(days=3)) == 0


@pytest.mark.django_db(transaction=True)
def test_a_letter_leads_to_the_report_and_is_withdrawn_when_the_report_has_come(
    world: World, mailoutbox: list[Any], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    opened(world)
    [letter] = Letter.objects.all()

    report_letters.send_report_letter(letter_id=str(letter.pk), now=NOW)

    assert f"/rapportering/test-programme/{YEAR}/x-x104/" in mailoutbox[0].body
    assert "15.\xa0april 2026" in mailoutbox[0].body
    _remind(DATES.due_on - dt.timedelta(days=14))
    sent(world)
    waiting = Letter.objects.get(code="report_reminder")
    assert report_letters.send_report_letter(letter_id=str(waiting.pk), now=NOW) is None
    waiting.refresh_from_db()
    assert waiting.state == LetterState.CANCELLED
    assert len(mailoutbox) == 1


def test_the_database_holds_one_report_per_municipality_and_year(world: World) -> None:
    opened(world)
    report = report_of(world)
    report.pk = None
    report._state.adding = True

    with pytest.raises(IntegrityError), transaction.atomic():
        report.save()


def test_opening_asks_as_much_for_ten_times_as_many(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for code in world.municipalities:
        agreement(world, code)
    year = planned(world)
    definitions(world)

    with django_assert_max_num_queries(30):
        reports.open_year(year=year, actor=None, now=NOW)

    assert YearlyReport.objects.count() == 12
    report = report_of(world)
    with django_assert_max_num_queries(12):
        reports.send_report(report=report, answers=ANSWERS, actor=None, now=NOW)
