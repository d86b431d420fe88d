"""What a figure is made of: the municipalities' own values and words, as far as the reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sloyfe.common.sorting import sort_key
from sloyfe.delivery.models import Result, ResultDefinition
from sloyfe.delivery.queries.results.ground import Expected, Ground
from sloyfe.delivery.rules.results import (
    Aggregation,
    Axis,
    PlaceKind,
    Said,
    Structure,
    newest,
    place_of,
)


@dataclass(frozen=True)
class ResultRow:
    """What one municipality reported of one thing for one year.

    `name` and `code` are those it reported under, `now` what it is called today where that differs.
    `counts` is false for a stock that a later value has taken the place of.
    """

    report: int
    organisation: int
    slug: str
    code: str
    name: str
    now: str
    region: str
    is_split: bool
    year: int
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    words: str = ""
    sent_at: dt.datetime | None = None
    counts: bool = True


@dataclass(frozen=True)
class Rows:
    """The rows behind a figure, those who have not reported it, and how many reports may not be read."""

    given: tuple[ResultRow, ...]
    missing: tuple[ResultRow, ...]
    withheld: int


@dataclass(frozen=True)
class Words:
    """What a municipality wrote in its report beside the figure."""

    definition: ResultDefinition
    words: str


def rows_of(
    ground: Ground,
    definition: ResultDefinition,
    *,
    years: Sequence[int],
    structure: Structure,
    region: str | None = None,
) -> Rows:
    """Give the rows that a figure is made of, in Norwegian order, newest year first. One query.

    `region` is the code of one, "" for those that stand in none; None is the nation.
    """
    asked: dict[int, ResultRow] = {}
    withheld = 0
    waiting: list[ResultRow] = []
    code = definition.subprogramme.code if definition.subprogramme else ""
    for report in ground.reports:
        if report.year not in years:
            continue
        row = _row(ground, report, structure)
        if region is not None and row.region != region:
            continue
        if report.is_sent and not report.is_readable:
            withheld += 1
        elif report.is_readable:
            asked[report.id] = row
        if not report.is_sent:
            waiting.append(row)
    given: list[ResultRow] = []
    for values in Result.objects.filter(definition=definition, report__in=list(asked)).values_list(
        "report_id", "value", "numerator", "denominator", "words", "report__sent_at"
    ):
        row = asked.pop(values[0])
        given.append(ResultRow(**{**vars(row), **dict(zip(_VALUES, values[1:], strict=True))}))
    if definition.aggregation == Aggregation.LATEST and len(years) > 1:
        given = _marked(ground, given)
    silent = [*waiting, *asked.values()]
    missing = [
        row
        for row in silent
        if not code or code in ground.subprogrammes(row.organisation, row.year)
    ]
    return Rows(_sorted(given), _sorted(missing), withheld)


_VALUES = ("value", "numerator", "denominator", "words", "sent_at")


def _row(ground: Ground, report: Expected, structure: Structure) -> ResultRow:
    stay = ground.geography.stay(report.organisation, report.year)
    standing = ground.geography.standing(report.organisation, report.year, structure)
    place = place_of(standing, Axis.REGION)
    name, slug = ground.names.get(report.organisation, ("", ""))
    now = ground.geography.standing(report.organisation, report.year, Structure.TODAY)
    today = ground.names.get(now.organisation, ("", ""))[0] if now.organisation else ""
    return ResultRow(
        report=report.id,
        organisation=report.organisation,
        slug=slug,
        code=stay.code if stay else "",
        name=stay.name if stay else name,
        now=today if today and today != (stay.name if stay else name) else "",
        region=standing.region,
        is_split=now.is_split or place.kind is PlaceKind.SPLIT,
        year=report.year,
    )


def _marked(ground: Ground, rows: list[ResultRow]) -> list[ResultRow]:
    """Mark the values of a stock that a later one has taken the place of."""
    kept = {
        (said.organisation, said.year)
        for said in newest(
            (Said(row.organisation, row.year, row.value) for row in rows if row.value is not None),
            ground.becomes,
        )
    }
    return [
        ResultRow(**{**vars(row), "counts": (row.organisation, row.year) in kept}) for row in rows
    ]


def _sorted(rows: list[ResultRow]) -> tuple[ResultRow, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.year, sort_key(row.name), row.code)))


def words_of(ground: Ground, rows: Rows) -> dict[int, tuple[Words, ...]]:
    """Give the words that the reports behind some rows hold, by report. One query.

    Only reports that the reader may read are among the rows, so only their words come.
    """
    texts = {each.pk: each for each in ground.definitions if each.aggregation == Aggregation.TEXT}
    found: dict[int, tuple[Words, ...]] = {}
    for report, definition, words in (
        Result.objects.filter(
            definition__in=list(texts), report__in={row.report for row in rows.given}
        )
        .order_by("definition__position")
        .values_list("report_id", "definition_id", "words")
    ):
        found[report] = (*found.get(report, ()), Words(texts[definition], words))
    return found
