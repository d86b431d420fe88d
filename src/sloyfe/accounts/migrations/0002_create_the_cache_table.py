"""The table in which limits count across processes.

Django makes it by a command of its own, and in databases for tests by itself; so nothing but a running
installation would miss it.
"""

from __future__ import annotations

from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_create_people")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop, elidable=False)]
