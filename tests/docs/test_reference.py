"""The printed reference pages say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from sloyfe.cli import docs
from sloyfe.common import environment

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "sloyfe"


def test_the_printed_pages_follow_the_code() -> None:
    assert docs.outdated(ROOT, docs.pages()) == [], "run `make docs`"


def test_a_page_that_differs_or_is_missing_is_found(tmp_path: Path) -> None:
    (tmp_path / "same.md").write_text("as printed\n", encoding="utf-8")
    (tmp_path / "other.md").write_text("written by hand\n", encoding="utf-8")
    printed = {"same.md": "as printed\n", "other.md": "as printed\n", "none.md": "as printed\n"}

    assert docs.outdated(tmp_path, printed) == ["other.md", "none.md"]


def test_no_printed_page_depends_on_where_it_is_printed() -> None:
    text = "".join(docs.pages().values())

    assert str(ROOT) not in text
    assert str(Path.home()) not in text or str(Path.home()) == "/"


def test_every_setting_in_the_table_is_read_by_something() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts
    )
    names = {
        name for name, value in vars(environment).items() if isinstance(value, environment.Setting)
    }

    unread = sorted(
        name for name in names if not re.search(rf"\b{name}\b[\w\[\]., ]*\.read\(", code)
    )
    gathered = {"OIDC_SERVER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"}  # read in a loop

    assert set(unread) <= gathered
