"""The open page of a programme's results: public reports of finished years, for anybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sloyfe.delivery.exports.results import as_csv, as_json, rows_of_figures, table_of
from sloyfe.delivery.models import ResultDefinition
from sloyfe.delivery.queries.results import (
    Rollup,
    Wording,
    ground_of,
    published_years,
    roll_up,
    wording_of,
)
from sloyfe.delivery.texts import results as texts
from sloyfe.delivery.views import figures
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import programmes_where
from sloyfe.ui.components import Crumb
from sloyfe.ui.templatetags.ui import pick

SHOWN_YEARS = 5
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def _programme(request: HttpRequest, slug: str) -> Programme:
    """Give a programme that everybody sees; an exercise is seen by those who take part in it."""
    programme: Programme = get_object_or_404(Programme, slug=slug)
    today = timezone.localdate()
    if programme.is_simulated and programme.pk not in programmes_where(request.user, today):
        raise Http404
    request.programme = programme  # type: ignore[attr-defined]
    return programme


def _open(programme: Programme, *, most: int | None) -> tuple[Rollup, Wording]:
    years = published_years(programme)
    ground = ground_of(programme, reader=None, public_only=True)
    asked = years[-most:] if most else years
    return roll_up(programme, years=asked, ground=ground, public_only=True), wording_of(programme)


@require_safe
def public_results(request: HttpRequest, programme: str) -> HttpResponse:
    """What have the municipalities reported, as far as everybody may read it?"""
    found = _programme(request, programme)
    up, wording = _open(found, most=SHOWN_YEARS)

    def cells(definition: ResultDefinition) -> tuple[figures.Shown, ...]:
        return tuple(
            figures.shown(up.cell(definition, year), definition, wording) for year in up.years
        )

    labels = [str(year) for year in up.years]
    last = up.years[-1] if up.years else None
    come = up.reports(last) if last is not None else None
    page = {
        "programme": found,
        "title": _("Results"),
        "labels": labels,
        "year_label": str(last or ""),
        "come": come,
        "unfinished": figures.unfinished(up.ground, up.structure, after=last, is_open=True),
        "parts": figures.parts_of(up.by_goal(), labels, cells) if up.years else [],
        "withheld": texts.withheld(up.reports().withheld),
        "no_effect": texts.NO_EFFECT,
        "files": [
            (label, reverse("delivery:public_results_file", args=[found.slug, kind]))
            for kind, label in (("csv", "CSV"), ("json", "JSON"))
        ],
        "crumbs": [
            Crumb(pick(found.title), reverse("home:programme", args=[found.slug])),
            Crumb(_("Results")),
        ],
    }
    return render(request, "delivery/results/public.html", page)


@require_safe
def public_file(request: HttpRequest, programme: str, kind: str) -> HttpResponse:
    """All published figures as a file: by region and year, public reports only."""
    if kind not in MEDIA_TYPES:
        raise Http404
    found = _programme(request, programme)
    up, wording = _open(found, most=None)
    rows = list(rows_of_figures(up, wording, by_place=True, whole=_("The whole country")))
    notes = [str(texts.NO_EFFECT)]
    if found.is_simulated:
        notes.insert(0, _("Exercise – simulated content"))
    if said := texts.withheld(up.reports().withheld):
        notes.append(said)
    content = (
        as_csv(table_of(rows, title=_("Results"), notes=tuple(notes)))
        if kind == "csv"
        else as_json(rows, programme=pick(found.title), notes=notes)
    )
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="resultater-{found.slug}.{kind}"'
    return response
