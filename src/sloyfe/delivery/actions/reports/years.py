"""Planning, opening and closing the reporting of a year, and asking one more municipality to report.

No actor is the loading of content: who may is asked only when somebody acts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from sloyfe.audit.actions import action, set_about
from sloyfe.common.errors import NotPossible
from sloyfe.delivery.actions.day_letters import queue_letters
from sloyfe.delivery.actions.report_letters import INVITATION, queue_report_letters
from sloyfe.delivery.models import Agreement, ReportingYear, YearlyReport
from sloyfe.delivery.permissions.reports import (
    check_may_change_year,
    check_may_close_year,
    check_may_expect,
    check_may_open_year,
    check_may_plan_year,
    check_year_is,
)
from sloyfe.delivery.queries.reporting_days import YearDates, is_on_wheel
from sloyfe.delivery.queries.reports import (
    Expected,
    agreements_on,
    expected_on,
    form_of_year,
    known_of,
    placed,
)
from sloyfe.delivery.rules.persons import check_no_birth_number
from sloyfe.delivery.rules.prefill import prefill
from sloyfe.delivery.rules.reports import FIRST_YEAR, LAST_YEAR, YearState, due_day
from sloyfe.delivery.texts.reports import FIELD_TEXT
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules import InstrumentKind, VersionState
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor
from sloyfe.programme.rules.year_wheel import ChangeKind, needs_reason


def lock_year(year: ReportingYear) -> ReportingYear:
    """Hold a year's reporting until the transaction ends, and give it as it stands now."""
    return (
        ReportingYear.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "form")
        .get(pk=year.pk)
    )


def _check_days(dates: YearDates) -> None:
    days = [
        dates.opens_on,
        dates.due_on,
        dates.answer_by,
        dates.summary_by,
        dates.national_by,
    ]
    if days != sorted(days):
        raise NotPossible("delivery.reporting_dates_in_wrong_order")
    for day in days:
        if not FIRST_YEAR <= day.year <= LAST_YEAR + 1:
            raise NotPossible("delivery.reporting_year_unknown", year=day.year)


def _check_form(programme: Programme, form: Version) -> None:
    right = (
        form.instrument.programme_id == programme.pk
        and form.instrument.kind == InstrumentKind.REPORT
        and form.stands is VersionState.RELEASED
    )
    if not right:
        raise NotPossible("delivery.reporting_form_not_released")


def plan_year(
    *,
    programme: Programme,
    year: int,
    form: Version,
    dates: YearDates,
    actor: Visitor | None,
    now: dt.datetime,
    reason: str = "",
) -> ReportingYear:
    """Plan the reporting of a year: with which form, and on which days.

    A last day inside the year that the year wheel does not say already needs a reason, and is told to those
    who will report and to their offices.
    """
    if actor is not None:
        check_may_plan_year(actor, programme.pk, timezone.localdate(now))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotPossible("delivery.reporting_year_unknown", year=year)
    _check_form(programme, form)
    _check_days(dates)
    made = ReportingYear(programme=programme, year=year, form=form, **vars(dates))
    with action("delivery.reporting.plan", actor=actor, now=now) as event:
        near = _is_near(made, reason, actor, now)
        if near:
            made.changed_why, made.announced_at = reason.strip(), now
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError as known:
            raise NotPossible("delivery.reporting_planned_already", year=year) from known
        set_about(event, made)
        if near:
            event.details["letters"] = queue_letters(ChangeKind.NEW, made, actor=actor, now=now)
    return made


def _is_near(
    year: ReportingYear,
    reason: str,
    actor: Visitor | None,
    now: dt.datetime,
    *before: dt.date,
) -> bool:
    """Tell whether the last day of the reports must be announced; refuse where the reason for it is missing.

    No actor is the loading of content, which is told to nobody.
    """
    check_no_birth_number((FIELD_TEXT["reason"], reason))
    if actor is None or not needs_reason(timezone.localdate(now), year.due_on, *before):
        return False
    # Whoever has been told another day by letter does not look at the wheel again.
    if year.announced_at is None and is_on_wheel(year.programme, year.year, year.due_on):
        return False
    if not reason.strip():
        raise NotPossible("delivery.reporting_needs_reason")
    return True


def change_year(
    *,
    year: ReportingYear,
    form: Version,
    dates: YearDates,
    actor: Visitor | None,
    now: dt.datetime,
    reason: str = "",
) -> ReportingYear:
    """Change form and days of a planned year; once it is open they stand fast.

    Another last day inside the year needs a reason and is told, as when the year was planned.
    """
    if actor is not None:
        check_may_change_year(actor, year, timezone.localdate(now))
    _check_form(year.programme, form)
    _check_days(dates)
    with action("delivery.reporting.change", actor=actor, now=now, about=year) as event:
        locked = lock_year(year)
        check_year_is(locked, YearState.PLANNED)
        locked.form = form
        was = locked.due_on
        for name, day in vars(dates).items():
            setattr(locked, name, day)
        near = locked.due_on != was and _is_near(locked, reason, actor, now, was)
        if near:
            locked.due_before = was
            locked.changed_why, locked.announced_at = reason.strip(), now
        locked.save()
        if near:
            event.details["letters"] = queue_letters(ChangeKind.MOVED, locked, actor=actor, now=now)
    return locked


def _make_reports(
    year: ReportingYear, expected: Collection[Expected], due_on: dt.date
) -> list[YearlyReport]:
    """Let reports stand as expected, filled in beforehand with what is known."""
    lost = [row.municipality.name for row in expected if row.office is None]
    if lost:
        raise NotPossible("delivery.reporting_without_office", names=", ".join(lost))
    form = form_of_year(year)
    known = known_of(year, expected, form)
    reports = []
    for row in expected:
        answers, sources = prefill(form, known[row.municipality.pk])
        reports.append(
            YearlyReport(
                programme=year.programme,
                reporting_year=year,
                municipality=row.municipality,
                office=row.office,
                agreement=row.agreement,
                due_on=due_on,
                answers=answers,
                sources=sources,
                # A report has the same access as the agreement that it is part of.
                **(
                    {"access": row.agreement.access, "legal_ground": row.agreement.legal_ground}
                    if row.agreement
                    else {}
                ),
            )
        )
    return YearlyReport.objects.bulk_create(reports)


def open_year(
    *, year: ReportingYear, actor: Visitor | None, now: dt.datetime, with_letters: bool = True
) -> list[YearlyReport]:
    """Open the reporting: one report is expected of each municipality with an agreement in force today.

    Those who work in these municipalities get a letter, unless years that are past are being loaded.
    """
    today = timezone.localdate(now)
    if actor is not None:
        check_may_open_year(actor, year, today)
    with action("delivery.reporting.open", actor=actor, now=now, about=year) as event:
        locked = lock_year(year)
        check_year_is(locked, YearState.PLANNED)
        if locked.due_on < today:
            raise NotPossible(
                "delivery.reporting_opens_too_late", day=date_format(locked.due_on, "DATE_FORMAT")
            )
        expected = expected_on(locked.programme, today)
        if not expected:
            raise NotPossible("delivery.reporting_nobody_expected")
        locked.state = YearState.OPEN.value
        locked.opens_on = today
        locked.save(update_fields=["state", "opens_on"])
        reports = _make_reports(locked, expected, locked.due_on)
        event.details["expected"] = len(reports)
        if with_letters:
            event.details["letters"] = queue_report_letters(
                INVITATION, locked.programme, reports, now=now
            )
    return reports


def close_year(*, year: ReportingYear, actor: Visitor | None, now: dt.datetime) -> ReportingYear:
    """Close the reporting of a year: nobody is reminded any more. What has not been sent may still come."""
    if actor is not None:
        check_may_close_year(actor, year, timezone.localdate(now))
    with action("delivery.reporting.close", actor=actor, now=now, about=year):
        locked = lock_year(year)
        check_year_is(locked, YearState.OPEN)
        locked.state = YearState.CLOSED.value
        locked.save(update_fields=["state"])
    return locked


def expect_report(
    *,
    year: ReportingYear,
    municipality: Organisation,
    actor: Visitor | None,
    now: dt.datetime,
    with_letters: bool = True,
) -> YearlyReport:
    """Ask one more municipality to report: one that got its agreement after the reporting was opened."""
    today = timezone.localdate(now)
    if actor is not None:
        check_may_expect(actor, year, municipality.pk, today)
    agreement = agreements_on(year.programme, today).get(municipality.pk)
    if agreement is None:
        raise NotPossible("delivery.report_without_agreement", municipality=municipality.name)
    return expect(
        year=year,
        municipality=municipality,
        agreement=agreement,
        actor=actor,
        now=now,
        with_letters=with_letters,
    )


def expect(
    *,
    year: ReportingYear,
    municipality: Organisation,
    agreement: Agreement | None,
    actor: Visitor | None,
    now: dt.datetime,
    with_letters: bool,
) -> YearlyReport:
    """Let a report stand as expected from a municipality in an open year; who may has been asked before."""
    today = timezone.localdate(now)
    with action("delivery.report.expect", actor=actor, now=now) as event:
        locked = lock_year(year)
        check_year_is(locked, YearState.OPEN)
        if YearlyReport.objects.filter(reporting_year=locked, municipality=municipality).exists():
            raise NotPossible("delivery.report_expected_already", municipality=municipality.name)
        expected = placed(locked.programme, [(municipality, agreement)], today)
        [report] = _make_reports(locked, expected, due_day(locked.due_on, today))
        set_about(event, report)
        if with_letters:
            queue_report_letters(INVITATION, locked.programme, [report], now=now)
    return report
