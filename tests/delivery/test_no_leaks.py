"""What is marked internal or exempt shows up nowhere for those who may not read it.

The test opens every address of the product that can be built from what stands in `PIECES`, as every role
that may not read the document, and searches the answers for its words: pages, searches, feeds, files. A new
address is covered as soon as its arguments have names that stand there. `MORE` holds what has to be opened
in another way: whoever adds a search, a filter or a file adds a line.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from pypdf import PdfReader

from sloyfe.delivery.models import Decision
from sloyfe.delivery.queries.documents import documents, documents_of_year
from sloyfe.delivery.rules.documents import Access, DocumentKind
from tests.architecture.rows import ANONYMOUS, STRANGER
from tests.cast import TODAY, World
from tests.delivery.cabinet import OWN, SENTINEL, YEAR, make_document

pytestmark = pytest.mark.django_db

OUTSIDE = (ANONYMOUS, STRANGER, "municipality", "evaluator", "project_group", "partner")
# Who may not read a document of municipality X104, by its access. Of an internal one not even the municipality,
# unless it has sent it itself.
MAY_NOT: dict[Access, tuple[str, ...]] = {
    Access.INTERNAL: (*OUTSIDE, "municipality_in_programme"),
    Access.EXEMPT: OUTSIDE,
}
# What a municipality has sent itself, it reads whatever the level.
SENT_BY_MUNICIPALITY = (DocumentKind.REPORT, "municipality_in_programme")
# A search echoes what was searched for, so it is asked for the beginning of the word only.
BEGINNING = SENTINEL[:7]
CASES = [(kind, access) for kind in DocumentKind for access in MAY_NOT]


def words(kind: DocumentKind) -> str:
    """The words that stand in the document of a kind and nowhere else."""
    return f"{SENTINEL}{kind.value}"


def all_kinds(world: World, access: Access) -> dict[DocumentKind, Any]:
    """A document of each kind, all of one municipality or of the programme."""
    return {
        kind: make_document(world, kind, access=access, words=words(kind)) for kind in DocumentKind
    }


def pieces(world: World, kind: DocumentKind, document: Any) -> dict[str, list[Any]]:
    """What the arguments of addresses may be, by the name of the argument."""
    municipality = world.municipalities[OWN]
    keys = [document.pk]
    return {
        "kind": [kind.value, document._meta.label_lower],
        "key": [str(document.pk)],
        "slug": [world.programme.slug, municipality.slug],
        "programme": [world.programme.slug],
        "municipality": [municipality.slug],
        "organisation": [municipality.slug],
        "definition": list(world.programme.result_definitions.values_list("code", flat=True)),
        "decision": list(Decision.objects.values_list("pk", flat=True)),
        "page": ["results"],
        "year": [YEAR, YEAR + 1],
        "part": [municipality.slug, "-"],
        "region": [world.regions["nord"].code],
        "pk": keys,
        "id": keys,
        "number": [1, *keys],
        **dict.fromkeys(
            (
                "agreement",
                "plan",
                "meeting",
                "need",
                "report",
                "summary",
                "matter",
                "steering",
                "document",
                "agreement_id",
                "plan_id",
                "meeting_id",
                "need_id",
                "report_id",
                "summary_id",
                "matter_id",
            ),
            keys,
        ),
        "name": ["pdf", "docx", "html"],
        "format": ["pdf", "docx", "csv", "xlsx", "ics"],
        "audience": ["beskrivelse", "veileder", "external", "internal"],
        "language": ["nb"],
    }


# Searches, filters and files that need more than the arguments of an address: role's client → answers.
MORE: list[Callable[[Client, World], list[Any]]] = [
    lambda client, world: [client.get("/", {"q": BEGINNING})],
    lambda client, world: [client.get("/sok/", {"q": BEGINNING})],
    lambda client, world: [client.get("/kommuner/", {"q": BEGINNING, "register": "exercise"})],
    lambda client, world: [
        client.get(reverse(f"delivery:{name}", args=[world.programme.slug, kind]))
        for name in ("picture_file", "public_results_file")
        for kind in ("csv", "xlsx", "json")
    ],
    lambda client, world: [
        client.post(f"/rapportering/{world.programme.slug}/arkiv/{YEAR}/{part}/ut/")
        for part in (world.municipalities[OWN].slug, "-")
    ],
]


def _patterns(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, set[str]]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _patterns(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}", set(pattern.pattern.converters)


def _addresses(known: dict[str, list[Any]]) -> Iterator[str]:
    """Every address that can be built of the pieces: each argument by turns, all others as they come first."""
    for name, arguments in _patterns():
        if not arguments <= known.keys():
            continue
        longest = max((len(known[argument]) for argument in arguments), default=1)
        for turn in range(longest):
            chosen = {each: known[each][turn % len(known[each])] for each in arguments}
            try:
                yield reverse(name, kwargs=chosen)
            except NoReverseMatch:
                continue


def _said(answer: Any) -> str:
    """All the text of an answer, also inside PDF and ZIP."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    found = content.decode(errors="replace")
    if content.startswith(b"%PDF"):
        found += " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                inner = archive.read(name)
                found += name + inner.decode(errors="replace")
                if inner.startswith(b"%PDF"):
                    pages = PdfReader(io.BytesIO(inner)).pages
                    found += " ".join(page.extract_text() for page in pages)
    return found


@pytest.mark.parametrize("access", MAY_NOT)
def test_no_address_tells_it_to_those_who_may_not_read_it(world: World, access: Access) -> None:
    made = all_kinds(world, access)
    addresses = sorted(
        {each for kind, row in made.items() for each in _addresses(pieces(world, kind, row))}
    )
    leaks = []

    for role in MAY_NOT[access]:
        client = Client(raise_request_exception=False)
        if role != ANONYMOUS:
            client.force_login(world.person(role))
        answers = [(address, client.get(address)) for address in addresses]
        answers += [("more", answer) for more in MORE for answer in more(client, world)]
        leaks += [
            (role, kind.value, address)
            for address, answer in answers
            for said in [_said(answer)]
            for kind in DocumentKind
            if words(kind) in said and (kind, role) != SENT_BY_MUNICIPALITY
        ]

    assert not leaks
    assert len(addresses) > 20


@pytest.mark.parametrize(("kind", "access"), CASES, ids=lambda each: each.value)
def test_no_question_to_the_database_gives_it_to_them(
    world: World, kind: DocumentKind, access: Access
) -> None:
    document = make_document(world, kind, access=access)

    for role in MAY_NOT[access]:
        if role == ANONYMOUS or (kind, role) == SENT_BY_MUNICIPALITY:
            continue
        person = world.person(role)
        assert not documents(kind).visible_to(person).filter(pk=document.pk).exists(), role
        year = documents_of_year(world.programme, YEAR, person=person, on=TODAY)
        assert not [entry for entry in year if entry.document.pk == document.pk], role


def test_the_test_itself_finds_what_may_be_read(world: World) -> None:
    made = all_kinds(world, Access.INTERNAL)
    client = Client()
    client.force_login(world.person("owner"))
    said = ""

    for address in {
        each for kind, row in made.items() for each in _addresses(pieces(world, kind, row))
    }:
        answer = client.get(address)
        if answer.status_code == 200:
            said += _said(answer)

    assert [kind for kind in DocumentKind if words(kind) not in said] == []
