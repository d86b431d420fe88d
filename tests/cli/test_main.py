"""The command itself: verbs, errors, exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sloyfe.cli import main
from sloyfe.common.errors import SettingProblem


def run(
    *words: str, environ: dict[str, str] | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | (environ or {})
    return subprocess.run(
        [sys.executable, "-m", "sloyfe.cli.main", *words],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_verb_that_is_there_is_listed_with_what_it_does() -> None:
    listed = run("--help").stdout

    for verb in main.verbs():
        assert verb.name in listed
        assert verb.words.split()[0] in listed


@pytest.mark.parametrize("verb", main.verbs(), ids=lambda verb: verb.name)
def test_every_verb_has_its_own_help(verb: main.Verb) -> None:
    if verb.name == "manage":
        pytest.skip("Django's commands have their own help")

    asked = run(verb.name, "--help")

    assert asked.returncode == 0
    assert f"usage: sloyfe {verb.name}" in asked.stdout


def test_an_unknown_verb_is_refused_with_the_known_ones() -> None:
    asked = run("upp")

    assert asked.returncode == 2
    assert "up" in asked.stderr


def test_up_loads_no_django() -> None:
    program = (
        "import sys; import sloyfe.cli.main, sloyfe.cli.up, sloyfe.cli.stop, sloyfe.cli.status\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "[]"


def test_a_misspelt_setting_stops_the_command_with_the_right_name() -> None:
    asked = run("status", environ={"SLOYFE_PROT": "8000"})

    assert asked.returncode == SettingProblem.exit_code
    assert "did you mean SLOYFE_PORT?" in asked.stderr
    assert "Traceback" not in asked.stderr


def test_more_web_threads_than_connections_are_refused_before_anything_starts(
    tmp_path: Path,
) -> None:
    asked = run(
        "up",
        environ={
            "SLOYFE_VAR": str(tmp_path / "var"),
            "SLOYFE_WEB_PROCESSES": "10",
            "SLOYFE_WEB_THREADS": "10",
        },
    )

    assert asked.returncode == SettingProblem.exit_code
    assert "10 × 10 = 100" in asked.stderr
    assert "SLOYFE_WEB_THREADS=8" in asked.stderr
    assert not (tmp_path / "var").exists()


def test_the_default_number_of_web_threads_stays_below_the_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from sloyfe.cli.commands import RESERVED_CONNECTIONS, web_server
    from sloyfe.database.server import MAX_CONNECTIONS

    monkeypatch.delenv("SLOYFE_WEB_PROCESSES", raising=False)
    monkeypatch.delenv("SLOYFE_WEB_THREADS", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 128)
    command = web_server()
    processes = int(command[command.index("--workers") + 1])
    threads = int(command[command.index("--blocking-threads") + 1])

    assert processes * threads <= MAX_CONNECTIONS - RESERVED_CONNECTIONS


def test_nothing_running_is_told_and_makes_no_folder(tmp_path: Path) -> None:
    environ = {"SLOYFE_VAR": str(tmp_path / "var"), "DATABASE_URL": ""}

    status, stop = run("status", environ=environ), run("stop", environ=environ)

    assert status.returncode == 1
    assert "not running" in status.stdout
    assert stop.returncode == 0
    assert "not running" in stop.stdout
    assert not (tmp_path / "var").exists()


def test_manage_hands_options_over_to_django(tmp_path: Path) -> None:
    asked = run(
        "manage",
        "help",
        "--commands",
        environ={"SLOYFE_VAR": str(tmp_path / "var"), "DATABASE_URL": ""},
    )

    assert "migrate" in asked.stdout.split()
    assert "make up" in asked.stderr
