"""What every test may use."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Browser

from tests.plugins.browser import launch_arguments
from tests.plugins.database import copy_made_database, ensure_suite_cluster, suite_cluster
from tests.plugins.emptying import emptied_quickly

# No test fails because the machine is busy: neither by a deadline nor since inputs came slowly.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector of garbage pass over the thousands of tests, which stay until the end anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Start the suite's database server, and give each worker a database with its tables made."""
    from django.db import connection

    ensure_suite_cluster()
    copy_made_database(connection.creation._get_test_db_name())


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Take the database that was copied. It goes with the suite's server when the run is over."""
    return django_db_keepdb or suite_cluster() is not None


@pytest.fixture(scope="session", autouse=True)
def _quick_emptying() -> Iterator[None]:
    """Delete what tests that commit have left, instead of truncating every table."""
    with emptied_quickly():
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_static_files() -> Iterator[None]:
    """Let pages name their static files as they lie in the tree, however old the gathered ones are."""
    from django.conf import settings
    from django.test import override_settings

    # The web server's files warn of a missing folder, and a warning fails a test.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # Every test client loads the middleware anew. Let it look for a file when one is asked for, instead of
    # listing them all: that took half the time of a test's requests.
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": plain}, WHITENOISE_AUTOREFRESH=True
    ):
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the system's Chromium. Here, because a plugin's own fixture comes before another plugin's."""
    return launch_arguments()


@pytest.fixture(scope="session")
def browser(browser: Browser) -> Iterator[Browser]:
    """End the database connections that were opened while Playwright ran.

    Django keeps connections apart for code under a running loop, and nobody else closes those.
    """
    from django.db import connections

    yield browser
    connections.close_all()
