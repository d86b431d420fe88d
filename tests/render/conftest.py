"""Rendering needs the built typeface; where the npm packages are there, it is built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sloyfe.common.errors import SettingProblem
from sloyfe.render import fonts
from sloyfe.render.blocks import Document
from tests.render import sample_report


@pytest.fixture(scope="session", autouse=True)
def built_fonts() -> None:
    """Inter as TrueType files, as `make up` leaves them."""
    try:
        fonts.check()
    except SettingProblem:
        fonts.build(Path(__file__).resolve().parents[2] / "node_modules")


@pytest.fixture
def report() -> Document:
    """One of every block."""
    return sample_report.small()
