"""What waits and comes back with yearly reports: to write, to confirm, to receive, to answer."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sloyfe.accounts.models import Person
from sloyfe.comments.models import Comment
from sloyfe.delivery.models import ReportingYear, YearlyReport
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.queries.reports import with_all
from sloyfe.delivery.rules.reports import SENT_STATES, WRITABLE, ReportState, YearState
from sloyfe.home.queries.waiting.shapes import News, Waiting
from sloyfe.home.rules import NEWS_DAYS
from sloyfe.organisations.models import Affiliation
from sloyfe.programme.queries import programmes_where, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.ui.templatetags.ui import pick


def _municipalities(person: Person, on: dt.date) -> list[int]:
    return [
        role.organisation_id
        for role in roles_of(person, on)
        if role.capacity is Capacity.MUNICIPALITY
    ]


def _url(report: YearlyReport, name: str = "report") -> str:
    return reverse(
        f"delivery:{name}",
        args=[report.programme.slug, report.reporting_year.year, report.municipality.slug],
    )


def _words(report: YearlyReport) -> dict[str, object]:
    return {
        "municipality": report.municipality.name,
        "office": report.office.name,
        "year": report.reporting_year.year,
    }


def _reports_to_write(person: Person, today: dt.date) -> list[Waiting]:
    """A municipality is led to the report that it has not sent."""
    mine = _municipalities(person, today)
    if not mine:
        return []
    reports = with_all(
        YearlyReport.objects.filter(
            municipality__in=mine,
            state__in=[state.value for state in WRITABLE],
            reporting_year__state=YearState.OPEN.value,
        )
    )
    found = []
    for report in reports:
        confirms = report.stands is ReportState.TO_CONFIRM
        text = (
            _(
                "The yearly report for %(year)s is filled in. %(municipality)s confirms and sends it."
            )
            if confirms
            else _("%(municipality)s sends its yearly report for %(year)s.")
        )
        found.append(
            Waiting(
                text=text % _words(report),
                programme=pick(report.programme.title),
                label=_("Look over and send")
                if confirms
                else _("Go on with the report")
                if report.stands is ReportState.BEGUN
                else _("Fill in the report"),
                url=_url(report, "report_check" if confirms else "report_go_on"),
                due=report.due_on,
                is_late=report.due_on < today,
            )
        )
    return found


def _reports_to_treat(person: Person, today: dt.date) -> list[Waiting]:
    """An office is told how many reports wait to be received and answered, once for each year."""
    programmes = programmes_where(person, today, {Capacity.REGIONAL_OFFICE})
    if not programmes:
        return []
    reach = reach_of(person, today)
    wanted = [
        ReportState.SENT.value,
        ReportState.RECEIVED.value,
        ReportState.DISCUSSED.value,
    ]
    counts: dict[int, Counter[bool]] = {}
    for year_id, state in YearlyReport.objects.filter(
        Q(municipality__in=reach.region), programme__in=programmes, state__in=wanted
    ).values_list("reporting_year_id", "state"):
        counts.setdefault(year_id, Counter())[state == ReportState.SENT] += 1
    years = ReportingYear.objects.filter(pk__in=counts).select_related("programme")
    found = []
    for year in years:
        for is_new, number in counts[year.pk].items():
            if is_new:
                text = ngettext(
                    "%(number)s yearly report for %(year)s waits to be received.",
                    "%(number)s yearly reports for %(year)s wait to be received.",
                    number,
                )
            else:
                text = ngettext(
                    "%(number)s yearly report for %(year)s waits for an answer.",
                    "%(number)s yearly reports for %(year)s wait for an answer.",
                    number,
                )
            show = "mottak" if is_new else "svar"
            found.append(
                Waiting(
                    text=text % {"number": number, "year": year.year},
                    programme=pick(year.programme.title),
                    label=_("Receive") if is_new else _("Answer the reports"),
                    url=reverse("delivery:reporting")
                    + f"?program={year.programme.slug}&aar={year.year}&vis={show}",
                    due=year.answer_by,
                    is_late=year.answer_by < today,
                )
            )
    return found


def _questions_to_reply_to(person: Person, today: dt.date) -> list[Waiting]:
    """The side that was asked is told of the questions that have no reply, once for each report."""
    mine = set(_municipalities(person, today))
    reach = reach_of(person, today)
    offices = programmes_where(person, today, {Capacity.REGIONAL_OFFICE})
    if not (mine or offices):
        return []
    asked: dict[str, list[Comment]] = {}
    for comment in Comment.objects.unanswered().filter(about_kind=YearlyReport._meta.label_lower):
        asked.setdefault(comment.about_id, []).append(comment)
    if not asked:
        return []
    reports = with_all(
        YearlyReport.objects.filter(
            Q(municipality__in=mine) | Q(municipality__in=reach.region, programme__in=offices),
            pk__in=[int(pk) for pk in asked],
        )
    )
    works_at = set(
        Affiliation.objects.filter(
            person__in={comment.author_id for each in asked.values() for comment in each}
        ).values_list("person_id", "organisation_id")
    )
    found = []
    for report in reports:
        comments = asked[str(report.pk)]
        own = report.municipality_id in mine
        place = report.municipality_id
        number = sum(((each.author_id, place) not in works_at) is own for each in comments)
        if number:
            text = ngettext(
                "%(number)s question about the yearly report of %(municipality)s waits for a reply.",
                "%(number)s questions about the yearly report of %(municipality)s wait for a reply.",
                number,
            )
            found.append(
                Waiting(
                    text=text % {"number": number, **_words(report)},
                    programme=pick(report.programme.title),
                    label=_("Reply"),
                    url=_url(report),
                )
            )
    return found


WAITING: list[Callable[[Person, dt.date], list[Waiting]]] = [
    _reports_to_write,
    _reports_to_treat,
    _questions_to_reply_to,
]


def _came_back(person: Person, since: dt.date) -> list[News]:
    """What the office did with a municipality's report."""
    mine = _municipalities(person, since + NEWS_DAYS)
    if not mine:
        return []
    reports = with_all(
        YearlyReport.objects.filter(
            Q(received_at__date__gte=since) | Q(answered_at__date__gte=since),
            municipality__in=mine,
            state__in=[state.value for state in SENT_STATES],
        )
    )
    found = []
    for report in reports:
        at = report.answered_at or report.received_at
        if at is None:
            continue
        text = (
            _("%(office)s has answered the yearly report for %(year)s.")
            if report.answered_at
            else _("%(office)s has received the yearly report for %(year)s.")
        )
        found.append(News(text=text % _words(report), on=timezone.localdate(at), url=_url(report)))
    return found


NEWS: list[Callable[[Person, dt.date], list[News]]] = [_came_back]
