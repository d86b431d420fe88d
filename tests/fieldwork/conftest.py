"""What the tests of the fieldwork share."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils.translation import trans_real

from sloyfe.cli.build import compile_translations
from tests.cast import World, make_world
from tests.fieldwork.answering import Fielding, make_fielding


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """Compile the translations, so that pages speak Norwegian."""
    compile_translations()
    trans_real._translations.clear()  # catalogues that were loaded before they were compiled


@pytest.fixture(autouse=True)
def own_keys(settings: object, tmp_path: Path) -> None:
    """Give each test a key folder of its own."""
    settings.KEYS = tmp_path / "keys"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def plain_static_files(settings: object, tmp_path: Path) -> None:
    """Let pages name their static files without a built manifest."""
    (tmp_path / "static").mkdir()
    settings.STATIC_ROOT = tmp_path / "static"  # type: ignore[attr-defined]
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def fielding(db: None) -> Fielding:
    """An open round with twelve cases."""
    return make_fielding(make_world())


@pytest.fixture
def world(db: None) -> World:
    """The exercise programme with its cast."""
    return make_world()
