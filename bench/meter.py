"""What processes have used: their own processor time and that of those they have outlived."""

from __future__ import annotations

from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Use:
    """Processor seconds since the start, of the parts of a running installation."""

    web: float
    database: float
    worker: float

    @property
    def total(self) -> float:
        return self.web + self.database + self.worker

    def since(self, before: Use) -> Use:
        return Use(
            self.web - before.web, self.database - before.database, self.worker - before.worker
        )


def seconds_of(root: psutil.Process) -> float:
    """Give the processor seconds of a process, its descendants, and those of them that have ended."""
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            used = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system + used.children_user + used.children_system
    return total


def use_of(supervisor: int) -> Use:
    """Read what the children of a supervisor have used; None of them may be restarted in between."""
    sums = {"granian": 0.0, "postgres": 0.0, "procrastinate": 0.0}
    for child in psutil.Process(supervisor).children():
        words = " ".join(child.cmdline())
        for name in sums:
            if name in words:
                sums[name] += seconds_of(child)
                break
    return Use(sums["granian"], sums["postgres"], sums["procrastinate"])
