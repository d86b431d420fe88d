"""One embedded PostgreSQL server: made, started, looked at, stopped.

Nothing listens on the network. The server is reached through a socket in a folder that only its
user can enter, and it asks the operating system who is calling (peer): only the user that started
it may come in, as the ordinary role `sloyfe` or, for `start` itself, as the superuser.

Only the binaries of the wheel are used. Its own way of starting a server was seen to take a dead
server for a live one after ``kill -9``, and to leave servers behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from sloyfe.database import place, processes
from sloyfe.database.problems import AlreadyRunning, DatabaseProblem

ROLE = "sloyfe"
SUPERUSER = "postgres"
DATABASE = "sloyfe"
MAX_CONNECTIONS = 100
SOCKET_PARENT = Path("/tmp")  # noqa: S108  (the path must be short; ownership is checked below)
LONGEST_SOCKET_PATH = 107
LOG_LIMIT = 10_000_000
# PostgreSQL's fast shutdown: no new work, open transactions are rolled back, data is written.
END_IN_GOOD_ORDER = signal.SIGINT
END_AT_ONCE = signal.SIGQUIT

# One dialect and one behaviour on every machine. The log holds no statement, no parameter and no
# detail of an error, since any of them could hold an answer or a name.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": str(MAX_CONNECTIONS),
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "wal_level": "replica",
    "max_wal_senders": "0",
    # Parallel workers need more shared memory than a container gives by default.
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_checkpoints": "off",
}
# Tests throw their data away, so they need not wait for the disk. A commit is still handed to the
# operating system before it is acknowledged, so that it outlives a killed server.
FAST_AND_LOOSE = {
    "fsync": "off",
    "full_page_writes": "off",
}


class Cluster:
    """A PostgreSQL server of our own with its data below `folder`.

    `for_tests` gives up safety against power failure and lets the role make databases.
    """

    def __init__(self, folder: Path, *, for_tests: bool = False) -> None:
        self.folder = folder.absolute()
        self.for_tests = for_tests
        self._home: Path | None = None

    @property
    def home(self) -> Path:
        """Where the cluster really lies; see `place.settle`."""
        if self._home is None:
            self._home = place.settle(self.folder)
        return self._home

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """Where the server writes what happens to it."""
        return self.folder / "postgresql.log"

    @property
    def runner(self) -> place.Runner:
        """The user that the server runs as."""
        return place.runner_for(self.data)

    @property
    def socket_folder(self) -> Path:
        """The short folder of the server's socket, one per data folder and user."""
        known = hashlib.sha256(os.fsencode(self.data.resolve())).hexdigest()[:12]
        return SOCKET_PARENT / f"sloyfe-{self.runner.uid}-{known}"

    def url(self, database: str = DATABASE) -> str:
        """The address for `DATABASE_URL`: the ordinary role, through the socket."""
        return self._url(ROLE, database)

    def _url(self, role: str, database: str) -> str:
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{role}@/{quote(database, safe='')}?host={host}"

    # Making

    def is_initialised(self) -> bool:
        """Whether a whole data folder is there."""
        return (self.data / "PG_VERSION").exists()

    def ensure_initialised(self) -> bool:
        """Make the data folder if there is none; say whether it was made now.

        It is made under another name and renamed when whole, so a half-made one is never used.

        :raises DatabaseProblem: when initdb fails, or the data was made by another main version.
        """
        with self._only_one_at_a_time():
            return self._ensure_initialised()

    def _ensure_initialised(self) -> bool:
        runner = self.runner
        programs = place.usable_binaries(self.home, runner)
        for left in self.home.glob("data.*.new"):
            shutil.rmtree(left)
        if self.is_initialised():
            self._check_version(programs)
            return False
        half = self.home / f"data.{secrets.token_hex(4)}.new"
        half.mkdir(mode=0o700)
        if runner.changes_user:
            os.chown(half, runner.uid, runner.gid)
        command = [
            str(programs / "initdb"),
            f"--pgdata={half}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            *self._locale(programs),
            "--data-checksums",
            "--auth-local=peer",
            "--auth-host=reject",
            "--no-instructions",
        ]
        if self.for_tests:
            command.append("--no-sync")
        made = subprocess.run(
            command,
            cwd=self.home,
            env=self._environment(),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            **runner.process_options(),
        )
        if made.returncode != 0:
            shutil.rmtree(half, ignore_errors=True)
            raise DatabaseProblem(
                f"PostgreSQL could not make its data folder in {self.home}:\n{made.stderr.strip()}"
            )
        half.rename(self.data)
        return True

    def _locale(self, programs: Path) -> list[str]:
        # Byte order in sorting, as with C, but upper and lower case of æøå are known. Names are
        # sorted by a stored key, so nothing depends on the machine's own locale.
        if self._version(programs) >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C"]

    @staticmethod
    def _version(programs: Path) -> int:
        told = subprocess.run(
            [str(programs / "initdb"), "--version"], capture_output=True, text=True, check=True
        )
        return int(told.stdout.split()[2].split(".")[0])

    def _check_version(self, programs: Path) -> None:
        theirs = int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        ours = self._version(programs)
        if theirs != ours:
            raise DatabaseProblem(
                f"The data in {self.data} was made by PostgreSQL {theirs}, and this installation "
                f"has PostgreSQL {ours}. Move the data over with pg_upgrade or pg_dump, or remove "
                f"{self.folder} to begin with an empty database."
            )

    # Starting

    def start(self, *, seconds: float = 60) -> None:
        """Start the server as a process of its own that outlives us, and wait until it answers.

        :raises AlreadyRunning: when this cluster is up.
        """
        with self._only_one_at_a_time():
            self._refuse_a_second()
            self._ensure_initialised()
            server = self.spawn()
            self._wait_and_prepare(server, seconds)
            # It is meant to outlive us, so Python must not complain that nobody waited for it.
            server.returncode = 0

    def start_as_child(self, *, seconds: float = 60) -> subprocess.Popen[bytes]:
        """Start the server as our child: it shuts down, in good order, when we die.

        :raises AlreadyRunning: when this cluster is up.
        """
        with self._only_one_at_a_time():
            self._refuse_a_second()
            self._ensure_initialised()
            process = self.spawn(die_with_parent=True)
            self._wait_and_prepare(process, seconds)
            return process

    def _refuse_a_second(self) -> None:
        running = self.postmaster()
        if running is not None:
            raise AlreadyRunning(
                f"The database in {self.data} is running already (process {running.pid})."
            )

    def spawn(self, *, die_with_parent: bool = False) -> subprocess.Popen[bytes]:
        """Start the server on made data without waiting for it; clears away what a crash left."""
        self._clear_away()
        self._write_access_rules()
        self._ensure_socket_folder()
        runner = self.runner
        programs = place.usable_binaries(self.home, runner)
        settings = SETTINGS | {"unix_socket_directories": str(self.socket_folder)}
        if self.for_tests:
            settings |= FAST_AND_LOOSE
        command = [str(programs / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.home,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=processes.die_with_parent(END_IN_GOOD_ORDER)
                if die_with_parent
                else None,
                **runner.process_options(),
            )

    def wait_until_ready(
        self, process: subprocess.Popen[bytes] | None = None, *, seconds: float = 60
    ) -> None:
        """Wait until the server lets us in.

        :raises DatabaseProblem: when it ends instead, or has not answered after `seconds`.
        """
        deadline = time.monotonic() + seconds
        while True:
            if process is not None and process.poll() is not None:
                raise DatabaseProblem(
                    f"PostgreSQL ended while starting (exit {process.returncode}). "
                    f"Its log is {self.log}; the last lines:\n{self._end_of_log()}"
                )
            try:
                self._connect(SUPERUSER, "postgres").close()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise DatabaseProblem(
                        f"PostgreSQL did not answer within {seconds:.0f} seconds: {error}. "
                        f"Its log is {self.log}."
                    ) from error
                time.sleep(0.05)
            else:
                return

    def _wait_and_prepare(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        try:
            self.wait_until_ready(process, seconds=seconds)
            self._ensure_role_and_database()
        except BaseException:
            process.terminate()
            raise

    def _ensure_role_and_database(self) -> None:
        may = sql.SQL("CREATEDB" if self.for_tests else "NOCREATEDB")
        with self._connect(SUPERUSER, "postgres") as connection:
            role = sql.Identifier(ROLE)
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]
            ).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
            connection.execute(
                sql.SQL("ALTER ROLE {} NOSUPERUSER NOCREATEROLE {}").format(role, may)
            )
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                        sql.Identifier(DATABASE), role
                    )
                )

    def _connect(self, role: str, database: str) -> psycopg.Connection:
        return psycopg.connect(self._url(role, database), autocommit=True, connect_timeout=5)

    # Looking

    def postmaster(self) -> psutil.Process | None:
        """The live process that runs this cluster, or None.

        The file postmaster.pid may be left by a crash, and its number may since have been given
        to another process: it counts only if that process works in our data folder.
        """
        try:
            number = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])
            process = psutil.Process(number)
        except (OSError, ValueError, psutil.Error):
            return None
        return process if processes.working_folder(process) == self.data.resolve() else None

    def is_running(self) -> bool:
        """Whether the server is ours, alive, and lets the ordinary role in."""
        if self.postmaster() is None:
            return False
        try:
            self._connect(ROLE, DATABASE).close()
        except psycopg.OperationalError:
            return False
        return True

    # Stopping

    def stop(self, *, seconds: float = 30) -> bool:
        """Stop the server in good order; after `seconds`, at once. False if it was not running."""
        with self._only_one_at_a_time():
            process = self.postmaster()
            if process is None:
                self._clear_away()
                return False
            for ask in (END_IN_GOOD_ORDER, END_AT_ONCE):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(ask)
                _, alive = psutil.wait_procs([process], timeout=seconds)
                if not alive:
                    self._clear_away()
                    return True
        raise DatabaseProblem(
            f"PostgreSQL (process {process.pid}) did not stop. Its log is {self.log}."
        )

    def remove(self) -> None:
        """Stop the server and delete all its data."""
        self.stop()
        home = self.home
        shutil.rmtree(home)
        if home != self.folder:
            shutil.rmtree(self.folder)
        self._home = None

    # What a crash leaves

    def _clear_away(self) -> None:
        """Remove what a killed server left: its orphaned processes, its pid file, its socket."""
        if self.postmaster() is not None:
            return
        # They notice by themselves that the server is gone, but a new one must not wait for it.
        processes.end_all(processes.postgres_processes(self.data), seconds=1)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (self.socket_folder / left).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.socket_folder.rmdir()

    # Rights

    def _ensure_socket_folder(self) -> None:
        """Make the socket's folder, and make sure that it is a folder that only we can enter.

        /tmp is open to all: somebody may have put a folder or a link of theirs there first.
        """
        folder, runner = self.socket_folder, self.runner
        length = len(os.fsencode(folder / ".s.PGSQL.5432"))
        if length > LONGEST_SOCKET_PATH:
            raise DatabaseProblem(
                f"The socket path {folder} has {length} bytes; an operating system takes at most "
                f"{LONGEST_SOCKET_PATH}."
            )
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        ours = {runner.uid, os.geteuid()}
        if (
            not stat.S_ISDIR(found.st_mode)
            or found.st_uid not in ours
            or stat.S_IMODE(found.st_mode) & 0o077
        ):
            raise DatabaseProblem(
                f"{folder} is not a folder that only {runner.name} can enter. Somebody else may "
                "have put it there. Look at it, remove it, and start again."
            )
        if found.st_uid != runner.uid:
            os.chown(folder, runner.uid, runner.gid, follow_symlinks=False)

    def _write_access_rules(self) -> None:
        """Let in the user that started us and the server's own user, by peer, and nobody else."""
        runner = self.runner
        callers = sorted({pwd.getpwuid(os.geteuid()).pw_name, runner.name})
        hba = "".join(f"local all {role} peer map=sloyfe\n" for role in (SUPERUSER, ROLE))
        ident = "".join(
            f'sloyfe "{caller}" {role}\n' for caller in callers for role in (SUPERUSER, ROLE)
        )
        for name, text in (("pg_hba.conf", hba), ("pg_ident.conf", ident)):
            path = self.data / name
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            half = path.with_suffix(".new")
            half.write_text(text, encoding="utf-8")
            half.chmod(0o600)
            if runner.changes_user:
                os.chown(half, runner.uid, runner.gid)
            half.replace(path)

    @contextlib.contextmanager
    def _only_one_at_a_time(self) -> Iterator[None]:
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _environment() -> dict[str, str]:
        # No PG* variable of the caller may reach the server.
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

    def _end_of_log(self, lines: int = 12) -> str:
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return "(none)"
        return "\n".join(text.splitlines()[-lines:])
