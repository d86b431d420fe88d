"""`kill -9` in the middle of sending a summary: it is sent once, or not at all.

A server of the test's own, and a process that is killed before each statement of the sending in turn, and
last after its commit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sloyfe.database.server import Cluster
from tests.plugins import made as tables


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server of its own. Not in a folder of pytest's: the server's user must be able to walk there."""
    with tempfile.TemporaryDirectory(prefix="sending-test-") as folder:
        Path(folder).chmod(0o755)
        made = Cluster(Path(folder) / "database", for_tests=True)
        with tables.alone():
            tables.lay(made)
        made.start()
        try:
            yield made
        finally:
            made.remove()


def _run(cluster: Cluster, *words: str) -> str:
    settings = {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DJANGO_SETTINGS_MODULE": "sloyfe.config.settings",
        "DATABASE_URL": cluster.url(),
        "SLOYFE_VAR": str(cluster.folder.parent),
    }
    done = subprocess.run(
        [sys.executable, "-m", *words],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_summary_whose_sending_is_killed_anywhere_is_sent_once_or_not_at_all(
    cluster: Cluster,
) -> None:
    _run(cluster, "tests.delivery.sending", "prepare")

    told = [
        json.loads(line) for line in _run(cluster, "tests.delivery.sending", "kill").splitlines()
    ]

    assert len(told) > 5
    assert all(one["stopped"] and one["killed"] for one in told)
    *before, last = told
    for one in before:
        assert (one["state"], one["has_figures"], one["events"]) == ("draft", False, 0)
        assert one["matters"] == ["prepared"] * 3
    assert (last["state"], last["has_figures"], last["events"]) == ("sent", True, 1)
    assert last["matters"] == ["asked"] * 3
