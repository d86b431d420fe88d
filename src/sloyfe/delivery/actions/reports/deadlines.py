"""Later days, excuses and reminders, and what becomes of the report of a municipality that is no more.

No actor is the loading of content, or a job: who may is asked only when somebody acts.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sloyfe.audit.actions import action
from sloyfe.common.errors import NotPossible
from sloyfe.delivery.actions.agreements import readable
from sloyfe.delivery.actions.case_letters import EXCUSED, EXTENDED, queue_case_letters
from sloyfe.delivery.actions.report_letters import REMINDER, queue_report_letters
from sloyfe.delivery.actions.reports.filling import lock_report
from sloyfe.delivery.actions.reports.years import expect
from sloyfe.delivery.models import Extension, YearlyReport
from sloyfe.delivery.permissions.reports import (
    check_is_awaited,
    check_may_excuse,
    check_may_extend,
)
from sloyfe.delivery.queries.agreements import became
from sloyfe.delivery.queries.reports import people_of, remindable, reminding_of, with_all
from sloyfe.delivery.rules.reports import (
    LONGEST_EXTENSION,
    WRITABLE,
    ReportState,
    YearState,
    reminder_due,
)
from sloyfe.delivery.texts.reports import FIELD_TEXT
from sloyfe.letters.rules import language_for
from sloyfe.organisations.models import MunicipalityPeriod, valid_on
from sloyfe.programme.queries import Visitor


def _reason(text: str, most: int) -> str:
    text = readable(text, FIELD_TEXT["reason"], most)
    if not text:
        raise NotPossible("delivery.report_says_why")
    return text


def extend_report(
    *,
    report: YearlyReport,
    new_due: dt.date,
    reason: str,
    actor: Visitor | None,
    now: dt.datetime,
) -> Extension:
    """Give a municipality a later day for its report, with the reason. Reminders follow the new day."""
    today = timezone.localdate(now)
    if actor is not None:
        check_may_extend(actor, report, today)
    reason = _reason(reason, 500)
    with action(
        "delivery.report.extend", actor=actor, now=now, about=report, new=new_due.isoformat()
    ) as event:
        locked = lock_report(report)
        check_is_awaited(locked)
        if new_due <= locked.due_on:
            raise NotPossible(
                "delivery.extension_not_later", day=date_format(locked.due_on, "DATE_FORMAT")
            )
        if new_due < today:
            raise NotPossible("delivery.extension_in_the_past")
        if new_due > locked.due_on + LONGEST_EXTENSION:
            raise NotPossible("delivery.extension_too_long")
        event.details["old"] = locked.due_on.isoformat()
        extension = Extension.objects.create(
            report=locked, old_due=locked.due_on, new_due=new_due, reason=reason, granted_at=now
        )
        locked.due_on = new_due
        locked.save(update_fields=["due_on"])
        if actor is not None:
            event.details["letters"] = queue_case_letters(
                EXTENDED, locked, locked.municipality, now=now
            )
    return extension


def excuse_report(
    *, report: YearlyReport, reason: str, actor: Visitor | None, now: dt.datetime
) -> YearlyReport:
    """Excuse a municipality from a report, with the reason. It no longer counts among those expected."""
    if actor is not None:
        check_may_excuse(actor, report, timezone.localdate(now))
    reason = _reason(reason, 1000)
    with action("delivery.report.excuse", actor=actor, now=now, about=report) as event:
        locked = lock_report(report)
        check_is_awaited(locked)
        locked.state = ReportState.EXCUSED.value
        locked.excused_why = reason
        locked.save(update_fields=["state", "excused_why"])
        if actor is not None:
            event.details["letters"] = queue_case_letters(
                EXCUSED, locked, locked.municipality, now=now
            )
    return locked


def follow_changes(*, now: dt.datetime, with_letters: bool = True) -> int:
    """Let what a municipality has become report in its place, in years that are open. Gives how many gave way.

    A municipality that has been merged or split is excused, and each that came of it gets a report if it has
    none. One that is gone and became nothing is left to its office. May run twice without harm.
    """
    today = timezone.localdate(now)
    there = MunicipalityPeriod.objects.filter(valid_on(today)).values("organisation_id")
    gone = with_all(
        YearlyReport.objects.filter(
            state__in=[state.value for state in WRITABLE],
            reporting_year__state=YearState.OPEN.value,
            reporting_year__opens_on__lte=today,
        ).exclude(municipality__in=there)
    ).order_by("pk")
    number = 0
    for report in gone:
        heirs = became(report.municipality, today)
        if not heirs:
            continue
        with translation.override(language_for(report.municipality.language_form)):
            why = _("The municipality has become %(names)s, which reports in its place.") % {
                "names": ", ".join(heir.name for heir in heirs)
            }
        excuse_report(report=report, reason=why, actor=None, now=now)
        number += 1
        known = set(
            YearlyReport.objects.filter(
                reporting_year=report.reporting_year, municipality__in=heirs
            ).values_list("municipality_id", flat=True)
        )
        for heir in heirs:
            if heir.pk not in known:
                expect(
                    year=report.reporting_year,
                    municipality=heir,
                    agreement=report.agreement,
                    actor=None,
                    now=now,
                    with_letters=with_letters,
                )
    return number


def remind_due(*, now: dt.datetime) -> int:
    """Remind those who have not sent their report: 14 and 3 days before the day, and 7 days after it.

    Gives how many municipalities were reminded. Each is one action of its own, so that a job that is killed
    goes on where it stopped; whoever has sent or been excused meanwhile gets nothing.
    """
    today = timezone.localdate(now)
    due = [report for report in remindable(today) if reminder_due(reminding_of(report), today)]
    reached = people_of({report.municipality_id for report in due}, today)
    reminded = 0
    for report in due:
        if report.municipality_id not in reached:
            continue  # nobody to write to; the office sees that the report is late
        with transaction.atomic():
            locked = lock_report(report)
            if not reminder_due(reminding_of(locked), today):
                continue
            with action("delivery.report.remind", actor=None, now=now, about=locked) as event:
                locked.reminders += 1
                locked.reminded_at = now
                locked.save(update_fields=["reminders", "reminded_at"])
                event.details["letters"] = queue_report_letters(
                    REMINDER, locked.programme, [locked], now=now
                )
        reminded += 1
    return reminded
