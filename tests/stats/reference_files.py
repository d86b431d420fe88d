"""Finds the reference files that may lie beside a checkout; a test skips where they do not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def rows_of(*parts: str) -> list[dict[str, str]]:
    """The rows of a CSV file in the shared folder, or a skip that says what is missing."""
    path = SHARED.joinpath(*parts)
    if not path.is_file():
        pytest.skip(f"{'/'.join(parts)} does not lie beside the checkout")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
