"""Who may do what with a yearly report: both sides write, the municipality alone sends, the office answers.

Nobody answers what they sent. An office acts for the municipalities that lie in its region today.
"""

from __future__ import annotations

import datetime as dt

from sloyfe.comments.models import Comment
from sloyfe.comments.rules import Outcome
from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.models import ReportingYear, YearlyReport
from sloyfe.delivery.permissions.agreements import is_municipality, is_office, sides_of
from sloyfe.delivery.queries.reports import wrote_for_municipality
from sloyfe.delivery.rules.agreements import Side
from sloyfe.delivery.rules.reports import (
    MENDABLE,
    REPORT_MOVES,
    SENT_STATES,
    WRITABLE,
    ReportState,
    YearState,
)
from sloyfe.delivery.texts.reports import REPORT_STATE_TEXT, YEAR_STATE_TEXT
from sloyfe.programme.queries import Visitor, has_capacity
from sloyfe.programme.rules import Capacity


def check_may_plan_year(person: Visitor, programme: int, on: dt.date) -> None:
    """Nasjonalt fagansvar plans the reporting of a year."""
    if not has_capacity(person, on, programme, Capacity.NATIONAL_LEAD):
        raise NotAllowed("delivery.only_lead_plans_reporting")


def check_year_is(year: ReportingYear, *wanted: YearState) -> None:
    """Refuse what a year's reporting does not allow where it stands."""
    state = YearState(year.state)
    if state not in wanted:
        raise NotPossible("delivery.reporting_stands_otherwise", state=YEAR_STATE_TEXT[state])


def check_may_open_year(person: Visitor, year: ReportingYear, on: dt.date) -> None:
    """Nasjonalt fagansvar opens what has been planned."""
    check_may_plan_year(person, year.programme_id, on)
    check_year_is(year, YearState.PLANNED)


def check_may_change_year(person: Visitor, year: ReportingYear, on: dt.date) -> None:
    """Nasjonalt fagansvar changes dates and form until the reporting is opened."""
    check_may_open_year(person, year, on)


def check_may_close_year(person: Visitor, year: ReportingYear, on: dt.date) -> None:
    """Nasjonalt fagansvar closes what has been open."""
    check_may_plan_year(person, year.programme_id, on)
    check_year_is(year, YearState.OPEN)


def check_may_expect(
    person: Visitor, year: ReportingYear, municipality: int | None, on: dt.date
) -> None:
    """Nasjonalt fagansvar, or the municipality's own office, asks one more municipality to report."""
    if has_capacity(person, on, year.programme_id, Capacity.NATIONAL_LEAD):
        return
    own = has_capacity(person, on, year.programme_id, Capacity.REGIONAL_OFFICE)
    if not own or (
        municipality is not None and not is_office(person, year.programme_id, municipality, on)
    ):
        raise NotAllowed("delivery.only_lead_or_office_expects")


def check_report_move(report: YearlyReport, wanted: ReportState) -> None:
    """Refuse a step that the report cannot take from where it stands."""
    if wanted not in REPORT_MOVES[report.stands]:
        raise NotPossible(
            "delivery.report_cannot_move",
            state=REPORT_STATE_TEXT[report.stands],
        )


def check_is_writable(report: YearlyReport, side: Side | None) -> None:
    """Refuse writing where the report stands; the office stops when it has handed over, the municipality when it is answered."""
    state = report.stands
    if state is ReportState.TO_CONFIRM and side is Side.OFFICE:
        raise NotPossible("delivery.report_handed_over")
    if state in WRITABLE or (state in MENDABLE and side is not Side.OFFICE):
        return
    if state in MENDABLE:
        raise NotPossible("delivery.only_the_municipality_mends")
    raise NotPossible("delivery.report_is_settled", state=REPORT_STATE_TEXT[state])


def side_that_writes(person: Visitor, report: YearlyReport, on: dt.date) -> Side:
    """Give the side on which a person writes in a report, or refuse."""
    sides = sides_of(person, report, on)
    if not sides:
        raise NotAllowed("delivery.only_the_sides_report")
    return Side.MUNICIPALITY if Side.MUNICIPALITY in sides else Side.OFFICE


def check_may_fill_in(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """The municipality fills in its report, or its adviser at the office does in the meeting."""
    check_is_writable(report, side_that_writes(person, report, on))


def check_is_its_office(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """Only the regional office of the municipality does this."""
    if not is_office(person, report.programme_id, report.municipality_id, on):
        raise NotAllowed("delivery.only_its_office_treats")


def check_may_hand_over(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """The office hands over what it has filled in, so that the municipality confirms it."""
    check_is_its_office(person, report, on)
    check_report_move(report, ReportState.TO_CONFIRM)


def check_may_take_back(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """The office takes back what it handed over, to write more in it."""
    check_is_its_office(person, report, on)
    if report.stands is not ReportState.TO_CONFIRM:
        check_report_move(report, ReportState.BEGUN)


def check_may_send(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """Only the municipality sends its report, also when the adviser has filled it in."""
    if not is_municipality(person, report.programme_id, report.municipality_id, on):
        raise NotAllowed("delivery.only_the_municipality_sends")
    check_can_be_sent(report)


def check_can_be_sent(report: YearlyReport) -> None:
    """A report is sent once; one in which nobody has written may be sent too, if nothing is missing."""
    if report.stands not in WRITABLE:
        check_report_move(report, ReportState.SENT)


def check_may_receive(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """The office receives what has been sent to it."""
    check_is_its_office(person, report, on)
    check_report_move(report, ReportState.RECEIVED)


def check_may_discuss(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """The office says in which meeting the report was discussed."""
    check_is_its_office(person, report, on)
    check_report_move(report, ReportState.DISCUSSED)


def check_may_answer_report(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """The office answers, and nobody who sent the report or works in the municipality."""
    check_is_its_office(person, report, on)
    own = is_municipality(person, report.programme_id, report.municipality_id, on)
    if own or (report.sent_by_id is not None and report.sent_by_id == person.pk):
        raise NotAllowed("delivery.nobody_answers_own_report")
    check_can_be_answered(report)


def check_can_be_answered(report: YearlyReport) -> None:
    """A received report is answered; the answer may be mended until the report is closed."""
    if report.stands is not ReportState.ANSWERED:
        check_report_move(report, ReportState.ANSWERED)


def check_may_close_report(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """The office closes what it has answered, when nothing asked is left without an answer."""
    check_is_its_office(person, report, on)
    check_report_move(report, ReportState.CLOSED)
    check_nothing_is_asked(report)


def check_nothing_is_asked(report: YearlyReport) -> None:
    """A report is not closed while a question about it has no reply and is not withdrawn."""
    if Comment.objects.about(report).unanswered().exists():
        raise NotPossible("delivery.report_questions_open")


def check_may_extend(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """The office gives a later day."""
    check_is_its_office(person, report, on)
    check_is_awaited(report)


def check_is_awaited(report: YearlyReport) -> None:
    """Only a report that has not been sent gets a later day, or is excused."""
    if report.stands not in WRITABLE:
        raise NotPossible("delivery.report_not_awaited", state=REPORT_STATE_TEXT[report.stands])


def check_may_excuse(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """The office excuses a municipality from reporting."""
    check_is_its_office(person, report, on)
    check_is_awaited(report)


def check_may_ask(person: Visitor, report: YearlyReport, on: dt.date) -> None:
    """The two sides ask each other about what has been sent."""
    if not sides_of(person, report, on):
        raise NotAllowed("delivery.only_the_sides_ask")
    if report.stands not in SENT_STATES:
        raise NotPossible("delivery.report_not_sent_yet")
    if report.stands is ReportState.CLOSED:
        raise NotPossible("delivery.report_is_settled", state=REPORT_STATE_TEXT[report.stands])


def check_may_reply(person: Visitor, report: YearlyReport, comment: Comment, on: dt.date) -> None:
    """The side that did not ask replies."""
    check_may_ask(person, report, on)
    if comment.outcome == Outcome.WITHDRAWN:
        raise NotPossible("delivery.question_withdrawn")
    from_municipality = comment.author_id in wrote_for_municipality(report, [comment])
    wanted = Side.OFFICE if from_municipality else Side.MUNICIPALITY
    if wanted not in sides_of(person, report, on) or comment.author_id == person.pk:
        raise NotAllowed("delivery.other_side_replies")


def check_may_withdraw(
    person: Visitor, report: YearlyReport, comment: Comment, on: dt.date
) -> None:
    """The side that asked withdraws its question, whoever there asked it."""
    check_may_ask(person, report, on)
    from_municipality = comment.author_id in wrote_for_municipality(report, [comment])
    if (Side.MUNICIPALITY if from_municipality else Side.OFFICE) not in sides_of(
        person, report, on
    ):
        raise NotAllowed("delivery.asking_side_withdraws")
    if comment.is_answered:
        raise NotPossible("comments.answered_already")
