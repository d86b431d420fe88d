"""What a figure is made of: the municipalities' own values and words, as far as the reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
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
class Words:
    """What a municipality wrote in its report beside the figure."""

    definition: ResultDefinition
    words: str


@dataclass(frozen=True)
class Rows:
    """The rows behind a figure, those who have not reported it, and how many reports may not be read.

    `said` is what the reports behind the rows say in words, by report.
    """

    given: tuple[ResultRow, ...]
    missing: tuple[ResultRow, ...]
    withheld: int
    said: Mapping[int, tuple[Words, ...]]


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
    whom = ground.asked(definition)
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
    texts = {each.pk: each for each in ground.definitions if each.aggregation == Aggregation.TEXT}
    given: list[ResultRow] = []
    said: dict[int, tuple[Words, ...]] = {}
    for which, report_id, *values in (
        Result.objects.filter(definition__in={definition.pk, *texts}, report__in=list(asked))
        .order_by("definition__position")
        .values_list(
            "definition_id", "report_id", "value", "numerator", "denominator", "words",
            "report__sent_at",
        )
    ):  # fmt: skip
        if which == definition.pk:
            facts = dict(zip(_VALUES, values, strict=True))
            given.append(ResultRow(**{**vars(asked[report_id]), **facts}))
        else:
            told = Words(texts[which], str(values[3]))
            said[report_id] = (*said.get(report_id, ()), told)
    for row in given:
        del asked[row.report]
    if definition.aggregation == Aggregation.LATEST and len(years) > 1:
        given = _marked(ground, given)
    silent = [*waiting, *asked.values()]
    missing = [row for row in silent if ground.is_asked(whom, row.organisation, row.year)]
    return Rows(_sorted(given), _sorted(missing), withheld, said)


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
