"""Emptying the database after a test that committed: only the tables that hold something.

Django truncates every table, and then makes content types and permissions anew; with a hundred tables that
is most of what such a test costs. A row or two are deleted much faster than a table is truncated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pgtrigger
from django.core.management import call_command
from django.db import connections, transaction
from django.test import TransactionTestCase

# Filled when the database is made, the same for every test.
STANDS = {"django_content_type", "auth_permission", "django_migrations"}
# Django does not count these as ours, and jobs of one test must not reach the next. In this order.
JOBS = ("procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers")


def empty(alias: str = "default") -> None:
    """Delete all rows of all models, whatever guards them."""
    connection = connections[alias]
    tables = sorted(
        set(connection.introspection.django_table_names(only_existing=True, include_views=False))
        - STANDS
    )
    tables += JOBS
    quoted = {table: connection.ops.quote_name(table) for table in tables}
    look = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name})" for table, name in quoted.items()
    )
    # Keys between tables are checked when all is deleted; rows of history may not be deleted otherwise.
    with transaction.atomic(using=alias), pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(look)
        held = [table for (table,) in cursor.fetchall()]
        if held:
            cursor.execute("; ".join(f"DELETE FROM {quoted[table]}" for table in held))


def empty_of_content() -> None:
    """Truncate every table: for whoever has loaded whole programmes. Jobs that were never run go too."""
    call_command("flush", verbosity=0, interactive=False, allow_cascade=True)
    empty()


@contextmanager
def emptied_quickly() -> Iterator[None]:
    """Let tests that commit end this way."""

    def teardown(self: TransactionTestCase) -> None:
        for alias in self._databases_names(include_mirrors=False):
            empty(alias)

    name = "_fixture_teardown"
    before: Callable[[TransactionTestCase], None] = TransactionTestCase.__dict__[name]
    setattr(TransactionTestCase, name, teardown)
    try:
        yield
    finally:
        setattr(TransactionTestCase, name, before)
