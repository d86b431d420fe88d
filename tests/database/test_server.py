"""The embedded server on real files and real processes."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from sloyfe.database import place, server
from sloyfe.database.problems import AlreadyRunning, DatabaseProblem
from sloyfe.database.processes import postgres_processes
from sloyfe.database.server import Cluster

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change user")


@pytest.fixture
def open_tmp() -> Iterator[Path]:
    """A folder that the server's user can walk to. pytest closes its own to others."""
    with tempfile.TemporaryDirectory(prefix="database-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def empty(open_tmp: Path) -> Iterator[Cluster]:
    """A cluster whose data has not been made yet."""
    made = Cluster(open_tmp / "database", for_tests=True)
    yield made
    if made.folder.exists():
        made.remove()


@pytest.fixture(scope="module")
def made_data() -> Iterator[Path]:
    """One made data folder, copied by the tests that are not about making it."""
    with tempfile.TemporaryDirectory(prefix="database-test-") as folder:
        Path(folder).chmod(0o755)
        made = Cluster(Path(folder) / "database", for_tests=True)
        made.ensure_initialised()
        yield made.data


@pytest.fixture
def cluster(empty: Cluster, made_data: Path) -> Cluster:
    """A cluster that is made but not running."""
    subprocess.run(["cp", "-a", str(made_data), str(empty.data)], check=True)
    return empty


def ask(cluster: Cluster, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        answer = connection.execute(statement)
        return answer.fetchall() if answer.description else []


def kill_server(cluster: Cluster) -> psutil.Process:
    process = cluster.postmaster()
    assert process is not None
    process.kill()
    process.wait(10)
    return process


def test_a_new_cluster_answers_as_an_ordinary_role_that_owns_its_database(
    empty: Cluster,
) -> None:
    empty.start()

    assert empty.is_running()
    assert ask(
        empty,
        "SELECT current_user, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user",
    ) == [("sloyfe", False, False)]
    ask(empty, "CREATE TABLE letters (name text)")


def test_data_is_checked_by_checksums_and_sorts_by_bytes_but_knows_norwegian_letters(
    cluster: Cluster,
) -> None:
    cluster.start()

    assert ask(cluster, "SHOW data_checksums") == [("on",)]
    assert ask(cluster, "SHOW server_encoding") == [("UTF8",)]
    assert ask(cluster, "SELECT upper('blåbærsyltetøy')") == [("BLÅBÆRSYLTETØY",)]
    assert ask(cluster, "SELECT 'Z' < 'a'") == [(True,)]


def test_only_a_cluster_for_tests_gives_up_safety_and_may_make_databases(
    open_tmp: Path, cluster: Cluster
) -> None:
    real = Cluster(open_tmp / "real")
    try:
        real.start()

        assert ask(real, "SHOW fsync") == [("on",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(real, "CREATE DATABASE another")
    finally:
        real.remove()

    cluster.start()

    assert ask(cluster, "SHOW fsync") == [("off",)]
    ask(cluster, "CREATE DATABASE another")


def test_nothing_listens_on_the_network(cluster: Cluster) -> None:
    cluster.start()

    assert ask(cluster, "SHOW listen_addresses") == [("",)]
    listening = [
        connection
        for process in postgres_processes(cluster.data)
        for connection in process.net_connections(kind="inet")
    ]
    assert listening == []


def test_data_and_socket_can_be_entered_by_one_user_only(cluster: Cluster) -> None:
    cluster.start()

    for folder in (cluster.data, cluster.socket_folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == cluster.runner.uid
    socket = cluster.socket_folder / ".s.PGSQL.5432"
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700


@as_root
def test_started_by_root_the_server_runs_as_somebody_without_rights(cluster: Cluster) -> None:
    cluster.start()

    process = cluster.postmaster()
    assert process is not None
    assert process.uids().real != 0
    assert process.username() in place.UNPRIVILEGED
    status = Path(f"/proc/{process.pid}/status").read_text()
    groups = next(line for line in status.splitlines() if line.startswith("Groups:"))
    assert "0" not in groups.split()


@as_root
def test_another_user_of_the_machine_is_not_let_in(cluster: Cluster) -> None:
    cluster.start()
    cluster.socket_folder.chmod(0o755)
    (cluster.socket_folder / ".s.PGSQL.5432").chmod(0o777)
    other = next(name for name in ("daemon", "bin", "nobody") if name != cluster.runner.name)
    # psycopg's library would need this interpreter to be readable for that user; psql does not.
    psql = place.usable_binaries(cluster.home, cluster.runner) / "psql"

    tried = subprocess.run(
        [str(psql), "-h", str(cluster.socket_folder), "-U", "sloyfe", "-c", "SELECT 1"],
        user=other,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )

    assert tried.returncode != 0
    assert "Peer authentication failed" in tried.stderr


def test_a_killed_server_is_not_taken_for_a_live_one_and_comes_back_with_its_data(
    cluster: Cluster,
) -> None:
    cluster.start()
    ask(cluster, "CREATE TABLE kept (n int)")
    ask(cluster, "INSERT INTO kept SELECT generate_series(1, 1000)")

    kill_server(cluster)

    assert (cluster.data / "postmaster.pid").exists()
    assert cluster.postmaster() is None
    assert not cluster.is_running()
    cluster.start()
    assert ask(cluster, "SELECT count(*) FROM kept") == [(1000,)]


def test_a_pid_file_whose_number_now_belongs_to_another_process_is_stale(
    cluster: Cluster,
) -> None:
    cluster.start()
    pid_file = cluster.data / "postmaster.pid"
    killed = kill_server(cluster)
    text = pid_file.read_text()
    sleeper = subprocess.Popen(["sleep", "60"], **cluster.runner.process_options())
    try:
        pid_file.write_text(text.replace(str(killed.pid), str(sleeper.pid), 1))

        assert cluster.postmaster() is None
        cluster.start()

        assert cluster.is_running()
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_pid_file_with_rubbish_is_stale(cluster: Cluster) -> None:
    cluster.ensure_initialised()
    (cluster.data / "postmaster.pid").write_text("not a number\n")

    cluster.start()

    assert cluster.is_running()


def test_orphans_of_a_killed_server_do_not_hinder_the_next_start(cluster: Cluster) -> None:
    cluster.start()
    busy = psycopg.connect(cluster.url())
    backend = busy.info.backend_pid
    os.kill(backend, signal.SIGSTOP)  # it cannot notice that its server is gone
    kill_server(cluster)

    cluster.start()

    assert cluster.is_running()
    assert backend not in [process.pid for process in postgres_processes(cluster.data)]
    busy.close()


def test_a_second_start_says_that_one_is_running(cluster: Cluster) -> None:
    cluster.start()
    process = cluster.postmaster()
    assert process is not None

    with pytest.raises(AlreadyRunning, match=str(process.pid)):
        Cluster(cluster.folder, for_tests=True).start()

    assert cluster.is_running()


def test_stop_ends_every_process_and_leaves_no_socket(cluster: Cluster) -> None:
    cluster.start()

    assert cluster.stop() is True

    assert postgres_processes(cluster.data) == []
    assert not cluster.socket_folder.exists()
    assert cluster.stop() is False


def test_a_half_made_data_folder_is_never_used(empty: Cluster) -> None:
    half = empty.home / "data.deadbeef.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    assert empty.ensure_initialised() is True

    assert not half.exists()
    assert empty.ensure_initialised() is False


def test_data_of_another_main_version_is_refused_with_what_to_do(cluster: Cluster) -> None:
    cluster.ensure_initialised()
    (cluster.data / "PG_VERSION").write_text("12\n")

    with pytest.raises(DatabaseProblem, match=r"PostgreSQL 12.*pg_upgrade"):
        cluster.start()


@pytest.mark.parametrize(
    "name",
    ["med mellomrom og æøå", "a" * 120 + "/" + "b" * 120, 'it\'s "quoted" % & ?'],
    ids=["spaces and æøå", "long", "quotes"],
)
def test_any_folder_name_will_do(open_tmp: Path, name: str) -> None:
    cluster = Cluster(open_tmp / name / "database", for_tests=True)
    try:
        cluster.start()

        assert ask(cluster, "SELECT 1") == [(1,)]
    finally:
        cluster.remove()


def test_a_socket_folder_that_somebody_else_planted_is_refused(
    cluster: Cluster, open_tmp: Path
) -> None:
    cluster.ensure_initialised()
    elsewhere = open_tmp / "theirs"
    elsewhere.mkdir()
    cluster.socket_folder.symlink_to(elsewhere)
    try:
        with pytest.raises(DatabaseProblem, match="Somebody else"):
            cluster.start()
    finally:
        cluster.socket_folder.unlink()


def test_an_open_socket_folder_is_refused(cluster: Cluster) -> None:
    cluster.ensure_initialised()
    cluster.socket_folder.mkdir()
    cluster.socket_folder.chmod(0o777)
    (cluster.socket_folder / "something").touch()
    try:
        with pytest.raises(DatabaseProblem, match="only"):
            cluster.start()
    finally:
        (cluster.socket_folder / "something").unlink()
        cluster.socket_folder.rmdir()


@as_root
def test_below_a_closed_folder_the_data_lies_in_a_private_place_that_is_kept(
    open_tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "PRIVATE_ROOT", open_tmp / "private")
    closed = open_tmp / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "database", for_tests=True)
    cluster.start()
    ask(cluster, "CREATE TABLE kept ()")
    cluster.stop()

    assert cluster.home.parent == open_tmp / "private"
    closed.chmod(0o755)
    again = Cluster(closed / "database", for_tests=True)
    assert again.home == cluster.home
    again.start()
    assert ask(again, "SELECT count(*) FROM kept") == [(0,)]

    again.remove()
    assert not again.folder.exists()
    assert list((open_tmp / "private").glob("*/data")) == []


@as_root
def test_binaries_that_the_servers_user_cannot_reach_are_copied(
    open_tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_tmp / "closed"
    closed.mkdir(mode=0o700)
    install = place.wheel_install()
    place._copy(install, closed / "copy")
    hidden = closed / "copy" / install.parent.name / install.name
    monkeypatch.setattr(place, "wheel_install", lambda: hidden)
    cluster = Cluster(open_tmp / "database", for_tests=True)
    try:
        cluster.start()

        process = cluster.postmaster()
        assert process is not None
        assert Path(process.exe()).is_relative_to(cluster.home)
    finally:
        cluster.remove()


def test_the_log_holds_no_value_of_a_failed_statement(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE answers (n int CHECK (n < 5), who text UNIQUE)")
        for statement in (
            "INSERT INTO answers VALUES (9, 'planted-answer')",
            "SELECT 'planted-answer'::int",
            "SELEC 'planted-answer'",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)

    assert "planted" not in cluster.log.read_text()


def test_a_server_started_as_child_ends_in_good_order_when_its_parent_is_killed(
    open_tmp: Path,
) -> None:
    folder = open_tmp / "database"
    program = (
        "import sys, time; from pathlib import Path; from sloyfe.database.server import Cluster\n"
        "Cluster(Path(sys.argv[1]), for_tests=True).start_as_child(); print('up', flush=True)\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
    )
    cluster = Cluster(folder, for_tests=True)
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        process = cluster.postmaster()
        assert process is not None

        parent.kill()
        parent.wait()

        process.wait(20)
        assert "database system is shut down" in cluster.log.read_text()
    finally:
        parent.kill()
        parent.communicate()
        cluster.remove()


def test_two_starts_at_once_give_one_server(empty: Cluster) -> None:
    program = (
        "import sys; from pathlib import Path; from sloyfe.database.server import Cluster\n"
        "from sloyfe.database.problems import AlreadyRunning\n"
        "try: Cluster(Path(sys.argv[1]), for_tests=True).start(); print('started')\n"
        "except AlreadyRunning: print('running')"
    )
    starters = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", program, str(empty.folder)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]

    said = sorted(starter.communicate()[0].strip() for starter in starters)

    assert said == ["running", "running", "running", "started"]
    assert empty.is_running()


def test_a_server_that_cannot_start_shows_the_end_of_its_log(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(server.SETTINGS, "shared_buffers", "nonsense")

    with pytest.raises(DatabaseProblem, match="shared_buffers"):
        cluster.start()

    assert cluster.postmaster() is None


def test_waiting_for_a_server_that_is_not_there_ends_with_a_reason(cluster: Cluster) -> None:
    cluster.ensure_initialised()
    began = time.monotonic()

    with pytest.raises(DatabaseProblem, match="did not answer"):
        cluster.wait_until_ready(seconds=0.2)

    assert time.monotonic() - began >= 0.2


@as_root
def test_the_private_place_can_be_walked_to_whatever_our_umask_is(
    open_tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "PRIVATE_ROOT", open_tmp / "private")
    closed = open_tmp / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "database", for_tests=True)
    before = os.umask(0o077)
    try:
        cluster.start()

        assert cluster.is_running()
        assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
    finally:
        os.umask(before)
        cluster.remove()
