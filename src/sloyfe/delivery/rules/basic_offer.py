"""The headings under which the basic offer stands on the page of a municipality, without Django."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Theme(StrEnum):
    FUNDING = "funding"
    ADVICE = "advice"
    COURSES = "courses"
    GUIDES = "guides"
    OTHER = "other"


def by_theme(parts: Iterable[tuple[str, T]]) -> list[tuple[Theme, tuple[T, ...]]]:
    """Put the parts of an offer under their headings, in a fixed order; those without one come last."""
    known = {theme.value: theme for theme in Theme}
    found: dict[Theme, list[T]] = {}
    for code, part in parts:
        found.setdefault(known.get(code, Theme.OTHER), []).append(part)
    return [(theme, tuple(found[theme])) for theme in Theme if theme in found]
