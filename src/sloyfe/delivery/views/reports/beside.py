"""What stands beside the fields of a report: last year's answer, who reads it, and what to look at again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from sloyfe.delivery.queries.reports import answers_before, planned_areas
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.prefill import STATUS_ITEM, SourceKind
from sloyfe.delivery.rules.reports import TIME_ITEM
from sloyfe.delivery.rules.second_look import doubts
from sloyfe.delivery.texts.documents import TRACE_TEXT
from sloyfe.delivery.views.reports.place import ReportPlace, label_of
from sloyfe.instruments.rules.answers import Page, Question, number_text
from sloyfe.instruments.rules.definitions import QuestionKind
from sloyfe.instruments.rules.pages import Dynamic, answer_words, first_field_id

ALL_AREAS = "alle"


def readers_of(place: ReportPlace) -> str:
    """Say who reads what is written in the report, for those who write in it."""
    access = Access(place.report.access)
    if access is Access.PUBLIC:
        return _(
            "When the report is sent, the programme’s offices and its other municipalities can read it,"
            " signed in. Anybody else may ask for access under offentleglova."
        )
    return _("When the report is sent, only %(office)s and the programme’s offices read it.") % {
        "office": place.report.office.name
    }


def beside(request: HttpRequest, place: ReportPlace, page: Page, dynamic: Dynamic) -> Dynamic:
    """Put last year's answers and the ways to take an answer back beside the fields of a page."""
    rows = _rows(request, place, page)
    return replace(
        dynamic,
        before=_before(place, page),
        blanks={
            question.code: _("Not in the plan") if _is_status(question) else _("No answer")
            for question in page.questions
            if question.kind in (QuestionKind.SINGLE, QuestionKind.BATTERY)
            and not question.required
        },
        rows=rows,
    )


def _is_status(question: Question) -> bool:
    return question.kind is QuestionKind.BATTERY and all(
        row.code.startswith(STATUS_ITEM) for row in question.rows
    )


def _rows(request: HttpRequest, place: ReportPlace, page: Page) -> frozenset[str] | None:
    """Give the rows to show: areas in the plan, and what has been answered. None: all."""
    asked = [
        row.code for question in page.questions if _is_status(question) for row in question.rows
    ]
    if not asked or ALL_AREAS in request.GET:
        return None
    planned = {f"{STATUS_ITEM}{area}" for area in planned_areas(place.report)}
    if not planned.intersection(asked):
        return None
    others = [
        row.code for question in page.questions if not _is_status(question) for row in question.rows
    ]
    shown = {item for item in asked if item in planned or item in place.report.answers}
    return None if len(shown) == len(asked) else frozenset({*shown, *others})


def _before(place: ReportPlace, page: Page) -> dict[str, str]:
    """Give what was answered the year before in the fields that hold a number or a choice, in words."""
    wanted = [
        (question, item)
        for question in page.questions
        if question.kind in (QuestionKind.NUMBER, QuestionKind.SINGLE)
        for item in question.items
        if item != TIME_ITEM
        # What stands in the field already says itself where it comes from.
        and place.report.sources.get(item, {}).get("from") != SourceKind.LAST_REPORT.value
    ]
    if not wanted:
        return {}
    last = answers_before(place.report)
    year = place.report.reporting_year.year - 1
    found = {}
    for question, item in wanted:
        words = answer_words(question, last.get(item), place.language)
        if words:
            found[item] = _("In the report for %(year)s: %(answer)s") % {
                "year": year,
                "answer": words,
            }
    return found


def second_look(place: ReportPlace, query: str) -> list[dict[str, Any]]:
    """Give what should be looked at again before sending, in sentences, with the way to each. One query."""
    found = []
    for doubt in doubts(place.form, place.report.answers, answers_before(place.report)):
        question = place.form.by_item[doubt.item][1]
        names: Mapping[str, Any] = {
            "field": ended(short(label_of(place, doubt.item))),
            "year": place.report.reporting_year.year - 1,
        }
        if doubt.traces:
            what = ", ".join(str(TRACE_TEXT[trace]) for trace in sorted(doubt.traces))
            text = _("%(field)s There is %(what)s. Is anything about one person there?") % {
                **names,
                "what": what,
            }
        else:
            text = _(
                "%(field)s In the report for %(year)s: %(before)s. Now: %(now)s. Is it right?"
            ) % {
                **names,
                "before": number_text(doubt.before or 0),
                "now": number_text(doubt.now or 0),
            }
        url = place.url("report_page", doubt.page) + query
        found.append({"url": f"{url}#{first_field_id(question, doubt.item)}", "text": text})
    return found


def short(words: str) -> str:
    """Give the beginning of a long label, whole words of it."""
    return words if len(words) <= 80 else words[:79].rsplit(" ", 1)[0] + " …"


def ended(words: str) -> str:
    """Give a label with a mark after it, where it does not end in one."""
    return words if words.endswith(("?", "!", ".", ":", "…")) else f"{words}:"
