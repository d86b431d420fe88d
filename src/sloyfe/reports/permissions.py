"""Who may write, comment on and publish a report.

The evaluator alone writes and publishes what a round showed. The programme's own yearly report is made by
nasjonalt fagansvar and published by the owner.
"""

from __future__ import annotations

import datetime as dt

from sloyfe.accounts.models import Person
from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.models import ReportingYear
from sloyfe.fieldwork.models import Round
from sloyfe.fieldwork.permissions import is_evaluator_of
from sloyfe.programme.queries import Visitor, has_capacity
from sloyfe.programme.rules import Capacity
from sloyfe.reports.models import Report
from sloyfe.reports.rules import ReportState


def check_may_make(person: Visitor, round_: Round, on: dt.date) -> None:
    """Only the institute that runs the round makes a report of it."""
    if not is_evaluator_of(person, round_, on):
        raise NotAllowed("report.only_the_evaluator")


def check_may_make_of_year(person: Visitor, year: ReportingYear, on: dt.date) -> None:
    """Only nasjonalt fagansvar makes the programme's report of a year."""
    if not has_capacity(person, on, year.programme_id, Capacity.NATIONAL_LEAD):
        raise NotAllowed("report.only_the_national_lead")


def check_may_edit(person: Visitor, report: Report, on: dt.date) -> None:
    """A report is written until it is published, by whoever may make such a one."""
    if report.round is not None:
        check_may_make(person, report.round, on)
    elif report.reporting_year is not None:
        check_may_make_of_year(person, report.reporting_year, on)
    if report.state in (ReportState.PUBLISHED, ReportState.WITHDRAWN):
        raise NotPossible("report.published")


def check_may_publish(person: Visitor, report: Report, on: dt.date) -> None:
    """The evaluator publishes a round's report; the owner a year's, but never one that they made themselves."""
    if report.reporting_year is None:
        check_may_edit(person, report, on)
        return
    if not has_capacity(person, on, report.programme_id, Capacity.OWNER):
        raise NotAllowed("report.only_the_owner")
    if report.state in (ReportState.PUBLISHED, ReportState.WITHDRAWN):
        raise NotPossible("report.published")
    if isinstance(person, Person) and report.made_by_id == person.pk:
        raise NotAllowed("report.your_own")


def may_comment(person: Visitor, report: Report, on: dt.date) -> bool:
    """Tell whether a person may comment now: the client's project group, by the date."""
    return (
        report.state == ReportState.COMMENTING
        and (report.comments_by is None or on <= report.comments_by)
        and has_capacity(person, on, report.programme_id, Capacity.PROJECT_GROUP)
    )
