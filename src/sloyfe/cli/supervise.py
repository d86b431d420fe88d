"""Keeping processes alive, and ending them.

Every child is the head of a process group of its own, so that Ctrl-C reaches only the supervisor,
and so that what a killed child leaves behind can be ended with it. Children are told by the
operating system when the supervisor dies. Should that fail, they carry a mark in their environment
by which the next start finds and ends them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from sloyfe.database.processes import die_with_parent, end_all

MARK = "SUPERVISED_BY_SLOYFE_IN"
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
# A child that has run this long is well again: its next failure is a new one.
WELL_AFTER = 30.0
TICK = 0.1


class Stopped(Exception):
    """Somebody asked us to stop while we were waiting for something."""


@dataclass
class Child:
    """One process that is to be kept alive. `begin` starts it."""

    name: str
    begin: Callable[[], subprocess.Popen[bytes]]
    end_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    failures: int = 0
    not_before: float = 0.0
    restarts: int = 0

    def start(self) -> None:
        """Start it now."""
        self.began = time.monotonic()
        self.process = self.begin()

    def pause_after_failure(self, now: float) -> float:
        """Count a failure and give the seconds to wait: doubling, up to `LONGEST_PAUSE`."""
        if now - self.began > WELL_AFTER:
            self.failures = 0
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * float(2**self.failures))
        self.failures += 1
        self.not_before = now + pause
        return pause


@dataclass
class Supervisor:
    """Starts children in order, restarts those that end, stops all in reverse order."""

    mark: Path
    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    in_a_hurry: bool = False

    # Signals

    def listen(self) -> None:
        """Stop on Ctrl-C, on a polite kill and when the terminal goes; twice means at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, _frame: object) -> None:
        self.in_a_hurry = self.stopping
        self.stopping = True

    def refuse_if_stopping(self) -> None:
        """:raises Stopped: when somebody has asked us to stop."""
        if self.stopping:
            raise Stopped

    # Processes

    def spawn(
        self,
        command: Sequence[str],
        *,
        environ: Mapping[str, str],
        output: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a process that carries our mark and ends when we end."""
        return subprocess.Popen(
            list(command),
            env={**environ, MARK: str(self.mark)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    def run_step(
        self, command: Sequence[str], *, environ: Mapping[str, str], output: int | None = None
    ) -> int:
        """Run a process to its end and give its exit code.

        :raises Stopped: when somebody asks us to stop; the process is ended first.
        """
        process = self.spawn(command, environ=environ, output=output)
        try:
            while process.poll() is None:
                self.refuse_if_stopping()
                time.sleep(TICK)
        finally:
            end_group(process, seconds=5)
        return process.returncode

    def start(self, child: Child) -> None:
        """Start a child and keep it from now on."""
        self.refuse_if_stopping()
        self.children.append(child)
        child.start()

    def look_after(self) -> None:
        """One round: restart the children that have ended and have waited long enough."""
        for child in self.children:
            now = time.monotonic()
            if child.process is not None and child.process.poll() is not None:
                code = child.process.returncode
                # What it left behind may hold its port or its locks.
                end_group(child.process, seconds=2)
                child.process = None
                pause = child.pause_after_failure(now)
                self.say(f"{child.name} ended ({_told(code)}); it starts again in {pause:.1f} s")
            if child.process is None and now >= child.not_before and not self.stopping:
                child.restarts += 1
                try:
                    child.start()
                except Exception as error:  # a child that cannot start is tried again
                    child.pause_after_failure(time.monotonic())
                    self.say(f"{child.name} could not start: {error}")

    def keep(self) -> None:
        """Look after the children until somebody asks us to stop."""
        while not self.stopping:
            self.look_after()
            time.sleep(TICK)

    def stop_all(self, *, seconds: float = 12) -> None:
        """Stop the children, the last one started first, and wait for each."""
        self.stopping = True
        for child in reversed(self.children):
            process = child.process
            if process is None:
                continue
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(child.end_signal)
            deadline = time.monotonic() + seconds
            while process.poll() is None and time.monotonic() < deadline and not self.in_a_hurry:
                time.sleep(TICK / 2)
            end_group(process, seconds=1)
            child.process = None


def _told(code: int) -> str:
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def end_group(process: subprocess.Popen[bytes], *, seconds: float) -> None:
    """End a child that heads a process group, and all that is left of the group."""
    group = process.pid
    left = [
        other
        for other in psutil.process_iter()
        if _group_of(other) == group and other.pid != os.getpid()
    ]
    end_all(left, seconds=seconds)
    process.wait()


def _group_of(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except OSError:
        return None


def orphans(mark: Path) -> list[psutil.Process]:
    """Live processes that an earlier supervisor of this installation has left."""
    found = []
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            if process.environ().get(MARK) == str(mark):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found
