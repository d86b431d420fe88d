"""`sloyfe up`: database, web server and worker, started in order and kept running.

This process loads no Django: it must outlive whatever goes wrong there.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg

import sloyfe
from sloyfe.cli import commands, connection, fingerprint, lock
from sloyfe.cli.main import verbs
from sloyfe.cli.supervise import Child, Stopped, Supervisor, orphans
from sloyfe.common import environment
from sloyfe.common.errors import SettingProblem
from sloyfe.database.problems import DatabaseProblem
from sloyfe.database.processes import end_all
from sloyfe.database.server import END_IN_GOOD_ORDER, Cluster

PACKAGE = Path(sloyfe.__file__).resolve().parent
STEP_FAILED = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What may be said beside the settings."""
    parser.add_argument(
        "--load-again",
        action="store_true",
        help="migrate and load the content even if nothing has changed since last time",
    )


def run(args: argparse.Namespace) -> int:
    """Start everything, keep it running, stop everything."""
    environment.check_all()
    command = commands.web_server()  # told now if there are too many threads
    var = environment.FOLDER_FOR_DATA.read()
    address = environment.BASE_URL.read()
    with lock.held(var, address=address):
        start = _Start(var, command, load_again=args.load_again)
        return start.run(address)


class _Start:
    """One life of `up`."""

    def __init__(self, var: Path, web_command: list[str], *, load_again: bool) -> None:
        self.began = time.monotonic()
        self.var = var
        self.web_command = web_command
        self.load_again = load_again
        self.supervisor = Supervisor(mark=var.resolve(), say=self.say)
        self.environ = dict(os.environ)
        self.environ["PYTHONUNBUFFERED"] = "1"

    def say(self, words: str) -> None:
        print(f"[{time.monotonic() - self.began:5.1f} s] {words}", flush=True)

    def run(self, address: str) -> int:
        supervisor = self.supervisor
        supervisor.listen()
        try:
            self._end_what_was_left()
            self._refuse_a_taken_port()
            self._start_database()
            if not self._load():
                return STEP_FAILED
            self._start_web_and_worker()
            self._wait_for_web()
            self._show_links()
            self.say(f"Sløyfe is running at {address}  (Ctrl-C stops it)")
            supervisor.keep()
        except Stopped:
            pass
        finally:
            self.say("Stopping")
            supervisor.stop_all()
            self.say("Stopped")
        return 0

    def _end_what_was_left(self) -> None:
        left = orphans(self.supervisor.mark)
        if left:
            self.say(f"Ending {len(left)} processes that a killed start left behind")
            end_all(left, seconds=5)

    def _refuse_a_taken_port(self) -> None:
        host, port = environment.HOST.read(), environment.PORT.read()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((host, port))
            except OSError as error:
                raise SettingProblem(
                    f"Sløyfe cannot listen on {host}, port {port}: {error.strerror}. Stop what "
                    f"uses the port, or choose another, for example {environment.PORT.name}="
                    f"{port + 1 if port < 65535 else 8137}."
                ) from error

    # Database

    def _start_database(self) -> None:
        cluster = connection.embedded()
        if cluster is None:
            self._wait_for_given_database()
            return
        if not cluster.is_initialised():
            self.say("Making the embedded database (PostgreSQL)")
        if cluster.postmaster() is not None:
            # Started by hand or by a test; ours must be our child.
            cluster.stop()
        seconds = environment.START_SECONDS.read()

        def begin(cluster: Cluster = cluster) -> subprocess.Popen[bytes]:
            return cluster.start_as_child(seconds=seconds)

        self.supervisor.start(Child("The database", begin, end_signal=END_IN_GOOD_ORDER))
        self.environ["DATABASE_URL"] = cluster.url()
        self.say("The database answers")

    def _wait_for_given_database(self) -> None:
        deadline = time.monotonic() + environment.START_SECONDS.read()
        while True:
            self.supervisor.refuse_if_stopping()
            try:
                psycopg.connect(self.environ["DATABASE_URL"], connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise DatabaseProblem(
                        f"The database that DATABASE_URL names does not answer: {error}. Start "
                        "it, correct DATABASE_URL, or unset it to use the embedded one."
                    ) from error
                time.sleep(0.5)
            else:
                self.say("The database answers")
                return

    # Content

    def _load(self) -> bool:
        """Migrate and load the content, unless this very content was loaded to the end before."""
        url = self.environ["DATABASE_URL"]
        ours = fingerprint.of_package(PACKAGE)
        if fingerprint.of_database(url) == ours and not self.load_again:
            self.say("Tables and content are up to date")
            return True
        fingerprint.remember(url, "")
        steps = [("Making and updating the tables", commands.django("migrate", "--verbosity", "1"))]
        if "load-content" in {verb.name for verb in verbs()}:
            steps.append(("Loading the programmes", commands.sloyfe("load-content")))
        for words, command in steps:
            self.say(words)
            code = self.supervisor.run_step(command, environ=self.environ)
            if code != 0:
                self.say(f"{words}: failed (exit {code}). Nothing was started; see above.")
                return False
        fingerprint.remember(url, ours)
        return True

    # Web and worker

    def _start_web_and_worker(self) -> None:
        for name, command in (
            ("The web server", self.web_command),
            ("The worker", commands.worker()),
        ):
            self.supervisor.start(Child(name, self._beginning(command)))

    def _beginning(self, command: list[str]) -> Callable[[], subprocess.Popen[bytes]]:
        return lambda: self.supervisor.spawn(command, environ=self.environ)

    def _wait_for_web(self) -> None:
        host, port = environment.HOST.read(), environment.PORT.read()
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        url = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
        deadline = time.monotonic() + environment.START_SECONDS.read()
        while True:
            self.supervisor.refuse_if_stopping()
            self.supervisor.look_after()
            try:
                urllib.request.urlopen(url, timeout=5).close()  # noqa: S310
            except urllib.error.HTTPError as error:
                error.close()
                return  # an answer, if not a friendly one
            except OSError:
                if time.monotonic() > deadline:
                    self.say("The web server does not answer yet; see above")
                    return
                time.sleep(0.1)
            else:
                return

    def _show_links(self) -> None:
        """Print one sign-in link per demo role, if this installation has them."""
        if not environment.DEMO.read():
            return
        with tempfile.TemporaryFile() as told:
            code = self.supervisor.run_step(
                commands.django("sign_in_links"), environ=self.environ, output=told.fileno()
            )
            told.seek(0)
            words = told.read().decode("utf-8", errors="replace").strip()
        if code == 0 and words:
            print(words, flush=True)
        elif "Unknown command" not in words:
            print(words, file=sys.stderr, flush=True)
