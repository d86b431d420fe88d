"""Whoever has a document decides who reads it, and says why when not everybody may."""

from __future__ import annotations

import html

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.audit.models import Event
from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.actions.documents import set_access
from sloyfe.delivery.models import Result
from sloyfe.delivery.rules.documents import Access, DocumentKind, access_problem
from tests.cast import NOW, World
from tests.delivery.cabinet import make_document

pytestmark = pytest.mark.django_db
GROUND = "offentleglova § 14 (organinternt dokument)"
# The person of the cast whose office has the document.
HOLDER = {
    DocumentKind.MATTER: "owner",
    DocumentKind.STEERING: "national_lead",
}


def holder(kind: DocumentKind) -> str:
    return HOLDER.get(kind, "regional_office_nord")


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


@given(ground=st.text(max_size=250), journal=st.text(max_size=80))
def test_a_closed_document_always_names_its_ground(ground: str, journal: str) -> None:
    for access in Access:
        if access_problem(access, ground, journal) == "":
            assert (access is Access.PUBLIC) == (ground.strip() == "")
            assert len(ground) <= 200
            assert len(journal) <= 60


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_office_that_has_a_document_closes_it_with_its_ground(
    world: World, kind: DocumentKind
) -> None:
    document = make_document(world, kind)
    address = reverse("delivery:document_access", args=[kind.value, document.pk])
    client = client_of(world, holder(kind))

    answer = client.post(
        address,
        {
            "access": "exempt",
            "ground": GROUND,
            "journal_reference": "2026/12-3",
            "revision": document.access_revision,
        },
    )

    assert answer.status_code == 302
    document.refresh_from_db()
    assert (document.access, document.legal_ground) == ("exempt", GROUND)
    assert document.journal_reference == "2026/12-3"
    event = Event.objects.get(action="delivery.document.access")
    assert event.details == {"access": "exempt", "kind": kind.value}


@pytest.mark.parametrize("kind", DocumentKind)
def test_of_two_who_set_it_at_once_one_wins_and_the_other_keeps_the_text(
    world: World, kind: DocumentKind
) -> None:
    document = make_document(world, kind)
    address = reverse("delivery:document_access", args=[kind.value, document.pk])
    client = client_of(world, holder(kind))
    seen = document.access_revision
    first = {"access": "exempt", "ground": GROUND, "journal_reference": "2026/1"}
    second = {"access": "exempt", "own_ground": "Mitt grunnlag", "journal_reference": "2026/2"}

    assert client.post(address, first | {"revision": seen}).status_code == 302
    late = client.post(address, second | {"revision": seen, "back": "/kommuner/"})
    document.refresh_from_db()
    stands = (document.access, document.legal_ground, document.journal_reference)
    page = html.unescape(late.content.decode())
    again = client.post(address, second | {"revision": document.access_revision})

    assert late.status_code == 409
    assert stands == ("exempt", GROUND, "2026/1")
    assert "Noen andre kom først" in page
    assert f"<dd>{GROUND}</dd>" in page
    assert "<dd>2026/1</dd>" in page
    assert 'value="Mitt grunnlag"' in page
    assert 'value="2026/2"' in page
    assert f'name="revision" value="{document.access_revision}"' in page
    assert 'name="back" value="/kommuner/"' in page
    assert again.status_code == 302
    document.refresh_from_db()
    assert (document.access, document.journal_reference) == ("exempt", "2026/2")
    assert Event.objects.filter(action="delivery.document.access").count() == 2


@pytest.mark.parametrize("revision", ["", "0", "x" * 40, "\x00"])
def test_what_rests_on_nothing_that_was_seen_changes_nothing(world: World, revision: str) -> None:
    document = make_document(world, DocumentKind.PLAN)
    address = reverse("delivery:document_access", args=["handlingsplan", document.pk])

    answer = client_of(world, "regional_office_nord").post(
        address, {"access": "public", "journal_reference": "2026/1", "revision": revision}
    )

    assert answer.status_code in (409, 422)
    document.refresh_from_db()
    assert document.journal_reference == ""


def test_writing_in_a_document_does_not_disturb_who_sets_its_access(world: World) -> None:
    document = make_document(world, DocumentKind.PLAN)
    seen = document.access_revision
    type(document).objects.filter(pk=document.pk).update(revision=7)

    answer = client_of(world, "regional_office_nord").post(
        reverse("delivery:document_access", args=["handlingsplan", document.pk]),
        {"access": "public", "journal_reference": "2026/1", "revision": seen},
    )

    assert answer.status_code == 302


def test_without_a_ground_it_stays_open_and_the_form_says_what_is_missing(world: World) -> None:
    document = make_document(world, DocumentKind.PLAN)
    address = reverse("delivery:document_access", args=["handlingsplan", document.pk])

    answer = client_of(world, "regional_office_nord").post(address, {"access": "exempt"})

    assert answer.status_code == 422
    assert "id_ground" in answer.content.decode()
    document.refresh_from_db()
    assert document.is_public
    with pytest.raises(NotPossible):
        set_access(
            document=document,
            access=Access.EXEMPT,
            legal_ground=" ",
            journal_reference="",
            revision=document.access_revision,
            actor=world.person("regional_office_nord"),
            now=NOW,
        )


@pytest.mark.parametrize("bad", ["\x00", "x" * 5000])
def test_odd_input_gives_a_sentence_and_changes_nothing(world: World, bad: str) -> None:
    document = make_document(world, DocumentKind.MEETING)
    address = reverse("delivery:document_access", args=["mote", document.pk])

    answer = client_of(world, "regional_office_nord").post(
        address, {"access": bad, "own_ground": bad, "journal_reference": bad}
    )

    assert answer.status_code == 422
    document.refresh_from_db()
    assert document.is_public


def test_figures_and_words_follow_the_report_out_of_sight_and_back(world: World) -> None:
    report = make_document(world, DocumentKind.REPORT)
    who = world.person("regional_office_nord")

    set_access(
        document=report,
        access=Access.EXEMPT,
        legal_ground=GROUND,
        journal_reference="",
        revision=report.access_revision,
        actor=who,
        now=NOW,
    )
    closed = list(Result.objects.filter(report=report).values_list("is_public", flat=True))
    set_access(
        document=report,
        access=Access.PUBLIC,
        legal_ground="",
        journal_reference="",
        revision=report.access_revision,
        actor=who,
        now=NOW,
    )

    assert closed == [False]
    assert Result.objects.get(report=report).is_public


@pytest.mark.parametrize("role", ["municipality_in_programme", "regional_office_sor", "auditor"])
def test_nobody_else_decides_who_reads_it(world: World, role: str) -> None:
    document = make_document(world, DocumentKind.AGREEMENT)

    with pytest.raises(NotAllowed):
        set_access(
            document=document,
            access=Access.PUBLIC,
            legal_ground="",
            journal_reference="1",
            revision=document.access_revision,
            actor=world.person(role),
            now=NOW,
        )


@pytest.mark.parametrize("key", ["0", "abc", "99999999999999999999999", "%00", "../x"])
@pytest.mark.parametrize("kind", ["avtale", "behov", "ukjent"])
def test_what_does_not_exist_is_404(world: World, kind: str, key: str) -> None:
    client = client_of(world, "owner")

    assert client.get(f"/dokument/{kind}/{key}/tilgang/").status_code == 404


def test_the_include_tells_access_in_words_and_leads_only_those_on_who_may_change_it(
    world: World,
) -> None:
    document = make_document(world, DocumentKind.REPORT, access=Access.EXEMPT)
    pages = {}

    for role in ("regional_office_nord", "municipality_in_programme"):
        request = RequestFactory().get("/x/")
        request.user = world.person(role)
        template = Template("{% include 'delivery/documents/_access.html' with document=one %}")
        pages[role] = template.render(Context({"request": request, "one": document}))

    for page in pages.values():
        assert document.legal_ground in page
    assert "tilgang/?back=%2Fx%2F" in pages["regional_office_nord"]
    assert "tilgang/" not in pages["municipality_in_programme"]


def test_the_form_leads_back_to_the_document_but_never_to_another_site(world: World) -> None:
    document = make_document(world, DocumentKind.PLAN)
    address = reverse("delivery:document_access", args=["handlingsplan", document.pk])
    client = client_of(world, "regional_office_nord")

    sent = {"access": "public", "revision": document.access_revision}
    home = client.post(address, sent | {"back": "/kommuner/"})
    away = client.post(address, sent | {"back": "https://example.org/"})

    assert home["Location"] == "/kommuner/"
    assert away["Location"] == address


@pytest.mark.parametrize("kind", [DocumentKind.REPORT, DocumentKind.NEED, DocumentKind.PLAN])
def test_what_the_municipality_wrote_is_not_kept_from_it(world: World, kind: DocumentKind) -> None:
    document = make_document(world, kind)
    client = Client()
    client.force_login(world.person(HOLDER.get(kind, "regional_office_nord")))
    address = reverse("delivery:document_access", args=[kind.value, document.pk])

    form = client.get(address).content.decode()
    answer = client.post(
        address, {"access": "internal", "ground": GROUND, "revision": document.access_revision}
    )

    assert 'value="internal"' not in form
    assert answer.status_code == 422
    document.refresh_from_db()
    assert document.access == "public"
