"""Who may write, comment on and publish a report. The evaluator alone publishes."""

from __future__ import annotations

import datetime as dt

from sloyfe.common.errors import NotAllowed, NotPossible
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


def check_may_edit(person: Visitor, report: Report, on: dt.date) -> None:
    """A report is written until it is published."""
    check_may_make(person, report.round, on)
    if report.state in (ReportState.PUBLISHED, ReportState.WITHDRAWN):
        raise NotPossible("report.published")


def may_comment(person: Visitor, report: Report, on: dt.date) -> bool:
    """Tell whether a person may comment now: the client's project group, by the date."""
    return (
        report.state == ReportState.COMMENTING
        and (report.comments_by is None or on <= report.comments_by)
        and has_capacity(person, on, report.programme_id, Capacity.PROJECT_GROUP)
    )
