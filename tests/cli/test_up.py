"""`sloyfe up` with real processes: started, killed at every point, started again, stopped."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import psutil
import psycopg
import pytest
from tests.installation import PATIENCE, Installation, free_port, installed

from sloyfe.cli import fingerprint, lock
from sloyfe.cli.supervise import orphans

pytestmark = pytest.mark.load


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with installed(prepared=True) as made:
        yield made


@pytest.fixture
def running(installation: Installation) -> Installation:
    """The installation, up; whatever the test before did to it."""
    if installation.process is None or installation.ended():
        installation.up()
    installation.until(installation.answers)
    return installation


def test_it_runs_and_says_so(running: Installation) -> None:
    assert running.answers()
    assert running.run("status").returncode == 0


def test_limits_are_counted_where_every_process_sees_them(running: Installation) -> None:
    with psycopg.connect(running.cluster.url()) as connection:
        found = connection.execute("SELECT to_regclass('cache') IS NOT NULL").fetchone()

    assert found == (True,)


def test_a_second_up_says_where_the_first_one_runs(running: Installation) -> None:
    second = running.run("up")

    assert second.returncode == lock.AlreadyUp.exit_code
    assert f"http://127.0.0.1:{running.port}" in second.stderr
    assert running.answers()


@pytest.mark.parametrize("word", ["granian", "procrastinate"])
def test_a_killed_child_comes_back(running: Installation, word: str) -> None:
    killed = running.child(word)

    killed.kill()

    running.until(lambda: running.has_new_child(word, killed))
    running.until(running.answers)
    running.until(running.cluster.is_running)


def test_a_killed_web_process_is_replaced_by_its_own_master(running: Installation) -> None:
    master = running.child("granian")
    workers = master.children()
    assert workers
    for worker in workers:
        worker.kill()

    running.until(lambda: bool(set(master.children()) - set(workers)) and running.answers())
    assert running.child("granian") == master


def test_what_was_written_survives_a_killed_database(running: Installation) -> None:
    with psycopg.connect(running.cluster.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 100) AS n")
    killed = running.child("postgres")

    killed.kill()

    running.until(lambda: running.has_new_child("postgres", killed))
    running.until(running.cluster.is_running)
    with psycopg.connect(running.cluster.url(), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (100,)
        connection.execute("DROP TABLE kept")


def test_an_up_after_supervisor_and_children_were_stopped_dead_clears_the_rest_away(
    running: Installation,
) -> None:
    assert running.process is not None
    web = running.child("granian")
    left = web.children()
    for process in left:
        process.suspend()  # deaf to everything but a kill
    web.kill()
    running.process.kill()
    running.process.wait()
    assert orphans(running.var.resolve())

    said = running.up()

    assert re.search(r"Ending \d+ processes that a killed start left behind", said)
    assert "Tables and content are up to date" in said
    assert not [process for process in left if process.is_running()]
    assert running.answers()


def test_a_first_start_killed_while_loading_leaves_nothing_behind_and_the_next_makes_everything(
    running: Installation,
) -> None:
    fingerprint.remember(running.cluster.url(), "")
    running.run("stop")
    running.until(running.ended)
    running.begin()
    running.until(lambda: "[2/" in running.text())  # in the middle of the content
    assert running.process is not None
    children = psutil.Process(running.process.pid).children(recursive=True)
    running.process.kill()
    running.process.wait()
    psutil.wait_procs(children, timeout=PATIENCE)
    assert not [child for child in children if child.is_running()]

    said = running.up()

    assert "Making and updating the tables" in said
    assert running.answers()
    with psycopg.connect(running.cluster.url()) as connection:
        row = connection.execute("SELECT count(*) FROM programme_programme").fetchone()
    assert row == (1,)  # the tests leave the exercise out


def test_ctrl_c_ends_every_process_and_frees_the_port(running: Installation) -> None:
    assert running.process is not None
    children = psutil.Process(running.process.pid).children(recursive=True)

    running.process.send_signal(signal.SIGINT)

    assert running.process.wait(PATIENCE) == 0
    assert not [child for child in children if child.is_running()]
    assert not running.answers()
    assert running.run("status").returncode == 1


def test_stop_ends_it_from_elsewhere(running: Installation) -> None:
    stopped = running.run("stop")

    assert stopped.returncode == 0
    assert "has stopped" in stopped.stdout
    running.until(running.ended)


def test_a_taken_port_is_told_with_another_to_try(installation: Installation) -> None:
    if not installation.ended():
        installation.run("stop")
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", installation.port))
        other.listen()

        refused = installation.run("up")

    assert refused.returncode == 6
    assert f"port {installation.port}" in refused.stderr
    assert "SLOYFE_PORT=" in refused.stderr


def test_a_given_database_that_does_not_answer_is_told(installation: Installation) -> None:
    if not installation.ended():
        installation.run("stop")
    refused = subprocess.run(
        [sys.executable, "-m", "sloyfe.cli.main", "up"],
        env=installation.environ
        | {
            "DATABASE_URL": f"postgresql://nobody@127.0.0.1:{free_port()}/none",
            "SLOYFE_START_SECONDS": "5",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 7
    assert "DATABASE_URL" in refused.stderr
