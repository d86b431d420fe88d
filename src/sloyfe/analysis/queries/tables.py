"""Stored counts of one question as blocks for the evaluator: exact, and said to be so.

Nothing here has been through disclosure control, so nothing of it may be shown to anybody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from sloyfe.analysis.models import Dataset, StoredTable
from sloyfe.analysis.queries.datasets import Counts, Inferred, by_group, infer
from sloyfe.analysis.rules import Asked
from sloyfe.analysis.texts.printed import in_words, language
from sloyfe.organisations.rules import SIZE_CLASSES
from sloyfe.programme.models import Region
from sloyfe.render import numbers
from sloyfe.render.blocks import (
    BarChart,
    BarRow,
    Block,
    Cell,
    Column,
    LikertChart,
    LikertPart,
    LikertRow,
    Pole,
    Row,
    Table,
    Tile,
    TileMap,
)
from sloyfe.stats.frequency import DontKnow, Part, distribution, multiple


@dataclass(frozen=True)
class Line:
    """One question in the list: how many answered it, and its main share in words."""

    item: Asked
    heading: str
    text: str
    answered: int | None
    main: str
    is_first_of_heading: bool


def lines(dataset: Dataset, items: Mapping[str, Asked]) -> list[Line]:
    """Give every question with how many answered and the share at its positive end. One query."""
    stored = {row.item: by_group(row) for row in dataset.tables.filter(by="")}
    found, before = [], ""
    for item in items.values():
        counts = stored[item.code].get("", Counts({}, 0)) if item.code in stored else None
        found.append(
            Line(
                item,
                in_words(item.heading_text) if item.heading != item.code else "",
                in_words(item.text),
                counts.respondents if counts else None,
                _main(item, counts) if counts and counts.respondents else "",
                item.heading != before,
            )
        )
        before = item.heading
    return found


def _main(item: Asked, counts: Counts) -> str:
    """The share at the positive end of a scale; without poles, the commonest answer."""
    codes = main_options(item)
    if item.kind == "multiple" or not codes:
        code = max(item.option_codes, key=lambda each: counts.counts.get(each, 0))
        codes = (code,)
    hits = sum(counts.counts.get(code, 0) for code in codes)
    return _("%(percent)s %(answer)s") % {
        "percent": numbers.percent(Fraction(hits * 100, counts.respondents), language()),
        "answer": wording_of(item, codes).lower(),
    }


def main_options(item: Asked) -> tuple[str, ...]:
    """The options at the positive end of a scale; none where the scale has no ends."""
    return item.pole("positive") if item.kind == "single" else ()


def wording_of(item: Asked, codes: Sequence[str]) -> str:
    """Say some options of a question in words."""
    names = [in_words(o["text"]) for o in item.options if str(o["code"]) in codes]
    return _(" or ").join(names)


def group_names(dataset: Dataset, by: str) -> dict[str, str]:
    """Give the name of every group of a background, in the order it is shown in."""
    if by == "region":
        rows = Region.objects.filter(programme_id=dataset.round.programme_id).order_by("position")
        return {row.code: row.name for row in rows}
    return {code: _size(code) for code, _upper in SIZE_CLASSES} | {"": _("not known")}


def _size(code: str) -> str:
    low, _dash, high = code.partition("-")
    if not low.isdigit():
        return _("not known")
    first = numbers.number(int(low), language())
    if not high:
        return _("%(first)s or more") % {"first": first}
    return f"{first}–{numbers.number(int(high), language())}"


@dataclass(frozen=True)
class Told:
    """One group's answers: its name, the parts that are shares of the base, those outside, and the base."""

    name: str
    parts: tuple[Part, ...]
    merged: tuple[Part, ...]
    outside: tuple[Part, ...]
    base: int


def told(item: Asked, name: str, counts: Counts, dont_know: DontKnow) -> Told:
    """Work out one group's shares from its stored counts, with don't-know handled as asked."""
    known = {code: counts.counts.get(code, 0) for code in item.option_codes}
    if item.kind == "multiple":
        several = multiple(known, respondents=counts.respondents, options=item.option_codes)
        return Told(name, several.parts, (), (), several.base)
    ends = {"positive": item.pole("positive"), "negative": item.pole("negative")}
    spread = distribution(
        known,
        options=item.option_codes,
        merged={key: codes for key, codes in ends.items() if len(codes) > 1},
        dont_know=dont_know,
        dont_know_options=item.marked("dont_know"),
    )
    return Told(name, spread.parts, spread.merged, spread.outside, spread.base)


def frequency_table(
    item: Asked, groups: Sequence[Told], *, by: str, marks: tuple[str, ...]
) -> Table:
    """The exact counts and shares, options down for one group, groups down for several."""
    note = base_note(item, outside=any(group.outside for group in groups))
    names = {str(o["code"]): in_words(o["text"]) for o in item.options}
    if not by:
        [group] = groups
        rows = [Row(names[part.key], _count_and_share(part)) for part in group.parts]
        rows += [
            Row(wording_of(item, part.options), _count_and_share(part), emphasis=True)
            for part in group.merged
        ]
        rows += [
            Row(
                _("%(answer)s (outside the base)") % {"answer": names[part.key]},
                (Cell(str(part.count)), Cell("–")),
            )
            for part in group.outside
        ]
        return Table(
            title=in_words(item.text),
            head=_("Answer"),
            columns=(Column(_("How many")), Column(_("Share"), "%", "percent", n=group.base)),
            rows=tuple(rows),
            notes=note,
            marks=marks,
        )
    shown = groups[0].parts
    return Table(
        title=in_words(item.text),
        head=_("Region") if by == "region" else _("Inhabitants"),
        columns=(*(Column(names[part.key]) for part in shown), Column("N")),
        rows=tuple(
            Row(
                group.name,
                (*(_in_one(part) for part in group.parts), Cell(str(group.base))),
                emphasis=place == len(groups) - 1,
            )
            for place, group in enumerate(groups)
        ),
        notes=(_("Number of answers, and per cent of the group in brackets."), *note),
        marks=marks,
    )


def _share(part: Part) -> str:
    return numbers.number(part.percent, language()) if part.base else "–"


def _count_and_share(part: Part) -> tuple[Cell, Cell]:
    return Cell(str(part.count)), Cell(_share(part))


def _in_one(part: Part) -> Cell:
    return Cell(f"{part.count} ({_share(part)})" if part.base else "0")


def base_note(item: Asked, *, outside: bool) -> tuple[str, ...]:
    """Say what the shares are of."""
    if item.kind == "multiple":
        return (_("Shares of those who answered the question; each could choose several."),)
    if not item.marked("dont_know"):
        return ()
    if outside:
        return (_("Those who answered that they do not know are left out of the base."),)
    return (_("Those who answered that they do not know are part of the base."),)


def chart(
    item: Asked, groups: Sequence[Told], table: Table, *, finding: str, marks: tuple[str, ...]
) -> Block:
    """The picture beside the table: a bar per group for a scale, a bar per option for several choices."""
    names = {str(o["code"]): in_words(o["text"]) for o in item.options}
    if item.kind == "multiple":
        whole = groups[-1]
        return BarChart(
            title=finding,
            subtitle=in_words(item.text),
            rows=tuple(
                BarRow(
                    names[part.key],
                    float(part.share * 100) if part.base else None,
                    text=_share(part),
                )
                for part in sorted(whole.parts, key=lambda part: -part.count)
            ),
            alt=finding,
            data=table,
            unit="%",
            marks=marks,
        )
    poles: dict[str, Pole] = {}
    marked = set(item.marked("dont_know"))
    for option in item.options:
        pole = option.get("pole")
        poles[str(option["code"])] = pole if pole in ("positive", "negative") else "neutral"
    return LikertChart(
        title=finding,
        subtitle=in_words(item.text),
        rows=tuple(
            LikertRow(
                group.name,
                group.base,
                tuple(
                    LikertPart(
                        names[part.key],
                        float(part.share),
                        part.count,
                        poles[part.key],
                        "dont_know" if part.key in marked else "",
                    )
                    for part in group.parts
                )
                if group.base
                else (),
                "" if group.base else _("nobody answered"),
            )
            for group in groups
        ),
        alt=finding,
        data=table,
        marks=marks,
    )


MAP_COLUMNS = 2


def region_map(
    item: Asked, groups: Sequence[Told], table: Table, *, marks: tuple[str, ...]
) -> TileMap | None:
    """The regions as equal tiles, darker where more answered the main thing; `groups` in region order.

    The main thing is the positive end of a scale, or else what most in all have chosen. The tiles stand
    in the order of the regions: the regions of an exercise lie nowhere. None where nobody answered.
    """
    answered = [group for group in groups if group.base]
    if not answered:
        return None
    codes = main_options(item) or (
        max(item.option_codes, key=lambda code: sum(_hits(group, (code,)) for group in answered)),
    )
    shares = {group.name: Fraction(_hits(group, codes) * 100, group.base) for group in answered}
    tiles = tuple(
        Tile(
            label=group.name,
            row=place // MAP_COLUMNS,
            column=place % MAP_COLUMNS,
            value=float(shares[group.name]) if group.base else None,
            text=numbers.percent(shares[group.name], language()) if group.base else "–",
        )
        for place, group in enumerate(groups)
    )
    most = max(shares, key=lambda name: shares[name])
    finding = _("The most in %(region)s: %(percent)s answer %(answer)s") % {
        "region": most,
        "percent": numbers.percent_in_prose(shares[most], language()),
        "answer": wording_of(item, codes).lower(),
    }
    return TileMap(
        title=finding,
        subtitle=_(
            "Each tile is a region; darker means a larger share. The tiles are no map of places."
        ),
        tiles=tiles,
        alt=finding,
        data=table,
        marks=marks,
    )


def _hits(group: Told, codes: Sequence[str]) -> int:
    return sum(part.count for part in group.parts if part.key in codes)


def finding_of(item: Asked, whole: Told) -> str:
    """Say the main thing in one sentence."""
    if not whole.base:
        return _("Nobody has answered this question")
    ends = [part for part in whole.merged if part.key == "positive"]
    positive = item.pole("positive")
    single = [part for part in whole.parts if positive == (part.key,)]
    best = (ends or single or [max(whole.parts, key=lambda part: part.count)])[0]
    return _("%(count)s of %(base)s (%(percent)s) answer %(answer)s") % {
        "count": best.count,
        "base": whole.base,
        "percent": numbers.percent_in_prose(best.percent, language()),
        "answer": wording_of(item, best.options or (best.key,)).lower(),
    }


def inferred(dataset: Dataset, item: Asked) -> Inferred | None:
    """What the answers say of the whole frame: the positive end, or the commonest answer. One query."""
    stored = StoredTable.objects.filter(dataset=dataset, item=item.code, by="region").first()
    if stored is None:
        return None
    groups = by_group(stored)
    return infer(dataset, groups, inferred_options(item, groups))


def inferred_options(item: Asked, groups: Mapping[str, Counts]) -> tuple[str, ...]:
    """The options that an estimate is made of."""
    total = {
        code: sum(group.counts.get(code, 0) for group in groups.values())
        for code in item.option_codes
    }
    return main_options(item) or (max(total, key=lambda code: total[code]),)


def cross_table(first: Asked, second: Asked, stored: StoredTable, marks: tuple[str, ...]) -> Table:
    """How two questions go together: counts, and per cent of the row."""
    groups = by_group(stored)
    rows = []
    for option in first.options:
        counts = groups.get(str(option["code"]), Counts({}, 0))
        parts = distribution(
            {code: counts.counts.get(code, 0) for code in second.option_codes},
            options=second.option_codes,
            dont_know="in_base",
        )
        rows.append(
            Row(
                in_words(option["text"]),
                (*(_in_one(part) for part in parts.parts), Cell(str(parts.base))),
            )
        )
    return Table(
        title=_("%(first)s, by answer to: %(second)s")
        % {"first": in_words(second.text), "second": in_words(first.text)},
        head=in_words(first.text),
        columns=(*(Column(in_words(o["text"])) for o in second.options), Column("N")),
        rows=tuple(rows),
        notes=(_("Number of answers, and per cent of the row in brackets."),),
        marks=marks,
    )
