"""Importing a sourced list of members."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from sloyfe.audit.models import Event
from sloyfe.common.errors import InputProblem, NotPossible
from sloyfe.organisations.imports import load_register
from sloyfe.organisations.rules import Register
from sloyfe.programme.actions import import_members, load_programme
from sloyfe.programme.models import Membership, Subprogramme
from sloyfe.programme.queries import BASIC_OFFER, frame_candidates, unnamed_members
from tests.cast import NOW

ROOT = Path(__file__).resolve().parents[2]
HUSBANKEN = ROOT / "programmes" / "husbankens-kommuneprogram-2016-2020"
SOURCE = "A list from the archive, 2017"

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns() -> Subprogramme:
    load_register(ROOT / "registers", register=Register.NORWAY, source="SSB", actor=None, now=NOW)
    programme = load_programme(HUSBANKEN, actor=None, now=NOW).programme
    return programme.subprogrammes.get(code="towns")


def take_in(towns: Subprogramme, text: str, source: str = SOURCE) -> tuple[int, int]:
    found = import_members(towns, ("liste.csv", text.encode()), source=source, actor=None, now=NOW)
    return found.added, found.known


def told(towns: Subprogramme, text: str) -> list[str]:
    before = Membership.objects.count()
    with pytest.raises(InputProblem) as caught:
        take_in(towns, text)
    assert Membership.objects.count() == before
    return [str(problem) for problem in caught.value.problems]


def test_a_list_by_number_or_by_name_is_taken_in_once(towns: Subprogramme) -> None:
    text = "kommunenummer;kommune\n0106;Fredrikstad\n;Kristiansand kommune\n1902;\n"
    assert take_in(towns, text) == (3, 0)
    assert take_in(towns, text) == (0, 3)
    day = dt.date(2017, 11, 1)
    assert [c.name for c in frame_candidates(towns.programme, day, "towns")] == [
        "Fredrikstad",
        "Kristiansand",
        "Tromsø",
    ]
    assert len(frame_candidates(towns.programme, day, BASIC_OFFER)) == 426 - 5 - 3
    assert unnamed_members(towns.programme, day) == {"towns": 59}
    assert set(towns.memberships.values_list("source", flat=True)) == {SOURCE}
    assert Event.objects.filter(action="programme.members.import").count() == 1


def test_a_spreadsheet_that_lost_the_first_zero_is_understood(towns: Subprogramme) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["Kommunenr", "Fra"], [106, dt.date(2017, 1, 1)]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    found = import_members(
        towns, ("liste.xlsx", stream.getvalue()), source=SOURCE, actor=None, now=NOW
    )
    assert found.added == 1
    assert towns.memberships.get().valid_from == dt.date(2017, 1, 1)


def test_a_list_without_a_source_is_refused(towns: Subprogramme) -> None:
    with pytest.raises(NotPossible, match="members_need_source"):
        take_in(towns, "kommune\nFredrikstad\n", source="  ")
    assert not towns.memberships.exists()


def test_names_that_nobody_or_several_have_are_told_with_their_row(towns: Subprogramme) -> None:
    found = told(
        towns, "nr,kommune\n,Gokk\n,Bø\n9999,\n0106,Moss\n,Moss\n,Moss\n,\n0106,Fredrikstad\n"
    )
    assert found == [
        "liste.csv:2 [name]: No municipality was named Gokk on 2016-01-01.",
        "liste.csv:3 [name]: Several municipalities are named Bø: 0821 (Telemark), 1867 (Nordland). Give the number.",
        "liste.csv:4 [code]: No municipality had the number 9999 on 2016-01-01.",
        "liste.csv:5 [name]: The number 0106 was Fredrikstad on 2016-01-01, not Moss.",
        "liste.csv:7 [name]: The municipality stands in row 6 already.",
        "liste.csv:9 [code]: The municipality stands in row 5 already.",
    ]


def test_a_number_counts_on_the_day_the_membership_begins(towns: Subprogramme) -> None:
    assert "No municipality had the number 5001" in told(towns, "nr\n5001\n")[0]
    assert take_in(towns, "nr,fra\n5004,2018-01-01\n") == (1, 0)


def test_dates_that_do_not_hold_are_told(towns: Subprogramme) -> None:
    found = told(towns, "nr,fra,til\n0106,i fjor,\n0104,2018-01-01,2017-01-01\n")
    assert found == [
        "liste.csv:2 [valid_from]: This is not a date. Write it as 2016-01-31.",
        "liste.csv:3 [valid_to]: The end must come after the start.",
    ]


def test_the_names_are_known_when_the_whole_number_has_been_named(towns: Subprogramme) -> None:
    Subprogramme.objects.filter(pk=towns.pk).update(stated_members=2)
    towns.refresh_from_db()
    take_in(towns, "nr\n0106\n0104\n")
    towns.refresh_from_db()
    assert towns.names_known
    assert unnamed_members(towns.programme, dt.date(2017, 1, 1)) == {}


def test_loading_the_programme_again_leaves_an_imported_list_alone(towns: Subprogramme) -> None:
    take_in(towns, "nr\n0106\n0104\n")
    assert not load_programme(HUSBANKEN, actor=None, now=NOW).changed
    assert towns.memberships.count() == 2


def test_a_file_that_cannot_be_read_is_told(towns: Subprogramme, tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="cannot be read"):
        import_members(towns, tmp_path / "none.csv", source=SOURCE, actor=None, now=NOW)
