"""Filling in a yearly report, handing it over, sending it, and mending it until it is answered.

No actor is the loading of content: who may is asked only when somebody acts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action, continue_sitting
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.actions.report_letters import RECEIPT, queue_report_letters
from sloyfe.delivery.actions.results import write_results
from sloyfe.delivery.models import Meeting, YearlyReport
from sloyfe.delivery.permissions.reports import (
    check_can_be_sent,
    check_is_writable,
    check_may_fill_in,
    check_may_hand_over,
    check_may_send,
    check_may_take_back,
    check_report_move,
    side_that_writes,
)
from sloyfe.delivery.queries.reports import form_of_year, was_changed_since
from sloyfe.delivery.rules.agreements import MeetingState
from sloyfe.delivery.rules.reports import MENDABLE, SITTING, ReportState
from sloyfe.instruments.rules.answers import (
    Answers,
    FieldProblem,
    Value,
    check_complete,
    counted,
    merge,
)
from sloyfe.programme.queries import Visitor


class Incomplete(NotPossible):
    """Something is left or wrong; `problems` say what and on which page."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__("delivery.report_incomplete", count=len(problems))
        self.problems = problems


def lock_report(report: YearlyReport) -> YearlyReport:
    """Hold a report until the transaction ends, and give it as it stands now."""
    return (
        YearlyReport.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "municipality", "office", "reporting_year__form")
        .get(pk=report.pk)
    )


def _take(report: YearlyReport, answers: Answers) -> None:
    """Put answers in place of those that stand there; what has been changed no longer comes from elsewhere."""
    before = report.answers
    report.answers = dict(answers)
    report.sources = {
        item: source
        for item, source in report.sources.items()
        if item in answers and answers[item] == before.get(item)
    }
    report.revision += 1


def _complete(report: YearlyReport, answers: Answers) -> dict[str, Value]:
    """Give the answers that count, or refuse with all that is left."""
    form = form_of_year(report.reporting_year)
    problems = check_complete(form, answers)
    if problems:
        raise Incomplete(problems)
    return counted(form, answers)


def save_answers(
    *,
    report: YearlyReport,
    changes: Mapping[str, Value | None],
    revision: int,
    actor: Visitor | None,
    now: dt.datetime,
    page: Collection[str] | None = None,
    unasked: bool = False,
) -> YearlyReport:
    """Save what somebody changed on one page, all of it or nothing. Gives the report as it is now.

    `changes` are already checked. Raises ChangedMeanwhile when somebody has saved after `revision` was read:
    anything of the report, or anything of the `page` whose items are given.
    In a report that has been sent the figures made from it are written anew, and it must stay complete. That is
    never done `unasked`, while somebody still writes.
    What one person writes in one sitting is one event, however often it is saved.
    """
    today = timezone.localdate(now)
    if actor is not None:
        check_may_fill_in(actor, report, today)
    if not changes:
        return report
    with action("delivery.report.save", actor=actor, now=now, about=report) as event:
        locked = lock_report(report)
        side = None if actor is None else side_that_writes(actor, locked, today)
        check_is_writable(locked, side)
        if unasked and locked.stands in MENDABLE:
            raise NotPossible("delivery.report_sent_meanwhile")
        if locked.revision != revision and (
            page is None or was_changed_since(locked, revision, page)
        ):
            raise ChangedMeanwhile("delivery.report_changed_meanwhile")
        answers = merge(locked.answers, changes)
        fields = ["answers", "sources", "revision", "changed_at"]
        if locked.stands in MENDABLE:
            event.action = "delivery.report.mend"
            answers = _complete(locked, answers)
        else:
            continue_sitting(event, within=SITTING)
        if locked.stands is ReportState.EXPECTED:
            locked.state = ReportState.BEGUN.value
            fields.append("state")
        _take(locked, answers)
        locked.changed_at = now
        locked.save(update_fields=fields)
        if locked.stands in MENDABLE:
            write_results(locked, locked.answers)
    return locked


def hand_over(
    *, report: YearlyReport, meeting: Meeting, actor: Visitor | None, now: dt.datetime
) -> YearlyReport:
    """Hand a report over that the adviser filled in with the municipality in a meeting, so that it is confirmed."""
    today = timezone.localdate(now)
    if actor is not None:
        check_may_hand_over(actor, report, today)
    with action("delivery.report.hand_over", actor=actor, now=now, about=report):
        locked = lock_report(report)
        check_report_move(locked, ReportState.TO_CONFIRM)
        check_meeting(locked, meeting, {MeetingState.HELD, MeetingState.PLANNED})
        locked.state = ReportState.TO_CONFIRM.value
        locked.filled_in_at = meeting
        locked.revision += 1
        locked.save(update_fields=["state", "filled_in_at", "revision"])
    return locked


def check_meeting(report: YearlyReport, meeting: Meeting, wanted: set[MeetingState]) -> None:
    """Refuse a meeting that was with somebody else, or that does not stand as it must."""
    fits = (
        meeting.programme_id == report.programme_id
        and meeting.municipality_id == report.municipality_id
        and MeetingState(meeting.state) in wanted
    )
    if not fits:
        raise NotPossible("delivery.report_meeting_does_not_fit")


def take_back(*, report: YearlyReport, actor: Visitor | None, now: dt.datetime) -> YearlyReport:
    """Take back a report that was handed over, to write more in it."""
    if actor is not None:
        check_may_take_back(actor, report, timezone.localdate(now))
    with action("delivery.report.take_back", actor=actor, now=now, about=report):
        locked = lock_report(report)
        if locked.stands is not ReportState.TO_CONFIRM:
            check_report_move(locked, ReportState.BEGUN)
        locked.state = ReportState.BEGUN.value
        locked.revision += 1
        locked.save(update_fields=["state", "revision"])
    return locked


def send_report(
    *,
    report: YearlyReport,
    actor: Visitor | None,
    now: dt.datetime,
    revision: int | None = None,
    answers: Answers | None = None,
) -> YearlyReport:
    """Send a report: its state, its figures and the event are written together, or nothing is.

    `revision` is the one that was looked over; None leaves that unchecked, as where content is loaded.
    `answers` take the place of those that stand in the report, when they are given. Raises Incomplete where
    something is left, and ChangedMeanwhile where somebody saved after `revision` was read.
    Those who work in the municipality get a receipt, unless content is being loaded.
    """
    if actor is not None:
        check_may_send(actor, report, timezone.localdate(now))
    with action("delivery.report.send", actor=actor, now=now, about=report) as event:
        locked = lock_report(report)
        check_can_be_sent(locked)
        if revision is not None and locked.revision != revision:
            raise ChangedMeanwhile("delivery.report_changed_meanwhile")
        _take(locked, _complete(locked, locked.answers if answers is None else answers))
        locked.state = ReportState.SENT.value
        locked.sent_at = now
        locked.changed_at = now
        locked.sent_by = actor if isinstance(actor, Person) else None
        locked.save(
            update_fields=[
                "answers",
                "sources",
                "revision",
                "state",
                "sent_at",
                "changed_at",
                "sent_by",
            ]
        )
        write_results(locked, locked.answers)
        if actor is not None:
            event.details["letters"] = queue_report_letters(
                RECEIPT, locked.programme, [locked], now=now
            )
    return locked
