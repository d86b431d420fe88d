"""Case documents of every kind as PDF/A, with the description that an archive needs beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from sloyfe.audit.models import Event
from sloyfe.delivery.exports.documents import agreements, needs, plans, reports, steering
from sloyfe.delivery.exports.documents.paper import Paper
from sloyfe.delivery.queries.documents import AnyDocument, kind_of
from sloyfe.delivery.rules.documents import Access, DocumentKind
from sloyfe.delivery.texts.documents import ACCESS_TEXT, KIND_TEXT
from sloyfe.files.rendering import one_at_a_time
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
        caution = _("This document is made for exercise. What stands in it is invented.")
        return Document(
            title=paper.title,
            subtitle=f"{paper.sender} → {paper.receiver}",
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


def filed(document: AnyDocument) -> Filed:
    """Make the PDF/A of a document and the description that stands beside it in the archive.

    The same document gives the same file. The description is JSON with stable English keys; `events`
    tells what was done with the document and when, but not by whom.
    """
    paper = paper_of(document)
    with one_at_a_time():
        made = pdf.render(document_of(document, paper), archived=paper.on)
    kind = kind_of(document)
    events = Event.objects.filter(
        about_kind=document._meta.label_lower, about_id=str(document.pk)
    ).order_by("happened_at", "id")
    description = {
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
        "file": "dokument.pdf",
        "format": "PDF/A-2a, PDF/UA-1",
        "sha256": hashlib.sha256(made).hexdigest(),
        "events": [
            {"at": event.happened_at.isoformat(), "action": event.action} for event in events
        ],
    }
    written = json.dumps(description, ensure_ascii=False, indent=2, sort_keys=False)
    return Filed(f"{kind.value}-{document.pk}", made, f"{written}\n".encode())
