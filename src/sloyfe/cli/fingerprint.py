"""Whether the database already holds what this checkout would load.

The fingerprint of everything that migrations and content are made of is kept as the comment on
the schema, so it travels with the data: an emptied or replaced database has none. It is written
last, so that a start that was killed half-way does its work again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

LEFT_OUT_FOLDERS = {"__pycache__", "static", "templates", "locale", "fonts"}
LEFT_OUT_ENDINGS = {".pyc", ".mo", ".po"}
PREFIX = "sloyfe-loaded:"


def _files(package: Path) -> Iterator[Path]:
    for folder in sorted(package.iterdir()):
        if folder.is_dir():
            if folder.name not in LEFT_OUT_FOLDERS:
                yield from _files(folder)
        elif folder.suffix not in LEFT_OUT_ENDINGS:
            yield folder


def of_checkout(package: Path, lock: Path, *content: Path) -> str:
    """The fingerprint of the package's code and data, of the locked requirements and of the content.

    Folders of content that are not there count as empty.
    """
    known = hashlib.sha256()
    data = [file for folder in content if folder.is_dir() for file in _files(folder)]
    for path in [*_files(package), *([lock] if lock.exists() else []), *data]:
        held = path.read_bytes()
        known.update(f"{path.name}\0{len(held)}\0".encode())
        known.update(held)
    return known.hexdigest()


def of_package(package: Path) -> str:
    """The fingerprint of the checkout that a package lies in, with the content beside it."""
    root = package.parents[1]
    return of_checkout(package, root / "requirements.lock", root / "programmes", root / "registers")


def of_database(url: str) -> str:
    """The fingerprint of what this database holds; empty when nothing was loaded to the end."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        row = connection.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace"
            " WHERE nspname = current_schema()"
        ).fetchone()
    comment = (row[0] if row else "") or ""
    return comment.removeprefix(PREFIX) if comment.startswith(PREFIX) else ""


def remember(url: str, fingerprint: str) -> None:
    """Note that all has been loaded; an empty fingerprint says that it has not."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        schema = connection.execute("SELECT current_schema()").fetchone()
        connection.execute(
            sql.SQL("COMMENT ON SCHEMA {} IS {}").format(
                sql.Identifier(schema[0] if schema else "public"),
                sql.Literal(PREFIX + fingerprint if fingerprint else None),
            )
        )
