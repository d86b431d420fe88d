"""The Makefile, the lock files and the script for continuous checks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def test_every_recipe_is_one_line() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()

    for number, line in enumerate(lines[1:], start=2):
        assert not (line.startswith("\t") and lines[number - 2].startswith("\t")), number


@pytest.mark.parametrize(
    "verb",
    [
        "up",
        "test",
        "check",
        "fix",
        "messages",
        "migrations",
        "docs",
        "bench",
        "screenshots",
        "lock",
        "clean",
    ],
)
def test_every_verb_is_there(verb: str) -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    tried = subprocess.run(
        ["make", "--dry-run", verb], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert tried.returncode == 0, tried.stderr


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_names_hashes_and_no_place_to_download_from(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    assert "http" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    pinned = re.findall(r"^[A-Za-z0-9_.\[\]-]+==.*\\\n +--hash=sha256:", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[A-Za-z0-9_.\[\]-]+==", text, re.MULTILINE)) > 0


def test_every_requirements_file_has_its_lock() -> None:
    for source in ROOT.glob("requirements*.in"):
        assert source.with_suffix(".lock").exists()


def test_the_npm_lock_names_hashes_and_no_place_to_download_from() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name


def run_ci(tmp_path: Path, exit_code: int) -> subprocess.CompletedProcess[str]:
    """Run the script in a checkout whose `make test` gives this exit code."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    (tmp_path / "Makefile").write_text(f"test:\n\t@echo tested; exit {exit_code}\n")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("gcc", "chromium", "msgfmt", "apt-get", "sudo"):
        (programs / name).write_text("#!/bin/sh\nexit 1\n")
        (programs / name).chmod(0o755)
    return subprocess.run(
        ["bash", str(tmp_path / ".ci" / "run")],
        env=os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_script_fails_when_tests_fail(tmp_path: Path) -> None:
    ran = run_ci(tmp_path, 1)

    assert ran.returncode != 0
    assert "tested" in ran.stdout


def test_the_script_passes_when_tests_pass(tmp_path: Path) -> None:
    assert run_ci(tmp_path, 0).returncode == 0
