"""Case documents of every kind as PDF/A, with the description that an archive needs beside it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from sloyfe.audit.models import Event
from sloyfe.delivery.exports.documents import (
    agreements,
    needs,
    plans,
    programme,
    reports,
    steering,
)
from sloyfe.delivery.exports.documents.paper import Paper
from sloyfe.delivery.models import SteeringMeeting, Summary
from sloyfe.delivery.queries.documents import AnyDocument, AnyPaper, kind_of
from sloyfe.delivery.rules.documents import Access, DocumentKind, ProgrammePaper
from sloyfe.delivery.texts import EVENTS
from sloyfe.delivery.texts.documents import ACCESS_TEXT, KIND_TEXT, PAPER_TEXT
from sloyfe.files.rendering import one_at_a_time
from sloyfe.organisations.actions import slug_for
from sloyfe.programme.models import DescriptionVersion, Mandate
from sloyfe.render import pdf
from sloyfe.render.blocks import Callout, Document, Heading, Language, Paragraph

_PAPERS: dict[DocumentKind, Callable[[Any, Language], Paper]] = {
    DocumentKind.AGREEMENT: agreements.agreement,
    DocumentKind.PLAN: plans.plan,
    DocumentKind.MEETING: agreements.meeting,
    DocumentKind.NEED: needs.need,
    DocumentKind.REPORT: reports.report,
    DocumentKind.SUMMARY: reports.summary,
    DocumentKind.MATTER: steering.matter,
    DocumentKind.STEERING: steering.steering_meeting,
}


@dataclass(frozen=True)
class Filed:
    """A document as it goes to the archive: the name of its folder, PDF/A, description as JSON."""

    folder: str
    pdf: bytes
    description: bytes


def language_of(document: AnyDocument) -> Language:
    """Give the language that a document is written out in: nynorsk where the municipality has chosen it."""
    municipality = getattr(document, "municipality", None)
    return "nn" if getattr(municipality, "language_form", "") == "nn" else "nb"


def paper_of(document: AnyDocument) -> Paper:
    """Give a case document as it is filed, in the language of the municipality."""
    language = language_of(document)
    with override(language):
        return _PAPERS[kind_of(document)](document, language)


def _way_of(paper: Paper) -> str:
    """Say from whom to whom; those who meet as equals send nothing to each other."""
    if not paper.receiver or paper.receiver == paper.sender:
        return paper.sender
    return f"{paper.sender} → {paper.receiver}"


def document_of(document: AnyDocument, paper: Paper) -> Document:
    """Give a case document as blocks, with its access and journal reference on it."""
    language = language_of(document)
    with override(language):
        access = str(ACCESS_TEXT[Access(document.access)])
        lines = [_("Access: %(access)s.") % {"access": access}]
        if document.legal_ground:
            lines.append(_("Legal ground: %(ground)s.") % {"ground": document.legal_ground})
        if document.journal_reference:
            lines.append(
                _("Journal reference: %(reference)s.") % {"reference": document.journal_reference}
            )
        simulated = document.programme.is_simulated
        marks = (_("Simulated content (exercise)"),) if simulated else ()
        caution = _("This document is made for an exercise. Its content is invented.")
        return Document(
            title=paper.title,
            subtitle=_way_of(paper),
            language=language,
            marks=marks,
            issued="",
            publisher=paper.sender,
            contents=False,  # a letter of some pages
            blocks=(
                # Without a first level, the first part would be lifted to it and hold the others.
                Heading(1, str(KIND_TEXT[kind_of(document)]).capitalize()),
                *((Callout("simulated", caution),) if simulated else ()),
                Paragraph(" ".join(lines)),
                *paper.blocks,
            ),
            series=str(KIND_TEXT[kind_of(document)]).capitalize(),
        )


def folder_of(kind: str, on: dt.date, subject: str, key: object) -> str:
    """Name the folder of a document so that a list of them can be read: day, kind, what it is about, its number."""
    # Of a key that is a long row of letters and digits the first ones are enough to tell two apart.
    return f"{on.isoformat()}-{kind}-{slug_for(subject)[:60].strip('-')}-{str(key)[:8]}".replace(
        "--", "-"
    )


def _subject(document: AnyDocument, paper: Paper) -> str:
    """Say what a document is about, for the name of its folder."""
    municipality = getattr(document, "municipality", None)
    if municipality is not None:
        return str(municipality)
    if isinstance(document, Summary):
        return str(document.region) if document.region else "nasjonal"
    if isinstance(document, SteeringMeeting):
        return str(document.number)
    return paper.title


def _in_order(events: Iterable[Event]) -> list[Event]:
    """Give events as they happened. Those of the same moment come in the order of a document's life."""
    life = list(EVENTS)
    return sorted(
        events,
        key=lambda event: (
            event.happened_at,
            life.index(event.action) if event.action in life else len(life),
            str(event.pk),
        ),
    )


def _events_of(row: AnyDocument | AnyPaper) -> list[dict[str, str]]:
    found = Event.objects.filter(about_kind=row._meta.label_lower, about_id=str(row.pk))
    return [
        {"at": event.happened_at.isoformat(), "action": event.action} for event in _in_order(found)
    ]


def _written(made: bytes, told: dict[str, Any]) -> bytes:
    description = told | {
        "file": "dokument.pdf",
        "format": "PDF/A-2a, PDF/UA-1",
        "sha256": hashlib.sha256(made).hexdigest(),
    }
    description["events"] = description.pop("events")  # the longest comes last
    return (json.dumps(description, ensure_ascii=False, indent=2, sort_keys=False) + "\n").encode()


def filed(document: AnyDocument | AnyPaper) -> Filed:
    """Make the PDF/A of a document and the description that stands beside it in the archive.

    The same document gives the same file. The description is JSON with stable English keys; `events`
    tells what was done with the document and when, but not by whom.
    """
    if isinstance(document, Mandate | DescriptionVersion):
        return _filed_paper(document)
    paper = paper_of(document)
    with one_at_a_time():
        made = pdf.render(document_of(document, paper), archived=paper.on)
    kind = kind_of(document)
    told = {
        "id": f"{kind.value}-{document.pk}",
        "kind": kind.value,
        "kind_name": str(KIND_TEXT[kind]),
        "title": paper.title,
        "date": paper.on.isoformat(),
        "dates": {name: day.isoformat() for name, day in paper.dates.items()},
        "programme": document.programme.slug,
        "simulated": document.programme.is_simulated,
        "sender": paper.sender,
        "receiver": paper.receiver,
        "state": getattr(document, "state", ""),
        "access": document.access,
        "legal_ground": document.legal_ground,
        "journal_reference": document.journal_reference,
        "events": _events_of(document),
    }
    folder = folder_of(kind.value, paper.on, _subject(document, paper), document.pk)
    return Filed(folder, made, _written(made, told))


def _filed_paper(row: AnyPaper) -> Filed:
    """Make a paper of the programme itself as it goes to the archive."""
    kind = ProgrammePaper.MANDATE if isinstance(row, Mandate) else ProgrammePaper.DESCRIPTION
    simulated = row.programme.is_simulated
    with override("nb"):
        paper = (
            programme.mandate(row, "nb")
            if isinstance(row, Mandate)
            else programme.description(row, "nb")
        )
        caution = _("This document is made for an exercise. Its content is invented.")
        document = Document(
            title=paper.title,
            subtitle=_way_of(paper),
            language="nb",
            marks=(_("Simulated content (exercise)"),) if simulated else (),
            issued="",
            publisher=paper.sender,
            blocks=(*((Callout("simulated", caution),) if simulated else ()), *paper.blocks),
            series=str(PAPER_TEXT[kind]).capitalize(),
        )
    with one_at_a_time():
        made = pdf.render(document, archived=paper.on)
    told = {
        "id": f"{kind.value}-{row.pk}",
        "kind": kind.value,
        "kind_name": str(PAPER_TEXT[kind]),
        "title": paper.title,
        "date": paper.on.isoformat(),
        "dates": {name: day.isoformat() for name, day in paper.dates.items()},
        "programme": row.programme.slug,
        "simulated": simulated,
        "sender": paper.sender,
        "receiver": paper.receiver,
        "state": getattr(row, "state", ""),
        "events": _events_of(row),
    }
    subject = str(row.number) if isinstance(row, Mandate) else f"{row.audience} {row.number}"
    return Filed(folder_of(kind.value, paper.on, subject, row.pk), made, _written(made, told))
