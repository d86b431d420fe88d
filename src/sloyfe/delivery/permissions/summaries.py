"""Who writes, sends, reads and answers a summary. Nobody reads or answers what they sent themselves.

A check without a person tests only whether anybody might: content is loaded without one.
"""

from __future__ import annotations

import datetime as dt

from sloyfe.accounts.models import Person
from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.models import Summary
from sloyfe.delivery.queries.offices import works_at
from sloyfe.delivery.queries.summaries import completeness_below, regions_not_answered
from sloyfe.delivery.rules.reports import YearState
from sloyfe.delivery.rules.summaries import SUMMARY_MOVES, SummaryState
from sloyfe.delivery.texts.summaries import SUMMARY_STATE_TEXT
from sloyfe.programme.queries import Visitor


def _check_move(summary: Summary, wanted: SummaryState) -> None:
    if wanted not in SUMMARY_MOVES[summary.stands]:
        raise NotPossible(
            "delivery.summary_cannot_move",
            state=SUMMARY_STATE_TEXT[summary.stands],
            wanted=SUMMARY_STATE_TEXT[wanted],
        )


def writes(person: Visitor, summary: Summary, on: dt.date) -> bool:
    """Tell whether a person works at the office that writes a summary."""
    return summary.office_id in works_at(person, summary.programme_id, on)


def receives(person: Visitor, summary: Summary, on: dt.date) -> bool:
    """Tell whether a person works at the office that a summary goes to."""
    return summary.to_office_id in works_at(person, summary.programme_id, on)


def check_may_write_summary(person: Visitor | None, summary: Summary, on: dt.date) -> None:
    """The office writes its summary, until it is sent."""
    if person is not None and not writes(person, summary, on):
        raise NotAllowed("delivery.only_the_office_writes", office=summary.office.name)
    if summary.state != SummaryState.DRAFT:
        raise NotPossible("delivery.summary_already_sent")


def check_may_send_summary(person: Visitor | None, summary: Summary, on: dt.date) -> None:
    """The office sends its summary when there is one, and all below it is answered or it is said why not."""
    if person is not None and not writes(person, summary, on):
        raise NotAllowed("delivery.only_the_office_sends", office=summary.office.name)
    _check_move(summary, SummaryState.SENT)
    if not summary.is_stored or not summary.overview.strip():
        raise NotPossible("delivery.summary_is_empty")
    year = summary.reporting_year
    if year.state == YearState.PLANNED:
        raise NotPossible("delivery.summary_year_not_open", year=year.year)
    below = completeness_below(summary)
    if not below.expected + below.excused:
        raise NotPossible("delivery.summary_stands_on_nothing", year=year.year)
    if summary.incomplete_why.strip():
        return
    if summary.is_national:
        regions = regions_not_answered(summary)
        if regions:
            raise NotPossible(
                "delivery.regions_not_answered", count=len(regions), regions=", ".join(regions[:6])
            )
        return
    if below.unanswered:
        raise NotPossible("delivery.reports_not_answered", count=below.unanswered)


def _check_receives(person: Visitor | None, summary: Summary, on: dt.date) -> None:
    if person is None:
        return
    sent_it = isinstance(person, Person) and summary.sent_by_id == person.pk
    if sent_it or writes(person, summary, on):
        raise NotAllowed("delivery.not_your_own_summary")
    if not receives(person, summary, on):
        raise NotAllowed("delivery.only_the_receiver_answers", office=summary.to_office.name)


def check_may_read_summary(person: Visitor | None, summary: Summary, on: dt.date) -> None:
    """The office that it went to says that it has been read."""
    _check_receives(person, summary, on)
    _check_move(summary, SummaryState.READ)


def check_may_answer_summary(person: Visitor | None, summary: Summary, on: dt.date) -> None:
    """The office that it went to answers it, once it has been read."""
    _check_receives(person, summary, on)
    _check_move(summary, SummaryState.ANSWERED)
