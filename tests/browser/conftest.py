"""One installation for all who only look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.content import ROLES, Installation, load
from tests.browser.looking import both_widths
from tests.plugins.browser import PATIENCE, WIDE, serving
from tests.plugins.emptying import empty_of_content


@dataclass(frozen=True)
class Reading:
    """What a role got at a path, and how many questions the database was asked for it."""

    status: int
    queries: int
    is_page: bool
    content: str


@dataclass
class Place:
    """The installation being served, with one browser window for each role."""

    url: str
    installation: Installation
    browser: Browser
    windows: dict[str, tuple[BrowserContext, Page]] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    readings: dict[str, dict[str, Reading]] = field(default_factory=dict, repr=False)

    def sign_everybody_in(self) -> None:
        """Give each role a client that reads pages without drawing them."""
        for role in ROLES:
            self.clients[role] = Client(raise_request_exception=False)
            if role in self.installation.people:
                self.clients[role].force_login(self.installation.people[role])

    def read(self, path: str) -> dict[str, Reading]:
        """Give what every role gets at a path. Nobody writes here, so each is asked for once."""
        if path not in self.readings:
            self.readings[path] = {}
            for role in ROLES:
                # Django keeps only so many, and warns when there are more.
                connection.queries_log.clear()
                with CaptureQueriesContext(connection) as queries:
                    answer = self.clients[role].get(path)
                is_page = answer.status_code in (200, 422) and answer.headers.get(
                    "Content-Type", ""
                ).startswith("text/html")
                self.readings[path][role] = Reading(
                    answer.status_code,
                    len(queries),
                    is_page,
                    answer.content.decode() if is_page else "",
                )
        return self.readings[path]

    def window(self, role: str) -> Page:
        """Give the browser window of a role, signed in by its session."""
        if role not in self.windows:
            context = self.browser.new_context(viewport=WIDE, locale="nb-NO")  # type: ignore[arg-type]
            context.set_default_timeout(PATIENCE)
            session = self.clients[role].cookies.get(settings.SESSION_COOKIE_NAME)
            if session is not None:
                cookie: Any = {"name": session.key, "value": session.value, "url": self.url}
                context.add_cookies([cookie])
            self.windows[role] = (context, context.new_page())
        return self.windows[role][1]


@pytest.fixture(scope="module")
def place(
    django_db_setup: None,
    django_db_blocker: Any,
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    """A small whole installation, loaded once for the tests of a file, that only look at it.

    It is committed, so that the server sees it; each test's own transaction stays empty.
    """
    folder = tmp_path_factory.mktemp("place")
    with (
        django_db_blocker.unblock(),
        override_settings(FROZEN=folder / "frozen"),
        serving(folder / "keys") as url,
    ):
        try:
            place = Place(url, load(), browser)
            place.sign_everybody_in()
            yield place
            for context, _ in place.windows.values():
                context.close()
        finally:
            empty_of_content()


@pytest.fixture
def look(place: Place, axe_source: str) -> Callable[..., list[str]]:
    """Open a path as a role and tell what is wrong with the page at 1280 and at 360 px."""

    def look_at(role: str, path: str) -> list[str]:
        page = place.window(role)
        page.goto(place.url + path)
        return [f"{role} {path} at {fault}" for fault in both_widths(page, axe_source)]

    return look_at
