"""The main menu: subjects hand in their entries when they start, the frame shows those that fit a role.

A subject calls `add` in its ``AppConfig.ready``; the dictionary is complete before the first request.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from django.urls import reverse
from django.utils.functional import Promise

MOST_ENTRIES = 7
# The capacity that everybody who has signed in has.
SIGNED_IN = "signed_in"


class Of(Enum):
    """What an entry's address names: nothing, the reader's programme, or also their municipality."""

    SITE = 0
    PROGRAMME = 1
    MUNICIPALITY = 2


@dataclass(frozen=True)
class Entry:
    """One entry of the main menu.

    `capacities` names the roles that have it; empty means everybody, also visitors who have not
    signed in. `without` names those who have it not all the same, since they have more use for the room.
    `position` orders the menu. An entry `of` a programme stands for those who take part in one.
    """

    label: str | Promise
    url_name: str
    position: int
    capacities: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    of: Of = Of.SITE

    def is_for(self, capacities: Collection[str]) -> bool:
        """Tell whether somebody with these capacities has the entry."""
        others = set(capacities) - self.without
        if self.without & set(capacities) and others <= {SIGNED_IN}:
            return False
        return not self.capacities or bool(self.capacities & others)


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
    mine = [entry for entry in ENTRIES.values() if entry.is_for(capacities)]
    return sorted(mine, key=lambda entry: entry.position)[:MOST_ENTRIES]


def shown(capacities: Collection[str], path: str, place: Collection[str] = ()) -> list[Shown]:
    """Give the menu as the page at a path shows it; the longest address that fits is marked as here.

    `place` is the reader's programme, and after it their municipality if they have one, as addresses name them.
    """
    at = list(place)
    entries = [
        (entry.label, reverse(entry.url_name, args=at[: entry.of.value]))
        for entry in entries_for(capacities)
        if entry.of.value <= len(at)
    ]
    here = max(
        (url for _, url in entries if path == url or (url != "/" and path.startswith(url))),
        key=len,
        default="",
    )
    return [Shown(label, url, url == here, path == url) for label, url in entries]
