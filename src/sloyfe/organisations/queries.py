"""Questions about municipalities over time. Every answer takes the same few queries, however many there are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sloyfe.organisations.models import (
    MunicipalityChange,
    MunicipalityPeriod,
    Organisation,
    Population,
)
from sloyfe.organisations.rules import (
    KEEPS_AREA,
    Change,
    ChangeGraph,
    ChangeKind,
    LanguageForm,
    Register,
    size_class,
)


@dataclass(frozen=True)
class Municipality:
    """A municipality as it was on a day. `inhabitants` is None where no figure fits its borders."""

    organisation_id: int
    slug: str
    code: str
    name: str
    sort_key: str
    county_code: str
    county_name: str
    language_form: LanguageForm
    inhabitants: int | None
    counted_on: dt.date | None

    @property
    def size_class(self) -> str:
        """Its size class by inhabitants."""
        return size_class(self.inhabitants)


@dataclass(frozen=True)
class Inhabitants:
    """How many lived within a municipality's borders on a day; `since` tells from when they hold."""

    on: dt.date
    count: int
    source: str


@dataclass(frozen=True)
class ToldChange:
    """A change in a municipality's history: what became what, on a day."""

    on: dt.date
    kind: ChangeKind
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class _Period:
    id: int
    organisation_id: int
    slug: str
    code: str
    name: str
    sort_key: str
    county_code: str
    county_name: str
    language_form: str
    valid_from: dt.date
    valid_to: dt.date | None

    def holds_on(self, on: dt.date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class _Areas:
    """Periods in which a municipality covers the same ground, whatever it is named or numbered."""

    def __init__(self, register: Register) -> None:
        # A period comes once for each change that ended it: periods and changes in one query.
        rows = MunicipalityPeriod.objects.filter(register=register.value).values_list(
            "id", "organisation_id", "organisation__slug", "code", "name", "sort_key",
            "county_code", "county_name", "organisation__language_form", "valid_from", "valid_to",
            "changes_after__kind", "changes_after__after_id",
        )  # fmt: skip
        found: dict[int, _Period] = {}
        changes: list[tuple[str, int, int]] = []
        for row in rows:
            period = found.setdefault(row[0], _Period(*row[:11]))
            if row[12] is not None:
                changes.append((row[11], period.id, row[12]))
        self.periods = list(found.values())
        self._by_code: dict[str, list[_Period]] = defaultdict(list)
        for period in self.periods:
            self._by_code[period.code].append(period)
        self._root = {period.id: period.id for period in self.periods}
        outgoing: dict[int, int] = defaultdict(int)
        incoming: dict[int, int] = defaultdict(int)
        for _, before, after in changes:
            outgoing[before] += 1
            incoming[after] += 1
        for kind, before, after in changes:
            if kind in KEEPS_AREA and outgoing[before] == incoming[after] == 1:
                self._root[self.of(after)] = self.of(before)

    def of(self, period: int) -> int:
        """Give the area of a period, as the id of one of its periods."""
        while self._root[period] != period:
            self._root[period] = self._root[self._root[period]]
            period = self._root[period]
        return period

    def at(self, code: str, on: dt.date) -> int | None:
        """Give the area that had a number on a day."""
        return next((self.of(p.id) for p in self._by_code.get(code, ()) if p.holds_on(on)), None)

    def counts(
        self, rows: Iterable[tuple[str, dt.date, str, int, str]]
    ) -> dict[int, dict[dt.date, Inhabitants]]:
        """Give inhabitants by area and day. A figure belongs to the borders that it was counted on."""
        found: dict[int, dict[dt.date, Inhabitants]] = defaultdict(dict)
        for code, on, borders, count, source in rows:
            area = self.at(code, dt.date.fromisoformat(borders) if borders else on)
            if area is not None:
                found[area][on] = Inhabitants(on, count, source)
        return found


def as_of(register: Register, on: dt.date) -> tuple[Municipality, ...]:
    """Give every municipality of a register on a day, in Norwegian order. Two queries.

    Inhabitants are the newest figure up to that day that was counted within the borders of that day.
    """
    areas = _Areas(register)
    newest = (
        Population.objects.filter(register=register.value, on__lte=on)
        .order_by("code", "borders", "-on")
        .distinct("code", "borders")
        .values_list("code", "on", "borders", "inhabitants", "source")
    )
    counts = areas.counts(newest)
    found = []
    for period in areas.periods:
        if not period.holds_on(on):
            continue
        known = counts.get(areas.of(period.id), {})
        last = known[max(known)] if known else None
        found.append(
            Municipality(
                organisation_id=period.organisation_id,
                slug=period.slug,
                code=period.code,
                name=period.name,
                sort_key=period.sort_key,
                county_code=period.county_code,
                county_name=period.county_name,
                language_form=LanguageForm(period.language_form),
                inhabitants=last.count if last else None,
                counted_on=last.on if last else None,
            )
        )
    return tuple(sorted(found, key=lambda m: (m.sort_key, m.name, m.code)))


def inhabitants_of(organisation: Organisation) -> tuple[Inhabitants, ...]:
    """Give all figures that were counted within the borders that a municipality has had, oldest first.

    A figure is shown here only for days on which the municipality had those borders. Two queries.
    """
    areas = _Areas(Register(organisation.register))
    rows = (
        Population.objects.filter(register=organisation.register)
        .order_by("borders")
        .values_list("code", "on", "borders", "inhabitants", "source")
    )
    own = [p for p in areas.periods if p.organisation_id == organisation.pk]
    codes = {p.code for p in areas.periods if areas.of(p.id) in {areas.of(o.id) for o in own}}
    counts = areas.counts(rows.filter(code__in=codes))
    found: dict[dt.date, Inhabitants] = {}
    for period in own:
        known = counts.get(areas.of(period.id), {})
        found |= {on: known[on] for on in known if period.holds_on(on)}
    return tuple(found[on] for on in sorted(found))


def change_graph(register: Register) -> ChangeGraph:
    """Give the graph of all changes in a register. One query."""
    rows = MunicipalityChange.objects.filter(register=register.value).values_list(
        "on", "kind", "before__code", "after__code"
    )
    return ChangeGraph(
        Change(on, ChangeKind(kind), before, after) for on, kind, before, after in rows
    )


def changes_told(organisation: Organisation) -> tuple[ToldChange, ...]:
    """Give the changes that a municipality came from, went through or ended in, oldest first.

    Two queries, one where the organisation's periods are prefetched.
    """
    own = {period.pk for period in organisation.periods.all()}
    rows = list(
        MunicipalityChange.objects.filter(register=organisation.register)
        .select_related("before", "after")
        .order_by("on", "before__sort_key", "after__sort_key")
    )
    told: list[ToldChange] = []
    for on in sorted({row.on for row in rows if row.before_id in own or row.after_id in own}):
        touching = [r for r in rows if r.on == on and (r.before_id in own or r.after_id in own)]
        for kind in dict.fromkeys(ChangeKind(r.kind) for r in touching):
            ours = [r for r in touching if r.kind == kind]
            if kind is ChangeKind.SPLIT:
                sources = {r.before_id for r in ours}
                ours = [r for r in rows if r.on == on and r.before_id in sources and r.kind == kind]
            elif kind is ChangeKind.MERGE:
                targets = {r.after_id for r in ours}
                ours = [r for r in rows if r.on == on and r.after_id in targets and r.kind == kind]
            before = tuple(dict.fromkeys(str(r.before) for r in ours))
            after = tuple(dict.fromkeys(str(r.after) for r in ours))
            told.append(ToldChange(on, kind, before, after))
    return tuple(told)


@dataclass(frozen=True)
class NameBook:
    """Finds a municipality of a day by number or by name; several may have the same name."""

    by_code: dict[str, Municipality]
    by_name: dict[str, tuple[Municipality, ...]]

    def named(self, name: str) -> tuple[Municipality, ...]:
        """Give every municipality with this name, whole or as one part of a name in two languages."""
        return self.by_name.get(_plain(name), ())


def name_book(register: Register, on: dt.date) -> NameBook:
    """Give the municipalities of a day for looking up what people wrote in a list. Two queries."""
    rows = as_of(register, on)
    names: dict[str, dict[str, Municipality]] = defaultdict(dict)
    for row in rows:
        for name in {row.name, *row.name.split(" - "), row.name.removesuffix(" (øving)")}:
            names[_plain(name)][row.code] = row
    return NameBook(
        {row.code: row for row in rows}, {name: tuple(r.values()) for name, r in names.items()}
    )


def _plain(name: str) -> str:
    words = name.casefold().replace("–", "-").split()
    if len(words) > 1 and words[-1] == "kommune":
        words.pop()
    return " ".join(words)
