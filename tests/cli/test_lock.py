"""Only one `up` per installation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sloyfe.cli import lock


def test_a_second_holder_is_refused_with_address_and_process(tmp_path: Path) -> None:
    with (
        lock.held(tmp_path, address="http://127.0.0.1:8137"),
        pytest.raises(lock.AlreadyUp) as caught,
        lock.held(tmp_path, address="http://127.0.0.1:9"),
    ):
        pass

    assert caught.value.holder == lock.Holder(os.getpid(), "http://127.0.0.1:8137")
    assert "http://127.0.0.1:8137" in str(caught.value)


def test_the_lock_is_free_when_its_holder_is_done(tmp_path: Path) -> None:
    with lock.held(tmp_path, address="a"):
        assert lock.holder(tmp_path) is not None

    assert lock.holder(tmp_path) is None
    with lock.held(tmp_path, address="b"):
        pass


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from sloyfe.cli import lock\n"
        "with lock.held(Path(sys.argv[1]), address='a'): print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    assert lock.holder(tmp_path) == lock.Holder(process.pid, "a")

    process.kill()
    process.communicate()

    assert lock.holder(tmp_path) is None
    with lock.held(tmp_path, address="b"):
        pass


def test_looking_for_a_holder_makes_nothing(tmp_path: Path) -> None:
    assert lock.holder(tmp_path / "var") is None
    assert not (tmp_path / "var").exists()
