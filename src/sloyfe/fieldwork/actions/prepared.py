"""Statements that the database plans once per connection instead of once per request.

Planning a join of six tables costs more than running it when each is found by its key. A pooler in front of
the database must keep prepared statements (PgBouncer 1.21 or newer does) or pool by session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper

# What each open connection has been told.
_told: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Statement:
    """A statement with numbered parameters and their types."""

    name: str
    types: tuple[str, ...]
    sql: str

    def run(self, cursor: CursorWrapper, parameters: Sequence[Any]) -> None:
        """Run it on Django's connection; the cursor then holds what it gave."""
        told = _told.setdefault(connection.connection, set())
        if self.name not in told:
            cursor.execute(f"PREPARE {self.name} ({', '.join(self.types)}) AS {self.sql}")
            told.add(self.name)
        slots = ", ".join(["%s"] * len(self.types))
        cursor.execute(f"EXECUTE {self.name} ({slots})", parameters)
