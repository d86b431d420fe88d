"""The access table, one part per app: each module here has ``ROWS``."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from tests.architecture.rows import Row


def all_rows() -> list[Row]:
    """Gather the rows of every app's part."""
    return [
        row
        for part in pkgutil.iter_modules(__path__)
        for row in import_module(f"{__name__}.{part.name}").ROWS
    ]
