"""Public pages of a round that is known from its printed report."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sloyfe.analysis import exports
from sloyfe.analysis.forms import PrintedFilter
from sloyfe.analysis.models import DerivedCounts, PrintedRound
from sloyfe.analysis.queries import printed as queries
from sloyfe.analysis.queries.pictures import outcome_chart
from sloyfe.analysis.rules.printed import QUESTIONNAIRES, Outcome
from sloyfe.analysis.texts import printed as texts
from sloyfe.render import html
from sloyfe.ui.components import Crumb
from sloyfe.ui.templatetags.ui import pick
from sloyfe.ui.visibility import get_visible_or_404

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _printed(request: HttpRequest, slug: str) -> PrintedRound:
    printed: PrintedRound = get_visible_or_404(
        PrintedRound.objects.select_related("round__programme"), request.user, slug=slug
    )
    # The frame of the page names the programme.
    request.programme = printed.round.programme  # type: ignore[attr-defined]
    return printed


def _chosen(form: PrintedFilter, answers: list[queries.Answer]) -> list[queries.Answer]:
    """The figures that a filter leaves; a value that it does not know leaves all."""
    form.is_valid()
    tier, outcome = form.cleaned_data.get("skjema"), form.cleaned_data.get("resultat")
    return [
        each
        for each in answers
        if (not tier or each.tier == tier) and (not outcome or each.outcome == outcome)
    ]


@require_safe
def printed_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Can the printed figures be trusted? Each is worked out again, with its page in the report."""
    printed = _printed(request, slug)
    answers = queries.recalculated(printed.round)
    form = PrintedFilter(request.GET)
    chosen = _chosen(form, answers)
    counted = queries.outcomes_of_questionnaires(answers)
    summary = queries.summary(answers)
    codes = {each.printed["tier"]: each.code for each in queries.populations_of(printed)}
    here = reverse("analysis:printed", args=[slug])
    page = {
        "printed": printed,
        "title": _("Printed and recalculated"),
        "lead": texts.lead(sum(counted.values()), counted),
        "picture": mark_safe(  # noqa: S308 - the renderer escapes
            html.chart(outcome_chart(summary, printed), texts.language(), identity="outcomes")
        ),
        "outcomes": [
            {"value": o.value, "head": texts.OUTCOME_HEAD[o], "text": texts.OUTCOME_TEXT[o],
             "note": texts.OUTCOME_NOTE[o]}
            for o in Outcome
        ],
        "summary": [
            {"tier": row.tier, "title": texts.TIER_TEXT[row.tier], "total": row.total,
             "cells": [{"n": n, "outcome": o.value} for o, n in zip(Outcome, row.counts, strict=True)]}
            for row in summary if row.tier in QUESTIONNAIRES
        ],
        "totals": [counted[o] for o in Outcome],
        "total": sum(counted.values()),
        "facts": next(row.total for row in summary if row.tier not in QUESTIONNAIRES),
        "facts_exact": next(row.counts[0] for row in summary if row.tier not in QUESTIONNAIRES),
        "form": form,
        "is_filtered": len(chosen) != len(answers),
        "shown": texts.shown_text(len(chosen), len(answers)),
        "chapters": [
            (chapter, codes.get(chapter.tier))
            for chapter in queries.chapters(chosen, DerivedCounts.objects.filter(printed=printed))
        ],
        "files": [
            (label, f"{reverse('analysis:printed_file', args=[slug, kind])}?{request.GET.urlencode()}")
            for kind, label in (("xlsx", _("Excel")), ("csv", _("CSV")))
        ],
        "here": here,
        "crumbs": [Crumb(_("Reports"), reverse("reports:list")), Crumb(_("Printed and recalculated"))],
    }  # fmt: skip
    return render(request, "analysis/printed.html", page)


@require_safe
def printed_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The same figures as a file."""
    if kind not in MEDIA_TYPES:
        raise Http404
    printed = _printed(request, slug)
    chosen = _chosen(PrintedFilter(request.GET), queries.recalculated(printed.round))
    table = exports.table_of(chosen, printed)
    content = exports.as_csv(table) if kind == "csv" else exports.as_xlsx(table)
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="trykt-og-etterregnet-{slug}.{kind}"'
    return response


@require_safe
def answers_page(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """What did those who got this questionnaire answer, as far as it is printed?"""
    from sloyfe.analysis.queries.distributions import document_of

    printed = _printed(request, slug)
    populations = queries.populations_of(printed)
    population = next((each for each in populations if each.code == code), None)
    if population is None:
        raise Http404
    title = pick(population.title)
    document = document_of(printed, population)
    page = {
        "printed": printed,
        "population": population,
        "title": title,
        "lead": texts.population_lead(population.printed, title),
        "facts": population.printed,
        "body": mark_safe(html.render(document, cover=False)),  # noqa: S308 - the renderer escapes
        "others": [each for each in populations if each.pk != population.pk],
        "crumbs": [
            Crumb(_("Reports"), reverse("reports:list")),
            Crumb(_("Printed and recalculated"), reverse("analysis:printed", args=[slug])),
            Crumb(title),
        ],
    }
    return render(request, "analysis/answers.html", page)
