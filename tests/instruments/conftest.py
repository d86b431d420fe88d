"""What the tests of the forms share: a cast, a folder of content, and a draft."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from sloyfe.instruments import imports
from sloyfe.instruments.models import Version
from tests.cast import NOW, World, make_world
from tests.instruments.documents import write_folder


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path)


@pytest.fixture
def draft(world: World, folder: Path) -> Version:
    imports.load_folder(world.programme, folder, actor=world.person("evaluator"), now=NOW)
    return Version.objects.get()


@pytest.fixture
def client_of(world: World) -> Callable[[str], Client]:
    """A browser in which the person with a role has signed in."""

    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
