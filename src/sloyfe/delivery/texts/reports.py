"""Words for yearly reports, and a sentence for each action and refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.prefill import Source, SourceKind
from sloyfe.delivery.rules.reports import ReportState, YearState
from sloyfe.delivery.texts.municipality_year import REPORT_STATE_WORD

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

YEAR_STATE_TEXT: dict[YearState, Promise] = {
    YearState.PLANNED: _("planned"),
    YearState.OPEN: pgettext_lazy("the reporting", "open"),
    YearState.CLOSED: pgettext_lazy("the reporting", "closed"),
}
NOT_ANSWERED = _("Not answered")
# One word for each state, wherever it stands.
REPORT_STATE_TEXT: dict[ReportState, Promise] = REPORT_STATE_WORD
REPORT_STATE_COLOR: dict[ReportState, str] = {
    ReportState.EXPECTED: "neutral",
    ReportState.BEGUN: "info",
    ReportState.TO_CONFIRM: "warning",
    ReportState.SENT: "info",
    ReportState.RECEIVED: "info",
    ReportState.DISCUSSED: "info",
    ReportState.ANSWERED: "success",
    ReportState.CLOSED: "success",
    ReportState.EXCUSED: "neutral",
}
FIELD_TEXT: dict[str, StrPromise] = {
    "form": _("The form"),
    "year": _("The year reported on"),
    "opens_on": _("Opens"),
    "due_on": _("The municipalities send their reports by"),
    "answer_by": _("The regional offices answer by"),
    "summary_by": _("The regional offices send their summaries by"),
    "national_by": _("Nasjonalt fagansvar sends its summary by"),
    "answer": _("The answer to the municipality"),
    "reason": _("The reason"),
}


def source_text(source: Source) -> str:
    """Say where a value comes from that stood in the field before anybody wrote in it."""
    kind = source.get("from")
    if kind == SourceKind.LAST_REPORT:
        return gettext("From the report for %(year)s") % {"year": source.get("year")}
    if kind == SourceKind.PLAN:
        return gettext("From the action plan for %(year)s") % {"year": source.get("year")}
    if kind == SourceKind.NEEDS:
        return gettext("From needs that the municipality has said and that nobody has met yet")
    if kind == SourceKind.POPULATION:
        return gettext("From Statistics Norway’s population figures, %(day)s") % {
            "day": _written(str(source.get("on", "")))
        }
    if kind == SourceKind.AGREEMENT:
        return gettext("From the programme agreement")
    return ""


def _written(day: str) -> str:
    """Write a day that is kept as ISO text; one that cannot be read stands as it is."""
    try:
        return date_format(dt.date.fromisoformat(day), "DATE_FORMAT")
    except ValueError:
        return day


EVENTS: dict[str, str | Promise] = {
    "delivery.reporting.plan": _("The reporting of a year was planned: %(about)s."),
    "delivery.reporting.change": _("The reporting of a year was changed: %(about)s."),
    "delivery.reporting.open": _(
        "The reporting was opened: %(about)s. Reports expected: %(expected)s."
    ),
    "delivery.reporting.close": _("The reporting was closed: %(about)s."),
    "delivery.report.expect": _("A report was expected: %(about)s."),
    "delivery.report.save": _("A yearly report was written in: %(about)s."),
    "delivery.report.hand_over": _("The office handed a report over to be confirmed: %(about)s."),
    "delivery.report.take_back": _("The office took a report back to write in it: %(about)s."),
    "delivery.report.send": _("A yearly report was sent: %(about)s."),
    "delivery.report.mend": _("A yearly report was corrected after it was sent: %(about)s."),
    "delivery.report.receive": _("The office received a yearly report: %(about)s."),
    "delivery.report.discuss": _("A yearly report was discussed in a meeting: %(about)s."),
    "delivery.report.answer": _("The office answered a yearly report: %(about)s."),
    "delivery.report.mend_answer": _("The answer to a yearly report was corrected: %(about)s."),
    "delivery.report.close": _("A yearly report was closed: %(about)s."),
    "delivery.report.extend": _(
        "A municipality got a later day for its report: %(about)s, from %(old)s to %(new)s."
    ),
    "delivery.report.excuse": _("A municipality was excused from reporting: %(about)s."),
    "delivery.report.remind": _("A municipality was reminded of its report: %(about)s."),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {}
REFUSALS: dict[str, str | Promise] = {
    "delivery.only_lead_plans_reporting": _(
        "Only nasjonalt fagansvar plans, opens and closes the reporting of a year."
    ),
    "delivery.only_lead_or_office_expects": _(
        "Only nasjonalt fagansvar or the municipality’s own regional office asks one more municipality"
        " to report."
    ),
    "delivery.reporting_stands_otherwise": _(
        "The reporting is %(state)s, so this cannot be done now."
    ),
    "delivery.reporting_planned_already": _(
        "The reporting for %(year)s has been planned already. Change that one instead."
    ),
    "delivery.reporting_dates_in_wrong_order": _(
        "The days must follow each other: opens, reports, answers, regional summaries, national summary."
    ),
    "delivery.reporting_needs_reason": _(
        "The reports are due within a year, on a day that the year wheel does not say. Write why, so that those"
        " who report can be told."
    ),
    "delivery.reporting_form_not_released": _(
        "The form must be a released yearly report of this programme. Choose another one."
    ),
    "delivery.reporting_year_unknown": _("%(year)s is not a year that can be reported on here."),
    "delivery.reporting_opens_too_late": _(
        "The reports were due on %(day)s, which has passed. Set new days before you open."
    ),
    "delivery.reporting_nobody_expected": _(
        "No municipality has an agreement in force today, so nobody can be asked to report."
    ),
    "delivery.reporting_without_office": _(
        "These municipalities have an agreement, but lie in no region with an office: %(names)s. Put"
        " them in a region first, so that their reports are received."
    ),
    "delivery.report_expected_already": _("%(municipality)s has a report for this year already."),
    "delivery.report_without_agreement": _(
        "%(municipality)s has no agreement in force, so no report is expected from it."
    ),
    "delivery.report_cannot_move": _(
        "This cannot be done with the report as it is now: “%(state)s”. Open it again to see what can"
        " be done."
    ),
    "delivery.report_handed_over": _(
        "The municipality has the report now, to confirm it. Take it back if there is more to write."
    ),
    "delivery.only_the_municipality_mends": _(
        "The report has been sent. Only the municipality corrects it; ask it a question beside the field."
    ),
    "delivery.report_is_settled": _("The report is %(state)s, so nothing more is written in it."),
    "delivery.only_the_sides_report": _(
        "Only the municipality and its regional office write in the report."
    ),
    "delivery.only_its_office_treats": _(
        "Only the municipality’s own regional office does this with the report."
    ),
    "delivery.only_the_municipality_sends": _(
        "Only the municipality confirms and sends its report."
    ),
    "delivery.report_incomplete": _(
        "The report cannot be sent yet: %(count)s things are left. They are listed on the page where you look"
        " over the report."
    ),
    "delivery.report_number_too_large": _(
        "A number in the report is larger than can be right (“%(item)s”). Correct it, and send again."
    ),
    "delivery.nobody_answers_own_report": _(
        "Nobody answers a report that they sent or that comes from their own municipality."
    ),
    "delivery.report_not_awaited": _(
        "The report is %(state)s, so it needs neither a later day nor an excuse."
    ),
    "delivery.only_the_sides_ask": _(
        "Only the municipality and its regional office ask each other about the report."
    ),
    "delivery.report_not_sent_yet": _(
        "The report has not been sent yet. Questions are asked when it has come."
    ),
    "delivery.other_side_replies": _(
        "The side that did not ask the question replies to it, so it cannot be you."
    ),
    "delivery.asking_side_withdraws": _("Only the side that asked withdraws its question."),
    "delivery.question_withdrawn": _(
        "The question has been withdrawn, so nobody waits for a reply to it."
    ),
    "delivery.no_such_field": _("The form has no field “%(item)s”. Choose one from the report."),
    "delivery.report_changed_meanwhile": _(
        "Somebody else has changed the report since you opened this page."
    ),
    "delivery.report_sent_meanwhile": _(
        "The report has been sent, so it is not changed while you write. Press “Save and go on” to compare"
        " what you wrote with what was sent."
    ),
    "delivery.report_answer_changed_meanwhile": _(
        "Somebody else has written an answer since you opened the page. What you wrote is below: compare it with the answer as it is now, and save again if yours should stand."
    ),
    "delivery.report_answer_empty": _("Write an answer to the municipality."),
    "delivery.report_meeting_does_not_fit": _(
        "Choose a meeting that has been held with this municipality."
    ),
    "delivery.report_questions_open": _(
        "There are questions about the report without a reply. The one who was asked replies, or the one"
        " who asked withdraws the question, before the report is closed."
    ),
    "delivery.extension_not_later": _("The new day must be later than %(day)s, which holds now."),
    "delivery.extension_in_the_past": _("The new day must be today or later."),
    "delivery.extension_too_long": _(
        "The new day is more than a year after the one that holds now. Choose an earlier one."
    ),
    "delivery.report_says_why": _("Write the reason, so that the municipality can read it."),
}


def why_empty(item: str, not_chosen: Collection[str]) -> Promise:
    """Say why nothing stands after a question: nobody answered it, or its effort area was not chosen."""
    if item in not_chosen:
        return _("Not chosen: the area is neither in the agreement nor in the plan")
    return NOT_ANSWERED
