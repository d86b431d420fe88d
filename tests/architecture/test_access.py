"""Who gets what at every address: URL × role × status."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from tests.architecture.access import all_rows
from tests.architecture.rows import ANONYMOUS, EVERYBODY, STRANGER, Row
from tests.cast import World, make_world

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


def test_every_row_names_every_role() -> None:
    assert [str(row) for row in ROWS if set(row.expected) != set(EVERYBODY)] == []


def test_strangers_get_404_as_if_it_did_not_exist() -> None:
    told = [str(row) for row in ROWS if not row.open_because and row.expected[STRANGER] != 404]

    assert told == []


@dataclass(frozen=True)
class SignedIn:
    """The cast, and the session that each of them has signed in with; visitors have none."""

    world: World
    sessions: dict[str, str]
    # Every client would load the middleware anew; one for all does.
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))

    def client(self, role: str) -> Client:
        """Give a browser of one role's own."""
        client = Client(raise_request_exception=False)
        client.handler = self.handler
        if role in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client


@pytest.fixture(scope="module")
def signed_in(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SignedIn]:
    """Make the cast once for all rows: twelve people who sign in for each row cost more than the row."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        sessions = {}
        for role in EVERYBODY:
            if role != ANONYMOUS:
                client = Client()
                client.force_login(world.person(role))
                sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        yield SignedIn(world, sessions)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_gets_the_status_that_the_table_says(row: Row, signed_in: SignedIn) -> None:
    # A copy, since a row may change the cast in memory, which no rollback undoes.
    url = reverse(row.name, kwargs=row.kwargs(deepcopy(signed_in.world)))
    found = {}

    for role in EVERYBODY:
        found[role] = getattr(signed_in.client(role), row.method)(url, row.data).status_code

    assert found == dict(row.expected)
