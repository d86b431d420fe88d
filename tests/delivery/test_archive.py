"""What goes to the archive is whole, readable in a hundred years, and only what the reader may read."""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from sloyfe.audit.models import Event
from sloyfe.cli import export_archive
from sloyfe.delivery.exports.documents import filed
from sloyfe.delivery.models import AgendaItem
from sloyfe.delivery.queries.documents import (
    documents_of_year,
    holdings_of_year,
    papers_of_year,
)
from sloyfe.delivery.rules.documents import Access, DocumentKind
from sloyfe.programme.models import DescriptionVersion, Mandate
from tests.cast import NOW, TODAY, World
from tests.delivery.cabinet import SENTINEL, YEAR, make_document

pytestmark = pytest.mark.django_db


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def get(world: World, role: str, address: str, method: str = "get") -> Any:
    client = Client()
    client.force_login(world.person(role))
    return getattr(client, method)(address)


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_document_becomes_an_archive_pdf_with_its_description(
    world: World, kind: DocumentKind
) -> None:
    document = make_document(world, kind)

    one = filed(document)

    assert b"pdfaid:part>2<" in one.pdf
    assert b"pdfaid:conformance>A<" in one.pdf
    assert b"pdfuaid:part>1<" in one.pdf
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(one.pdf)).pages)
    assert SENTINEL in text
    assert "Simulert" in text
    told = json.loads(one.description)
    assert told["sha256"] == hashlib.sha256(one.pdf).hexdigest()
    assert told["id"] == f"{kind.value}-{document.pk}"
    assert told["access"] == "public"
    assert {"title", "date", "sender", "receiver", "journal_reference", "events"} <= told.keys()


def test_the_same_document_gives_the_same_file_twice(world: World) -> None:
    document = make_document(world, DocumentKind.AGREEMENT)

    assert filed(document).pdf == filed(document).pdf


def test_the_address_of_whoever_said_a_need_is_in_no_archive(world: World) -> None:
    document = make_document(world, DocumentKind.NEED)

    one = filed(document)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(one.pdf)).pages)

    assert document.contact_email not in text + one.description.decode()


def test_one_document_is_a_zip_with_one_folder(world: World) -> None:
    document = make_document(world, DocumentKind.REPORT)
    address = reverse("delivery:document_archive", args=["rapport", document.pk])

    answer = get(world, "municipality_in_programme", address)

    folder = filed(document).folder
    assert sorted(opened(answer.content)) == [
        f"{folder}/beskrivelse.json",
        f"{folder}/dokument.pdf",
    ]
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d-rapport-elvarheim-[a-z-]*{document.pk}", folder)
    assert Event.objects.filter(action="delivery.document.export").count() == 1


def test_the_page_of_a_year_lists_what_the_reader_may_take_out(world: World) -> None:
    make_document(world, DocumentKind.REPORT)
    make_document(world, DocumentKind.STEERING)
    address = reverse("delivery:archive_year", args=[world.programme.slug, YEAR])

    of_lead = get(world, "national_lead", address).content.decode()
    of_municipality = get(world, "municipality_in_programme", address).content.decode()

    assert "Elvarheim" in of_lead
    assert f"/arkiv/{YEAR}/-/ut/" in of_lead
    assert "Elvarheim" in of_municipality
    assert f"/arkiv/{YEAR}/-/ut/" not in of_municipality


@pytest.mark.parametrize("access", Access)
@pytest.mark.parametrize(
    "role",
    [
        "owner",
        "regional_office_nord",
        "regional_office_sor",
        "municipality_in_programme",
        "partner",
    ],
)
def test_the_page_counts_what_the_reader_would_get_and_nothing_else(
    world: World, role: str, access: Access
) -> None:
    for kind in DocumentKind:
        make_document(world, kind, access=access)
    by: dict[str, Any] = {"person": world.person(role), "on": TODAY}

    counted = {
        (each.kind, each.slug): each.number
        for each in holdings_of_year(world.programme, YEAR, **by)
    }
    given = Counter(
        (each.kind, getattr(getattr(each.document, "municipality", None), "slug", ""))
        for each in (
            *papers_of_year(world.programme, YEAR, **by),
            *documents_of_year(world.programme, YEAR, **by),
        )
    )

    assert counted == given


def test_a_municipalitys_year_is_one_zip_without_what_is_internal(world: World) -> None:
    kept = make_document(world, DocumentKind.REPORT)
    hidden = make_document(world, DocumentKind.MEETING, access=Access.INTERNAL)
    slug = world.municipalities["X104"].slug
    address = reverse("delivery:archive_part", args=[world.programme.slug, YEAR, slug])

    own = opened(get(world, "municipality_in_programme", address, "post").content)
    office = opened(get(world, "regional_office_nord", address, "post").content)

    assert {name.split("/")[0] for name in own} == {filed(kept).folder}
    assert {name.split("/")[0] for name in office} == {filed(kept).folder, filed(hidden).folder}


def test_a_year_has_as_many_queries_with_ten_times_the_documents(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for code in world.municipalities:
        make_document(world, DocumentKind.REPORT, code=code)
        make_document(world, DocumentKind.NEED, code=code)
    client = Client()
    client.force_login(world.person("national_lead"))

    with django_assert_max_num_queries(15):
        client.get(reverse("delivery:archive_year", args=[world.programme.slug, YEAR]))


def test_the_command_writes_a_folder_for_every_document_of_the_year(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in DocumentKind:
        make_document(world, kind)
    args = argparse.Namespace(programme=world.programme.slug, year=YEAR, out=tmp_path / "ut")

    assert export_archive.run(args) == 0
    assert export_archive.run(args) == 0

    folders = sorted(path.name for path in (tmp_path / "ut").iterdir())
    assert len(folders) == len(DocumentKind)
    assert f"{len(DocumentKind)} documents" in capsys.readouterr().out


def test_the_command_says_which_programmes_there_are(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    args = argparse.Namespace(programme="nowhere", year=YEAR, out=tmp_path)

    assert export_archive.run(args) == 2
    assert world.programme.slug in capsys.readouterr().err


def test_everything_of_a_year_is_taken_out_at_once_with_mandate_and_description(
    world: World,
) -> None:
    report = make_document(world, DocumentKind.REPORT)
    meeting = make_document(world, DocumentKind.STEERING)
    mandate = Mandate.objects.create(
        programme=world.programme,
        number=1,
        state="issued",
        foreword={"nb": "Hva eieren vil."},
        valid_from=dt.date(YEAR, 1, 1),
        issued_on=dt.date(YEAR, 1, 1),
    )
    described = DescriptionVersion.objects.create(
        programme=world.programme,
        audience="external",
        number=1,
        published_at=dt.datetime(YEAR, 2, 1, tzinfo=dt.UTC),
        content=[],
        content_hash="0" * 64,
    )
    address = reverse("delivery:archive_part", args=[world.programme.slug, YEAR, "alle"])
    page = reverse("delivery:archive_year", args=[world.programme.slug, YEAR])
    itself = reverse("delivery:archive_part", args=[world.programme.slug, YEAR, "-"])

    shown = get(world, "national_lead", page).content.decode()
    answer = get(world, "national_lead", address, "post")
    of_programme = get(world, "national_lead", itself, "post")

    assert address in shown
    assert "mandat (1), programbeskrivelse (1)" in shown
    assert {name.split("/")[0] for name in opened(answer.content)} == {
        filed(one).folder for one in (report, meeting, mandate, described)
    }
    assert f"{world.programme.slug}-{YEAR}-programmet.zip" in of_programme["Content-Disposition"]
    pdf = filed(mandate).pdf
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "Hva eieren vil." in text


def test_events_of_the_same_moment_stand_in_the_order_of_a_documents_life(world: World) -> None:
    document = make_document(world, DocumentKind.SUMMARY)
    for verb in ("answer", "send", "read", "write"):
        Event.objects.create(
            action=f"delivery.summary.{verb}",
            happened_at=NOW,
            about_kind=document._meta.label_lower,
            about_id=str(document.pk),
        )

    told = json.loads(filed(document).description)["events"]

    verbs = [each["action"].rsplit(".", 1)[1] for each in told]
    assert verbs == ["write", "send", "read", "answer"]


def test_the_paper_of_a_dialogue_names_each_matter_and_no_way_to_itself(world: World) -> None:
    meeting = make_document(world, DocumentKind.STEERING)
    matter = make_document(world, DocumentKind.MATTER)
    AgendaItem.objects.create(
        meeting=meeting, kind="matter", matter=matter, position=1, note="Vi snakket om det."
    )

    pdf = filed(meeting).pdf

    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert matter.title in text
    assert "→" not in text
