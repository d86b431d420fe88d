"""`sloyfe load-content`: all that comes with Sløyfe, loaded by a process that is killed again and again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone
from tests.plugins.emptying import empty_of_content

from sloyfe.accounts.models import Person
from sloyfe.audit.models import Event
from sloyfe.cli import load_content
from sloyfe.cli.main import main
from sloyfe.organisations.models import MunicipalityPeriod, Organisation, Population
from sloyfe.programme.models import Membership, Participation, Programme, Statement
from sloyfe.programme.queries import roles_of
from sloyfe.programme.rules import Capacity

ROOT = Path(__file__).resolve().parents[2]
STEPS = len(load_content.STEPS + load_content.EXERCISE_STEPS)
TABLES = (Organisation, MunicipalityPeriod, Population, Programme, Statement, Membership,
          Participation, Person, Event)  # fmt: skip
pytestmark = [pytest.mark.load, pytest.mark.django_db]


def counts() -> dict[str, int]:
    return {table.__name__: table._default_manager.count() for table in TABLES}


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[subprocess.CompletedProcess[str]]:
    """The content, committed: six loadings were killed, and the seventh came to its end."""
    with django_db_blocker.unblock():
        parts = connection.settings_dict
        url = (
            f"postgresql://{quote(parts['USER'])}:{quote(parts['PASSWORD'])}@/{parts['NAME']}"
            f"?host={quote(parts['HOST'], safe='')}&port={parts['PORT']}"
        )
        command = [sys.executable, "-m", "sloyfe.cli.main", "load-content"]
        environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT / "src")}
        chance = random.Random(17)
        try:
            for _ in range(6):
                child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
                time.sleep(chance.uniform(0.8, 7))
                child.kill()
                child.wait()
            yield subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False
            )
        finally:
            empty_of_content()


def test_loading_that_is_killed_at_any_point_goes_on_from_there(
    loaded: subprocess.CompletedProcess[str],
) -> None:
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.count("already there") < STEPS
    assert Programme.objects.count() == 2


def test_loading_again_changes_nothing(
    loaded: subprocess.CompletedProcess[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = counts()

    assert main(["load-content"]) == 0

    assert capsys.readouterr().out.count("already there") == STEPS
    assert counts() == before


def test_there_is_one_demo_person_for_each_role(loaded: subprocess.CompletedProcess[str]) -> None:
    today = timezone.localdate()
    people = Person.objects.filter(is_demo=True)
    held = [role.capacity for person in people for role in roles_of(person, today)]
    assert set(held) == set(Capacity)
    assert held.count(Capacity.MUNICIPALITY) == 2
    assert all(person.email.endswith("@ovelse.invalid") for person in people)
    assert all(person.name.endswith("(demo)") for person in people)
    assert all(a.organisation.is_simulated for p in people for a in p.affiliations.all())
