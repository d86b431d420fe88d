"""The main menu: subjects hand in their entries when they start, the frame shows those that fit a role.

A subject calls `add` in its ``AppConfig.ready``; the dictionary is complete before the first request.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

MOST_ENTRIES = 7
# The capacity that everybody who has signed in has.
SIGNED_IN = "signed_in"


@dataclass(frozen=True)
class Entry:
    """One entry of the main menu.

    `capacities` names the roles that have it; empty means everybody, also visitors who have not
    signed in. `position` orders the menu.
    """

    label: str | Promise
    url_name: str
    position: int
    capacities: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shown:
    """An entry as one page shows it."""

    label: str | Promise
    url: str
    is_here: bool
    is_exact: bool


ENTRIES: dict[str, Entry] = {}


def add(entry: Entry) -> None:
    """Hand in an entry; the address name is its key, so handing it in twice changes nothing."""
    ENTRIES[entry.url_name] = entry


def entries_for(capacities: Collection[str]) -> list[Entry]:
    """Give the menu of somebody with these capacities, in order; at most seven entries."""
    mine = [
        entry
        for entry in ENTRIES.values()
        if not entry.capacities or entry.capacities.intersection(capacities)
    ]
    return sorted(mine, key=lambda entry: entry.position)[:MOST_ENTRIES]


def shown(capacities: Collection[str], path: str) -> list[Shown]:
    """Give the menu as the page at a path shows it; the longest address that fits is marked as here."""
    entries = [(entry.label, reverse(entry.url_name)) for entry in entries_for(capacities)]
    here = max(
        (url for _, url in entries if path == url or (url != "/" and path.startswith(url))),
        key=len,
        default="",
    )
    return [Shown(label, url, url == here, path == url) for label, url in entries]
