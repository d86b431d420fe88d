"""The shape of a case document on its way to the archive, and small pieces that every kind is built of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from sloyfe.render import numbers
from sloyfe.render.blocks import Block, Cell, Column, Heading, Language, Paragraph, Row, Table


@dataclass(frozen=True)
class Paper:
    """One document as it is filed: from whom to whom, of which day, and what it says.

    `dates` are days that the archive's description names, by a stable English word.
    """

    title: str
    on: dt.date
    sender: str
    receiver: str
    blocks: tuple[Block, ...]
    dates: dict[str, dt.date] = field(default_factory=dict)


def day_of(moment: dt.datetime | None) -> dt.date | None:
    """Give the local day of a moment."""
    return timezone.localtime(moment).date() if moment is not None else None


def known(**days: dt.date | None) -> dict[str, dt.date]:
    """Give the days that are known, by name."""
    return {name: day for name, day in days.items() if day is not None}


def passages(parts: Iterable[tuple[str, str]]) -> list[Block]:
    """Give a heading and a text for each part that says something."""
    found: list[Block] = []
    for heading, text in parts:
        if text.strip():
            found += [Heading(2, heading), Paragraph(text)]
    return found


def written(day: dt.date | None, language: Language) -> str:
    """Write a day, or a dash where there is none."""
    return numbers.date(day, language) if day is not None else numbers.DASH


def words_table(
    title: str, head: str, columns: Iterable[str], rows: Iterable[tuple[str, tuple[str, ...]]]
) -> Table:
    """Give a table of words: its head column, then the others."""
    return Table(
        title=title,
        head=head,
        columns=tuple(Column(name, kind="text") for name in columns),
        rows=tuple(Row(first, tuple(Cell(text) for text in others)) for first, others in rows),
    )
