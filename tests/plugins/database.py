"""One embedded database server for the whole suite, started when the first test needs it.

Loaded by ``-p`` in pyproject.toml, before pytest-django reads the settings, so that
`DATABASE_URL` names the server from the start. The address is known before the server runs.
Its database `sloyfe` holds the tables that `made` has made; every xdist worker gets a copy of it.
Set `DATABASE_URL` beforehand to test on another PostgreSQL server, where pytest-django makes the tables.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from sloyfe.cli.build import compile_translations  # noqa: E402
from sloyfe.database.problems import AlreadyRunning  # noqa: E402
from sloyfe.database.server import Cluster  # noqa: E402
from tests.plugins import made  # noqa: E402

FOLDERS = made.FOLDERS
MARK = "TEST_CLUSTER_FOLDER"  # set by the first process of a run, inherited by its workers


def suite_cluster() -> Cluster | None:
    """The server of this run; None when the caller named another by `DATABASE_URL`."""
    folder = os.environ.get(MARK)
    return Cluster(Path(folder), for_tests=True) if folder else None


def ensure_suite_cluster() -> None:
    """Start the server of this run unless another worker has."""
    cluster = suite_cluster()
    if cluster is None:
        return
    with made.alone():
        if cluster.is_running():
            return
        if not cluster.is_initialised():
            made.lay(cluster)
        try:
            cluster.start()
        except AlreadyRunning:
            cluster.wait_until_ready()


def copy_made_database(name: str) -> bool:
    """Make a database with all tables and nothing in them. False where the server is the caller's."""
    cluster = suite_cluster()
    if cluster is None:
        return False
    copy = sql.Identifier(name)
    # Two copies at once would be in each other's way.
    with made.alone(), psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(copy))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE sloyfe").format(copy))
    return True


def _remove_what_killed_runs_left() -> None:
    for folder in FOLDERS.glob("*"):
        if folder.name.isdigit() and not psutil.pid_exists(int(folder.name)):
            try:
                Cluster(folder, for_tests=True).remove()
            except Exception:
                shutil.rmtree(folder, ignore_errors=True)


def _name_the_server() -> None:
    if "DATABASE_URL" in os.environ:
        return
    _remove_what_killed_runs_left()
    folder = FOLDERS / str(os.getpid())
    os.environ[MARK] = str(folder)
    os.environ["DATABASE_URL"] = Cluster(folder, for_tests=True).url()


_name_the_server()


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations that are newer than their compiled form, once per run."""
    if not hasattr(config, "workerinput"):
        compile_translations()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and delete its data when the whole run is over."""
    if hasattr(config, "workerinput"):
        return
    folder = os.environ.get(MARK)
    if folder and Path(folder).name == str(os.getpid()):
        Cluster(Path(folder), for_tests=True).remove()
