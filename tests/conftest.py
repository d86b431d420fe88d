"""What every test may use."""

from __future__ import annotations

import pytest

from tests.plugins.database import ensure_suite_cluster


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Start the suite's database server before pytest-django makes its databases."""
    ensure_suite_cluster()
