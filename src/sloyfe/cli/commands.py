"""The command lines of the processes that make up a running Sløyfe."""

from __future__ import annotations

import sys

from sloyfe.common.environment import HOST, PORT, WEB_PROCESSES, WEB_THREADS
from sloyfe.common.errors import SettingProblem
from sloyfe.database.server import MAX_CONNECTIONS

# The worker, its periodic jobs, somebody with psql, and the server's own reserve.
RESERVED_CONNECTIONS = 20


def web_server() -> list[str]:
    """The web server. Each of its threads may hold a connection, so their number is bounded.

    :raises SettingProblem: when there would be more threads than connections.
    """
    processes, threads = WEB_PROCESSES.read(), WEB_THREADS.read()
    most = MAX_CONNECTIONS - RESERVED_CONNECTIONS
    if processes * threads > most:
        raise SettingProblem(
            f"{WEB_PROCESSES.name} × {WEB_THREADS.name} is {processes} × {threads} = "
            f"{processes * threads}, more than the {most} connections to the database that the web "
            f"server may hold. Lower one of them, for example {WEB_THREADS.name}="
            f"{max(1, most // processes)}."
        )
    return [
        sys.executable,
        *("-m", "granian"),
        *("--interface", "wsgi"),
        *("--host", HOST.read()),
        *("--port", str(PORT.read())),
        *("--workers", str(processes)),
        *("--blocking-threads", str(threads)),
        "--respawn-failed-workers",
        *("--respawn-interval", "0.5"),
        *("--workers-kill-timeout", "10"),
        "--no-ws",
        # A path may be a respondent's link, so no line tells which paths were asked for.
        "--no-access-log",
        *("--log-level", "warning"),
        "sloyfe.config.wsgi:application",
    ]


def worker() -> list[str]:
    """The process that does background work: letters, reports, long estimates."""
    return django("procrastinate", "worker", "--shutdown-graceful-timeout", "8")


def django(*words: str) -> list[str]:
    """One of Django's own commands in a process of its own."""
    return [sys.executable, "-m", "django", *words]


def sloyfe(*words: str) -> list[str]:
    """Another verb of ours in a process of its own."""
    return [sys.executable, "-m", "sloyfe.cli.main", *words]
