"""What the office does with a report: receives it, asks, discusses it in a meeting, answers, closes.

No actor is the loading of content: who may is asked only when somebody acts.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action
from sloyfe.comments.actions import answer_comment, withdraw_comment, write_comment
from sloyfe.comments.models import Comment
from sloyfe.comments.rules import Outcome
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.actions.agreements import readable
from sloyfe.delivery.actions.case_letters import ANSWERED, QUESTION, queue_case_letters
from sloyfe.delivery.actions.reports.filling import check_meeting, lock_report
from sloyfe.delivery.models import Meeting, YearlyReport
from sloyfe.delivery.permissions.reports import (
    check_can_be_answered,
    check_may_answer_report,
    check_may_ask,
    check_may_close_report,
    check_may_discuss,
    check_may_receive,
    check_may_reply,
    check_may_withdraw,
    check_nothing_is_asked,
    check_report_move,
)
from sloyfe.delivery.queries.reports import form_of_year, wrote_for_municipality
from sloyfe.delivery.rules.agreements import MeetingState
from sloyfe.delivery.rules.reports import ReportState
from sloyfe.delivery.texts.reports import FIELD_TEXT
from sloyfe.programme.queries import Visitor

LONGEST_ANSWER = 8000


def receive_report(
    *, report: YearlyReport, actor: Visitor | None, now: dt.datetime
) -> YearlyReport:
    """Receive a report on behalf of the office. What the municipality sees is the office, not a person."""
    if actor is not None:
        check_may_receive(actor, report, timezone.localdate(now))
    with action("delivery.report.receive", actor=actor, now=now, about=report):
        locked = lock_report(report)
        check_report_move(locked, ReportState.RECEIVED)
        locked.state = ReportState.RECEIVED.value
        locked.received_at = now
        locked.save(update_fields=["state", "received_at"])
    return locked


def discuss_report(
    *, report: YearlyReport, meeting: Meeting, actor: Visitor | None, now: dt.datetime
) -> YearlyReport:
    """Say in which meeting a report was discussed with the municipality."""
    if actor is not None:
        check_may_discuss(actor, report, timezone.localdate(now))
    with action("delivery.report.discuss", actor=actor, now=now, about=report):
        locked = lock_report(report)
        check_report_move(locked, ReportState.DISCUSSED)
        check_meeting(locked, meeting, {MeetingState.HELD})
        locked.state = ReportState.DISCUSSED.value
        locked.discussed_at = meeting
        locked.save(update_fields=["state", "discussed_at"])
    return locked


def answer_report(
    *,
    report: YearlyReport,
    text: str,
    revision: int | None,
    actor: Visitor | None,
    now: dt.datetime,
) -> YearlyReport:
    """Answer a municipality's report in writing, or correct the answer until the report is closed.

    `revision` is that of the answer as it was read (None: unchecked, as where content is loaded). Raises
    ChangedMeanwhile when somebody has answered since.
    """
    if actor is not None:
        check_may_answer_report(actor, report, timezone.localdate(now))
    text = readable(text, FIELD_TEXT["answer"], LONGEST_ANSWER)
    if not text:
        raise NotPossible("delivery.report_answer_empty")
    with action("delivery.report.answer", actor=actor, now=now, about=report) as event:
        locked = lock_report(report)
        # Who was not quick enough is told that before anything else.
        if revision is not None and locked.answer_revision != revision:
            raise ChangedMeanwhile("delivery.report_answer_changed_meanwhile")
        check_can_be_answered(locked)
        if locked.stands is ReportState.ANSWERED:
            event.action = "delivery.report.mend_answer"
        else:
            locked.answered_at = now
        locked.state = ReportState.ANSWERED.value
        locked.answer = text
        locked.answer_revision += 1
        locked.save(update_fields=["state", "answer", "answer_revision", "answered_at"])
        if actor is not None and event.action == "delivery.report.answer":
            event.details["letters"] = queue_case_letters(
                ANSWERED, locked, locked.municipality, now=now
            )
    return locked


def close_report(*, report: YearlyReport, actor: Visitor | None, now: dt.datetime) -> YearlyReport:
    """Close an answered report. Refuses while a question about it has no reply."""
    if actor is not None:
        check_may_close_report(actor, report, timezone.localdate(now))
    with action("delivery.report.close", actor=actor, now=now, about=report):
        locked = lock_report(report)
        check_report_move(locked, ReportState.CLOSED)
        check_nothing_is_asked(locked)
        locked.state = ReportState.CLOSED.value
        locked.closed_at = now
        locked.save(update_fields=["state", "closed_at"])
    return locked


def ask_about_report(
    *, report: YearlyReport, item: str, text: str, actor: Person, now: dt.datetime
) -> Comment:
    """Ask the other side about one field of a report, or about all of it. The report keeps its state.

    The side that is asked gets a letter. Who sends the very same question again within some minutes has
    asked once.

    `item` is the field's code in the form; empty is the whole report.
    """
    check_may_ask(actor, report, timezone.localdate(now))
    if item and item not in form_of_year(report.reporting_year).by_item:
        raise NotPossible("delivery.no_such_field", item=item[:40].replace("\x00", ""))
    with transaction.atomic():
        lock_report(report)
        comment = write_comment(about=report, anchor=item, text=text, actor=actor, now=now)
        from_municipality = bool(wrote_for_municipality(report, [comment]))
        to = report.office if from_municipality else report.municipality
        queue_case_letters(QUESTION, report, to, now=now)
    return comment


def reply_about_report(
    *,
    report: YearlyReport,
    comment: Comment,
    text: str,
    actor: Person,
    now: dt.datetime,
    revision: int | None = None,
) -> Comment:
    """Reply to what the other side asked about a report, or correct the reply.

    `revision` is that of the reply as it was read, 0 where there was none (None: unchecked, as where
    content is loaded). Raises ChangedMeanwhile when somebody has replied since.
    """
    check_may_reply(actor, report, comment, timezone.localdate(now))
    return answer_comment(
        comment=comment,
        about=report,
        outcome=Outcome.FOLLOWED.value,
        answer=text,
        revision=revision,
        actor=actor,
        now=now,
    )


def withdraw_question(
    *, report: YearlyReport, comment: Comment, why: str, actor: Person, now: dt.datetime
) -> Comment:
    """Withdraw a question that nobody has replied to, with why: asked by mistake, or answered in a talk."""
    check_may_withdraw(actor, report, comment, timezone.localdate(now))
    return withdraw_comment(comment=comment, about=report, why=why, actor=actor, now=now)
