"""Words for documents, and a sentence for each action and refusal."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.common.persons import Trace
from sloyfe.delivery.rules.documents import Access, DocumentKind, ProgrammePaper

KIND_TEXT: dict[DocumentKind, str | Promise] = {
    DocumentKind.AGREEMENT: _("programme agreement"),
    DocumentKind.PLAN: _("action plan"),
    DocumentKind.MEETING: _("meeting"),
    DocumentKind.NEED: _("needs notification"),
    DocumentKind.REPORT: _("yearly report"),
    DocumentKind.SUMMARY: _("summary"),
    DocumentKind.MATTER: _("matter to decide"),
    DocumentKind.STEERING: _("steering dialogue"),
}
PAPER_TEXT: dict[ProgrammePaper, str | Promise] = {
    ProgrammePaper.MANDATE: _("mandate"),
    ProgrammePaper.DESCRIPTION: _("programme description"),
}
ACCESS_TEXT: dict[Access, str | Promise] = {
    Access.PUBLIC: _("public"),
    Access.EXEMPT: _("exempt from public access"),
    Access.INTERNAL: _("internal"),
}
# Who reads it, in a sentence that stands beside the word.
ACCESS_MEANS: dict[Access, str | Promise] = {
    Access.PUBLIC: _(
        "The programme’s offices and municipalities read it here, signed in. Others may ask for access under"
        " offentleglova."
    ),
    Access.EXEMPT: _("Only those it concerns and the offices of the programme read it."),
    Access.INTERNAL: _(
        "Only the offices of the programme read it. A municipality still reads a report of its own."
    ),
}
# What may tell of one person in a text, as the page that looks it over asks about it.
TRACE_TEXT: dict[Trace, str | Promise] = {
    Trace.NUMBER: _("a number that looks like a birth number"),
    Trace.PHONE: _("a number that looks like a telephone number"),
    Trace.ADDRESS: _("an e-mail address"),
}
# Before it is sent, held or confirmed a document is read by fewer, whatever its level.
NOT_SETTLED_MEANS = _("It has not been sent yet, so only the two sides read it so far.")
ACCESS_COLOR = {Access.PUBLIC: "success", Access.EXEMPT: "warning", Access.INTERNAL: "warning"}

EVENTS: dict[str, str | Promise] = {
    "delivery.document.access": _(
        "Access to %(about)s was set to %(access)s, and its place in the journal written."
    ),
    "delivery.document.export": _("%(about)s was taken out for the archive."),
    "delivery.archive.export": _(
        "The archive of %(about)s for %(year)s was taken out: %(documents)s documents."
    ),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {
    "delivery.document.access": {
        "access": {access.value: text for access, text in ACCESS_TEXT.items()}
    },
}
REFUSALS: dict[str, str | Promise] = {
    "delivery.document.not_your_office": _(
        "Only the office that has the document decides who may read it: %(offices)s."
    ),
    "delivery.document.needs_ground": _(
        "A document that not everybody may read needs a legal ground. Choose one, or write it."
    ),
    "delivery.document.public_needs_no_ground": _(
        "A public document has no legal ground for keeping it back. Remove the ground, or choose another access level."
    ),
    "delivery.document.municipality_wrote_it": _(
        "The municipality wrote this itself, so it cannot be kept from the municipality. Choose another"
        " access level."
    ),
    "delivery.document.not_settled": _(
        "The document is still a draft, so it is not taken out for the archive. It can be when it has been sent."
    ),
    "delivery.document.ground_too_long": _(
        "The legal ground may hold at most 200 characters. Shorten it."
    ),
    "delivery.document.access_changed_meanwhile": _(
        "Somebody else has changed who may read the document, or its place in the journal, since you opened"
        " this page. Nothing of yours is saved. Compare, and save again if yours should stand."
    ),
    "delivery.document.journal_too_long": _(
        "The journal reference may hold at most 60 characters. Shorten it."
    ),
}
