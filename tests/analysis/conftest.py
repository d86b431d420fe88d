"""The evaluation of 2017 in the database, loaded from the project's own fact files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from sloyfe.analysis import imports
from sloyfe.analysis.actions.printed import Loaded
from sloyfe.instruments.imports import load_folder
from sloyfe.programme.models import Programme, Region
from tests.content.reading import EVALUATION, HUSBANKEN

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
REGIONS = {
    "ost": "Øst", "sor": "Sør", "vest": "Vest",
    "midt-norge": "Midt-Norge", "bodo": "Bodø", "hammerfest": "Hammerfest",
}  # fmt: skip


def make_programme() -> Programme:
    """Give the programme with its regions and forms, without the register of municipalities."""
    programme = Programme.objects.create(
        slug=HUSBANKEN.name,
        title={"nb": "Husbankens kommuneprogram", "nn": "Husbankens kommuneprogram"},
        is_simulated=False,
        valid_from=dt.date(2016, 1, 1),
        source_hash="0" * 64,
    )
    for position, (code, name) in enumerate(REGIONS.items()):
        Region.objects.create(programme=programme, code=code, name=name, position=position)
    load_folder(programme, HUSBANKEN, actor=None, now=NOW, release=True)
    return programme


def load_evaluation(programme: Programme) -> Loaded:
    """Load the fact files."""
    return imports.load(programme, EVALUATION, actor=None, now=NOW)


@pytest.fixture(scope="module")
def _loaded_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Loaded]:
    """Load once for a file of tests; each test's own changes are rolled back inside."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_evaluation(make_programme())
        transaction.set_rollback(True)


@pytest.fixture
def loaded(_loaded_once: Loaded, db: None) -> Loaded:
    """The printed round of 2017."""
    return _loaded_once
