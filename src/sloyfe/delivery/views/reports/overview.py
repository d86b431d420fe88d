"""Where the reports of a year stand, and what each field of the report is for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sloyfe.delivery.models import ReportingYear
from sloyfe.delivery.models.visible import INSIDE, reach_of
from sloyfe.delivery.permissions import reports as permissions
from sloyfe.delivery.queries.municipality_year import ladder_of
from sloyfe.delivery.queries.reports import (
    ReportLine,
    by_region,
    lines_of,
    newest_report_of,
    report_forms,
    time_used,
    year_to_show,
    years_of,
)
from sloyfe.delivery.rules.agreements import Side
from sloyfe.delivery.rules.municipality_year import Ladder
from sloyfe.delivery.rules.reports import (
    WRITABLE,
    ReportState,
    YearState,
    completeness,
)
from sloyfe.delivery.texts.municipality_year import NEXT_TEXT, RUNG_TEXT
from sloyfe.delivery.texts.reports import (
    REPORT_STATE_COLOR,
    REPORT_STATE_TEXT,
    YEAR_STATE_TEXT,
)
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules.answers import piped, read_form
from sloyfe.instruments.rules.definitions import QuestionKind
from sloyfe.instruments.rules.pages import worded
from sloyfe.instruments.rules.purposes import Prefill
from sloyfe.instruments.texts import PREFILLS
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import programmes_where, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.ui.components import Button, Crumb
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.templatetags.ui import pick

# What waits for whom, in the order of the filter.
_ALL, _LATE, _TO_RECEIVE, _TO_ANSWER, _QUESTIONS = "", "forsinket", "mottak", "svar", "sporsmal"
_TO_CLOSE = "lukk"


@require_GET
def reporting(request: HttpRequest) -> HttpResponseBase:
    """Where do the reports stand? A municipality is led to its own."""
    today = timezone.localdate()
    programmes = programmes_where(request.user, today, INSIDE)
    if not programmes:
        return _own_report(request, today)
    years = years_of(programmes)
    wanted = (request.GET.get("program", ""), request.GET.get("aar", ""))
    chosen = year_to_show(
        [
            year
            for year in years
            if wanted[0] in ("", year.programme.slug) and wanted[1] in ("", str(year.year))
        ]
    )
    context: dict[str, Any] = {
        "years": [
            (_name(year), _at(year), year == chosen)
            for year in years
            if chosen is None or year.programme_id == chosen.programme_id
        ],
        "programmes": _programmes(years, chosen),
        "plans": _plans(request, programmes, today),
        "crumbs": [],
    }
    if chosen is None:
        context["shown_programmes"] = Programme.objects.filter(pk__in=programmes)
        return render(request, "delivery/reports/overview.html", context)
    request.programme = chosen.programme  # type: ignore[attr-defined]
    context |= _of_year(request, chosen, today)
    return render(request, "delivery/reports/overview.html", context)


def _own_report(request: HttpRequest, today: dt.date) -> HttpResponseBase:
    own = {
        role.organisation_id
        for role in roles_of(request.user, today)
        if role.capacity is Capacity.MUNICIPALITY
    }
    if not own:
        raise Http404
    newest = newest_report_of(own)
    if newest is None:
        context = {
            "crumbs": [],
            "shown_programmes": Programme.objects.filter(
                pk__in=programmes_where(request.user, today, {Capacity.MUNICIPALITY})
            ),
            "here": reverse("delivery:reporting"),
        }
        return render(request, "delivery/reports/none.html", context)
    return redirect(
        "delivery:report",
        newest.programme.slug,
        newest.reporting_year.year,
        newest.municipality.slug,
    )


def _name(year: ReportingYear) -> str:
    if year.state == YearState.PLANNED:
        return _("%(year)s, planned") % {"year": year.year}
    return str(year.year)


def _at(year: ReportingYear, show: str = "") -> str:
    query = f"?program={year.programme.slug}&aar={year.year}" + (f"&vis={show}" if show else "")
    return reverse("delivery:reporting") + query


def _programmes(
    years: list[ReportingYear], chosen: ReportingYear | None
) -> list[tuple[Programme, str, bool]]:
    found: dict[int, tuple[Programme, str, bool]] = {}
    for year in years:
        here = chosen is not None and chosen.programme_id == year.programme_id
        found.setdefault(year.programme_id, (year.programme, _at(year), here))
    return list(found.values()) if len(found) > 1 else []


def _plans(request: HttpRequest, programmes: set[int], today: dt.date) -> list[Button]:
    lead = {
        role.programme_slug
        for role in roles_of(request.user, today)
        if role.capacity is Capacity.NATIONAL_LEAD
    }
    return [
        Button(
            _("Plan the reporting of a year"),
            reverse("delivery:plan_reporting", args=[slug]),
            method="get",
            variant="secondary",
        )
        for slug in sorted(lead)
    ]


def _of_year(request: HttpRequest, year: ReportingYear, today: dt.date) -> dict[str, Any]:
    reach = reach_of(request.user, today)
    above = year.programme_id in reach.above
    lines = lines_of(year, request.user, today)
    counts = completeness(line.state for line in lines)
    groups = {
        _ALL: (_("All"), lines),
        _LATE: (_("Late"), [line for line in lines if line.is_late(today)]),
        _TO_RECEIVE: (
            _("Wait to be received"),
            [line for line in lines if line.state is ReportState.SENT],
        ),
        _TO_ANSWER: (
            _("Wait for an answer"),
            [line for line in lines if line.state in (ReportState.RECEIVED, ReportState.DISCUSSED)],
        ),
        _QUESTIONS: (
            _("With a question that has no reply"),
            [line for line in lines if line.open_questions],
        ),
        _TO_CLOSE: (
            _("Ready to be closed"),
            [
                line
                for line in lines
                if line.state is ReportState.ANSWERED and not line.open_questions
            ],
        ),
    }
    shown = request.GET.get("vis", "")
    if shown not in groups:
        shown = _ALL
    ladders = (
        {}
        if above
        else ladder_of(year.programme_id, [line.municipality_id for line in lines], today)
    )
    return {
        "year": year,
        "programme": year.programme,
        "shown_programmes": [year.programme],
        "here": f"{reverse('delivery:reporting')}?program={year.programme.slug}",
        "state": YEAR_STATE_TEXT[YearState(year.state)],
        "is_planned": year.state == YearState.PLANNED,
        "answer": _answer(year, counts.sent, counts.expected, len(groups[_LATE][1])),
        "counts": counts,
        "regions": by_region(year, lines, today) if above else [],
        "filters": [
            (label, len(found), _at(year, key), key == shown)
            for key, (label, found) in groups.items()
            if found or key == _ALL
        ],
        "rows": [_row(year, line, ladders, today) for line in groups[shown][1]],
        "has_ladder": bool(ladders),
        "has_office": above,
        "minutes": time_used(year) if above else None,
        "buttons": _buttons(request, year, today),
        "fields": reverse("delivery:report_fields", args=[year.programme.slug]),
        "summaries": reverse("delivery:summaries", args=[year.programme.slug, year.year]),
        "archive": reverse("delivery:archive_year", args=[year.programme.slug, year.year]),
    }


def _answer(year: ReportingYear, sent: int, expected: int, late: int) -> str:
    if year.state == YearState.PLANNED:
        return _("The reporting is planned, and nobody has been asked to report yet.")
    text = ngettext(
        "%(sent)s of %(expected)s report has been sent.",
        "%(sent)s of %(expected)s reports have been sent.",
        expected,
    ) % {"sent": sent, "expected": expected}
    if late:
        text += " " + ngettext("%(late)s is late.", "%(late)s are late.", late) % {"late": late}
    return text


def _row(
    year: ReportingYear, line: ReportLine, ladders: dict[int, Ladder], today: dt.date
) -> dict[str, Any]:
    ladder = ladders.get(line.municipality_id)
    return {
        "line": line,
        "url": reverse("delivery:report", args=[year.programme.slug, year.year, line.slug]),
        "place": reverse("delivery:municipality_year", args=[year.programme.slug, line.slug]),
        "state": REPORT_STATE_TEXT[line.state],
        "color": REPORT_STATE_COLOR[line.state],
        "is_late": line.is_late(today),
        "excused": line.state is ReportState.EXCUSED,
        "waits": _waits(line),
        "rung": (RUNG_TEXT[ladder.now] if ladder.now else _("all the steps")) if ladder else "",
        "next": NEXT_TEXT[ladder.next_step]
        % {"municipality": line.municipality, "office": _("the regional office")}
        if ladder
        else "",
    }


def _waits(line: ReportLine) -> str:
    """Say who has the report now."""
    if line.state is ReportState.EXCUSED or line.state is ReportState.CLOSED:
        return "–"
    asked = line.asks_municipality and line.open_questions == line.asks_municipality
    side = Side.MUNICIPALITY if line.state in WRITABLE or asked else Side.OFFICE
    return _("the municipality") if side is Side.MUNICIPALITY else _("the office")


def _buttons(request: HttpRequest, year: ReportingYear, today: dt.date) -> list[Button]:
    user, args = request.user, [year.programme.slug, year.year]
    found = []
    if not refusal_text(permissions.check_may_open_year, user, year, today):
        found += [
            Button(
                _("Open the reporting and write to the municipalities"),
                reverse("delivery:open_reporting", args=args),
            ),
            Button(
                _("Change form and days"),
                reverse("delivery:change_reporting", args=args),
                method="get",
                variant="secondary",
            ),
        ]
    if year.state == YearState.OPEN and not refusal_text(
        permissions.check_may_expect, user, year, None, today
    ):
        found.append(
            Button(
                _("Ask one more municipality to report"),
                reverse("delivery:expect_report", args=args),
                method="get",
                variant="secondary",
            )
        )
    if not refusal_text(permissions.check_may_close_year, user, year, today):
        found.append(
            Button(
                _("Close the reporting: nobody is reminded any more"),
                reverse("delivery:close_reporting", args=args),
                variant="tertiary",
            )
        )
    return found


@require_GET
def report_fields(request: HttpRequest, programme: str) -> HttpResponse:
    """What is each field of the yearly report for, and who uses the answer? Open to everybody."""
    found = Programme.objects.filter(slug=programme).first()
    if found is None:
        raise Http404
    request.programme = found  # type: ignore[attr-defined]
    version = report_forms(found).first()
    pages = _purposes(version) if version is not None else []
    context = {
        "pages": pages,
        "number": sum(len(page["questions"]) for page in pages),
        "programme": found,
        "crumbs": [
            Crumb(pick(found.title), reverse("home:programme", args=[found.slug])),
            Crumb(_("What the fields of the yearly report are for")),
        ],
    }
    return render(request, "delivery/reports/fields.html", context)


def _purposes(version: Version) -> list[dict[str, Any]]:
    """Give the questions of a form by page, each with why it is asked and who uses the answer."""
    form = read_form(version.definition)
    wanted = (get_language() or "nb")[:2]
    language = wanted if wanted in form.languages else form.languages[0]
    return [
        {
            "title": worded(page.title, language),
            "questions": [
                {
                    "code": question.code,
                    "label": piped(worded(question.text, language), _("the municipality")),
                    "rows": [worded(row.text, language) for row in question.rows],
                    "why": worded(question.why, language),
                    "used_by": worded(question.used_by, language),
                    "required": question.required,
                    "prefill": _filled_in(question.prefill),
                }
                for question in page.questions
                if question.kind is not QuestionKind.INFORMATION
            ],
        }
        for page in form.pages
    ]


def _filled_in(prefill: str) -> str:
    return str(PREFILLS[Prefill(prefill)]) if prefill and prefill != Prefill.NONE else ""
