"""Whom a letter goes to, before it is written down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ContactRow:
    """The person or mailbox that answers for one municipality, as a checked row tells it."""

    organisation_id: int
    name: str
    email: str
    role: str
