"""`sloyfe load-content`, `load-programme` and `import-members`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sloyfe.accounts.models import Person
from sloyfe.cli import load_content
from sloyfe.cli.main import main
from sloyfe.organisations.models import MunicipalityPeriod, Organisation, Population
from sloyfe.programme.models import Membership, Participation, Programme, Statement

ROOT = Path(__file__).resolve().parents[2]
HUSBANKEN = "husbankens-kommuneprogram-2016-2020"
TABLES = (Organisation, MunicipalityPeriod, Population, Programme, Statement, Membership, Participation, Person)  # fmt: skip


def counts() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in TABLES}


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
