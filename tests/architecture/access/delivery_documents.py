from typing import Any

from sloyfe.delivery.rules.documents import Access, DocumentKind, access_revision
from tests.architecture.rows import ROLES, Row, only
from tests.cast import World
from tests.delivery.cabinet import OWN, YEAR, make_document

ABOVE = ("head_office", "owner", "national_lead", "auditor")
INSIDE = (*ABOVE, "regional_office_nord")
CLOSED = (Access.EXEMPT, Access.INTERNAL)


def _of(kind: DocumentKind, access: Access = Access.PUBLIC) -> Any:
    def kwargs(world: World) -> dict[str, Any]:
        return {"kind": kind.value, "key": str(make_document(world, kind, access=access).pk)}

    return kwargs


def _year(world: World) -> dict[str, Any]:
    make_document(world, DocumentKind.PLAN)
    return {"programme": world.programme.slug, "year": YEAR}


def _part(world: World) -> dict[str, Any]:
    return {**_year(world), "part": world.municipalities[OWN].slug}


def _hidden_part(world: World) -> dict[str, Any]:
    make_document(world, DocumentKind.PLAN, access=Access.INTERNAL)
    return {
        "programme": world.programme.slug,
        "year": YEAR,
        "part": world.municipalities[OWN].slug,
    }


ROWS = [
    # The office that has the document decides; who else may read it is told so.
    Row(
        "delivery:document_access",
        only(*ROLES, status=403) | {"regional_office_nord": 200},
        kwargs=_of(DocumentKind.PLAN),
    ),
    Row(
        "delivery:document_access",
        only(*ROLES, status=403) | {"regional_office_nord": 302},
        kwargs=_of(DocumentKind.PLAN),
        method="post",
        data={
            "access": "public",
            "journal_reference": "2026/1",
            "revision": access_revision("public", "", ""),
        },
    ),
    # Own municipality reads what is exempt; another municipality and the other region do not.
    Row(
        "delivery:document_access",
        only(*ABOVE, "municipality_in_programme", status=403) | {"regional_office_nord": 200},
        kwargs=_of(DocumentKind.REPORT, Access.EXEMPT),
    ),
    Row(
        "delivery:document_access",
        # Who sent a report reads it, whatever its level.
        only(*ABOVE, "municipality_in_programme", status=403) | {"regional_office_nord": 200},
        kwargs=_of(DocumentKind.REPORT, Access.INTERNAL),
    ),
    Row(
        "delivery:document_access",
        only(*ABOVE, "regional_office_nord", "regional_office_sor", status=403)
        | {"owner": 200, "national_lead": 200},
        kwargs=_of(DocumentKind.STEERING),
    ),
    Row("delivery:document_archive", only(*ROLES), kwargs=_of(DocumentKind.NEED)),
    Row(
        "delivery:document_archive",
        only(*INSIDE, "municipality_in_programme"),
        kwargs=_of(DocumentKind.NEED, Access.EXEMPT),
    ),
    Row(
        "delivery:document_archive",
        only(*INSIDE),
        kwargs=_of(DocumentKind.NEED, Access.INTERNAL),
    ),
    Row("delivery:archive_year", only(*ROLES), kwargs=_year),
    Row("delivery:archive_part", only(*ROLES), kwargs=_part, method="post"),
    Row("delivery:archive_part", only(*INSIDE), kwargs=_hidden_part, method="post"),
]
