"""Pages of figures for those who take part: the national picture, regions, municipalities."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sloyfe.delivery.exports.results import as_csv, as_json, as_xlsx, rows_of_figures, table_of
from sloyfe.delivery.forms.results import PictureForm
from sloyfe.delivery.models import ResultDefinition
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.permissions import results as may
from sloyfe.delivery.queries.results import (
    NUMBERS,
    Ground,
    Rollup,
    Wording,
    ground_of,
    reports_in,
    roll_up,
    wording_of,
)
from sloyfe.delivery.rules.results import Aggregation, Axis, Cell, PlaceKind, Structure
from sloyfe.delivery.texts import results as texts
from sloyfe.delivery.views import figures
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, roles_of
from sloyfe.ui.components import Crumb
from sloyfe.ui.templatetags.ui import pick

SHOWN_YEARS = 5
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Asked:
    """What a page of figures is about: programme, year, structure, and all that the figures stand on."""

    programme: Programme
    today: dt.date
    ground: Ground
    wording: Wording
    form: PictureForm
    query: QueryDict
    inside: bool
    own: frozenset[int]

    @property
    def years(self) -> tuple[int, ...]:
        """The year asked for and the ones before it."""
        until = self.form.year
        return tuple(y for y in self.ground.years if until is not None and y <= until)[
            -SHOWN_YEARS:
        ]

    @property
    def labels(self) -> list[str]:
        """What the columns of the years are called; one that is not finished says so."""
        return [
            _("%(year)s, not finished") % {"year": year}
            if year in self.ground.unfinished
            else str(year)
            for year in self.years
        ]

    @property
    def own_regions(self) -> frozenset[str]:
        """The regions in which the reader's municipalities lie today."""
        place = self.ground.geography.standing
        return frozenset(place(each, self.today.year, Structure.TODAY).region for each in self.own)

    def up(self, **more: Any) -> Rollup:
        """Add up what is asked for."""
        return roll_up(
            self.programme,
            years=more.pop("years", self.years),
            structure=self.form.structure,
            ground=self.ground,
            **more,
        )

    def context(self, *way: Crumb, region: str | None = None) -> dict[str, Any]:
        """What every page of figures shows; `region` is the one it is about."""
        slug = self.programme.slug
        home = Crumb(_("National picture"), reverse("delivery:picture", args=[slug]) if way else "")
        return {
            "programme": self.programme,
            "form": self.form.settled(),
            "year": self.form.year,
            "year_label": str(self.form.year or ""),
            "unfinished": figures.unfinished(
                self.ground,
                self.form.structure,
                after=self.form.year,
                region=region,
                query=self.query,
            ),
            "is_uneven": bool({*self.years} & {*self.ground.unfinished} and len(self.years) > 1),
            "no_effect": texts.NO_EFFECT,
            "inside": self.inside,
            "crumbs": [
                Crumb(pick(self.programme.title), reverse("home:programme", args=[slug])),
                home,
                *way,
            ],
        }


def asked_by(request: HttpRequest, slug: str) -> Asked:
    """Read what a page is about. 404 for those who take no part; refused for those who see no figures here."""
    today = timezone.localdate()
    if slug not in {role.programme_slug for role in roles_of(request.user, today)}:
        raise Http404
    programme = Programme.objects.get(slug=slug)
    request.programme = programme  # type: ignore[attr-defined]
    may.check_may_see_picture(request.user, programme, today)
    ground = ground_of(programme, reader=request.user, today=today)
    wording = wording_of(programme)
    form = PictureForm(
        request.GET, years=ground.years, first=ground.year_to_read, unfinished=ground.unfinished
    )
    return Asked(
        programme=programme,
        today=today,
        ground=ground,
        wording=wording,
        form=form,
        query=request.GET,
        inside=may.is_inside(request.user, programme, today),
        own=reach_of(request.user, today).municipalities,
    )


def _lead(asked: Asked, up: Rollup, **where: Any) -> str:
    """Say how many have reported, and what the first result came to."""
    year = asked.form.year
    if year is None:
        return ""
    come = up.reports(year, **where)
    lead = ngettext(
        "%(sent)s of %(count)s municipality has reported on %(year)s.",
        "%(sent)s of %(count)s municipalities have reported on %(year)s.",
        come.expected,
    ) % {"sent": come.sent, "count": come.expected, "year": year}
    told = [
        _said(each, cell)
        for each in sorted(up.definitions, key=lambda each: not each.is_outcome)
        if each.aggregation in NUMBERS and (cell := up.cell(each, year, **where)).value is not None
    ]
    return " ".join((lead, *told[:2]))


def _said(definition: ResultDefinition, cell: Cell) -> str:
    """Say in a sentence what one result came to."""
    words = {
        "result": pick(definition.title),
        "value": texts.figure(cell, definition.decimals),
        "unit": pick(definition.unit),
    }
    if definition.aggregation == Aggregation.RATIO:
        return _("“%(result)s” came to %(value)s %(unit)s.") % words
    if definition.aggregation == Aggregation.LATEST:
        return _("They have %(value)s %(unit)s as “%(result)s”.") % words
    return _("They reported %(value)s %(unit)s as “%(result)s”.") % words


def answer(programme: Programme, person: Visitor, today: dt.date) -> str:
    """Give the sentence that the national picture begins with, for the owner's first page. Nine queries."""
    ground = ground_of(programme, reader=person, today=today)
    form = PictureForm({}, years=ground.years, first=ground.year_to_read)
    asked = Asked(
        programme=programme,
        today=today,
        ground=ground,
        wording=Wording(),
        form=form,
        query=QueryDict(),
        inside=True,
        own=frozenset(),
    )
    return _lead(asked, asked.up(years=[form.year] if form.year else []))


@require_safe
def picture(request: HttpRequest, programme: str) -> HttpResponse:
    """What has come out of the programme this year, in the whole country?"""
    asked = asked_by(request, programme)
    up = asked.up()

    def cells(definition: ResultDefinition) -> tuple[figures.Shown, ...]:
        return tuple(
            figures.shown(
                up.cell(definition, year),
                definition,
                asked.wording,
                figures.figure_url(asked.programme, definition, up, year, None),
            )
            for year in asked.years
        )

    lines = up.lines()
    year = asked.form.year
    labels = asked.labels
    page = asked.context() | {
        "title": _("National picture"),
        "lead": _lead(asked, up),
        "parts": figures.parts_of(up.by_goal(), labels, cells) if asked.years else [],
        "labels": labels,
        "withheld": texts.withheld(up.reports().withheld),
        "map": figures.map_of(up, lines, year, is_simulated=asked.programme.is_simulated)
        if year is not None and asked.inside
        else None,
        "regions": _region_rows(asked, up, lines),
        "texts": _text_ways(asked, up, None),
        "files": _files(request, asked) if asked.inside else [],
    }
    return render(request, "delivery/results/picture.html", page)


def _files(request: HttpRequest, asked: Asked) -> list[tuple[str, str]]:
    query = request.GET.urlencode()
    return [
        (
            label,
            reverse("delivery:picture_file", args=[asked.programme.slug, kind])
            + (f"?{query}" if query else ""),
        )
        for kind, label in (("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON"))
    ]


def _region_rows(asked: Asked, up: Rollup, lines: Any) -> list[dict[str, Any]]:
    """How many have reported in each region, with the way to it for those who may see it."""
    year = asked.form.year
    if year is None:
        return []
    own = asked.own_regions
    rows = []
    for line in lines:
        come = up.reports(year, place=line.place)
        is_region = line.place.kind is PlaceKind.REGION
        if not asked.inside and line.place.region not in own:
            continue
        rows.append(
            {
                "name": figures.name_of(line),
                "sent": come.sent,
                "expected": come.expected,
                "url": reverse(
                    "delivery:picture_region", args=[asked.programme.slug, line.place.code]
                )
                if is_region
                else "",
            }
        )
    return rows


def _text_ways(asked: Asked, up: Rollup, region: str | None) -> list[dict[str, Any]]:
    """The ways to what municipalities have written in their own words."""
    year = asked.form.year
    return [
        {
            "title": pick(each.title),
            "count": up.cell(each, year, region=region).reported,
            "url": figures.figure_url(asked.programme, each, up, year, region),
        }
        for each in up.definitions
        if each.aggregation == Aggregation.TEXT and year is not None
    ]


@require_safe
def picture_file(request: HttpRequest, programme: str, kind: str) -> HttpResponse:
    """The national picture as a file, for the offices: every figure by region and year."""
    if kind not in MEDIA_TYPES:
        raise Http404
    asked = asked_by(request, programme)
    may.check_may_compare_regions(request.user, asked.programme, asked.today)
    up = asked.up()
    structure = texts.STRUCTURE_TEXT[asked.form.structure]
    notes = [f"{_('Municipalities and regions')}: {structure}", str(texts.NO_EFFECT)]
    if asked.programme.is_simulated:
        notes.insert(0, _("Exercise – simulated content"))
    if said := texts.withheld(up.reports().withheld):
        notes.append(said)
    rows = list(
        rows_of_figures(up, asked.wording, whole=_("The whole country"), place_years=up.years)
    )
    if kind == "json":
        content = as_json(rows, programme=pick(asked.programme.title), notes=notes)
    else:
        table = table_of(rows, title=_("National picture"), notes=tuple(notes))
        content = as_csv(table) if kind == "csv" else as_xlsx(table)
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="bilde-{asked.programme.slug}.{kind}"'
    return response


@require_safe
def regions(request: HttpRequest, programme: str) -> HttpResponse:
    """What is alike and what differs between the regions?"""
    asked = asked_by(request, programme)
    may.check_may_compare_regions(request.user, asked.programme, asked.today)
    year = asked.form.year
    up = asked.up(years=(year,) if year is not None else ())
    lines = up.lines()

    def cells(definition: ResultDefinition) -> tuple[figures.Shown, ...]:
        own = [
            figures.shown(
                up.cell(definition, year, place=line.place),
                definition,
                asked.wording,
                figures.figure_url(
                    asked.programme,
                    definition,
                    up,
                    year,
                    line.place.region if line.place.kind is PlaceKind.REGION else "",
                ),
            )
            for line in lines
        ]
        whole = figures.shown(
            up.cell(definition, year),
            definition,
            asked.wording,
            figures.figure_url(asked.programme, definition, up, year, None),
        )
        is_share = definition.aggregation == Aggregation.RATIO
        return (*(figures.marked(own) if is_share else own), whole)

    columns = [*(figures.name_of(line) for line in lines), _("The whole country")]
    page = asked.context(Crumb(_("Regions side by side"))) | {
        "title": _("Regions side by side"),
        "lead": _lead(asked, up),
        "columns": columns,
        "parts": figures.parts_of(up.by_goal(), columns, cells) if year is not None else [],
        "withheld": texts.withheld(up.reports().withheld),
    }
    return render(request, "delivery/results/regions.html", page)


@require_safe
def region(request: HttpRequest, programme: str, region: str) -> HttpResponse:
    """How does it go in this region, and in each of its municipalities?"""
    asked = asked_by(request, programme)
    found = next((each for each in asked.ground.regions if each.code == region), None)
    if found is None:
        raise Http404
    may.check_may_see_region(request.user, asked.programme, asked.today, region, asked.own_regions)
    year = asked.form.year
    up = asked.up()

    def cells(definition: ResultDefinition) -> tuple[figures.Shown, ...]:
        own = [
            figures.shown(
                up.cell(definition, each, region=region),
                definition,
                asked.wording,
                figures.figure_url(asked.programme, definition, up, each, region),
            )
            for each in asked.years
        ]
        whole = figures.shown(
            up.cell(definition, year),
            definition,
            asked.wording,
            figures.figure_url(asked.programme, definition, up, year, None),
        )
        return (*own, whole)

    rows = [
        {
            "name": figures.name_of(line),
            "sent": come.sent,
            "expected": come.expected,
            "url": reverse("delivery:picture_municipality", args=[asked.programme.slug, line.slug])
            if line.slug and (asked.inside or int(line.place.code) in asked.own)
            else "",
        }
        for line, come in reports_in(asked.ground, region, year, asked.form.structure)
    ]
    columns = [*asked.labels, _("The whole country")]
    name = pick(found.title) or found.name
    page = asked.context(Crumb(name), region=region) | {
        "title": name,
        "lead": _lead(asked, up, region=region),
        "columns": columns,
        "parts": figures.parts_of(up.by_goal(), columns, cells) if asked.years else [],
        "municipalities": rows,
        "withheld": texts.withheld(up.reports(region=region).withheld),
        "texts": _text_ways(asked, up, region),
    }
    return render(request, "delivery/results/region.html", page)


@require_safe
def municipality(request: HttpRequest, programme: str, municipality: str) -> HttpResponse:
    """What has this municipality reported over the years, beside its region and the country?"""
    asked = asked_by(request, programme)
    found = next(
        (key for key, (_name, slug) in asked.ground.names.items() if slug == municipality), None
    )
    if found is None:
        raise Http404
    may.check_may_see_municipality(request.user, asked.programme, asked.today, found, asked.own)
    year = asked.form.year
    up = asked.up(by=Axis.MUNICIPALITY, municipality=found)
    line = next((each for each in up.lines() if each.place.code == str(found)), None)
    standing = asked.ground.geography.standing(
        found, year or asked.today.year, asked.form.structure
    )
    names = {each.code: pick(each.title) or each.name for each in asked.ground.regions}
    region_name = names.get(standing.region, "")
    name = asked.ground.names[found][0]

    def cells(definition: ResultDefinition) -> tuple[figures.Shown, ...]:
        own = [
            figures.shown(
                up.cell(definition, each, place=line.place), definition, asked.wording,
                figures.report_url(asked.programme, each, municipality),
            )
            if line
            else figures.Shown("–")
            for each in asked.years
        ]  # fmt: skip
        beside = [
            figures.shown(
                up.cell(definition, year, region=where), definition, asked.wording,
                figures.figure_url(asked.programme, definition, up, year, where),
            )
            for where in ((standing.region, None) if region_name else (None,))
        ]  # fmt: skip
        return (*own, *beside)

    columns = [
        *asked.labels,
        *([region_name] if region_name else []),
        _("The whole country"),
    ]
    page = asked.context(
        *(
            [
                Crumb(
                    region_name,
                    reverse(
                        "delivery:picture_region", args=[asked.programme.slug, standing.region]
                    ),
                )
            ]
            if region_name
            else []
        ),
        Crumb(name),
    ) | {
        "title": name,
        "lead": _municipality_lead(asked, up, line, name),
        "columns": columns,
        "parts": figures.parts_of(up.by_goal(), columns, cells) if asked.years else [],
        "withheld": texts.withheld(up.reports(place=line.place).withheld if line else 0),
        "is_one": True,
    }
    return render(request, "delivery/results/region.html", page)


def _municipality_lead(asked: Asked, up: Rollup, line: Any, name: str) -> str:
    told = [
        str(year)
        for year in asked.years
        if line is not None and up.reports(year, place=line.place).sent
    ]
    if not told:
        return _("%(name)s has not reported in these years.") % {"name": name}
    return _("%(name)s has reported on %(years)s.") % {"name": name, "years": ", ".join(told)}
