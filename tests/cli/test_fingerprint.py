"""Whether a start may skip migrating and loading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from tests.plugins.database import ensure_suite_cluster, suite_cluster

from sloyfe.cli import fingerprint


@pytest.fixture
def database() -> Iterator[str]:
    cluster = suite_cluster()
    if cluster is None:
        pytest.skip("the suite runs on a server of the caller's, where no database is made")
    ensure_suite_cluster()
    name = sql.Identifier("fingerprint_æø")
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    yield cluster.url("fingerprint_æø")
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {}").format(name))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    (folder / "app" / "templates").mkdir(parents=True)
    (folder / "app" / "content.yaml").write_text("a: 1")
    (folder / "app" / "templates" / "page.html").write_text("page")
    return folder


def test_a_new_database_holds_nothing(database: str) -> None:
    assert fingerprint.of_database(database) == ""


def test_what_was_loaded_to_the_end_is_remembered(database: str) -> None:
    fingerprint.remember(database, "abc'; --")
    assert fingerprint.of_database(database) == "abc'; --"

    fingerprint.remember(database, "")
    assert fingerprint.of_database(database) == ""


def test_an_emptied_schema_has_forgotten(database: str) -> None:
    fingerprint.remember(database, "abc")
    with psycopg.connect(database) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")

    assert fingerprint.of_database(database) == ""


def test_the_comment_of_somebody_else_is_not_taken_for_ours(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("COMMENT ON SCHEMA public IS 'standard public schema'")

    assert fingerprint.of_database(database) == ""


def test_changed_content_and_changed_requirements_change_the_fingerprint(package: Path) -> None:
    lock = package.parent / "requirements.lock"
    before = fingerprint.of_checkout(package, lock)

    lock.write_text("a==1")
    with_lock = fingerprint.of_checkout(package, lock)
    (package / "app" / "content.yaml").write_text("a: 2")
    with_content = fingerprint.of_checkout(package, lock)

    assert len({before, with_lock, with_content}) == 3


def test_a_changed_page_does_not_change_the_fingerprint(package: Path) -> None:
    before = fingerprint.of_checkout(package, package / "none")

    (package / "app" / "templates" / "page.html").write_text("another")

    assert fingerprint.of_checkout(package, package / "none") == before
