"""Supervision of real, small processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from sloyfe.cli import supervise
from sloyfe.cli.supervise import Child, Stopped, Supervisor

SLEEP = ["sleep", "120"]


def until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(mark=tmp_path, say=said.append)
    yield made
    made.stop_all(seconds=2)


def keep(supervisor: Supervisor, command: list[str], name: str = "The sleeper") -> Child:
    child = Child(name, lambda: supervisor.spawn(command, environ=os.environ))
    supervisor.start(child)
    return child


def test_a_killed_child_is_started_again_and_it_is_told(
    supervisor: Supervisor, said: list[str]
) -> None:
    child = keep(supervisor, SLEEP)
    assert child.process is not None
    first = child.process
    first.kill()

    def back() -> bool:
        supervisor.look_after()
        return child.process is not None and child.process.pid != first.pid

    assert until(back)
    assert "The sleeper ended (SIGKILL); it starts again in 0.2 s" in said


def test_a_child_that_keeps_failing_is_started_more_and_more_seldom() -> None:
    child = Child("The failing", lambda: subprocess.Popen(["false"]), began=100.0)

    pauses = [child.pause_after_failure(100.5) for _ in range(10)]

    assert pauses[:4] == [0.2, 0.4, 0.8, 1.6]
    assert pauses[-1] == supervise.LONGEST_PAUSE


def test_a_child_that_ran_well_for_long_starts_at_once_after_its_next_failure() -> None:
    child = Child("The failing", lambda: subprocess.Popen(["false"]), began=100.0)
    for _ in range(8):
        child.pause_after_failure(101.0)

    assert child.pause_after_failure(100.0 + supervise.WELL_AFTER + 1) == supervise.FIRST_PAUSE


def test_a_child_that_cannot_even_start_is_tried_again(
    supervisor: Supervisor, said: list[str]
) -> None:
    child = keep(supervisor, SLEEP)
    attempts = []

    def refuse() -> subprocess.Popen[bytes]:
        attempts.append(1)
        raise OSError("no room")

    child.begin = refuse
    assert child.process is not None
    child.process.kill()

    def tried_twice() -> bool:
        supervisor.look_after()
        return len(attempts) >= 2

    assert until(tried_twice)
    assert "The sleeper could not start: no room" in said


def test_what_a_killed_child_leaves_of_its_group_is_ended_before_the_restart(
    supervisor: Supervisor,
) -> None:
    child = keep(supervisor, ["sh", "-c", "sleep 120 & sleep 120"])
    assert child.process is not None
    head = psutil.Process(child.process.pid)
    assert until(lambda: len(head.children()) == 2)
    left = head.children()
    head.kill()

    assert until(lambda: child.process is not None and child.process.poll() is not None)
    supervisor.look_after()

    assert not any(process.is_running() for process in left)


def test_stopping_ends_children_in_reverse_order(supervisor: Supervisor, tmp_path: Path) -> None:
    note = tmp_path / "order"
    ready = [tmp_path / "ready-1", tmp_path / "ready-2"]
    for number in (1, 2):
        script = (
            f"trap 'echo {number} >> \"{note}\"; exit 0' TERM; touch '{ready[number - 1]}'; "
            "while true; do sleep 0.05; done"
        )
        keep(supervisor, ["sh", "-c", script])
    assert until(lambda: all(path.exists() for path in ready))

    supervisor.stop_all()

    assert note.read_text().split() == ["2", "1"]
    assert all(child.process is None for child in supervisor.children)


def test_a_child_that_does_not_listen_is_ended_all_the_same(supervisor: Supervisor) -> None:
    child = keep(supervisor, ["sh", "-c", "trap '' TERM; while true; do sleep 0.05; done"])
    assert child.process is not None
    process = psutil.Process(child.process.pid)
    time.sleep(0.2)

    supervisor.stop_all(seconds=0.3)

    assert not process.is_running()


def test_a_step_gives_its_exit_code(supervisor: Supervisor) -> None:
    assert supervisor.run_step(["sh", "-c", "exit 7"], environ=os.environ) == 7


def test_a_step_is_ended_when_somebody_asks_to_stop(supervisor: Supervisor) -> None:
    previous = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    supervisor.listen()
    try:
        script = f"kill -INT {os.getpid()}; sleep 120"

        with pytest.raises(Stopped):
            supervisor.run_step(["sh", "-c", script], environ=os.environ)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)

    assert supervise.orphans(supervisor.mark) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_way_of_asking_to_stop_is_heard_and_twice_means_at_once(
    supervisor: Supervisor, number: signal.Signals
) -> None:
    kept = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    previous = {one: signal.getsignal(one) for one in kept}
    supervisor.listen()
    try:
        os.kill(os.getpid(), number)
        assert until(lambda: supervisor.stopping)
        assert not supervisor.in_a_hurry
        os.kill(os.getpid(), number)
        assert until(lambda: supervisor.in_a_hurry)
    finally:
        for one, handler in previous.items():
            signal.signal(one, handler)


def test_children_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, sys, time; from pathlib import Path\n"
        "from sloyfe.cli.supervise import Supervisor\n"
        "s = Supervisor(mark=Path(sys.argv[1]), say=print)\n"
        "print(s.spawn(['sleep', '120'], environ=os.environ).pid, flush=True); time.sleep(120)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))

    parent.kill()
    parent.communicate()

    assert until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_orphans_are_known_by_their_mark_and_strangers_are_left_alone(tmp_path: Path) -> None:
    ours = subprocess.Popen(SLEEP, env=os.environ | {supervise.MARK: str(tmp_path)})
    other = subprocess.Popen(SLEEP, env=os.environ | {supervise.MARK: str(tmp_path / "other")})
    try:
        assert until(lambda: [p.pid for p in supervise.orphans(tmp_path)] == [ours.pid])
    finally:
        for process in (ours, other):
            process.kill()
            process.wait()
