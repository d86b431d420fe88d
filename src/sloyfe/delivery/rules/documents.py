"""What every case document carries, without Django."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum


class Access(StrEnum):
    """Who may read a case document outside the offices it passed through.

    Public is the rule (offentleglova § 3). Anything else names its legal ground.
    """

    PUBLIC = "public"
    EXEMPT = "exempt"  # unntatt offentlighet: those it concerns read it, nobody else
    INTERNAL = "internal"  # organinternt (§ 14): the programme's offices only


class DocumentKind(StrEnum):
    """The kinds of case document. The values stand in addresses and archives, so they never change."""

    AGREEMENT = "avtale"
    PLAN = "handlingsplan"
    MEETING = "mote"
    NEED = "behov"
    REPORT = "rapport"
    SUMMARY = "oppsummering"
    MATTER = "sak"
    STEERING = "styringsdialog"


# What the municipality itself wrote is never kept within the offices: it would vanish for who wrote it.
BY_THE_MUNICIPALITY = frozenset({DocumentKind.REPORT, DocumentKind.NEED, DocumentKind.PLAN})


def levels_of(kind: DocumentKind) -> tuple[Access, ...]:
    """Give the access levels that a document of a kind can have."""
    return tuple(
        each for each in Access if each is not Access.INTERNAL or kind not in BY_THE_MUNICIPALITY
    )


class ProgrammePaper(StrEnum):
    """What the programme itself gives out and is kept with the case documents, though it belongs to no case."""

    MANDATE = "mandat"
    DESCRIPTION = "programbeskrivelse"


# Where a law or paragraph is named, beginning with the one that is asked for most often. Proposals: the
# office that has the document decides which one holds. They are the names of Norwegian law, in no other
# language.
LEGAL_GROUNDS: dict[Access, tuple[str, ...]] = {
    Access.PUBLIC: (),
    Access.EXEMPT: (
        "offentleglova § 13, jf. forvaltningsloven § 13 (taushetsplikt)",
        "offentleglova § 23 (det offentliges forhandlingsposisjon)",
        "offentleglova § 26 (personbilder, fødselsnummer og lignende)",
    ),
    Access.INTERNAL: (
        "offentleglova § 14 (organinternt dokument)",
        "offentleglova § 15 (innhentet utenfra for intern saksforberedelse)",
    ),
}
LONGEST_GROUND = 200
LONGEST_JOURNAL_REFERENCE = 60


def access_problem(access: Access, legal_ground: str, journal_reference: str) -> str:
    """Give the code of what is wrong with an access level, or "" when it may stand.

    A document that is kept from the public names its ground, and a public one has none to name.
    """
    if access is not Access.PUBLIC and not legal_ground.strip():
        return "delivery.document.needs_ground"
    if access is Access.PUBLIC and legal_ground.strip():
        return "delivery.document.public_needs_no_ground"
    if len(legal_ground) > LONGEST_GROUND:
        return "delivery.document.ground_too_long"
    if len(journal_reference) > LONGEST_JOURNAL_REFERENCE:
        return "delivery.document.journal_too_long"
    return ""


def access_revision(access: str, legal_ground: str, journal_reference: str) -> str:
    """Name a document's access level, ground and reference as they stand, so that a change rests on what was seen.

    Documents of eight kinds carry them, and most have a revision of their own for what is written in them. Two who
    write in a document and who sets its access do not disturb each other.
    """
    stands = json.dumps([access, legal_ground, journal_reference])
    return hashlib.sha256(stands.encode()).hexdigest()[:16]
