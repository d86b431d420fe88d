"""Letters that say that something has come to a report, an agreement or a meeting: queued in the outbox, sent by a worker.

They hold nothing of what was written. Where a programme has no words for one of them, none is sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TypeAlias

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app as jobs
from procrastinate.types import JSONValue

from sloyfe.comments.models import Comment
from sloyfe.delivery.models import Agreement, Meeting, YearlyReport
from sloyfe.delivery.queries.reports import people_of
from sloyfe.delivery.rules.agreements import AgreementState, MeetingState
from sloyfe.delivery.rules.reports import WRITABLE, ReportState
from sloyfe.letters import actions as letters
from sloyfe.letters.models import Letter
from sloyfe.letters.queries import texts_for
from sloyfe.letters.rules import LetterState, language_for
from sloyfe.organisations.models import Organisation
from sloyfe.render import numbers
from sloyfe.render.blocks import Language

About: TypeAlias = YearlyReport | Agreement | Meeting
KINDS: dict[str, type[About]] = {
    kind._meta.label_lower: kind for kind in (YearlyReport, Agreement, Meeting)
}
QUESTION = "report_question"
ANSWERED = "report_answered"
EXTENDED = "report_extended"
EXCUSED = "report_excused"
AGREEMENT = "agreement_sent"
MEETING = "meeting_planned"


def fits(code: str, about: About) -> bool:
    """Tell whether a letter still tells what is so; one that waited too long is not sent."""
    if isinstance(about, Agreement):
        return about.stands is AgreementState.PROPOSED
    if isinstance(about, Meeting):
        return about.state == MeetingState.PLANNED
    if code == QUESTION:
        return Comment.objects.about(about).unanswered().exists()
    if code == ANSWERED:
        return about.stands in (ReportState.ANSWERED, ReportState.CLOSED)
    if code == EXCUSED:
        return about.stands is ReportState.EXCUSED
    return about.stands in WRITABLE


def queue_case_letters(code: str, about: About, to: Organisation, *, now: dt.datetime) -> int:
    """Put one letter in line to each person of an organisation, inside the caller's transaction.

    Gives how many letters that makes. Of one kind about one thing nobody gets two that wait at once.
    """
    language = language_for(to.language_form)
    scopes = [f"programme:{about.programme.slug}"]
    if language not in texts_for(code, scopes):
        return 0
    waits = set(
        Letter.objects.filter(
            code=code,
            about_kind=about._meta.label_lower,
            about_id=str(about.pk),
            state=LetterState.QUEUED.value,
        ).values_list("recipient", flat=True)
    )
    addresses = people_of([to.pk], timezone.localdate(now)).get(to.pk, [])
    wanted = [
        letters.Addressed(code, language, address, about)
        for address in addresses
        if address not in waits
    ]
    if not wanted:
        return 0
    queued = letters.queue_many(wanted, scope=scopes[0], now=now)
    asked: list[dict[str, JSONValue]] = [{"letter_id": str(letter.pk)} for letter in queued]
    jobs.configure_task("delivery.send_case_letter").batch_defer(*asked)
    return len(queued)


def send_case_letter(*, letter_id: str, now: dt.datetime) -> Letter | None:
    """Send one queued letter. None when it is gone, or no longer tells what is so."""
    queued = Letter.objects.filter(pk=letter_id, about_kind__in=KINDS).first()
    if queued is None:
        return None
    about = (
        KINDS[queued.about_kind]
        ._default_manager.select_related("programme", "municipality", "office")
        .filter(pk=queued.about_id)
        .first()
    )
    if about is None:
        return letters.send_or_withdraw(queued, fits=False, scopes=(), values=lambda _: {}, now=now)
    return letters.send_or_withdraw(
        queued,
        fits=fits(queued.code, about),
        scopes=[f"programme:{about.programme.slug}"],
        values=lambda letter: letter_values(about, letter.language),
        now=now,
    )


def letter_values(about: About, language: str) -> Mapping[str, str]:
    """Give what the slots of a letter are filled with; nothing of what anybody wrote."""
    tongue: Language = "nn" if language == "nn" else "nb"
    title = about.programme.title
    args = [about.programme.slug, about.municipality.slug]
    year = ""
    if isinstance(about, YearlyReport):
        year, on = str(about.reporting_year.year), about.due_on
        place = reverse("delivery:report", args=[args[0], about.reporting_year.year, args[1]])
    elif isinstance(about, Agreement):
        on = about.valid_from
        place = reverse("delivery:agreement", args=[*args, about.pk])
    else:
        on = about.on
        place = reverse("delivery:meeting", args=[*args, about.pk])
    return {
        "organisation": about.municipality.name,
        "programme": str(title.get(language) or title.get("nb", "")),
        "office": about.office.name,
        "year": year,
        "day": numbers.date(on, tongue),
        "link": settings.BASE_URL + place,
    }
