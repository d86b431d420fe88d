"""Holds that a piece of code writes nothing to the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

READING = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "SET ", "SHOW")


@contextmanager
def nothing_written() -> Iterator[list[str]]:
    """Fail at the first statement that is not a reading one; give what was run."""
    run: list[str] = []

    def watch(
        execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        text = str(sql).lstrip().upper()
        run.append(text)
        assert text.startswith(READING), f"this was written: {sql}"
        assert "FOR UPDATE" not in text, f"a row was locked: {sql}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield run
