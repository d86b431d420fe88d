"""What the tests of the programme year share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import World, make_world


@pytest.fixture(autouse=True)
def own_folders(settings: object, tmp_path: Path) -> None:
    """Give each test folders of its own for keys, frozen files and drafts."""
    for name in ("KEYS", "FROZEN", "DRAFTS"):
        setattr(settings, name, tmp_path / name.lower())


@pytest.fixture
def world(db: None) -> World:
    """The exercise programme with its cast."""
    return make_world()
