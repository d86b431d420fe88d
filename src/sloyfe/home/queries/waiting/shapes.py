"""What a line says that waits for somebody or that came back, and how all lines are read at once.

Each subject names `Source`s: rows of the database, and the lines that they become. `read` asks for the rows of
all of them in one statement, so that a page costs the same however many subjects there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import IntegerField, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils.functional import Promise


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a person: what, where, by when, since when, and the button that does it."""

    text: str
    programme: str
    label: str | Promise
    url: str
    due: dt.date | None = None
    since: dt.date | None = None
    is_late: bool = False
    age: int = 0


@dataclass(frozen=True)
class News:
    """One thing that came back: an answer, a decision, something released or closed."""

    text: str
    on: dt.date
    url: str = ""


Line = TypeVar("Line", Waiting, News)
Row = dict[str, Any]

# What every line about a municipality says of where it is, by what it is called in a row.
PROGRAMME = {"programme": "programme__title", "slug": "programme__slug"}
PLACE = PROGRAMME | {"municipality": "municipality__name", "place": "municipality__slug"}


@dataclass(frozen=True)
class Source(Generic[Line]):
    """Rows of one kind, what is read of each (name → column or expression), and the lines they become.

    A row comes as JSON does: days and times are text; `day` reads them.
    """

    rows: QuerySet[Any, Any]
    fields: dict[str, Any]
    lines: Callable[[list[Row]], list[Line]]


def each(tell: Callable[[Row], Line | None]) -> Callable[[list[Row]], list[Line]]:
    """Make a line of each row, or none."""
    return lambda rows: [line for row in rows if (line := tell(row)) is not None]


def day(text: str | None) -> dt.date | None:
    """Read a day of a row."""
    return dt.date.fromisoformat(text) if text else None


def read(sources: Iterable[Source[Line] | None]) -> list[Line]:
    """Give the lines of all sources. One query, or none where nobody asks for anything."""
    asked = [source for source in sources if source is not None]
    if not asked:
        return []
    first, *others = (
        source.rows.values_list(
            Value(number, output_field=IntegerField()), JSONObject(**source.fields)
        )
        for number, source in enumerate(asked)
    )
    rows: list[list[Row]] = [[] for _ in asked]
    for number, row in first.union(*others, all=True):
        rows[number].append(row)
    return [line for source, own in zip(asked, rows, strict=True) for line in source.lines(own)]
