"""Which report a page is about, and its form in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sloyfe.delivery.models import YearlyReport
from sloyfe.delivery.queries.reports import SHOWN_WITH, form_of_year
from sloyfe.delivery.queries.results import items_not_chosen
from sloyfe.delivery.rules.reports import SENT_STATES
from sloyfe.delivery.texts.reports import why_empty
from sloyfe.delivery.views.place import Place
from sloyfe.instruments.rules.answers import Form, counted, piped, relevant_questions
from sloyfe.instruments.rules.definitions import QuestionKind
from sloyfe.instruments.rules.pages import answer_lines, worded
from sloyfe.ui.components import Crumb
from sloyfe.ui.visibility import get_visible_or_404


@dataclass(frozen=True)
class ReportPlace(Place):
    """A report of a municipality, as a page stands under it."""

    report: YearlyReport

    def url(self, name: str, *more: object) -> str:
        """Give the address of a page under the report."""
        return reverse(
            f"delivery:{name}",
            args=[
                self.programme.slug,
                self.report.reporting_year.year,
                self.municipality.slug,
                *more,
            ],
        )

    @property
    def title(self) -> str:
        """What the report is called."""
        return _("%(municipality)s: yearly report for %(year)s") % {
            "municipality": self.municipality.name,
            "year": self.report.reporting_year.year,
        }

    @property
    def form(self) -> Form:
        """The form that the report is written in."""
        return form_of_year(self.report.reporting_year)

    @property
    def language(self) -> str:
        """The language in which the reader sees the form, as far as it has it."""
        wanted = (get_language() or "nb")[:2]
        return wanted if wanted in self.form.languages else self.form.languages[0]

    def crumbs(self, *way: Crumb | str | Promise) -> list[Crumb]:
        """Give the way back from a page of the report."""
        home = reverse(
            "delivery:municipality_year", args=[self.programme.slug, self.municipality.slug]
        )
        above = Crumb(self.municipality.name, home)
        own = Crumb(self.title, self.url("report"))
        return [above, own, *(step if isinstance(step, Crumb) else Crumb(step) for step in way)]


def report_place(request: HttpRequest, programme: str, year: int, municipality: str) -> ReportPlace:
    """Give the report of a page; who may not read it gets 404. Two queries with the reader's rights aside."""
    report: YearlyReport = get_visible_or_404(
        YearlyReport.objects.select_related(*SHOWN_WITH),
        request.user,
        programme__slug=programme,
        reporting_year__year=year,
        municipality__slug=municipality,
    )
    request.programme = report.programme  # type: ignore[attr-defined]
    return ReportPlace(report.programme, report.municipality, report)


def no_meeting(request: HttpRequest, place: ReportPlace, title: str) -> HttpResponse:
    """Say that no meeting fits, and lead to where one is planned or its minutes are written."""
    home = place.municipality
    context = {
        "title": title,
        "what": _(
            "There is no meeting in the right time. Plan one, or write the minutes of the one that was held."
        ),
        "plan": reverse("delivery:plan_meeting", args=[place.programme.slug, home.slug])
        + "?kind=report",
        "all": reverse("delivery:municipality_year", args=[place.programme.slug, home.slug])
        + "#meetings",
        "back": place.url("report"),
        "is_simulated": home.is_simulated,
        "crumbs": place.crumbs(title),
    }
    return render(request, "delivery/reports/no_meeting.html", context)


def was_sent(report: YearlyReport) -> bool:
    """Tell whether a report has been sent, whatever became of it."""
    return report.stands in SENT_STATES


def parts_of(place: ReportPlace) -> list[dict[str, Any]]:
    """Give the answers in words, page by page, with what routing hides left out. Two queries."""
    form, report, language = place.form, place.report, place.language
    name = place.municipality.name
    kept = counted(form, report.answers)
    asked = relevant_questions(form, report.answers)
    not_chosen = items_not_chosen(
        place.programme, report.municipality_id, report.reporting_year.year
    )
    parts = []
    for page in form.pages:
        questions = [
            {
                "label": piped(worded(question.text, language), name),
                "is_battery": question.kind is QuestionKind.BATTERY,
                "lines": [
                    {
                        "item": item,
                        "label": line.label,
                        "answer": line.answer,
                        "why_empty": why_empty(item, not_chosen),
                    }
                    for item, line in zip(
                        question.items,
                        answer_lines(question, kept, language, name),
                        strict=True,
                    )
                ],
            }
            for question in page.questions
            if question.code in asked and question.items
        ]
        if questions:
            parts.append(
                {"code": page.code, "title": worded(page.title, language), "questions": questions}
            )
    return parts


def label_of(place: ReportPlace, item: str) -> str:
    """Give the words of the field that an item is written in; empty for the whole report."""
    found = place.form.by_item.get(item)
    if found is None:
        return ""
    question = found[1]
    texts = next((row.text for row in question.rows if row.code == item), question.text)
    return piped(worded(texts, place.language), place.municipality.name)
