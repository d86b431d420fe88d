"""Only one `up` per installation: a lock that the operating system frees when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sloyfe.common.errors import NotPossible

FILE = "up.lock"


@dataclass(frozen=True)
class Holder:
    """The supervisor that is running: its process and the address it serves."""

    process: int
    address: str


class AlreadyUp(NotPossible):
    """This installation is running already."""

    def __init__(self, holder: Holder) -> None:
        super().__init__("up.already_running", address=holder.address, process=holder.process)
        self.holder = holder

    def __str__(self) -> str:
        return (
            f"Sløyfe is running already at {self.holder.address} (process "
            f"{self.holder.process}). Stop it with Ctrl-C where it runs, or with `sloyfe stop`."
        )


@contextlib.contextmanager
def held(folder: Path, *, address: str) -> Iterator[None]:
    """Hold the lock of the installation in `folder` while the block runs.

    :raises AlreadyUp: when somebody holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyUp(_told_by_holder(folder)) from None
        file.truncate(0)
        file.write(json.dumps(asdict(Holder(os.getpid(), address))))
        file.flush()
        yield
        file.truncate(0)


def holder(folder: Path) -> Holder | None:
    """Who is running this installation, or None."""
    path = folder / FILE
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _told_by_holder(folder)
    return None


def _told_by_holder(folder: Path) -> Holder:
    # The holder writes right after locking; give it that moment.
    for _ in range(50):
        with contextlib.suppress(ValueError, TypeError):
            return Holder(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        time.sleep(0.02)
    return Holder(0, "an unknown address")
