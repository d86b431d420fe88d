"""`sloyfe load-content`, `load-programme` and `import-members`."""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.models import Event
from sloyfe.cli import load_content
from sloyfe.cli.main import main
from sloyfe.organisations.models import MunicipalityPeriod, Organisation, Population
from sloyfe.programme.models import Membership, Participation, Programme, Statement
from sloyfe.programme.queries import roles_of
from sloyfe.programme.rules import Capacity

ROOT = Path(__file__).resolve().parents[2]
HUSBANKEN = "husbankens-kommuneprogram-2016-2020"
TABLES = (Organisation, MunicipalityPeriod, Population, Programme, Statement, Membership, Participation, Person)  # fmt: skip


def counts() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in TABLES}


@pytest.mark.django_db
def test_loading_twice_is_as_loading_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load-content"]) == 0
    first, events = counts(), Event.objects.count()
    assert "already there" not in capsys.readouterr().out
    assert main(["load-content"]) == 0
    assert capsys.readouterr().out.count("already there") == len(
        load_content.STEPS + load_content.EXERCISE_STEPS
    )
    assert (counts(), Event.objects.count()) == (first, events)
    assert first["Programme"] == 2


@pytest.mark.django_db
def test_there_is_one_demo_person_for_each_role() -> None:
    assert main(["load-content"]) == 0
    today = timezone.localdate()
    people = Person.objects.filter(is_demo=True)
    held = [role.capacity for person in people for role in roles_of(person, today)]
    assert set(held) == set(Capacity)
    assert held.count(Capacity.MUNICIPALITY) == 2
    assert all(person.email.endswith("@ovelse.invalid") for person in people)
    assert all(person.name.endswith("(demo)") for person in people)
    assert all(a.organisation.is_simulated for p in people for a in p.affiliations.all())


@pytest.mark.load
@pytest.mark.django_db(transaction=True)
def test_loading_that_is_killed_at_any_point_goes_on_from_there() -> None:
    parts = connection.settings_dict
    url = (
        f"postgresql://{quote(parts['USER'])}:{quote(parts['PASSWORD'])}@/{parts['NAME']}"
        f"?host={quote(parts['HOST'], safe='')}&port={parts['PORT']}"
    )
    command = [sys.executable, "-m", "sloyfe.cli.main", "load-content"]
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT / "src")}
    chance = random.Random(17)
    for _ in range(6):
        child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.8, 7))
        child.kill()
        child.wait()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    after = counts()
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert again.stdout.count("already there") == len(
        load_content.STEPS + load_content.EXERCISE_STEPS
    )
    assert counts() == after
    assert after["Programme"] == 2


@pytest.mark.django_db
def test_a_programme_is_loaded_by_its_folder(capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(ROOT / "programmes" / "exercise")
    assert main(["load-programme", folder]) == 0
    assert "rows written" in capsys.readouterr().out
    assert main(["load-programme", folder]) == 0
    assert "nothing has changed" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_folder_that_is_none_is_told_with_an_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load-programme", str(tmp_path)]) == 2
    assert "programme.yaml: The file cannot be read" in capsys.readouterr().err


@pytest.mark.django_db
def test_members_are_imported_with_their_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = load_content.Content(ROOT, dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    load_content.load_registers(content)
    load_content.load_programmes(content)
    file = tmp_path / "liste.csv"
    file.write_text("kommune\nFredrikstad\n", "utf-8")
    assert main(["import-members", HUSBANKEN, "towns", str(file), "--source", "Brev"]) == 0
    assert "1 members added, 0 were there already" in capsys.readouterr().out
    assert main(["import-members", HUSBANKEN, "towns", str(file)]) == 3
    assert main(["import-members", HUSBANKEN, "village", str(file), "--source", "Brev"]) == 2
    assert (
        f"There are: exercise cities, exercise towns, {HUSBANKEN} cities" in capsys.readouterr().err
    )
