"""One municipality's report: where it stands, what it says, what was asked and answered, what it led to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sloyfe.audit.models import Event
from sloyfe.audit.queries import earlier_texts
from sloyfe.comments.models import Comment
from sloyfe.comments.rules import Outcome
from sloyfe.delivery.models import Decision, Matter, Summary, YearlyReport
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.permissions import reports as permissions
from sloyfe.delivery.permissions.agreements import sides_of
from sloyfe.delivery.queries.reports import (
    other_years,
    questions_on,
    wrote_for_municipality,
)
from sloyfe.delivery.rules.agreements import Side
from sloyfe.delivery.rules.reports import (
    MENDABLE,
    TIME_ITEM,
    WRITABLE,
    ReportState,
)
from sloyfe.delivery.rules.steering import MatterState
from sloyfe.delivery.rules.summaries import SummaryState
from sloyfe.delivery.texts.reports import (
    REPORT_STATE_COLOR,
    REPORT_STATE_TEXT,
    source_text,
)
from sloyfe.delivery.views.agreements import day
from sloyfe.delivery.views.reports.beside import readers_of
from sloyfe.delivery.views.reports.filling import resume
from sloyfe.delivery.views.reports.place import (
    ReportPlace,
    label_of,
    parts_of,
    report_place,
    was_sent,
)
from sloyfe.instruments.rules.answers import answered_count
from sloyfe.ui.components import Button, Step
from sloyfe.ui.refusals import refusal_text

# The way of a report as people see it; what lies between two of them is told in words.
_WAY = (
    ReportState.BEGUN,
    ReportState.SENT,
    ReportState.RECEIVED,
    ReportState.DISCUSSED,
    ReportState.ANSWERED,
    ReportState.CLOSED,
)


def _steps(place: ReportPlace) -> list[Step]:
    report = place.report
    if report.stands is ReportState.EXCUSED:
        return []
    stands = ReportState.BEGUN if report.stands in WRITABLE else report.stands
    now = _WAY.index(stands)
    skipped = report.discussed_at_id is None and now > _WAY.index(ReportState.DISCUSSED)
    labels = {
        ReportState.BEGUN: _("Filled in")
        if report.stands not in WRITABLE
        else _("Being filled in"),
        ReportState.SENT: _("Sent"),
        ReportState.RECEIVED: _("Received"),
        ReportState.DISCUSSED: _("Talked through"),
        ReportState.ANSWERED: _("Answered"),
        ReportState.CLOSED: _("Closed"),
    }
    days = {
        ReportState.BEGUN: "",
        ReportState.SENT: _local(report.sent_at),
        ReportState.RECEIVED: _local(report.received_at),
        ReportState.DISCUSSED: day(report.discussed_at.on) if report.discussed_at else "",
        ReportState.ANSWERED: _local(report.answered_at),
        ReportState.CLOSED: _local(report.closed_at),
    }
    steps = []
    for at, state in enumerate(_WAY):
        if state is ReportState.DISCUSSED and skipped:
            continue
        where = (
            "done" if at < now or stands is ReportState.CLOSED else "now" if at == now else "next"
        )
        steps.append(Step(labels[state], where, days[state]))
    return steps


def _local(at: dt.datetime | None) -> str:
    return day(timezone.localdate(at)) if at else ""


def _answer(place: ReportPlace, today: dt.date) -> str:
    """Say in a sentence where the report stands and who has it now."""
    report = place.report
    names = {
        "municipality": place.municipality.name,
        "office": report.office.name,
        "due": day(report.due_on),
        "answer_by": day(report.reporting_year.answer_by),
        "sent": _local(report.sent_at),
        "received": _local(report.received_at),
        "answered": _local(report.answered_at),
    }
    state = report.stands
    if state is ReportState.EXCUSED:
        return _excused(report, names)
    if state is ReportState.TO_CONFIRM:
        return (
            _("The report is filled in. %(municipality)s looks over it and sends it by %(due)s.")
            % names
        )
    if state in WRITABLE and report.due_on < today:
        return _("The report from %(municipality)s was due on %(due)s.") % names
    if state in WRITABLE:
        return _("%(municipality)s sends the report by %(due)s.") % names
    if state is ReportState.SENT:
        return (
            _("%(municipality)s sent the report on %(sent)s. %(office)s has not received it yet.")
            % names
        )
    if state in MENDABLE:
        return (
            _("%(office)s received the report on %(received)s and answers by %(answer_by)s.")
            % names
        )
    return _("%(office)s answered the report on %(answered)s.") % names


def _excused(report: YearlyReport, names: dict[str, str]) -> str:
    """Say who excused the municipality and when; where its own end did, nobody is named."""
    event = (
        Event.objects.filter(
            action="delivery.report.excuse",
            about_kind=report._meta.label_lower,
            about_id=str(report.pk),
        )
        .order_by("happened_at")
        .last()
    )
    if event is None or event.actor_id is None:
        return _("No report is expected from %(municipality)s for this year.") % names
    return _("%(office)s excused %(municipality)s from this report on %(day)s.") % {
        **names,
        "day": _local(event.happened_at),
    }


def _buttons(
    request: HttpRequest, place: ReportPlace, sides: frozenset[Side], today: dt.date
) -> list[Button]:
    report, user = place.report, request.user
    state = report.stands
    buttons: list[Button] = []
    if Side.MUNICIPALITY in sides:
        buttons += _for_municipality(place)
    if Side.OFFICE not in sides:
        return buttons
    if state is ReportState.TO_CONFIRM:
        buttons.append(
            Button(
                _("Take it back and write more"), place.url("report_take_back"), variant="secondary"
            )
        )
    elif state in WRITABLE and Side.MUNICIPALITY not in sides:
        buttons.append(
            Button(
                _("Fill in with the municipality"),
                resume(place),
                method="get",
                variant="secondary",
            )
        )
    if state in WRITABLE:
        buttons += [
            Button(
                _("Give more time"), place.url("report_extend"), method="get", variant="secondary"
            ),
            Button(
                _("Excuse from reporting"),
                place.url("report_excuse"),
                method="get",
                variant="tertiary",
            ),
        ]
    if state is ReportState.SENT:
        buttons.append(Button(_("Receive the report"), place.url("report_receive")))
    if state in (ReportState.RECEIVED, ReportState.DISCUSSED):
        why = refusal_text(permissions.check_may_answer_report, user, report, today)
        buttons.append(Button(_("Write the answer"), place.url("report_answer"), why, method="get"))
    if state is ReportState.RECEIVED:
        buttons.append(
            Button(
                _("It was talked through in a meeting"),
                place.url("report_discuss"),
                method="get",
                variant="secondary",
            )
        )
    if state is ReportState.ANSWERED:
        buttons += [
            Button(
                _("Close the report"),
                place.url("report_close"),
                refusal_text(permissions.check_may_close_report, user, report, today),
            ),
            Button(
                _("Correct the answer"),
                place.url("report_answer"),
                method="get",
                variant="secondary",
            ),
        ]
    return buttons


def _for_municipality(place: ReportPlace) -> list[Button]:
    state = place.report.stands
    if state is ReportState.TO_CONFIRM:
        return [Button(_("Look over and send"), place.url("report_check"), method="get")]
    if state is ReportState.EXPECTED:
        return [Button(_("Fill in the report"), resume(place), method="get")]
    if state is ReportState.BEGUN:
        return [
            Button(_("Go on where you left off"), resume(place), method="get"),
            Button(
                _("Look over and send"),
                place.url("report_check"),
                method="get",
                variant="secondary",
            ),
        ]
    return []


def _questions(
    place: ReportPlace, comments: list[Comment], sides: frozenset[Side], person: Any
) -> dict[str, list[dict[str, Any]]]:
    """Give the questions by the field that they are about, each with the way to reply for who may."""
    ours = wrote_for_municipality(place.report, comments)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    names = {
        Side.MUNICIPALITY: place.municipality.name,
        Side.OFFICE: place.report.office.name,
    }
    known = set(place.form.by_item)
    corrected = earlier_texts([each for each in comments if each.answer_revision > 1], "answer")
    for comment in comments:
        asks = Side.MUNICIPALITY if comment.author_id in ours else Side.OFFICE
        replies = Side.OFFICE if asks is Side.MUNICIPALITY else Side.MUNICIPALITY
        may = (
            replies in sides
            and comment.author_id != person.pk
            and place.report.stands is not ReportState.CLOSED
        )
        withdrawn = comment.outcome == Outcome.WITHDRAWN
        may = may and not withdrawn
        takes_back = (
            asks in sides
            and not comment.is_answered
            and place.report.stands is not ReportState.CLOSED
        )
        found[comment.anchor if comment.anchor in known else ""].append(
            {
                "comment": comment,
                "withdrawn": withdrawn,
                "earlier": corrected.get(comment.pk, []),
                "withdraw": place.url("report_withdraw", comment.pk) if takes_back else "",
                "asks": names[asks],
                "replies": names[replies],
                "url": place.url("report_reply", comment.pk) if may else "",
            }
        )
    return found


def _led_to(place: ReportPlace, person: Any, today: dt.date) -> list[dict[str, Any]]:
    """Give what the report led to, as far as the reader may see it: the summary above it, matters, decisions."""
    report = place.report
    found: list[dict[str, Any]] = []
    summary = (
        Summary.objects.visible_to(person, today)
        .filter(reporting_year=report.reporting_year, office=report.office, region__isnull=False)
        .exclude(state=SummaryState.DRAFT.value)
        .select_related("region", "to_office")
        .first()
    )
    if summary is not None:
        found.append(
            {
                "text": _("It is part of the summary that %(office)s sent to %(to)s on %(day)s.")
                % {
                    "office": report.office.name,
                    "to": summary.to_office.name,
                    "day": _local(summary.sent_at),
                },
                "url": reverse(
                    "delivery:summary",
                    args=[place.programme.slug, report.reporting_year.year, summary.region.code],
                )
                if summary.region
                else "",
                "words": summary.answer,
                "said_by": summary.to_office.name if summary.answer else "",
            }
        )
    matters = list(
        Matter.objects.visible_to(person, today)
        .filter(
            Q(reports=report) | Q(summary=summary.pk if summary else None, summary__isnull=False)
        )
        .exclude(state=MatterState.PREPARED.value)
        .distinct()
        .select_related("addressed_to")
        .order_by("asked_on", "pk")
    )
    decisions: dict[int, list[Decision]] = defaultdict(list)
    if matters:
        for decision in Decision.objects.filter(matter__in=matters).order_by("decided_on"):
            if decision.matter_id is not None:
                decisions[decision.matter_id].append(decision)
    for matter in matters:
        asked = {"office": matter.addressed_to.name, "title": matter.title}
        if matter.state == MatterState.ANSWERED:
            text = _("%(office)s has answered the matter “%(title)s”.") % asked
        else:
            text = _("The matter “%(title)s” has been put to %(office)s.") % asked
        found.append(
            {
                "text": text,
                "words": matter.answer,
                "decisions": [
                    {"text": each.text, "day": day(each.decided_on)}
                    for each in decisions[matter.pk]
                ],
            }
        )
    return found


@require_GET
def report_page(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponse:
    """Where does the report stand, what does it say, and what came back?"""
    place = report_place(request, programme, year, municipality)
    report, today = place.report, timezone.localdate()
    sides = sides_of(request.user, report, today)
    inside = bool(sides) or report.programme_id in reach_of(request.user, today).inside
    comments = questions_on(report) if inside else []
    questions = _questions(place, comments, sides, request.user)
    may_ask = not refusal_text(permissions.check_may_ask, request.user, report, today)
    may_mend = Side.MUNICIPALITY in sides and report.stands in MENDABLE
    sent = was_sent(report)
    parts = parts_of(place)
    for part in parts:
        part["url"] = place.url("report_page", part["code"]) if may_mend else ""
        for question in part["questions"]:
            # How long it took is told of five or more together, and never of one.
            question["lines"] = [
                line
                | {
                    "source": source_text(report.sources.get(line["item"], {})) if not sent else "",
                    "questions": questions.get(line["item"], []),
                    # The municipality asks about the whole; the office about what it reads.
                    "ask": f"{place.url('report_ask')}?felt={line['item']}"
                    if may_ask and Side.OFFICE in sides
                    else "",
                }
                for line in question["lines"]
                if line["item"] != TIME_ITEM or Side.MUNICIPALITY in sides
            ]
        part["questions"] = [question for question in part["questions"] if question["lines"]]
    answered, asked = answered_count(place.form, report.answers)
    context = {
        "place": place,
        "report": report,
        "year": report.reporting_year,
        "title": place.title,
        "answer": _answer(place, today),
        "state": REPORT_STATE_TEXT[report.stands],
        "color": REPORT_STATE_COLOR[report.stands],
        "steps": _steps(place),
        "buttons": _buttons(request, place, sides, today),
        "sides": bool(sides),
        "own": Side.MUNICIPALITY in sides,
        "sent": sent,
        "writable": report.stands in WRITABLE,
        "readers": readers_of(place),
        "is_late": report.stands in WRITABLE and report.due_on < today,
        "may_mend": may_mend,
        # To those who wrote it the page is a receipt; what it says is there to open.
        "folded": sent and Side.MUNICIPALITY in sides and not questions,
        "was_mended": sent
        and report.changed_at is not None
        and report.sent_at is not None
        and report.changed_at > report.sent_at,
        "answer_earlier": earlier_texts([report], "answer").get(report.pk, [])
        if report.answer_revision > 1
        else [],
        "extensions": [] if report.stands is ReportState.EXCUSED else list(report.extensions.all()),
        "parts": [part for part in parts if part["questions"]],
        "answered": answered,
        "asked": asked,
        "prefilled": len(report.sources),
        "general": questions.get("", []),
        "ask": place.url("report_ask") if may_ask else "",
        "open_questions": [
            (label_of(place, comment.anchor), comment)
            for comment in comments
            if not comment.is_answered
        ],
        "led_to": _led_to(place, request.user, today) if sent else [],
        "other_years": [
            (
                each,
                reverse(
                    "delivery:report", args=[place.programme.slug, each, place.municipality.slug]
                ),
            )
            for each in other_years(report, request.user, today)
        ],
        "fields": reverse("delivery:report_fields", args=[place.programme.slug]),
        "document": report if inside else None,
        "home": reverse(
            "delivery:municipality_year", args=[place.programme.slug, place.municipality.slug]
        ),
        "crumbs": place.crumbs(),
        "programme": place.programme,
        "is_simulated": place.municipality.is_simulated,
    }
    return render(request, "delivery/reports/report.html", context)
