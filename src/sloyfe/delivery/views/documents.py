"""Access, journal and archive of case documents: the same pages for every kind."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sloyfe.common.errors import ChangedMeanwhile
from sloyfe.common.sorting import sort_key
from sloyfe.delivery.actions import documents as actions
from sloyfe.delivery.exports.archive import archive_zip
from sloyfe.delivery.forms.documents import AccessForm, initial_of
from sloyfe.delivery.permissions import documents as permissions
from sloyfe.delivery.queries.documents import (
    AnyDocument,
    AnyPaper,
    Given,
    Holding,
    InArchive,
    documents,
    documents_of_year,
    holdings_of_year,
    papers_of_year,
)
from sloyfe.delivery.rules.documents import Access, DocumentKind, ProgrammePaper, levels_of
from sloyfe.delivery.texts.documents import ACCESS_MEANS, ACCESS_TEXT, KIND_TEXT, PAPER_TEXT
from sloyfe.delivery.views.place import with_revision
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import programmes_where
from sloyfe.ui.components import Crumb
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import sentence
from sloyfe.ui.visibility import get_visible_or_404

# Stands in the address where documents belong to no municipality.
PROGRAMME_ITSELF = "-"
# Stands there where all documents of the year are taken out at once.
EVERYTHING = "alle"


def fetch_document(request: HttpRequest, kind: str, key: str) -> AnyDocument:
    """Give the document, or answer 404 to somebody who may not read it."""
    try:
        which = DocumentKind(kind)
    except ValueError:
        raise Http404 from None
    try:
        found: AnyDocument = get_visible_or_404(documents(which), request.user, pk=key)
    except ValidationError as error:  # what is no key of this kind names no document
        raise Http404 from error
    return found


@require_http_methods(["GET", "POST"])
def document_access(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Who may read this document, on what ground, and where does it stand in the journal?"""
    document = fetch_document(request, kind, key)
    permissions.check_may_set_access(request.user, document, timezone.localdate())
    levels = [
        each for each in Access if each in (*levels_of(DocumentKind(kind)), Access(document.access))
    ]
    form = AccessForm(request.POST or None, initial=initial_of(document), levels=levels)
    back = _way_back(request)
    refusal = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.set_access(
                document=document,
                access=Access(data["access"]),
                legal_ground=data["legal_ground"],
                journal_reference=data["journal_reference"],
                revision=data["revision"],
                actor=request.user,
                now=timezone.now(),
            )
        except ChangedMeanwhile as meanwhile:
            refusal = meanwhile
            document = fetch_document(request, kind, key)
            form = AccessForm(
                with_revision(request, document.access_revision), initial=initial_of(document)
            )
        else:
            say(request, _("Saved: who may read the document, and its place in the journal."))
            return redirect(back or reverse("delivery:document_access", args=[kind, key]))
    name = str(KIND_TEXT[DocumentKind(kind)]).capitalize()
    context = {
        "document": document,
        "form": form,
        "refused": sentence(refusal) if refusal else "",
        "now": _stands(document) if refusal else [],
        "back": back,
        "name": f"{name}: {document}",
        "archive": reverse("delivery:document_archive", args=[kind, key]),
        "programme": document.programme,
        "crumbs": [*([Crumb(name, back)] if back else []), Crumb(_("Access and journal"))],
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "delivery/documents/access.html", context, status=status)


def _stands(document: AnyDocument) -> list[tuple[str, str]]:
    access = Access(document.access)
    return [
        (_("Who may read it"), f"{str(ACCESS_TEXT[access]).capitalize()}. {ACCESS_MEANS[access]}"),
        (_("Legal ground for the access"), document.legal_ground),
        (_("Journal reference"), document.journal_reference),
    ]


def _way_back(request: HttpRequest) -> str:
    """The page of the document itself, which the link to this form named; never another site's."""
    given = request.POST.get("back", "") or request.GET.get("back", "")
    return given if url_has_allowed_host_and_scheme(given, {request.get_host()}) else ""


@require_GET
def document_archive(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Take one document out for the archive: PDF/A and description in a ZIP."""
    document = fetch_document(request, kind, key)
    actions.note_export(document=document, actor=request.user, now=timezone.now())
    return _zip([document], f"{kind}-{key}")


def _zip(rows: list[AnyDocument | AnyPaper], name: str) -> HttpResponse:
    response = HttpResponse(archive_zip(rows), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


def _archived(request: HttpRequest, slug: str, year: int, today: dt.date) -> Programme:
    """The programme whose archive is asked for, of somebody who takes part in it."""
    found = Programme.objects.filter(
        slug=slug, pk__in=programmes_where(request.user, today)
    ).first()
    if found is None or not 2000 <= year <= 2100:
        raise Http404
    request.programme = found  # type: ignore[attr-defined]
    return found


def _owner(entry: InArchive | Given) -> str:
    """The municipality that a document belongs to, or the programme itself, as addresses name it."""
    municipality = getattr(entry.document, "municipality", None)
    return PROGRAMME_ITSELF if municipality is None else municipality.slug


_NAMES: list[tuple[ProgrammePaper | DocumentKind, str | Promise]] = [
    *PAPER_TEXT.items(),
    *KIND_TEXT.items(),
]


@require_GET
def archive_year(request: HttpRequest, programme: str, year: int) -> HttpResponse:
    """Which documents of this year go to the archive, and how are they taken out?"""
    today = timezone.localdate()
    found = _archived(request, programme, year, today)
    holdings = holdings_of_year(found, year, person=request.user, on=today)
    owners: dict[tuple[str, str], list[Holding]] = defaultdict(list)
    for holding in holdings:
        owners[holding.name, holding.slug].append(holding)
    lines = []
    for (name, slug), held in sorted(owners.items(), key=lambda each: sort_key(each[0][0])):
        numbers = {holding.kind: holding.number for holding in held}
        lines.append(
            {
                "name": name or _("The programme itself"),
                "url": reverse(
                    "delivery:archive_part", args=[programme, year, slug or PROGRAMME_ITSELF]
                ),
                "kinds": [(text, numbers[kind]) for kind, text in _NAMES if kind in numbers],
            }
        )
    context = {
        "programme": found,
        "year": year,
        "lines": lines,
        "total": sum(holding.number for holding in holdings),
        "everything": reverse("delivery:archive_part", args=[programme, year, EVERYTHING])
        if len(lines) > 1
        else "",
        "crumbs": [
            Crumb(_("Reporting"), reverse("delivery:reporting")),
            Crumb(_("Archive of %(year)s") % {"year": year}),
        ],
    }
    return render(request, "delivery/documents/archive.html", context)


@require_POST
def archive_part(request: HttpRequest, programme: str, year: int, part: str) -> HttpResponse:
    """Take out one municipality's documents of a year, those of the programme itself, or everything."""
    today = timezone.localdate()
    found = _archived(request, programme, year, today)
    entries: list[InArchive | Given] = [
        *papers_of_year(found, year, person=request.user, on=today),
        *documents_of_year(found, year, person=request.user, on=today),
    ]
    rows = [entry.document for entry in entries if part in (EVERYTHING, _owner(entry))]
    if not rows:
        raise Http404
    actions.note_archive(
        programme=found, year=year, documents=len(rows), actor=request.user, now=timezone.now()
    )
    name = "programmet" if part == PROGRAMME_ITSELF else part
    return _zip(rows, f"{programme}-{year}-{name}")
