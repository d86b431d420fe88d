"""A Sløyfe of a test's own: its folder for data, its port, and `sloyfe up` running on it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

import sloyfe
from sloyfe.cli import fingerprint
from sloyfe.database.processes import die_with_parent
from sloyfe.database.server import Cluster
from tests.plugins import made as tables

PACKAGE = Path(sloyfe.__file__).resolve().parent
ROOT = PACKAGE.parents[1]
# Enough to load all the content on a machine that does much else.
PATIENCE = 300.0


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


class Installation:
    """A folder for data of its own, and `up` running on it."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.var = var
        self.settings = settings
        self.port = free_port()
        self.said = var.with_suffix(".said")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | {
            "PYTHONPATH": os.pathsep.join(sys.path),
            "SLOYFE_VAR": str(self.var),
            "SLOYFE_PORT": str(self.port),
            "SLOYFE_DEMO": "no",
            "DJANGO_SETTINGS_MODULE": "sloyfe.config.settings",
            **self.settings,
        }

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.var / "database")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sloyfe.cli.main", *words],
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def run_python(self, module: str, *words: str) -> str:
        """Run a module with the settings of this installation, and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            env=self.environ | {"DATABASE_URL": self.cluster.url()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def prepare(self) -> None:
        """Make the tables beforehand, so that `up` neither migrates nor loads the content."""
        if not (ROOT / "build" / "static" / "staticfiles.json").exists():
            self.run("build", "static")
        with tables.alone():
            tables.lay(self.cluster)
        self.cluster.start()
        try:
            ours = fingerprint.of_package(PACKAGE)
            fingerprint.remember(self.cluster.url(), ours)
        finally:
            self.cluster.stop()

    def up(self) -> str:
        """Start, wait until it says that it runs, and give what it said."""
        self.begin()
        self.until(lambda: "Sløyfe is running at" in self.text() or self.ended())
        assert not self.ended(), self.text()
        return self.text()

    def begin(self) -> None:
        """Start without waiting."""
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sloyfe.cli.main", "up"],
                env=self.environ,
                stdout=output,
                stderr=output,
                start_new_session=True,
                # A run of tests that is killed leaves no servers.
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def text(self) -> str:
        return self.said.read_text(encoding="utf-8", errors="replace")

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10).close()
        except urllib.error.HTTPError as error:
            error.close()  # an answer all the same; the pages have tests of their own
        except OSError:
            return False
        return True

    def child(self, word: str) -> psutil.Process:
        assert self.process is not None
        (found,) = [
            child
            for child in psutil.Process(self.process.pid).children()
            if word in " ".join(child.cmdline())
        ]
        return found

    def has_new_child(self, word: str, old: psutil.Process) -> bool:
        with contextlib.suppress(ValueError, psutil.Error):
            return self.child(word).pid != old.pid
        return False

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.run("stop")
        if self.var.exists():
            self.cluster.remove()


@contextlib.contextmanager
def installed(*, prepared: bool = False, **settings: str) -> Iterator[Installation]:
    """An installation in a new folder, up; nothing of it is left afterwards.

    Not in a folder of pytest's: those are closed, and the server's user must be able to walk here.
    """
    with tempfile.TemporaryDirectory(prefix="med mellomrom og æøå ") as folder:
        Path(folder).chmod(0o755)
        made = Installation(Path(folder) / "var", **settings)
        try:
            if prepared:
                made.prepare()
            made.up()
            yield made
        finally:
            made.end()
