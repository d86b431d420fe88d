"""Who may say who reads a case document, and write its place in the journal."""

from __future__ import annotations

import datetime as dt

from sloyfe.common.errors import NotAllowed, NotPossible, Refused
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.queries.documents import (
    AnyDocument,
    is_settled,
    kind_of,
    offices_with,
)
from sloyfe.delivery.rules.documents import DocumentKind
from sloyfe.programme.queries import Visitor, roles_of
from sloyfe.programme.rules import Capacity

_LEADS = frozenset({Capacity.OWNER, Capacity.NATIONAL_LEAD})
_OFFICES = _LEADS | {Capacity.HEAD_OFFICE, Capacity.REGIONAL_OFFICE}


def check_may_set_access(person: Visitor, document: AnyDocument, on: dt.date) -> None:
    """Only an office of the programme that has the document decides who may read it.

    That is the office it is addressed to or written by; where the municipality now lies in another region,
    that region's office too. A need that no regional office has is nasjonalt fagansvar's. A steering
    dialogue is that of those who lead the programme: the owner and nasjonalt fagansvar.
    """
    offices = offices_with(document)
    ids = {number for number, _ in offices}
    leads_it = kind_of(document) is DocumentKind.STEERING or not ids
    for role in roles_of(person, on):
        if role.programme_id != document.programme_id or role.capacity not in _OFFICES:
            continue
        if role.organisation_id in ids or (leads_it and role.capacity in _LEADS):
            return
        if (
            role.capacity is Capacity.REGIONAL_OFFICE
            and getattr(document, "municipality_id", None) in reach_of(person, on).region
        ):
            return
    raise NotAllowed(
        "delivery.document.not_your_office", offices=", ".join(name for _, name in offices) or "–"
    )


def check_may_take_out(document: AnyDocument) -> None:
    """Only what has been sent, held or confirmed goes to an archive; who may read it may take it out."""
    if not is_settled(document):
        raise NotPossible("delivery.document.not_settled")


def may_set_access(person: Visitor, document: AnyDocument, on: dt.date) -> bool:
    """Tell whether a person may decide who reads a document."""
    try:
        check_may_set_access(person, document, on)
    except Refused:
        return False
    return True
