"""Writing, sending, reading and answering the summaries of a year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action, set_about
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.models import Matter, ReportingYear, Summary
from sloyfe.delivery.permissions.summaries import (
    check_may_answer_summary,
    check_may_read_summary,
    check_may_send_summary,
    check_may_write_summary,
)
from sloyfe.delivery.queries.results import roll_up
from sloyfe.delivery.queries.summaries import (
    completeness_below,
    completeness_by_office,
    summary_of,
)
from sloyfe.delivery.rules.persons import check_no_birth_number
from sloyfe.delivery.rules.steering import MatterState
from sloyfe.delivery.rules.summaries import NATIONAL, SummaryState
from sloyfe.delivery.texts.summaries import FIELD_TEXT
from sloyfe.programme.models import Region
from sloyfe.programme.queries import Visitor


@dataclass(frozen=True)
class SummaryText:
    """What an office says in its summary. `incomplete_why` is asked where not all below it is answered."""

    overview: str
    worked: str = ""
    was_hard: str = ""
    asked_for: str = ""
    incomplete_why: str = ""


def lock_summary(summary: Summary) -> Summary:
    """Hold a summary until the transaction ends, and give it as it stands now."""
    return (
        Summary.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "reporting_year", "region", "office", "to_office")
        .get(pk=summary.pk)
    )


def write_summary(
    *,
    reporting_year: ReportingYear,
    region: Region | None,
    text: SummaryText,
    revision: int,
    actor: Visitor | None,
    now: dt.datetime,
) -> Summary:
    """Save the draft of a region's summary, or of the nation's when there is no region.

    `revision` is that of the draft which the writer saw (0 for a new one); a later one is not written over.
    """
    today = timezone.localdate(now)
    key = region.code if region else NATIONAL
    check_no_birth_number(*((FIELD_TEXT[name], words) for name, words in vars(text).items()))
    with action("delivery.summary.write", actor=actor, now=now) as event:
        # The year is held, so that of two who begin at once the second sees the draft of the first.
        year = (
            ReportingYear.objects.select_for_update(of=("self",), no_key=True)
            .select_related("programme")
            .get(pk=reporting_year.pk)
        )
        summary = summary_of(year, key, today)
        if summary is None:
            raise NotPossible("delivery.no_office_above")
        check_may_write_summary(actor, summary, today)
        if summary.revision != revision:
            raise ChangedMeanwhile("delivery.summary_changed")
        summary.overview, summary.worked = text.overview, text.worked
        summary.was_hard, summary.asked_for = text.was_hard, text.asked_for
        summary.incomplete_why = text.incomplete_why
        summary.revision += 1
        summary.save()
        set_about(event, summary)
    return summary


def figures_now(summary: Summary) -> dict[str, Any]:
    """Give the figures below a summary as they stand, to be kept with it: counts of reports, and by region."""
    figures: dict[str, Any] = dict(completeness_below(summary).as_figures())
    if summary.is_national:
        counts = completeness_by_office(summary.reporting_year)
        figures["regions"] = {
            region.code: counts[region.office_id].as_figures()
            for region in summary.programme.regions.order_by("position")
            if region.office_id in counts
        }
    figures["results"] = _results(summary)
    return figures


def _results(summary: Summary) -> list[dict[str, Any]]:
    """Give what the municipalities reported, added up, from the reports that everybody may read.

    `value` is exact, as numerator and denominator; a summary is read by more than those who read the reports.
    """
    year = summary.reporting_year.year
    figures = roll_up(summary.programme, years=[year], public_only=True)
    found = []
    for definition in figures.definitions:
        cell = (
            figures.cell(definition, year, region=summary.region.code)
            if summary.region
            else figures.cell(definition, year)
        )
        if cell.value is not None:
            found.append(
                {
                    "code": definition.code,
                    "aggregation": definition.aggregation,
                    "title": definition.title,
                    "unit": definition.unit,
                    "value": [cell.value.numerator, cell.value.denominator],
                    "reported": cell.reported,
                    "expected": cell.expected,
                }
            )
    return found


def send_summary(
    *, summary: Summary, revision: int, actor: Visitor | None, now: dt.datetime
) -> Summary:
    """Send a summary up: its figures are kept as they stand, and what it asks for is asked, all at once.

    `revision` is that of the text which the sender saw.
    """
    today = timezone.localdate(now)
    with action("delivery.summary.send", actor=actor, now=now, about=summary) as event:
        locked = lock_summary(summary)
        check_may_send_summary(actor, locked, today)
        if locked.revision != revision:
            raise ChangedMeanwhile("delivery.summary_changed_before_sending")
        locked.figures = figures_now(locked)
        locked.state = SummaryState.SENT.value
        locked.sent_at = now
        locked.sent_by = actor if isinstance(actor, Person) else None
        locked.save(update_fields=["figures", "state", "sent_at", "sent_by"])
        matters = Matter.objects.select_for_update(no_key=True).filter(
            summary=locked, state=MatterState.PREPARED.value
        )
        event.details["matters"] = matters.update(
            state=MatterState.ASKED.value,
            asked_on=today,
            asked_by_person=locked.sent_by,
            addressed_to=locked.to_office,
        )
    return locked


def read_summary(*, summary: Summary, actor: Visitor | None, now: dt.datetime) -> Summary:
    """Say to the office that sent it that its summary has been read."""
    today = timezone.localdate(now)
    with action("delivery.summary.read", actor=actor, now=now, about=summary):
        locked = lock_summary(summary)
        check_may_read_summary(actor, locked, today)
        locked.state, locked.read_at = SummaryState.READ.value, now
        locked.save(update_fields=["state", "read_at"])
    return locked


def answer_summary(
    *, summary: Summary, answer: str, actor: Visitor | None, now: dt.datetime
) -> Summary:
    """Answer a summary in writing; the office that sent it sees the answer at once."""
    today = timezone.localdate(now)
    if not answer.strip():
        raise NotPossible("delivery.answer_is_empty")
    check_no_birth_number((FIELD_TEXT["answer"], answer))
    with action("delivery.summary.answer", actor=actor, now=now, about=summary):
        locked = lock_summary(summary)
        try:
            check_may_answer_summary(actor, locked, today)
        except NotPossible:
            if locked.state == SummaryState.ANSWERED:
                raise ChangedMeanwhile("delivery.summary_answered_meanwhile") from None
            raise
        locked.state, locked.answer, locked.answered_at = SummaryState.ANSWERED.value, answer, now
        locked.save(update_fields=["state", "answer", "answered_at"])
    return locked
