"""The open page of a programme's results: public reports of finished years, for anybody."""

from __future__ import annotations

from dataclasses import dataclass

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
from sloyfe.render.blocks import HIDDEN
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


@dataclass(frozen=True)
class Open:
    """What everybody may read: the years shown, and the one whose figures stand region by region."""

    programme: Programme
    up: Rollup
    wording: Wording
    year: int | None

    @property
    def notes(self) -> list[str]:
        """What has to be said beside the figures."""
        told = _("“%(sign)s” means: %(why)s") % {"sign": HIDDEN, "why": texts.HIDDEN_NOTE}
        notes = [str(texts.NO_EFFECT), told]
        if said := texts.withheld(self.up.reports().withheld):
            notes.append(said)
        return notes


def _open(request: HttpRequest, slug: str) -> Open:
    programme = _programme(request, slug)
    years = published_years(programme)[-SHOWN_YEARS:]
    ground = ground_of(programme, reader=None, public_only=True)
    up = roll_up(programme, years=years, ground=ground, public_only=True, is_guarded=True)
    asked = request.GET.get("year", "")
    year = next((each for each in years if str(each) == asked), years[-1] if years else None)
    return Open(programme, up, wording_of(programme), year)


@require_safe
def public_results(request: HttpRequest, programme: str) -> HttpResponse:
    """What have the municipalities reported, as far as everybody may read it?"""
    shown = _open(request, programme)
    found, up, year = shown.programme, shown.up, shown.year
    lines = up.lines()

    def cells(definition: ResultDefinition) -> tuple[figures.Shown, ...]:
        return tuple(
            figures.shown(up.cell(definition, each), definition, shown.wording) for each in up.years
        )

    def by_region(definition: ResultDefinition) -> tuple[figures.Shown, ...]:
        return tuple(
            figures.shown(up.cell(definition, year, place=place), definition, shown.wording)
            for place in (*(line.place for line in lines), None)
        )

    labels = [str(each) for each in up.years]
    places = [*(figures.name_of(line) for line in lines), _("The whole country")]
    last = up.years[-1] if up.years else None
    page = {
        "programme": found,
        "title": _("Results"),
        "labels": labels,
        "year_label": str(last or ""),
        "come": up.reports(last) if last is not None else None,
        "unfinished": figures.unfinished(up.ground, up.structure, after=last, is_open=True),
        "parts": figures.parts_of(up.by_goal(), labels, cells) if up.years else [],
        "region_year": str(year or ""),
        "other_years": [label for label in labels if label != str(year)],
        "region_lines": figures.lines_of(up.definitions, places, by_region) if up.years else [],
        "region_columns": places,
        "notes": shown.notes,
        "files": [
            (
                label,
                reverse("delivery:public_results_file", args=[found.slug, kind]) + f"?year={year}",
            )
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
    """The figures of the open page as a file: the same years, and one of them region by region."""
    if kind not in MEDIA_TYPES:
        raise Http404
    shown = _open(request, programme)
    years = (shown.year,) if shown.year is not None else ()
    rows = list(
        rows_of_figures(shown.up, shown.wording, whole=_("The whole country"), place_years=years)
    )
    title, notes = pick(shown.programme.title), shown.notes
    if shown.programme.is_simulated:
        notes.insert(0, _("Exercise – simulated content"))
    content = (
        as_csv(table_of(rows, title=_("Results"), notes=tuple(notes)))
        if kind == "csv"
        else as_json(rows, programme=title, notes=notes)
    )
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = (
        f'attachment; filename="resultater-{shown.programme.slug}.{kind}"'
    )
    return response
