"""Kinds of organisation and of change to municipalities, and the graph of changes, without Django."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    MUNICIPALITY = "municipality"
    OFFICE = "office"
    AGENCY = "agency"
    INSTITUTE = "institute"
    GROUP = "group"


class Register(StrEnum):
    """Real municipalities and invented ones never stand in one register."""

    NORWAY = "norway"
    EXERCISE = "exercise"


class ChangeKind(StrEnum):
    RENAME = "rename"
    RENUMBER = "renumber"
    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"


class LanguageForm(StrEnum):
    """A municipality's decision on the language of letters to it (språkvedtak)."""

    BOKMAAL = "nb"
    NYNORSK = "nn"
    NEUTRAL = "neutral"
    UNKNOWN = ""


# Upper bounds, in inhabitants, of the size classes that the evaluation of 2017 used.
SIZE_CLASSES: tuple[tuple[str, int | None], ...] = (
    ("0-5000", 5_000),
    ("5001-15000", 15_000),
    ("15001-50000", 50_000),
    ("50001-100000", 100_000),
    ("100001-", None),
)


def size_class(inhabitants: int | None) -> str:
    """Give the size class of a municipality; an unknown population has the class ``unknown``."""
    if inhabitants is None:
        return "unknown"
    for code, upper in SIZE_CLASSES:
        if upper is None or inhabitants <= upper:
            return code
    raise AssertionError("the last size class has no upper bound")
