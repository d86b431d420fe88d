"""The contract by which results are added up, without Django."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from sloyfe.organisations.rules import ChangeGraph


class Aggregation(StrEnum):
    """How values of one result become one value for a region, the nation or several years.

    `SUM`: added up over municipalities and years (a flow: dwellings obtained).
    `RATIO`: numerators and denominators are added up, and then divided; ratios are never summed.
    `LATEST`: a stock; over years the latest value of each municipality (or of what it became) counts,
    over municipalities those are added up.
    `NONE`: numbers that mean nothing together; they are listed.
    `TEXT`: words; they are listed.
    """

    SUM = "sum"
    RATIO = "ratio"
    LATEST = "latest"
    NONE = "none"
    TEXT = "text"


class Structure(StrEnum):
    AS_REPORTED = "as_reported"
    TODAY = "today"


class Axis(StrEnum):
    """Along what figures are laid out; the years stand beside every one of them."""

    NATION = "nation"
    REGION = "region"
    SUBPROGRAMME = "subprogramme"
    MUNICIPALITY = "municipality"


class PlaceKind(StrEnum):
    NATION = "nation"
    REGION = "region"
    SUBPROGRAMME = "subprogramme"
    MUNICIPALITY = "municipality"
    SPLIT = "split"  # shared between regions by a split; never shared out
    NOWHERE = "nowhere"  # in no region that anybody has told of


@dataclass(frozen=True, order=True)
class Place:
    """A line that figures are added up on. `code` is a region's code, an organisation's id or codes of
    subprogrammes; `region` is the region it lies in, "" where there is none."""

    kind: PlaceKind
    code: str = ""
    region: str = ""


NATION = Place(PlaceKind.NATION)


@dataclass(frozen=True, slots=True)
class Amount:
    """What some reports say together of one thing. Adding two amounts loses nothing.

    `given` is how many reports gave a value; `total` is the sum of values; `numerator` and
    `denominator` are sums over those who gave both; `options` is how many chose what.
    """

    given: int = 0
    total: Decimal = Decimal(0)
    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)
    options: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Amount) -> Amount:
        return added((self, other))


NOTHING = Amount()


def added(amounts: Iterable[Amount]) -> Amount:
    """Give several amounts together."""
    several = [amount for amount in amounts if amount is not NOTHING]
    if len(several) == 1:
        return several[0]
    given, total, numerator, denominator = 0, Decimal(0), Decimal(0), Decimal(0)
    options: dict[str, int] = {}
    for amount in several:
        given += amount.given
        total += amount.total
        numerator += amount.numerator
        denominator += amount.denominator
        for option, count in amount.options.items():
            options[option] = options.get(option, 0) + count
    return Amount(given, total, numerator, denominator, options)


def value_of(aggregation: Aggregation, amount: Amount) -> Fraction | None:
    """Give the one value of an amount; None where nobody gave any, or where nothing can be said.

    A ratio is in per cent: 100 times the sum of numerators over the sum of denominators. A numerator is part
    of its denominator, so nothing can be said where it is the larger one.
    """
    if not amount.given:
        return None
    if aggregation in (Aggregation.SUM, Aggregation.LATEST):
        return Fraction(amount.total)
    if aggregation is Aggregation.RATIO and 0 < amount.denominator >= amount.numerator:
        return Fraction(amount.numerator) / Fraction(amount.denominator) * 100
    return None


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Round once, half up and away from zero, from the exact value."""
    scaled = abs(value) * 10**decimals
    whole = int(scaled)
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    step = Decimal(1).scaleb(-decimals)
    return (Decimal(whole if value >= 0 else -whole) * step).quantize(step, ROUND_HALF_UP)


@dataclass(frozen=True)
class Cell:
    """A figure, and how many of those who should report it have.

    `value` is exact. `reported` of `expected` reports gave it; `withheld` more have been sent, but may
    not be read by whoever asks, and are not in the figure. `is_hidden` says that it rests on so few that
    the public is not told it; what is left is how many have reported.
    """

    value: Fraction | None
    reported: int
    expected: int
    withheld: int = 0
    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)
    options: Mapping[str, int] = field(default_factory=dict)
    is_hidden: bool = False

    @property
    def disagrees(self) -> bool:
        """The part of a ratio is larger than the whole, so one of them is wrong."""
        return self.numerator > self.denominator

    @property
    def missing(self) -> int:
        """How many have not reported it."""
        return max(self.expected - self.reported - self.withheld, 0)


def cell_of(aggregation: Aggregation, amount: Amount, expected: int, withheld: int) -> Cell:
    """Make a figure of an amount. It is never said that more have reported than should."""
    return Cell(
        value=value_of(aggregation, amount),
        reported=amount.given,
        expected=max(expected, amount.given + withheld),
        withheld=withheld,
        numerator=amount.numerator,
        denominator=amount.denominator,
        options=amount.options,
    )


# From where on a share is set beside another one: so many in a hundred have reported, and so many are behind it.
FULL_ENOUGH = 75
SHARE_FROM = 10


def is_comparable(aggregation: Aggregation, cell: Cell) -> bool:
    """Tell whether a figure may be called higher or lower than that of another place.

    A sum never: it follows how many people live there. A share where most have reported and it is not made
    of a few cases.
    """
    return (
        aggregation is Aggregation.RATIO
        and cell.value is not None
        and cell.reported * 100 >= cell.expected * FULL_ENOUGH
        and cell.denominator >= SHARE_FROM
    )


# Where a municipality lies


@dataclass(frozen=True)
class Stay:
    """A municipality has a number and lies in a county, from a day to another."""

    organisation: int
    code: str
    name: str
    county: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True)
class RegionStay:
    """A county, or a municipality by number, lies in a region, from a day to another."""

    region: str
    county: str
    code: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a report stands in a structure.

    `organisation` is None where its municipality was split and has no one successor; `region` is ""
    where the successors lie in several regions, or nobody has said in which it lies.
    """

    organisation: int | None
    region: str
    is_split: bool = False


class Geography:
    """Where municipalities lie, year by year and today.

    A figure belongs to the last day of the year that it is reported on, or to today where that year
    is not over. What a municipality has become is told by the graph of changes.
    """

    def __init__(
        self,
        stays: Iterable[Stay],
        regions: Iterable[RegionStay],
        graph: ChangeGraph,
        today: dt.date,
    ) -> None:
        self.today = today
        self._graph = graph
        self._regions = sorted(regions, key=lambda each: each.valid_from)
        self._stays: dict[int, list[Stay]] = defaultdict(list)
        self._begun: dict[int, list[dt.date]] = defaultdict(list)
        now: dict[str, Stay] = {}
        for stay in sorted(stays, key=lambda each: each.valid_from):
            self._stays[stay.organisation].append(stay)
            self._begun[stay.organisation].append(stay.valid_from)
            if _holds(stay, today):
                now[stay.code] = stay
        self._now = now
        self._maps: dict[dt.date, tuple[dict[str, str], dict[str, str]]] = {}

    def day_of(self, year: int) -> dt.date:
        """Give the day whose structure a year is reported in."""
        return min(dt.date(year, 12, 31), self.today)

    def stay(self, organisation: int, year: int) -> Stay | None:
        """Give the number and name under which a municipality reports on a year.

        One that ended within the year reports as what it was last.
        """
        stays = self._stays.get(organisation)
        if not stays:
            return None
        at = bisect_right(self._begun[organisation], self.day_of(year))
        return stays[max(at - 1, 0)]

    def standing(self, organisation: int, year: int, structure: Structure) -> Standing:
        """Tell where a municipality's report on a year stands in a structure."""
        stay = self.stay(organisation, year)
        if stay is None:
            return Standing(organisation, "")
        day = _last_day(stay, self.day_of(year))
        if structure is Structure.AS_REPORTED:
            return Standing(organisation, self._region(stay.code, stay.county, day))
        if _holds(stay, self.today):  # nothing has happened to it; most are so
            return Standing(organisation, self._region(stay.code, stay.county, self.today))
        codes = self._graph.successors(stay.code, day, self.today)
        found = [self._now[code] for code in codes if code in self._now]
        if len(codes) == 1 and found:
            last = found[0]
            return Standing(last.organisation, self._region(last.code, last.county, self.today))
        if len(codes) == 1:
            return Standing(organisation, self._region(stay.code, stay.county, day))
        lying = {self._region(each.code, each.county, self.today) for each in found}
        same = len(found) == len(codes) and len(lying) == 1
        return Standing(None, lying.pop() if same else "", is_split=True)

    def _region(self, code: str, county: str, on: dt.date) -> str:
        if on not in self._maps:
            own: dict[str, str] = {}
            counties: dict[str, str] = {}
            for each in self._regions:
                if _holds(each, on):
                    if each.code:
                        own[each.code] = each.region
                    else:
                        counties[each.county] = each.region
            self._maps[on] = (own, counties)
        own, counties = self._maps[on]
        return own.get(code) or counties.get(county, "")


def _holds(stay: Stay | RegionStay, on: dt.date) -> bool:
    return stay.valid_from <= on and (stay.valid_to is None or on < stay.valid_to)


def _last_day(stay: Stay, on: dt.date) -> dt.date:
    """The day itself, or the last day of a municipality that ended before."""
    if stay.valid_to is not None and stay.valid_to <= on:
        return stay.valid_to - dt.timedelta(days=1)
    return max(on, stay.valid_from)


def place_of(standing: Standing, axis: Axis, subprogrammes: Sequence[str] = ()) -> Place:
    """Give the line on which a report's figures are added up. Every report has one, so parts equal totals."""
    if axis is Axis.NATION:
        return NATION
    if axis is Axis.SUBPROGRAMME:
        return Place(PlaceKind.SUBPROGRAMME, "+".join(sorted(subprogrammes)))
    if axis is Axis.MUNICIPALITY and standing.organisation is not None:
        return Place(PlaceKind.MUNICIPALITY, str(standing.organisation), standing.region)
    if standing.is_split and (axis is Axis.MUNICIPALITY or not standing.region):
        return Place(PlaceKind.SPLIT, "", standing.region)
    if standing.region:
        return Place(PlaceKind.REGION, standing.region, standing.region)
    return Place(PlaceKind.NOWHERE)


@dataclass(frozen=True)
class Became:
    """From this day an organisation is, or is part of, another."""

    before: int
    after: int
    on: dt.date


def becomes(edges: Iterable[Became]) -> dict[int, dict[int, int]]:
    """Give what every organisation has become: other organisation → from which year.

    From that year on (it is reported on its last day) a value of the other one tells of the same
    ground. All changes of one day happen at once.
    """
    by_day: dict[dt.date, list[Became]] = defaultdict(list)
    for edge in edges:
        if edge.before != edge.after:
            by_day[edge.on].append(edge)
    found: dict[int, dict[int, int]] = {}
    for on in sorted(by_day, reverse=True):
        new: dict[int, dict[int, int]] = {}
        for edge in by_day[on]:
            reached = new.setdefault(edge.before, dict(found.get(edge.before, {})))
            for other, year in ((edge.after, on.year), *found.get(edge.after, {}).items()):
                if other != edge.before:
                    reached[other] = min(reached.get(other, year), year)
        found |= new
    return found


@dataclass(frozen=True)
class Said:
    """A value that one municipality reported for a year."""

    organisation: int
    year: int
    value: Decimal


def newest(values: Iterable[Said], becomes: Mapping[int, Mapping[int, int]]) -> list[Said]:
    """Give the values of a stock that count over several years.

    Of each municipality the newest; none that is older than a value of what the municipality had become.
    """
    last: dict[int, Said] = {}
    for said in values:
        known = last.get(said.organisation)
        if known is None or known.year < said.year:
            last[said.organisation] = said
    return [
        said
        for said in last.values()
        if not any(
            other in last and last[other].year > said.year and last[other].year >= since
            for other, since in becomes.get(said.organisation, {}).items()
        )
    ]


def year_to_read(came: Mapping[int, tuple[int, int]], finished: Collection[int]) -> int | None:
    """Give the year that a reader of figures wants first: the newest that waits for no more reports.

    `came` says for each year how many reports have been sent, and how many are expected. Where no year is
    whole, the newest on which somebody has reported; where nobody has, the newest. A year that has just
    been opened holds a handful of reports, and its figures would be taken for the country's.
    """
    whole = {year for year, (sent, expected) in came.items() if expected and sent == expected}
    begun = {year for year, (sent, _) in came.items() if sent}
    return max(came.keys() & (whole | set(finished)) or begun or came, default=None)
