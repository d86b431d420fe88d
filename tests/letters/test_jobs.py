"""What the worker finds when it starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import sloyfe

PACKAGE = Path(sloyfe.__file__).parent
LIST = (
    "import django; django.setup(); from procrastinate.contrib.django import app;"
    "app.perform_import_paths(); print(*app.tasks, sep='\\n')"
)


def test_a_worker_of_its_own_process_knows_the_jobs_of_every_subject() -> None:
    """Asked of a new process: in this one, other tests have imported the jobs already."""
    written = {
        name
        for jobs in PACKAGE.glob("*/jobs.py")
        for name in re.findall(r'name="([a-z_.]+)"', jobs.read_text(encoding="utf-8"))
    }
    listed = subprocess.run(
        [sys.executable, "-c", LIST],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "fieldwork.send_mailing" in written
    assert written <= set(listed.stdout.split())
