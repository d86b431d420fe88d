"""Which processes belong to us, and how they end when we end.

A process id alone proves nothing: after a crash the same number may belong to somebody else. A
PostgreSQL process is recognised by its working folder, which every one of them sets to the data
folder.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(ending: signal.Signals) -> Callable[[], None]:
    """A child that runs this before its program starts is sent `ending` when its parent is gone.

    Linux only; elsewhere it does nothing and the next start clears away what was left. The
    signal comes when the *thread* that made the child ends, so children are made from the
    main thread. It must run after the change of user, which clears it: `preexec_fn` does.
    """
    parent = os.getpid()

    def ask() -> None:
        if _libc is None:
            return
        _libc.prctl(_PR_SET_PDEATHSIG, int(ending), 0, 0, 0)
        if os.getppid() != parent:  # it went before we could ask
            os._exit(1)

    return ask


def working_folder(process: psutil.Process) -> Path | None:
    """The folder a live process works in, or None when it is gone, dead or not ours to see."""
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return Path(process.cwd())
    except (psutil.Error, OSError):
        return None


def postgres_processes(data: Path) -> list[psutil.Process]:
    """Every live PostgreSQL process that works on this data folder."""
    wanted = data.resolve()
    return [
        process
        for process in psutil.process_iter(["name"])
        if (process.info["name"] or "").startswith("postgres") and working_folder(process) == wanted
    ]


def end_all(processes: Iterable[psutil.Process], *, seconds: float) -> None:
    """End processes that have lost their parent: first politely, after `seconds` for certain."""
    left = list(processes)
    for ask in ("terminate", "kill"):
        for process in left:
            try:
                getattr(process, ask)()
            except psutil.NoSuchProcess:
                continue
        _, left = psutil.wait_procs(left, timeout=seconds)
        if not left:
            return
