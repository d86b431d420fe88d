"""Letters that ask for a yearly report, remind of it and say that it has come: queued in the outbox, sent by a worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app as jobs
from procrastinate.types import JSONValue

from sloyfe.delivery.models import YearlyReport
from sloyfe.delivery.queries.reports import people_of
from sloyfe.delivery.rules.reports import SENT_STATES, WRITABLE
from sloyfe.letters import actions as letters
from sloyfe.letters.models import Letter
from sloyfe.letters.queries import require_texts
from sloyfe.letters.rules import language_for
from sloyfe.programme.models import Programme
from sloyfe.render import numbers
from sloyfe.render.blocks import Language

INVITATION = "report_invitation"
REMINDER = "report_reminder"
RECEIPT = "report_receipt"
# Where the report must stand for a letter to be of use still.
FITS = {INVITATION: WRITABLE, REMINDER: WRITABLE, RECEIPT: SENT_STATES}


def scopes_of(programme: Programme) -> list[str]:
    """Give where letter texts of a programme are looked up before the general ones."""
    return [f"programme:{programme.slug}"]


def queue_report_letters(
    code: str, programme: Programme, reports: Collection[YearlyReport], *, now: dt.datetime
) -> int:
    """Put one letter in line to each person of each municipality, inside the caller's transaction.

    Gives how many letters that makes; each in the language that the municipality has decided on.
    """
    addresses = people_of([report.municipality_id for report in reports], timezone.localdate(now))
    wanted = [
        letters.Addressed(code, language_for(report.municipality.language_form), address, report)
        for report in reports
        for address in addresses.get(report.municipality_id, ())
    ]
    if not wanted:
        return 0
    scopes = scopes_of(programme)
    require_texts(code, scopes, {each.language for each in wanted})
    queued = letters.queue_many(wanted, scope=scopes[0], now=now)
    asked: list[dict[str, JSONValue]] = [{"letter_id": str(letter.pk)} for letter in queued]
    jobs.configure_task("delivery.send_report_letter").batch_defer(*asked)
    return len(queued)


def send_report_letter(*, letter_id: str, now: dt.datetime) -> Letter | None:
    """Send one queued letter about a report. None when it no longer fits: nobody is reminded of what has come."""
    queued = Letter.objects.filter(pk=letter_id, about_kind=YearlyReport._meta.label_lower).first()
    report = (
        YearlyReport.objects.select_related("programme", "municipality", "office", "reporting_year")
        .filter(pk=queued.about_id)
        .first()
        if queued
        else None
    )
    if queued is None or report is None:
        return None
    return letters.send_or_withdraw(
        queued,
        fits=report.stands in FITS[queued.code],
        scopes=scopes_of(report.programme),
        values=lambda letter: letter_values(letter.code, report, letter.language),
        now=now,
    )


def letter_values(code: str, report: YearlyReport, language: str) -> Mapping[str, str]:
    """Give what the slots of a letter about a report are filled with; nothing of what stands in the report.

    The day of a receipt is the one by which the office answers, and of the others the one to report by.
    """
    tongue: Language = "nn" if language == "nn" else "nb"
    title = report.programme.title
    place = reverse(
        "delivery:report",
        args=[report.programme.slug, report.reporting_year.year, report.municipality.slug],
    )
    return {
        "organisation": report.municipality.name,
        "programme": str(title.get(language) or title.get("nb", "")),
        "office": report.office.name,
        "year": str(report.reporting_year.year),
        "day": numbers.date(
            report.reporting_year.answer_by if code == RECEIPT else report.due_on, tongue
        ),
        # Those who are not signed in come to the report when they have.
        "link": f"{settings.BASE_URL}{reverse('accounts:ask')}?til={quote(place)}",
    }
