"""A real Chromium against a real server, signed in through the real one-time link.

Loaded by ``-p`` in pyproject.toml, so that every folder of browser tests has the same fixtures. The
browser itself is pytest-playwright's; `tests/conftest.py` points it at the system's Chromium.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.plugins.database import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--hide-scrollbars",
)
NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}
# A page that never becomes ready is a fault; a machine with many tests at once is only slow.
PATIENCE = 30_000


def pytest_configure(config: pytest.Config) -> None:
    """Let tests use the database while Playwright's loop runs in the same thread.

    The loop is Playwright's own and runs none of our code, so nothing is shared between tasks.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def chromium() -> str | None:
    """Find the system's Chromium."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def launch_arguments() -> dict[str, Any]:
    """Say how to start the system's Chromium; skips the test where there is none."""
    path = chromium()
    if path is None:
        pytest.skip(f"no browser here: none of {', '.join(NAMES)} is installed")
    return {"executable_path": path, "args": list(ARGUMENTS)}


@contextmanager
def serving(keys: Path) -> Iterator[str]:
    """Serve the project from a thread, with round keys in a folder of its own; gives the address.

    The test's own code and the server share one process and one database, nothing else.
    """
    from django.conf import settings
    from django.test import override_settings
    from pytest_django.live_server_helper import LiveServer

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    server = LiveServer("127.0.0.1")
    server._live_server_modified_settings.enable()
    try:
        with override_settings(
            BASE_URL=server.url,
            CSRF_TRUSTED_ORIGINS=[server.url],
            KEYS=keys,
            # The server finds the files where they lie, under their own names.
            STORAGES=settings.STORAGES | {"staticfiles": plain},
        ):
            yield server.url
    finally:
        server.stop()
        server._live_server_modified_settings.disable()


@pytest.fixture
def site(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The address of the project, served for one test; what the test writes is gone afterwards."""
    with serving(tmp_path / "keys") as url:
        yield url


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The accessibility checker, as npm installed it."""
    path = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not installed: run `npm ci`")
    return path.read_text(encoding="utf-8")


def sign_in(page: Page, person: Any, site: str) -> None:
    """Sign a person in as a person does: open the one-time link and press the button."""
    from django.utils import timezone

    from sloyfe.accounts.actions import make_link

    link = make_link(
        person=person, actor=None, lifetime=dt.timedelta(minutes=5), now=timezone.now()
    )
    page.goto(site + urlsplit(link).path)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "/logg-inn/" not in url)


def wait_for_htmx(page: Page) -> None:
    """Wait until nothing that the page asked for by itself is on its way."""
    page.wait_for_function(
        "() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')",
        timeout=PATIENCE,
    )


@pytest.fixture
def new_page(new_context: Callable[..., Any]) -> Callable[..., Page]:
    """Make a page in a browser context of its own: another person, or another device."""

    def make(width: int = 1280, height: int = 900, **more: Any) -> Page:
        context = new_context(viewport={"width": width, "height": height}, locale="nb-NO", **more)
        context.set_default_timeout(PATIENCE)
        page: Page = context.new_page()
        return page

    return make
