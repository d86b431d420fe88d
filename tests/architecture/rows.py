"""The shape of the access table: one row per address and method, told as role → status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.cast import World

ANONYMOUS = "anonymous"
STRANGER = "stranger"
CLIENT = ("owner", "national_lead", "project_group")
ROLES = (
    "owner",
    "national_lead",
    "head_office",
    "regional_office_nord",
    "regional_office_sor",
    "municipality",
    "municipality_in_programme",
    "evaluator",
    "project_group",
    "partner",
    "auditor",
)
EVERYBODY = (ANONYMOUS, STRANGER, *ROLES)
SIGNED_IN = (STRANGER, *ROLES)


def everybody(status: int) -> dict[str, int]:
    """Give all the same status."""
    return dict.fromkeys(EVERYBODY, status)


def only(
    *roles: str, status: int = 200, others: int = 404, anonymous: int | None = None
) -> dict[str, int]:
    """Give some roles a status and the others another; visitors get `anonymous` if it is given.

    A role that may see the thing but not do this gets 403: write ``only(...) | {"partner": 403}``.
    """
    table = {role: status if role in roles else others for role in EVERYBODY}
    if anonymous is not None:
        table[ANONYMOUS] = anonymous
    return table


@dataclass(frozen=True)
class Row:
    """One address and method, with the status that each role gets.

    `expected` names every role of `EVERYBODY`. `kwargs` makes the address's arguments from the cast and
    may make rows in the database on the way. `open_because` says why a stranger gets anything but 404.
    """

    name: str
    expected: Mapping[str, int]
    kwargs: Callable[[World], dict[str, Any]] = field(default=lambda world: {})
    method: str = "get"
    data: Mapping[str, Any] = field(default_factory=dict)
    open_because: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.name}"
