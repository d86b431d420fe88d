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
from sloyfe.delivery.rules.results import Aggregation, Cell, PlaceKind, Structure, is_comparable
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
MOST_STEPS = 5  # colours of a bar


@dataclass(frozen=True)
class Chosen:
    """How many chose an option; `start` and `width` are where it lies on a bar of 100, `step` its place."""

    label: str
    count: int
    start: float
    width: float
    step: int

    def __str__(self) -> str:
        return f"{self.label}: {self.count}"


@dataclass(frozen=True)
class Shown:
    """A figure as a page shows it; `url` opens into the rows it is made of. `mark` is said in words."""

    text: str
    how_many: str = ""
    url: str = ""
    mark: str = ""
    options: tuple[Chosen, ...] = ()
    value: Fraction | None = None
    is_comparable: bool = False


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


def lines_of(
    definitions: Iterable[ResultDefinition], columns: Sequence[str], cells: Cells
) -> tuple[ResultLine, ...]:
    """Lay results out, one line each. Words are listed elsewhere, under the figures."""
    return tuple(
        ResultLine(
            pick(each.title),
            pick(each.unit),
            tuple(zip(columns, cells(each), strict=True)),
        )
        for each in definitions
        if each.aggregation != Aggregation.TEXT
    )


def parts_of(
    by_goal: Iterable[tuple[Statement | None, list[ResultDefinition]]],
    columns: Sequence[str],
    cells: Cells,
) -> list[GoalPart]:
    """Lay the results out under their goals."""
    parts: list[GoalPart] = []
    for at, (goal, definitions) in enumerate(by_goal):
        groups = []
        for is_outcome in (True, False):
            own = [each for each in definitions if each.is_outcome is is_outcome]
            lines = lines_of(own, columns, cells)
            if lines:
                groups.append(Group(GROUP_TEXT[is_outcome], lines))
        if groups:
            title = pick(goal.text) if goal else _("Serves no one goal")
            parts.append(GoalPart(title, f"goal-{at}", tuple(groups)))
    return parts


def shown(cell: Cell, definition: ResultDefinition, wording: Wording, url: str = "") -> Shown:
    """Make one figure ready to show; a choice is told option by option, in the order of its scale."""
    if definition.is_status_of_area and not cell.expected:
        return Shown(_("not chosen"))
    told = how_many(cell)
    if definition.aggregation in NUMBERS:
        has_rows = cell.reported or cell.missing
        return Shown(
            figure(cell, definition.decimals),
            told,
            url if has_rows else "",
            value=cell.value,
            is_comparable=is_comparable(Aggregation(definition.aggregation), cell),
        )
    options = _chosen(cell, definition, wording)
    text = "" if options else figure(cell, definition.decimals)
    if (
        definition.aggregation == Aggregation.NONE
        and cell.reported
        and not options
        and not cell.is_hidden
    ):
        text = _("see the rows")
    return Shown(text, told, url if cell.reported or cell.missing else "", options=options)


def _chosen(cell: Cell, definition: ResultDefinition, wording: Wording) -> tuple[Chosen, ...]:
    """Lay the options out on one bar. Somebody may have chosen several, so the whole is all choices."""
    whole = sum(cell.options.values())
    if not whole:
        return ()
    found: list[Chosen] = []
    start = 0.0
    for step, code in enumerate(wording.in_order(definition, cell.options), 1):
        count = cell.options.get(code, 0)
        width = round(100 * count / whole, 2)
        label = pick(wording.option(definition, code))
        found.append(Chosen(label, count, round(start, 2), width, min(step, MOST_STEPS)))
        start += width
    return tuple(found)


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
    """Say in words which share is the highest and which the lowest, of those that can be compared.

    Sums are never marked: a region with many people has more of everything. Of shares with few behind them
    it is said that too few have reported.
    """
    own = [cell for cell in cells if cell.is_comparable and cell.value is not None]
    values = [cell.value for cell in own if cell.value is not None]
    words: dict[Fraction | None, str] = {}
    if len(values) > 1 and max(values) != min(values):
        words = {max(values): _("highest"), min(values): _("lowest")}
    return tuple(
        replace(
            cell,
            mark=words.get(cell.value, "") if cell.is_comparable else _("too few have reported"),
        )
        if cell.value is not None
        else cell
        for cell in cells
    )


def map_of(
    up: Rollup, lines: Sequence[Line], year: int, *, is_simulated: bool
) -> SafeString | None:
    """Draw the first share that can be compared, region by region. None where there is none.

    A number is not drawn: a region with many people has more of everything.
    """
    regions = [line for line in lines if line.place.kind is PlaceKind.REGION]
    shares = [each for each in up.definitions if each.aggregation == Aggregation.RATIO]
    shares.sort(key=lambda each: not each.is_outcome)
    for definition in shares:
        cells = [up.cell(definition, year, region=line.place.region) for line in regions]
        known = {cell.value for cell in cells if is_comparable(Aggregation.RATIO, cell)}
        if len(known) < 2:
            continue  # too little is known, or it is the same everywhere
        return _drawn(definition, regions, cells, str(year), is_simulated=is_simulated)
    return None


def _drawn(
    definition: ResultDefinition,
    regions: Sequence[Line],
    cells: Sequence[Cell],
    year: str,
    *,
    is_simulated: bool,
) -> SafeString:
    """Draw a share region by region; of those that rest on few only that is said."""
    fair = [is_comparable(Aggregation.RATIO, cell) for cell in cells]
    best, where = max(
        (
            (cell.value or Fraction(0), line)
            for cell, line, is_fair in zip(cells, regions, fair, strict=True)
            if is_fair
        ),
        key=lambda pair: pair[0],
    )
    title = _("%(result)s: the highest in %(region)s, %(value)s %(unit)s") % {
        "result": pick(definition.title),
        "region": where.name,
        "value": number(best, 0),
        "unit": pick(definition.unit),
    }
    if not all(fair):
        title += ". " + _("In some regions too few have reported")
    table = Table(
        title=pick(definition.title),
        columns=(
            Column(year),
            Column("N"),
            Column(_("Have reported"), kind="text"),
        ),
        rows=tuple(
            Row(
                line.name,
                (
                    TableCell(figure(cell, definition.decimals)),
                    TableCell(number(cell.denominator, 0)),
                    TableCell(how_many(cell)),
                ),
            )
            for line, cell in zip(regions, cells, strict=True)
        ),
        head=_("Region"),
    )
    tiles = tuple(
        Tile(
            label=line.name,
            row=at // MAP_COLUMNS,
            column=at % MAP_COLUMNS,
            value=float(cell.value) if is_fair and cell.value is not None else None,
            text=f"{number(cell.value, 0)} %" if is_fair and cell.value is not None else "–",
            note=f"N = {number(cell.denominator, 0)}" if is_fair else _("too few have reported"),
        )
        for at, (line, cell, is_fair) in enumerate(zip(regions, cells, fair, strict=True))
    )
    picture = TileMap(
        title=title,
        subtitle=_(
            "Each tile is a region; darker means a higher share. N is what the share is worked out from. The tiles are no map of places."
        ),
        tiles=tiles,
        alt=title,
        data=table,
        marks=(_("Simulated"),) if is_simulated else (),
    )
    return mark_safe(html.chart(picture, language(), identity="regions"))  # noqa: S308 - the renderer escapes


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
            told = _("Its figures are shown here when the owner has answered the national summary.")
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
