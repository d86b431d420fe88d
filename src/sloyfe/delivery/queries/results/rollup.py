"""The roll-up: values grouped by the database in one statement, on every read, and added up exactly."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.db import connection

from sloyfe.common.sorting import sort_key
from sloyfe.delivery.models import EffortArea, ResultDefinition
from sloyfe.delivery.queries.results.ground import ALL, Asked, Ground, Reader, ground_of
from sloyfe.delivery.rules.openness import Weight, hidden
from sloyfe.delivery.rules.results import (
    NOTHING,
    Aggregation,
    Amount,
    Axis,
    Cell,
    Place,
    PlaceKind,
    Structure,
    added,
    cell_of,
    place_of,
)
from sloyfe.programme.models import Programme, Statement, Subprogramme

# `slots` says, for each report by its id, on which line and in which year it is added up; a report that is
# not asked for (another programme's, another year's, one that may not be read) has the last slot, `dump`,
# which is thrown away. It is looked up by position, since joining it costs as much again as all the rest; an
# array with NULLs would be walked through on each look. A group's key is definition × span + slot. It ends
# in 1 where a value is a numerator with its denominator, and in 0 elsewhere.
_FIGURES = """
WITH ground AS MATERIALIZED (SELECT %(slots)s::int[] AS slots)
SELECT 0,
       (definition_id * %(span)s + (SELECT slots FROM ground)[report_id - %(before)s]) * 2
           + (denominator IS NOT NULL)::int AS key,
       '', count(*), sum(COALESCE(numerator, value)), sum(denominator)
  FROM delivery_result
 WHERE COALESCE(numerator, value) IS NOT NULL AND report_id > %(before)s AND report_id <= %(last)s
 GROUP BY 2
UNION ALL
SELECT 2, (definition_id * %(span)s + (SELECT slots FROM ground)[report_id - %(before)s]) * 2,
       CASE WHEN definition_id = ANY(%(choices)s::bigint[]) THEN words ELSE '' END,
       count(*), NULL::numeric, NULL::numeric
  FROM delivery_result
 WHERE definition_id = ANY(%(worded)s::bigint[]) AND words <> ''
   AND report_id > %(before)s AND report_id <= %(last)s
 GROUP BY 2, 3
"""
# A stock over several years: the newest value of each municipality, unless what it has become has a newer. It is
# looked up one by one in the index, which is quicker than going through all the years that are older.
_NEWEST = """
UNION ALL
(WITH newest AS MATERIALIZED (
    SELECT definition AS definition_id, municipality AS municipality_id, own.*
      FROM unnest(%(stocks)s::bigint[]) AS definition
     CROSS JOIN unnest(%(holders)s::bigint[]) AS municipality
     CROSS JOIN LATERAL (
        SELECT year, value, report_id
          FROM delivery_result r
         WHERE r.definition_id = definition AND r.municipality_id = municipality
           AND value IS NOT NULL AND report_id > %(before)s AND report_id <= %(last)s
           AND (SELECT slots FROM ground)[report_id - %(before)s] <> %(dump)s
         ORDER BY year DESC
         LIMIT 1) AS own
), standing AS (
    SELECT * FROM newest
     WHERE NOT EXISTS (
        SELECT 1
          FROM unnest(%(befores)s::bigint[], %(afters)s::bigint[], %(since)s::int[])
               AS change (before, after, since)
          JOIN newest later ON later.municipality_id = change.after
         WHERE change.before = newest.municipality_id
           AND later.definition_id = newest.definition_id
           AND later.year > newest.year AND later.year >= change.since)
)
SELECT 3, (definition_id * %(span)s + (SELECT slots FROM ground)[report_id - %(before)s]) * 2, '',
       count(*), sum(value), NULL
  FROM standing
 GROUP BY 2)
"""

_ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """A line on which figures are added up, and what it is called."""

    place: Place
    name: str
    slug: str = ""


@dataclass(frozen=True)
class Rollup:
    """Figures of a programme by definition, place and year. Parts always equal totals.

    `years` are those asked for. A year left out means all of them together; a place left out means
    the nation; `region` means all lines that lie in it.
    """

    ground: Ground
    years: tuple[int, ...]
    structure: Structure
    axis: Axis
    places: tuple[Place, ...]
    _amounts: dict[tuple[int, int, int], Amount] = field(repr=False)
    _stocks: dict[tuple[int, int], Amount] = field(repr=False)
    _expected: dict[tuple[Asked, int, int], int] = field(repr=False)
    _withheld: dict[tuple[Asked, int, int], int] = field(repr=False)
    _sent: dict[tuple[int, int], int] = field(repr=False)
    is_guarded: bool = False

    @property
    def definitions(self) -> tuple[ResultDefinition, ...]:
        """What is counted, in the order shown."""
        return self.ground.definitions

    def cell(
        self,
        definition: ResultDefinition,
        year: int | None = None,
        *,
        place: Place | None = None,
        region: str | None = None,
    ) -> Cell:
        """Give one figure, exact, with how many of how many have reported it."""
        places, years = self._chosen(place, region), self._when(year)
        aggregation, key = Aggregation(definition.aggregation), definition.pk
        amount = added(
            self._amounts.get((key, at, when), NOTHING) for at in places for when in years
        )
        if aggregation is Aggregation.LATEST and year is None and len(self.years) > 1:
            stock = added(self._stocks.get((key, at), NOTHING) for at in places)
            amount = Amount(given=amount.given, total=stock.total)
        asked = self.ground.asked(definition)
        cell = cell_of(aggregation, amount, *self._asked_of(asked, year, place, region))
        if not self.is_guarded or not amount.given:
            return cell
        parts, is_whole = self._hidden(definition, years)
        is_hidden = is_whole if len(places) == len(self.places) else not parts.isdisjoint(places)
        if is_hidden:
            return Cell(None, cell.reported, cell.expected, cell.withheld, is_hidden=True)
        return cell

    def _when(self, year: int | None) -> Sequence[int]:
        return range(len(self.years)) if year is None else (self.years.index(year),)

    def _asked_of(
        self, asked: Asked, year: int | None, place: Place | None, region: str | None
    ) -> tuple[int, int]:
        """Give how many reports are expected, and withheld: the same for all that is asked of the same."""
        key = (asked, year, place, region)
        if key not in self._counts:
            keys = [
                (asked, at, when) for at in self._chosen(place, region) for when in self._when(year)
            ]
            self._counts[key] = (
                sum(self._expected.get(each, 0) for each in keys),
                sum(self._withheld.get(each, 0) for each in keys),
            )
        return self._counts[key]

    @cached_property
    def _counts(self) -> dict[tuple[Asked, int | None, Place | None, str | None], tuple[int, int]]:
        return {}

    def _hidden(
        self, definition: ResultDefinition, years: Sequence[int]
    ) -> tuple[frozenset[int], bool]:
        """Give the lines whose figure the public is not told, and whether the whole is not told."""
        key = (definition.pk, tuple(years))
        if key not in self._hides:
            is_ratio = definition.aggregation == Aggregation.RATIO
            amounts = {
                at: added(self._amounts.get((definition.pk, at, when), NOTHING) for when in years)
                for at in range(len(self.places))
            }
            self._hides[key] = hidden(
                {
                    at: Weight(each.given, each.denominator if is_ratio else each.total)
                    for at, each in amounts.items()
                }
            )
        return self._hides[key]

    @cached_property
    def _hides(self) -> dict[tuple[int, tuple[int, ...]], tuple[frozenset[int], bool]]:
        return {}

    def reports(
        self, year: int | None = None, *, place: Place | None = None, region: str | None = None
    ) -> Reports:
        """Tell how many reports have come of those that are expected."""
        expected, withheld = self._asked_of(ALL, year, place, region)
        sent = sum(
            self._sent.get((at, when), 0)
            for at in self._chosen(place, region)
            for when in self._when(year)
        )
        return Reports(sent, expected, withheld)

    def lines(self) -> tuple[Line, ...]:
        """Give the lines with their names, in the order shown; regions without reports too."""
        return tuple(self._named())

    def by_goal(self) -> list[tuple[Statement | None, list[ResultDefinition]]]:
        """Give the definitions under the goals they serve, in the strategy's order."""
        found: dict[int | None, tuple[Statement | None, list[ResultDefinition]]] = {}
        for each in self.definitions:
            found.setdefault(each.goal_id, (each.goal, []))[1].append(each)
        return sorted(
            found.values(),
            key=lambda pair: (
                (pair[0].parent.position if pair[0].parent else 0, pair[0].position)
                if pair[0]
                else (10**6, 0)
            ),
        )

    def by_area(self) -> list[tuple[EffortArea | None, list[ResultDefinition]]]:
        """Give the definitions under their effort areas, in the order shown."""
        found: dict[int | None, tuple[EffortArea | None, list[ResultDefinition]]] = {}
        for each in self.definitions:
            found.setdefault(each.area_id, (each.area, []))[1].append(each)
        return sorted(found.values(), key=lambda pair: pair[0].position if pair[0] else 10**6)

    def by_subprogramme(self) -> list[tuple[Subprogramme | None, list[ResultDefinition]]]:
        """Give the definitions under the subprogrammes that alone are asked; None is for all."""
        found: dict[int | None, tuple[Subprogramme | None, list[ResultDefinition]]] = {}
        for each in self.definitions:
            found.setdefault(each.subprogramme_id, (each.subprogramme, []))[1].append(each)
        return list(found.values())

    @cached_property
    def _at(self) -> dict[Place, int]:
        return {place: at for at, place in enumerate(self.places)}

    def _chosen(self, place: Place | None, region: str | None) -> Sequence[int]:
        if place is not None:
            return (self._at[place],) if place in self._at else ()
        if region is not None:
            return [at for at, each in enumerate(self.places) if each.region == region]
        return range(len(self.places))

    def _named(self) -> Iterator[Line]:
        regions = {region.code: region for region in self.ground.regions}
        order = {code: at for at, code in enumerate(regions)}
        kinds = list(PlaceKind)

        def key(place: Place) -> tuple[int, int, str]:
            name = self.ground.names.get(int(place.code), ("", ""))[0] if _is_one(place) else ""
            own = sort_key(name) or place.code
            return (kinds.index(place.kind), order.get(place.code, 0), own)

        places = set(self.places)
        if self.axis is Axis.REGION:
            places |= {Place(PlaceKind.REGION, code, code) for code in regions}
        for place in sorted(places, key=key):
            if _is_one(place):
                yield Line(place, *self.ground.names.get(int(place.code), ("", "")))
            else:
                region = regions.get(place.code)
                yield Line(place, region.name if region else "")


@dataclass(frozen=True)
class Reports:
    """How many reports have come. `withheld` of those sent may not be read by whoever asks."""

    sent: int
    expected: int
    withheld: int


def _is_one(place: Place) -> bool:
    return place.kind is PlaceKind.MUNICIPALITY


def roll_up(
    programme: Programme,
    *,
    years: Iterable[int],
    structure: Structure = Structure.AS_REPORTED,
    by: Axis = Axis.REGION,
    reader: Reader = None,
    public_only: bool = False,
    is_guarded: bool = False,
    region: str | None = None,
    municipality: int | None = None,
    today: dt.date | None = None,
    ground: Ground | None = None,
) -> Rollup:
    """Add up all that municipalities have reported for some years. One statement beside those of the ground.

    `reader` is who asks: what they may not read is not in any figure, and is counted as withheld.
    With `by` municipalities, `region` or `municipality` names the ones that get a line of their own; the
    others are added up in their regions. With `is_guarded` no figure tells of so few that the public may not
    be told. Nothing is cached.
    """
    ground = ground or ground_of(programme, reader=reader, today=today, public_only=public_only)
    years_asked = tuple(sorted(set(years)))
    whens = {year: at for at, year in enumerate(years_asked)}
    indexes: dict[Place, int] = {}
    slots: dict[int, int] = {}
    expected: dict[tuple[Asked, int, int], int] = defaultdict(int)
    withheld: dict[tuple[Asked, int, int], int] = defaultdict(int)
    sent: dict[tuple[int, int], int] = defaultdict(int)
    some = {ground.asked(each) for each in ground.definitions} - {ALL}
    for report in ground.reports:
        when = whens.get(report.year)
        if when is None:
            continue
        standing = ground.geography.standing(report.organisation, report.year, structure)
        codes = (
            ground.subprogrammes(report.organisation, report.year)
            if by is Axis.SUBPROGRAMME
            else ()
        )
        place = place_of(standing, by, codes)
        if place.kind is PlaceKind.MUNICIPALITY and (
            (region is not None and place.region != region)
            or (municipality is not None and place.code != str(municipality))
        ):
            place = place_of(standing, Axis.REGION)
        at = indexes.setdefault(place, len(indexes))
        whom = [ALL]
        whom += [each for each in some if ground.is_asked(each, report.organisation, report.year)]
        for each in whom:
            expected[each, at, when] += 1
        if report.is_sent:
            sent[at, when] += 1
            if report.is_readable:
                slots[report.id] = at * len(years_asked) + when
            else:
                for each in whom:
                    withheld[each, at, when] += 1
    amounts, stocks = _figures(ground, slots, years_asked, len(indexes))
    return Rollup(
        ground,
        years_asked,
        structure,
        by,
        tuple(indexes),
        amounts,
        stocks,
        expected,
        withheld,
        sent,
        is_guarded,
    )


def reports_in(
    ground: Ground, region: str, year: int | None, structure: Structure
) -> list[tuple[Line, Reports]]:
    """Tell of each municipality in a region whether it has reported on a year. No query."""
    counts: dict[Place, list[int]] = {}
    for report in ground.reports:
        if report.year != year:
            continue
        standing = ground.geography.standing(report.organisation, report.year, structure)
        if standing.region == region:
            count = counts.setdefault(place_of(standing, Axis.MUNICIPALITY), [0, 0, 0])
            count[0] += report.is_sent
            count[1] += 1
            count[2] += report.is_sent and not report.is_readable
    lines = [
        Line(place, *(ground.names[int(place.code)] if _is_one(place) else ("", "")))
        for place in counts
    ]
    return [
        (line, Reports(*counts[line.place]))
        for line in sorted(lines, key=lambda line: (line.name == "", sort_key(line.name)))
    ]


def come_of(
    ground: Ground, year: int, *, structure: Structure, region: str | None = None
) -> Reports:
    """Tell how many reports of a year have come, in the nation or a region. No query."""
    found = [
        report
        for report in ground.reports
        if report.year == year
        and (
            region is None
            or ground.geography.standing(report.organisation, year, structure).region == region
        )
    ]
    return Reports(
        sent=sum(report.is_sent for report in found),
        expected=len(found),
        withheld=sum(report.is_sent and not report.is_readable for report in found),
    )


def _figures(
    ground: Ground, slots: dict[int, int], years: tuple[int, ...], places: int
) -> tuple[dict[tuple[int, int, int], Amount], dict[tuple[int, int], Amount]]:
    """Let the database group and add. Gives amounts by definition, place and year, and stocks over years."""
    kinds: dict[Aggregation, list[int]] = defaultdict(list)
    for each in ground.definitions:
        kinds[Aggregation(each.aggregation)].append(each.pk)
    stocks = kinds[Aggregation.LATEST] if len(years) > 1 else []
    before = min(slots, default=1) - 1
    last = max(slots, default=0)
    dump = places * len(years)
    row = [str(dump)] * (last - before)
    for report, slot in slots.items():
        row[report - before - 1] = str(slot)
    pairs = [
        (earlier, later, since)
        for earlier, reached in (ground.becomes.items() if stocks else ())
        for later, since in reached.items()
    ]
    span = dump + 1
    values: dict[str, str | int | list[int]] = {
        "slots": "{" + ",".join(row) + "}",
        "span": span,
        "dump": dump,
        "before": before,
        "last": last,
        "choices": kinds[Aggregation.NONE],
        "worded": kinds[Aggregation.NONE] + kinds[Aggregation.TEXT],
        "stocks": stocks,
        "holders": sorted(
            {report.organisation for report in ground.reports if stocks and report.id in slots}
        ),
        "befores": [pair[0] for pair in pairs],
        "afters": [pair[1] for pair in pairs],
        "since": [pair[2] for pair in pairs],
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES + (_NEWEST if stocks else ""), values)
        rows = cursor.fetchall()
    amounts: dict[tuple[int, int, int], Amount] = {}
    newest: dict[tuple[int, int], Amount] = {}
    choices = set(kinds[Aggregation.NONE])
    ratios = set(kinds[Aggregation.RATIO])
    sums = {*kinds[Aggregation.SUM], *kinds[Aggregation.LATEST]}
    width = len(years)
    for kind, number, words, count, first, second in rows:
        definition, slot = divmod(number >> 1, span)
        if slot == dump:
            continue
        place, when = divmod(slot, width)
        key = (definition, place, when)
        if kind == 0 and number & 1:
            if definition in ratios:
                amounts[key] = Amount(count, _ZERO, first, second)
        elif kind == 0:
            if definition in sums:
                amounts[key] = Amount(count, first)
            elif definition in choices:  # numbers that mean nothing together
                amounts[key] = amounts.get(key, NOTHING) + Amount(count)
        elif kind == 2:
            # Somebody who chose several is counted under each, and once among those who answered.
            codes = words.split(",") if definition in choices else ()
            chosen = Amount(count, options=dict.fromkeys(codes, count))
            amounts[key] = amounts[key] + chosen if key in amounts else chosen
        else:
            stock = newest.get((definition, place), NOTHING)
            newest[definition, place] = stock + Amount(count, first)
    return amounts, newest
