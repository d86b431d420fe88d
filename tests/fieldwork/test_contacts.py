"""Contacts come in whole or not at all, whatever the file holds, and tell nobody who was drawn."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from sloyfe.audit.models import Event
from sloyfe.common.errors import InputProblem, NotAllowed, NotPossible
from sloyfe.fieldwork.actions import contacts, rounds
from sloyfe.fieldwork.imports import frame_units, read_contacts
from sloyfe.fieldwork.models import Contact, Round
from sloyfe.fieldwork.rules import Design
from sloyfe.ui.templatetags.ui import problem
from tests.cast import MUNICIPALITIES, NOW, World
from tests.fieldwork import running

pytestmark = pytest.mark.django_db

HEAD = "Kommunenummer;Navn;E-post;Rolle\n"


def upload(
    world: World, round_: Round, data: bytes, name: str = "k.csv", role: str = "evaluator"
) -> tuple[int, str]:
    client = Client()
    client.force_login(world.person(role))
    answer = client.post(
        f"/undersokelser/{round_.slug}/kontakter/",
        {"file": SimpleUploadedFile(name, data), "source": "Nettsteder", "told": "I brevet"},
        follow=True,
    )
    return answer.status_code, answer.content.decode()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (80 * 1024 * 1024))
    return buffer.getvalue()


HOSTILE = [
    ("formula", (HEAD + "X101;=HYPERLINK(1);post@a.invalid;\n").encode(), "k.csv", "Rad 2, navn: Cellen har en formel."),
    ("formula in a sheet", running.sheet([["Kommunenummer", "Navn", "E-post"], ["X101", "=1+1", "a@b.no"]]), "k.xlsx", "Rad 2, navn: Cellen har en formel."),
    ("bomb", bomb(), "k.xlsx", "pakkes ut til langt mer"),
    ("encoding", (HEAD + "X101;Kåre;post@a.invalid;\n").encode("latin-1"), "k.csv", "Filen er ikke UTF-8."),
    ("twice", (HEAD + "X101;A;a@b.no;\nX101;B;b@b.no;\n").encode(), "k.csv", "Rad 3, kommunenummer: Kommunen står to ganger"),
    ("unknown number", (HEAD + "X101;A;a@b.no;\n9999;B;b@b.no;\n").encode(), "k.csv", "Rad 3, kommunenummer: Ingen kommune som kan spørres, har nummeret 9999."),
    ("bad e-mail", (HEAD + "X101;A;a@b.no;\nX102;B;ikke en adresse;\n").encode(), "k.csv", "Rad 3, epost: ikke en adresse er ikke en e-postadresse."),
    ("two addresses", (HEAD + "X101;A;a@b.no,c@d.no;\n").encode(), "k.csv", "Rad 2, epost"),
    ("header injection", b'Kommunenummer;E-post\nX101;"a@b.no\r\nBcc: c@d.no"\n', "k.csv", "Rad 2, epost"),
    ("NUL", (HEAD + "X101;A\0;a@b.no;\n").encode(), "k.csv", "tegn som ikke kan lagres"),
    ("no column", b"Nummer;Navn\nX101;A\n", "k.csv", "Kolonnen mangler."),
    ("empty", b"", "k.csv", "tom"),
    ("only heads", HEAD.encode(), "k.csv", "Filen har ingen rader"),
    ("old excel", b"\xd0\xcf\x11\xe0" + b"0" * 100, "k.xls", "gammelt Excel-format"),
    ("not a sheet", b"PK\x03\x04" + b"x" * 100, "k.xlsx", "kan ikke leses som et regneark"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "name", "words"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
)
def test_a_hostile_file_is_told_row_by_row_and_nothing_is_taken_in(
    world: World, data: bytes, name: str, words: str
) -> None:
    round_ = running.drawn(world).round
    events = Event.objects.count()

    status, page = upload(world, round_, data, name)

    assert status in (200, 422)
    assert words in page
    assert not Contact.objects.exists()
    assert Event.objects.count() == events


def test_every_wrong_row_is_told_at_once(world: World) -> None:
    round_ = running.drawn(world).round
    data = (HEAD + "9999;A;a@b.no;\nX101;B;tull;\nX102;C;c@b.no;\n").encode()

    with pytest.raises(InputProblem) as wrong:
        read_contacts(data, "k.csv", frame_units(round_))

    assert [(one.row, one.code) for one in wrong.value.problems] == [
        (2, "contact.unknown_unit"),
        (3, "contact.email"),
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "Rad 2, navn: Cellen har en formel. Skriv selve verdien."),
        ("nn", "Rad 2, navn: Cella har ein formel. Skriv sjølve verdien."),
        ("en-gb", "Row 2, navn: The cell holds a formula. Write the value itself."),
    ],
)
def test_what_is_wrong_with_a_file_is_told_in_the_readers_language(
    world: World, language: str, words: str
) -> None:
    round_ = running.drawn(world).round
    with pytest.raises(InputProblem) as wrong:
        read_contacts((HEAD + "X101;=A1;a@b.no;\n").encode(), "k.csv", frame_units(round_))

    with translation.override(language):
        assert problem(wrong.value.problems[0]) == words


def test_the_same_contacts_come_from_csv_and_from_a_sheet(world: World) -> None:
    round_ = running.drawn(world).round
    rows: list[list[object]] = [["Kommunenummer", "Navn", "E-post", "Rolle"]]
    rows += [
        [code, f"Kontakt {name}", f"post@{code.lower()}.invalid", "rådgiver"]
        for code, name, *_rest in MUNICIPALITIES
    ]

    units = frame_units(round_)

    assert read_contacts(running.contact_file(), "k.csv", units) == read_contacts(
        running.sheet(rows), "k.xlsx", units
    )


def test_a_new_file_replaces_the_contact_and_keeps_the_others(world: World) -> None:
    round_ = running.drawn(world).round
    running.bring(world, round_)

    running.bring(world, round_, (HEAD + "X101;Ny;ny@x101.invalid;\n").encode())

    assert Contact.objects.count() == 12
    contact = Contact.objects.get(organisation=world.municipalities["X101"])
    assert (contact.email, contact.source, contact.told) == (
        "ny@x101.invalid", "Kommunenes nettsteder", "I brevet",
    )  # fmt: skip
    assert Event.objects.filter(action="fieldwork.contacts.save").count() == 2


def test_events_hold_no_address(world: World) -> None:
    running.bring(world, running.drawn(world).round)

    assert not any("invalid" in str(event.details) for event in Event.objects.all())


def test_contacts_need_a_frame(world: World) -> None:
    with pytest.raises(NotPossible, match="no_frame_for_contacts"):
        frame_units(running.planned(world))


def test_a_file_is_taken_in_alike_whoever_was_drawn(world: World) -> None:
    population = running.drawn(world, design=Design.STRATIFIED, per_stratum=2)
    running.bring(world, population.round)
    rounds.open_round(round_=population.round, actor=world.person("evaluator"), now=NOW)
    drawn = {case.organisation_id for case in population.cases.all()}

    told = set()
    for code, *_rest in MUNICIPALITIES:
        data = (HEAD + f"{code};Ny;ny@{code.lower()}.invalid;\n").encode()
        status, page = upload(world, population.round, data, role="project_group")
        told.add((status, "Én kontakt er lest." in page))

    assert told == {(200, True)}
    assert set(Contact.objects.values_list("organisation_id", flat=True)) == drawn


@pytest.mark.parametrize("role", ["owner", "auditor", "partner", "regional_office_nord"])
def test_those_without_the_task_bring_no_contacts(world: World, role: str) -> None:
    round_ = running.drawn(world).round
    rows = read_contacts(running.contact_file(), "k.csv", frame_units(round_))

    with pytest.raises(NotAllowed):
        contacts.save_contacts(
            round_=round_, rows=rows, source="x", told="x", actor=world.person(role), now=NOW
        )


def test_a_closed_round_takes_no_contacts(world: World) -> None:
    round_ = running.opened(world).round
    closed = rounds.close_round(round_=round_, actor=world.person("evaluator"), now=NOW)

    with pytest.raises(NotPossible, match="round_closed"):
        running.bring(world, closed)
