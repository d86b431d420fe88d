"""How figures are laid out for the pages that show them: frozen lines with their words and ways down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sloyfe.delivery.models import ResultDefinition
from sloyfe.delivery.queries.results import NUMBERS, Ground, Line, Rollup, Wording, come_of
from sloyfe.delivery.rules.results import Aggregation, Cell, PlaceKind, Structure
from sloyfe.delivery.texts.results import (
    GROUP_TEXT,
    figure,
    how_many,
    language,
    not_finished,
    number,
    place_name,
)
from sloyfe.programme.models import Programme, Statement
from sloyfe.render import html
from sloyfe.render.blocks import Cell as TableCell
from sloyfe.render.blocks import Column, Row, Table, Tile, TileMap
from sloyfe.ui.templatetags.ui import pick

MAP_COLUMNS = 2


@dataclass(frozen=True)
class Shown:
    """A figure as a page shows it; `url` opens into the rows it is made of. `mark` is said in words."""

    text: str
    how_many: str = ""
    url: str = ""
    mark: str = ""
    options: tuple[str, ...] = ()
    value: Fraction | None = None


@dataclass(frozen=True)
class ResultLine:
    """One result on a page, with a figure for each column, beside the column's title."""

    title: str
    unit: str
    cells: tuple[tuple[str, Shown], ...]


@dataclass(frozen=True)
class Group:
    """Results of one kind under a goal: for those who are meant to benefit, or what was done."""

    title: str | Promise
    lines: tuple[ResultLine, ...]


@dataclass(frozen=True)
class GoalPart:
    """A goal with what was reported under it, outcomes first."""

    title: str
    anchor: str
    groups: tuple[Group, ...]


Cells = Callable[[ResultDefinition], tuple[Shown, ...]]


def parts_of(
    by_goal: Iterable[tuple[Statement | None, list[ResultDefinition]]],
    columns: Sequence[str],
    cells: Cells,
) -> list[GoalPart]:
    """Lay the results out under their goals. Words are listed elsewhere, under the figures."""
    parts: list[GoalPart] = []
    for at, (goal, definitions) in enumerate(by_goal):
        groups = []
        for is_outcome in (True, False):
            lines = tuple(
                ResultLine(
                    pick(each.title),
                    pick(each.unit),
                    tuple(zip(columns, cells(each), strict=True)),
                )
                for each in definitions
                if each.is_outcome is is_outcome and each.aggregation != Aggregation.TEXT
            )
            if lines:
                groups.append(Group(GROUP_TEXT[is_outcome], lines))
        if groups:
            title = pick(goal.text) if goal else _("Serves no one goal")
            parts.append(GoalPart(title, f"goal-{at}", tuple(groups)))
    return parts


def shown(cell: Cell, definition: ResultDefinition, wording: Wording, url: str = "") -> Shown:
    """Make one figure ready to show; a choice is told option by option."""
    told = how_many(cell)
    if definition.aggregation in NUMBERS:
        has_rows = cell.reported or cell.missing
        return Shown(
            figure(cell, definition.decimals), told, url if has_rows else "", value=cell.value
        )
    options = tuple(
        f"{pick(wording.option(definition, code))}: {count}"
        for code, count in sorted(cell.options.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    text = "" if options else figure(cell, definition.decimals)
    if definition.aggregation == Aggregation.NONE and cell.reported and not options:
        text = _("see the rows")
    return Shown(text, told, url if cell.reported or cell.missing else "", options=options)


def figure_url(
    programme: Programme,
    definition: ResultDefinition,
    up: Rollup,
    year: int | None,
    region: str | None,
) -> str:
    """Give the address of the rows behind a figure."""
    asked = {"structure": up.structure.value}
    if year is not None:
        asked["year"] = str(year)
    if region is not None:
        asked["region"] = region
    return f"{_figure_path(programme.slug, definition.code)}?{urlencode(asked)}"


@lru_cache(maxsize=2048)
def _figure_path(programme: str, definition: str) -> str:
    """The address of a result's rows: a page names hundreds, and each takes its time to look up."""
    return reverse("delivery:picture_figure", args=[programme, definition])


def report_url(programme: Programme, year: int, municipality: str) -> str:
    """Give the address of a municipality's report, "" where reports have no page."""
    try:
        return reverse("delivery:report", args=[programme.slug, year, municipality])
    except NoReverseMatch:
        return ""


def marked(cells: Sequence[Shown]) -> tuple[Shown, ...]:
    """Say in words which figure is the highest and which the lowest; nothing where they are alike."""
    values = [cell.value for cell in cells if cell.value is not None]
    if len(values) < 2 or max(values) == min(values):
        return tuple(cells)
    words = {max(values): _("highest"), min(values): _("lowest")}
    return tuple(
        replace(cell, mark=words[cell.value]) if cell.value in words else cell for cell in cells
    )


def map_of(
    up: Rollup, lines: Sequence[Line], year: int, *, is_simulated: bool
) -> SafeString | None:
    """Draw the first result that every reader knows the size of, region by region. None where nothing is known.

    A share is chosen before a number: a region with many people has more of everything.
    """
    regions = [line for line in lines if line.place.kind is PlaceKind.REGION]
    candidates = [each for each in up.definitions if each.aggregation in NUMBERS]
    candidates.sort(key=lambda each: (each.aggregation != Aggregation.RATIO, not each.is_outcome))
    for definition in candidates:
        cells = [up.cell(definition, year, region=line.place.region) for line in regions]
        if len({cell.value for cell in cells} - {None}) < 2:
            continue  # nothing is known, or it is the same everywhere
        texts = [figure(cell, definition.decimals) for cell in cells]
        best = max(
            (pair for pair in zip(cells, regions, strict=True) if pair[0].value is not None),
            key=lambda pair: pair[0].value or Fraction(0),
        )
        title = _("%(result)s: the highest in %(region)s, %(value)s %(unit)s") % {
            "result": pick(definition.title),
            "region": best[1].name,
            "value": number(best[0].value or Fraction(0), definition.decimals),
            "unit": pick(definition.unit),
        }
        table = Table(
            title=pick(definition.title),
            columns=(Column(str(year)), Column(_("Have reported"), kind="text")),
            rows=tuple(
                Row(line.name, (TableCell(text), TableCell(how_many(cell))))
                for line, text, cell in zip(regions, texts, cells, strict=True)
            ),
            head=_("Region"),
        )
        tiles = tuple(
            Tile(
                label=line.name,
                row=at // MAP_COLUMNS,
                column=at % MAP_COLUMNS,
                value=None if cell.value is None else float(cell.value),
                text="–" if cell.value is None else text,
            )
            for at, (line, cell, text) in enumerate(zip(regions, cells, texts, strict=True))
        )
        picture = TileMap(
            title=title,
            subtitle=_(
                "Each tile is a region; darker means a higher figure. The tiles are no map of places."
            ),
            tiles=tiles,
            alt=title,
            data=table,
            marks=(_("Simulated"),) if is_simulated else (),
        )
        return mark_safe(html.chart(picture, language(), identity="regions"))  # noqa: S308 - the renderer escapes
    return None


@dataclass(frozen=True)
class Unfinished:
    """A year whose figures wait for more reports, in words; `url` leads to it, or back to one that is finished."""

    words: str
    way: str = ""
    url: str = ""
    is_shown: bool = False


def unfinished(
    ground: Ground,
    structure: Structure,
    *,
    after: int | None,
    region: str | None = None,
    query: QueryDict | None = None,
    is_open: bool = False,
) -> list[Unfinished]:
    """Tell of the years that are not finished: the one that is shown, and those after it.

    On the open page (`is_open`) there is no way to their figures, only a word on when they come.
    """

    def to(year: int) -> str:
        asked = query.copy() if query is not None else QueryDict(mutable=True)
        asked["year"] = str(year)
        return f"?{asked.urlencode()}"

    found = []
    for year in ground.unfinished:
        if after is not None and year < after:
            continue
        come = come_of(ground, year, region=region, structure=structure)
        if not come.expected:
            continue
        words = not_finished(year, come.sent, come.expected, is_shown=year == after)
        first = ground.year_to_read
        if is_open:
            told = _("Its figures stand here when the owner has answered the national summary.")
            found.append(Unfinished(f"{words} {told}"))
        elif year != after:
            found.append(Unfinished(words, _("See %(year)s so far") % {"year": year}, to(year)))
        elif first is not None and first in ground.finished:
            way = _("See %(year)s, the newest finished year") % {"year": first}
            found.append(Unfinished(words, way, to(first), is_shown=True))
        else:
            found.append(Unfinished(words, is_shown=True))
    return found


def name_of(line: Line) -> str:
    """Give what a line of figures is called."""
    return place_name(line.place, line.name)
