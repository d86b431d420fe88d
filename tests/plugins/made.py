"""A server's data with all tables made and nothing in them, kept until a migration changes.

Making the tables takes longer than most of what is tested on them. So they are made once, in a cluster
below ``build/test-database``, and copied for each run and for each installation of a test's own. The name of
the folder tells what it was made from; one that was made from something else is removed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sloyfe.database.server import Cluster

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ROOT / "build" / "test-database"
# What the tables are made from: our migrations, and the packages that bring some of their own.
SOURCES = ("src/sloyfe/*/migrations/*.py", "requirements.lock")


def _stamp() -> str:
    told = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            told.update(path.name.encode() + b"\0" + path.read_bytes())
    return told.hexdigest()[:16]


@contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time make or copy."""
    FOLDERS.mkdir(parents=True, exist_ok=True)
    with (FOLDERS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _made() -> Cluster:
    folder = FOLDERS / f"made-{_stamp()}"
    if not folder.is_dir():
        for old in FOLDERS.glob("made-*"):
            Cluster(old, for_tests=True).remove()
        half = Cluster(FOLDERS / "made-half", for_tests=True)
        half.start()
        try:
            subprocess.run(
                [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
                env=os.environ
                | {
                    "DATABASE_URL": half.url(),
                    "PYTHONPATH": os.pathsep.join(sys.path),
                    "DJANGO_SETTINGS_MODULE": "sloyfe.config.settings",
                },
                check=True,
            )
        finally:
            half.stop()
        half.folder.rename(folder)
    return Cluster(folder, for_tests=True)


def lay(cluster: Cluster) -> None:
    """Give a cluster that has no data yet the made tables, in its database `sloyfe`."""
    half = (
        cluster.home / "data.made.new"
    )  # a name that the cluster clears away, should we be killed
    shutil.rmtree(half, ignore_errors=True)
    # Ownership and rights must stay, which shutil does not copy.
    subprocess.run(["cp", "-a", str(_made().data), str(half)], check=True)
    half.rename(cluster.data)
