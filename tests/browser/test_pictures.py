"""The pictures in README and docs: each is there, each is used, none is heavy."""

from __future__ import annotations

import re

from tests.plugins.database import ROOT
from tests.screenshots.pictures import FOLDER, LARGEST, NAMES

PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
NAMED = re.compile(r"screenshots/([\w-]+)\.png")


def test_every_picture_is_shown_somewhere_and_every_shown_picture_is_there() -> None:
    shown = {name for page in PAGES for name in NAMED.findall(page.read_text(encoding="utf-8"))}

    assert shown == {path.stem for path in FOLDER.glob("*.png")}


def test_the_pictures_are_those_that_make_screenshots_takes_and_are_small() -> None:
    sizes = {path.stem: path.stat().st_size for path in FOLDER.iterdir()}

    assert set(sizes) == set(NAMES)
    assert {name for name, size in sizes.items() if size > LARGEST} == set()
