"""The database that the rest of the suite stands on."""

from __future__ import annotations

import pytest
from django.db import connection
from tests.plugins.database import suite_cluster


@pytest.mark.django_db
def test_the_suite_runs_on_postgresql_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        user, database = cursor.fetchone()

    assert database.startswith("test_")
    if suite_cluster() is not None:
        assert user == "sloyfe"
