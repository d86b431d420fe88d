"""Who gets what at every address: URL × role × status."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.architecture.access import all_rows
from tests.architecture.rows import ANONYMOUS, EVERYBODY, STRANGER, Row
from tests.cast import make_world

ROWS = all_rows()


def _names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}" if pattern.name else f"{prefix}<{pattern.pattern}>"


def test_the_table_names_every_address_of_the_project() -> None:
    named = {row.name for row in ROWS}

    missing = sorted(set(_names(get_resolver())) - named)

    assert not missing, f"write rows in tests/architecture/access/ for: {', '.join(missing)}"


def test_the_table_names_no_address_that_is_gone() -> None:
    assert not sorted({row.name for row in ROWS} - set(_names(get_resolver())))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_row_names_every_role(row: Row) -> None:
    assert set(row.expected) == set(EVERYBODY)


@pytest.mark.parametrize("row", [row for row in ROWS if not row.open_because], ids=str)
def test_strangers_get_404_as_if_it_did_not_exist(row: Row) -> None:
    assert row.expected[STRANGER] == 404


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_gets_the_status_that_the_table_says(row: Row) -> None:
    world = make_world()
    url = reverse(row.name, kwargs=row.kwargs(world))
    found = {}

    for role in EVERYBODY:
        client = Client(raise_request_exception=False)
        if role != ANONYMOUS:
            client.force_login(world.person(role))
        found[role] = getattr(client, row.method)(url, row.data).status_code

    assert found == dict(row.expected)
