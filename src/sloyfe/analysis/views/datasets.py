"""Pages of a frozen round: freezing, the questions, cross tables, the file. For the evaluator alone.

Everything here is exact and has not been through disclosure control, so nobody else gets past the door.
"""

from __future__ import annotations

import csv
import io

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sloyfe.analysis import permissions
from sloyfe.analysis.actions import cross, freeze_dataset
from sloyfe.analysis.models import Dataset, StoredTable
from sloyfe.analysis.queries import by_group, items_of, path_of, require_item, tables
from sloyfe.analysis.queries.datasets import Counts, is_intact
from sloyfe.analysis.rules import BACKGROUND, Asked
from sloyfe.analysis.texts.printed import in_words, language
from sloyfe.fieldwork.models import Population, Round
from sloyfe.fieldwork.permissions import is_evaluator_of
from sloyfe.fieldwork.rules import Origin
from sloyfe.render import html, numbers
from sloyfe.render.blocks import BarChart, LikertChart, Table, TileMap
from sloyfe.ui.components import Button, Crumb
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.templatetags.ui import pick
from sloyfe.ui.visibility import get_visible_or_404


def _round(request: HttpRequest, slug: str) -> Round:
    """Give the round to the institute that runs it; to everybody else it does not exist."""
    round_: Round = get_visible_or_404(
        Round.objects.select_related("programme", "evaluator"), request.user, slug=slug
    )
    if not is_evaluator_of(request.user, round_, timezone.localdate()):
        raise Http404
    request.programme = round_.programme  # type: ignore[attr-defined]
    return round_


def _population(request: HttpRequest, slug: str, code: str) -> Population:
    round_ = _round(request, slug)
    return get_object_or_404(
        Population.objects.select_related(
            "round__programme", "round__evaluator", "version__instrument", "dataset"
        ),
        round=round_,
        code=code,
    )


def _dataset(population: Population) -> Dataset:
    if not hasattr(population, "dataset"):
        raise Http404
    dataset = population.dataset
    dataset.population = population
    return dataset


def _crumbs(round_: Round, *last: str) -> list[Crumb]:
    way = [
        Crumb(_("Surveys"), reverse("fieldwork:rounds")),
        Crumb(pick(round_.title), reverse("fieldwork:round", args=[round_.slug])),
    ]
    if not last:
        return [*way, Crumb(_("Answers"))]
    return [
        *way,
        Crumb(_("Answers"), reverse("analysis:round", args=[round_.slug])),
        *map(Crumb, last),
    ]


def _marks(round_: Round) -> tuple[str, ...]:
    exact = _("For the evaluator only: exact counts")
    return (_("Simulated content (exercise)"), exact) if round_.is_simulated else (exact,)


@require_GET
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What did they answer?"""
    round_ = _round(request, slug)
    today = timezone.localdate()
    populations = list(
        round_.populations.select_related(
            "round__programme", "round__evaluator", "version__instrument", "dataset"
        )
    )
    shown = []
    for population in populations:
        dataset = getattr(population, "dataset", None)
        shown.append(
            {
                "population": population,
                "dataset": dataset,
                "lines": tables.lines(dataset, items_of(population)) if dataset else [],
                "freeze": Button(
                    _("Freeze the answers"),
                    reverse("analysis:freeze", args=[slug, population.code]),
                    refusal_text(permissions.check_may_freeze, request.user, population, today),
                ),
                "cross": Button(
                    _("Make a cross table"),
                    reverse("analysis:cross", args=[slug, population.code]),
                    refusal_text(permissions.check_may_cross, request.user, population, today),
                    method="get",
                    variant="secondary",
                ),
                "check": Button(
                    _("Check the file"),
                    reverse("analysis:check", args=[slug, population.code]),
                    variant="secondary",
                ),
            }
        )
    context = {
        "round": round_,
        "is_simulated": round_.is_simulated,
        "crumbs": _crumbs(round_),
        "shown": shown,
        "published": round_.origin == Origin.PUBLISHED,
        "printed": getattr(round_, "printed", None),
    }
    return render(request, "analysis/round.html", context)


@require_POST
def freeze(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Freeze the answers of a group as they stand."""
    population = _population(request, slug, code)
    dataset = freeze_dataset(population=population, actor=request.user, now=timezone.now())
    say(
        request,
        ngettext(
            "The answers of one municipality are frozen. Its tables are being counted.",
            "The answers of %(count)s municipalities are frozen. Their tables are being counted.",
            dataset.responses,
        )
        % {"count": dataset.responses},
    )
    return redirect("analysis:round", slug)


@require_POST
def check(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Read the whole file and see whether it still has the content that it was frozen with."""
    dataset = _dataset(_population(request, slug, code))
    is_intact(dataset)
    say(request, _("The file has the content that it was frozen with."))
    return redirect("analysis:round", slug)


@require_GET
def data(request: HttpRequest, slug: str, code: str) -> HttpResponseBase:
    """Take the frozen file away: single answers, for the evaluator's own tools."""
    dataset = _dataset(_population(request, slug, code))
    path = path_of(dataset)
    if not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{slug}-{code}.parquet",
        content_type="application/vnd.apache.parquet",
    )


@require_GET
def codebook(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """What every column of the frozen file holds, as CSV."""
    dataset = _dataset(_population(request, slug, code))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(["column", "kind", "question", "text", "option", "option_text", "mark", "pole"])
    writer.writerows([name, "single"] for name in dataset.codebook["background"])
    for item in dataset.codebook["items"]:
        head = [item["code"], item["kind"], item["heading"], _safe(pick(item["text"]))]
        for option in item["options"] or [{}]:
            writer.writerow(
                [
                    *head,
                    option.get("code", ""),
                    _safe(pick(option.get("text"))),
                    option.get("mark") or "",
                    option.get("pole") or "",
                ]
            )
    response = HttpResponse("\ufeff" + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{code}-codebook.csv"'
    return response


def _safe(text: str) -> str:
    """Keep a spreadsheet from running what somebody wrote as a question."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


@require_GET
def question_page(request: HttpRequest, slug: str, code: str, item: str) -> HttpResponse:
    """How was one question answered, by whom, and what does it say of all?"""
    population = _population(request, slug, code)
    dataset = _dataset(population)
    asked = require_item(population, item)
    by = request.GET.get("by", "")
    by = by if by in BACKGROUND else ""
    leave_out = request.GET.get("dk") == "out" and bool(asked.marked("dont_know"))
    stored = {
        row.by: by_group(row)
        for row in StoredTable.objects.filter(dataset=dataset, item=item, by__in={"", by})
    }
    context = {
        "round": population.round,
        "population": population,
        "is_simulated": population.round.is_simulated,
        "asked": asked,
        "text": in_words(asked.text),
        "heading": in_words(asked.heading_text) if asked.heading != asked.code else "",
        "crumbs": _crumbs(population.round, in_words(asked.text)),
        "toggles": _toggles(asked, by, leave_out=leave_out),
        "is_counted": {"", by} <= stored.keys(),
    }
    if context["is_counted"]:
        dont_know = "out_of_base" if leave_out else "in_base"
        whole = tables.told(asked, _("All"), stored[""].get("", Counts({}, 0)), dont_know)  # type: ignore[arg-type]
        groups = [whole]
        if by:
            names = tables.group_names(dataset, by)
            ordered = sorted(
                stored[by], key=lambda key: list(names).index(key) if key in names else len(names)
            )
            groups = [
                *(tables.told(asked, names.get(g, g), stored[by][g], dont_know) for g in ordered),  # type: ignore[arg-type]
                whole,
            ]
        marks = _marks(population.round)
        finding = tables.finding_of(asked, whole)
        table = tables.frequency_table(asked, groups, by=by, marks=marks)
        picture = tables.chart(asked, groups, table, finding=finding, marks=marks)
        context |= {
            "finding": finding,
            "chart": _chart(picture),
            "map": _map(tables.region_map(asked, groups[:-1], table, marks=marks))
            if by == "region"
            else "",
            "table": _table(table),
            "estimate": _estimate(dataset, asked),
        }
    return render(request, "analysis/question.html", context)


def _chart(picture: object) -> SafeString:
    if not isinstance(picture, LikertChart | BarChart):
        return SafeString()
    # The renderer escapes everything that it puts into markup.
    return mark_safe(html.chart(picture, language(), identity="chart"))  # noqa: S308


def _map(picture: TileMap | None) -> SafeString:
    if picture is None:
        return SafeString()
    return mark_safe(html.chart(picture, language(), identity="map"))  # noqa: S308


def _table(table: Table) -> SafeString:
    return mark_safe(html.table(table, language(), identity="table"))  # noqa: S308


def _toggles(asked: Asked, by: str, *, leave_out: bool) -> list[dict[str, object]]:
    """The ways in which the table can be asked for, each a link; the one that is shown is marked."""

    def way(label: str, by_: str, out: bool, here: bool) -> dict[str, object]:
        asks = [f"by={by_}"] if by_ else []
        asks += ["dk=out"] if out else []
        return {"label": label, "query": "?" + "&".join(asks), "here": here}

    found: list[dict[str, object]] = [
        {
            "title": _("Shown for"),
            "ways": [
                way(_("all together"), "", leave_out, not by),
                way(_("each region"), "region", leave_out, by == "region"),
                way(_("each size"), "size", leave_out, by == "size"),
            ],
        }
    ]
    if asked.kind == "single" and asked.marked("dont_know"):
        found.append(
            {
                "title": _("Those who do not know"),
                "ways": [
                    way(_("are part of the base"), by, False, not leave_out),
                    way(_("are left out of the base"), by, True, leave_out),
                ],
            }
        )
    return found


def _estimate(dataset: Dataset, asked: Asked) -> dict[str, object] | None:
    found = tables.inferred(dataset, asked)
    if found is None:
        return None
    stored = StoredTable.objects.get(dataset=dataset, item=asked.code, by="region")
    options = tables.inferred_options(asked, by_group(stored))

    def span(low: object, high: object) -> str:
        return numbers.interval(
            numbers.rounded(low * 100),  # type: ignore[operator]
            numbers.rounded(high * 100),  # type: ignore[operator]
            language(),
        )

    estimate = found.estimate
    return {
        "answer": tables.wording_of(asked, options).lower(),
        "share": numbers.share(estimate.share, language()),
        "interval": span(estimate.low, estimate.high)
        if estimate.low is not None and estimate.high is not None
        else "",
        "bounds": span(found.bounds.low, found.bounds.high),
        "frame": estimate.frame,
        "all_answered": found.bounds.low == found.bounds.high,
    }


@require_http_methods(["GET", "POST"])
def cross_page(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """How do the answers to two questions go together?"""
    population = _population(request, slug, code)
    permissions.check_may_cross(request.user, population, timezone.localdate())
    dataset = _dataset(population)
    items = {key: each for key, each in items_of(population).items() if each.kind == "single"}
    asks = request.POST if request.method == "POST" else request.GET
    row, column = asks.get("row", ""), asks.get("column", "")
    problem = ""
    if request.method == "POST":
        if row in items and column in items and row != column:
            cross(
                population=population,
                row=row,
                column=column,
                actor=request.user,
                now=timezone.now(),
            )
            here = reverse("analysis:cross", args=[slug, code])
            return redirect(f"{here}?row={row}&column={column}")
        problem = _("Choose two different questions.")
    stored = StoredTable.objects.filter(dataset=dataset, item=column, by=f"item:{row}").first()
    context = {
        "round": population.round,
        "population": population,
        "is_simulated": population.round.is_simulated,
        "crumbs": _crumbs(population.round, _("Cross table")),
        "choices": [
            (
                key,
                in_words(each.text)
                if each.heading == key
                else f"{in_words(each.heading_text)} – {in_words(each.text)}",
            )
            for key, each in items.items()
        ],
        "row": row,
        "column": column,
        "problem": problem,
        "table": _table(
            tables.cross_table(items[row], items[column], stored, _marks(population.round))
        )
        if stored and row in items and column in items
        else "",
    }
    return render(request, "analysis/cross.html", context, status=422 if problem else 200)
