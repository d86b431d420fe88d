"""How a verb reaches the database and Django. Importing this loads neither."""

from __future__ import annotations

import os
import sys

from sloyfe.common.environment import DATABASE_URL, FOLDER_FOR_DATA
from sloyfe.database.server import Cluster


def embedded() -> Cluster | None:
    """The embedded server of this installation; None when `DATABASE_URL` names another."""
    if DATABASE_URL.read() is not None:
        return None
    return Cluster(FOLDER_FOR_DATA.read() / "database")


def use_database(*, warn: bool = True) -> None:
    """Let this process and its children find the database; `warn` when it does not run."""
    cluster = embedded()
    if cluster is None:
        return
    if warn and not cluster.is_running():
        print(
            "sloyfe: the embedded database is not running, so whatever needs it will fail. "
            "Start it with `make up` in another window.",
            file=sys.stderr,
        )
    os.environ["DATABASE_URL"] = cluster.url()


def use_django(*, warn: bool = True) -> None:
    """Load Django with the settings of this installation; for verbs that work on its data."""
    use_database(warn=warn)
    import django

    django.setup()
