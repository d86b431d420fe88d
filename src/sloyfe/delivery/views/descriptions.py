"""Pages of the programme description and of the offices' guide."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sloyfe.common.errors import ChangedMeanwhile
from sloyfe.delivery.forms.descriptions import IntroductionsForm, PublishForm
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.queries import descriptions as queries
from sloyfe.files.rendering import MEDIA_TYPES, render_one
from sloyfe.programme.actions import descriptions as actions
from sloyfe.programme.models import DescriptionVersion, Programme
from sloyfe.programme.permissions.descriptions import check_may_publish_description
from sloyfe.programme.queries.descriptions import draft_of, newest_version, readable_programmes
from sloyfe.programme.rules.descriptions import (
    CHAPTERS,
    Audience,
    Chapter,
    ChapterChange,
    changes,
    content_hash,
)
from sloyfe.programme.texts.descriptions import (
    AUDIENCE_LEAD,
    AUDIENCE_TEXT,
    CHANGE_TEXT,
    CHAPTER_CHANGE_TEXT,
    CHAPTER_TEXT,
)
from sloyfe.render import html
from sloyfe.render.blocks import Language
from sloyfe.ui.components import Button, Crumb
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text, sentence
from sloyfe.ui.templatetags.ui import pick
from sloyfe.ui.visibility import get_visible_or_404

AUDIENCES = {"beskrivelse": Audience.EXTERNAL, "veileder": Audience.INTERNAL}
WORDS = {audience: word for word, audience in AUDIENCES.items()}
FORMATS = ("pdf", "docx")


def _language() -> Language:
    code = (get_language() or "nb").split("-")[0]
    return "nn" if code == "nn" else "en" if code == "en" else "nb"


def _programme(request: HttpRequest, slug: str, audience: Audience, today: dt.date) -> Programme:
    """The programme, or 404 for somebody who may not read this description of it."""
    found = readable_programmes(request.user, today).filter(slug=slug).first()
    if found is None:
        raise Http404
    if audience is Audience.INTERNAL and found.pk not in reach_of(request.user, today).inside:
        raise Http404
    request.programme = found  # type: ignore[attr-defined]
    return found


def _on(programme: Programme, today: dt.date) -> dt.date:
    """The day that a description tells of: today, or the last day of a programme that has ended."""
    last = programme.valid_to - dt.timedelta(days=1) if programme.valid_to else today
    return min(today, last)


def _url(name: str, programme: Programme, audience: Audience, *more: object) -> str:
    return reverse(f"delivery:{name}", args=[programme.slug, WORDS[audience], *more])


def _crumbs(programme: Programme, audience: Audience, last: str = "") -> list[Crumb]:
    way = [Crumb(pick(programme.title), reverse("home:programme", args=[programme.slug]))]
    if not last:
        return [*way, Crumb(AUDIENCE_TEXT[audience])]
    here = Crumb(AUDIENCE_TEXT[audience], _url("description", programme, audience))
    return [*way, here, Crumb(last)]


@require_GET
def description(request: HttpRequest, slug: str, audience: str) -> HttpResponse:
    """What is this programme, and how does it work?"""
    which, today = AUDIENCES[audience], timezone.localdate()
    programme = _programme(request, slug, which, today)
    version = newest_version(programme, which)
    if version is None:
        return _unpublished(request, programme, which, today)
    return _show(request, programme, version, today)


@require_GET
def description_version(
    request: HttpRequest, slug: str, audience: str, number: int
) -> HttpResponse:
    """What did an earlier version say?"""
    which, today = AUDIENCES[audience], timezone.localdate()
    programme = _programme(request, slug, which, today)
    return _show(request, programme, _version(request, programme, which, number), today)


def _version(
    request: HttpRequest, programme: Programme, audience: Audience, number: int
) -> DescriptionVersion:
    return get_visible_or_404(
        DescriptionVersion.objects.select_related("programme"),
        request.user,
        programme=programme,
        audience=audience.value,
        number=number,
    )


def _buttons(
    request: HttpRequest, programme: Programme, audience: Audience, today: dt.date
) -> list[Button]:
    """What nasjonalt fagansvar can do. Nobody else is offered it."""
    if refusal_text(check_may_publish_description, request.user, programme, today):
        return []
    return [
        Button(
            _("Write the introductions"),
            _url("description_write", programme, audience),
            method="get",
            variant="secondary",
        ),
        Button(
            _("Look over and publish"),
            _url("description_publish", programme, audience),
            method="get",
        ),
    ]


def _unpublished(
    request: HttpRequest, programme: Programme, audience: Audience, today: dt.date
) -> HttpResponse:
    """A proposal made from the same data, for the offices, or for all when the programme has ended.

    While a programme runs, what municipalities read is published by nasjonalt fagansvar. Of one that is over
    nobody will publish any more, and what is known of it may be read by everybody.
    """
    has_ended = programme.valid_to is not None and programme.valid_to <= today
    body = ""
    if has_ended or programme.pk in reach_of(request.user, today).inside:
        document = queries.proposal_of(
            programme, audience, request.user, _on(programme, today), _language(), is_over=has_ended
        )
        # Rendered by our own formats, which escape everything that anybody wrote.
        body = mark_safe(html.render(document, cover=False)) if document else ""  # noqa: S308
    context = {
        "programme": programme,
        "title": AUDIENCE_TEXT[audience],
        "lead": AUDIENCE_LEAD[audience],
        "body": body,
        "buttons": _buttons(request, programme, audience, today),
        "crumbs": _crumbs(programme, audience),
    }
    return render(request, "delivery/descriptions/unpublished.html", context)


def _show(
    request: HttpRequest, programme: Programme, version: DescriptionVersion, today: dt.date
) -> HttpResponse:
    audience = Audience(version.audience)
    language = _language()
    versions = list(
        DescriptionVersion.objects.filter(programme=programme, audience=version.audience)
        .order_by("-number")
        .only("number", "published_at", "note", "content_hash")
    )
    inside = programme.pk in reach_of(request.user, today).inside
    newest = versions[0]
    version.programme = programme
    document = queries.document_of(version, request.user, today, language)
    other = Audience.INTERNAL if audience is Audience.EXTERNAL else Audience.EXTERNAL
    context = {
        "programme": programme,
        "version": version,
        "title": AUDIENCE_TEXT[audience],
        "lead": AUDIENCE_LEAD[audience],
        "issued": document.issued,
        # Rendered by our own formats, which escape everything that anybody wrote.
        "body": mark_safe(html.render(document, cover=False)),  # noqa: S308
        "newest": newest,
        "newest_url": _url("description", programme, audience),
        "is_newest": version.pk == newest.pk,
        "since_url": _url("description_since", programme, audience, version.number)
        if inside and version.pk == newest.pk
        else "",
        "changed_url": _url("description_changes", programme, audience, version.number)
        if version.number > 1
        else "",
        "files": [
            (name.upper(), _url("description_file", programme, audience, version.number, name))
            for name in FORMATS
        ],
        "versions": [
            {
                "row": row,
                "url": _url("description_version", programme, audience, row.number),
                "changes": _url("description_changes", programme, audience, row.number)
                if row.number > 1
                else "",
            }
            for row in versions
        ],
        "other": (AUDIENCE_TEXT[other], _url("description", programme, other)) if inside else None,
        "buttons": _buttons(request, programme, audience, today),
        "crumbs": _crumbs(programme, audience),
    }
    return render(request, "delivery/descriptions/description.html", context)


@require_GET
def description_since(request: HttpRequest, slug: str, audience: str, number: int) -> HttpResponse:
    """What has changed in the programme's data since this version was published? For the offices.

    The page of the description fetches the answer in a sentence from here; without JavaScript it is a link.
    """
    which, today = AUDIENCES[audience], timezone.localdate()
    programme = _programme(request, slug, which, today)
    if programme.pk not in reach_of(request.user, today).inside:
        raise Http404
    version = _version(request, programme, which, number)
    now = queries.chapters_now(programme, which, _on(programme, today))
    context = {
        "programme": programme,
        "version": version,
        "changes": _told(changes(version.chapters, now)),
        "crumbs": _crumbs(programme, which, _("What has changed since")),
    }
    template = "delivery/descriptions/since.html"
    if request.headers.get("HX-Request"):
        template = "delivery/descriptions/_since.html"
    return render(request, template, context)


@require_GET
def description_changes(
    request: HttpRequest, slug: str, audience: str, number: int
) -> HttpResponse:
    """What changed in this version?"""
    which, today = AUDIENCES[audience], timezone.localdate()
    programme = _programme(request, slug, which, today)
    version = _version(request, programme, which, number)
    before = _version(request, programme, which, number - 1)
    context = {
        "programme": programme,
        "version": version,
        "changes": _told(changes(before.chapters, version.chapters)),
        "crumbs": _crumbs(programme, which, _("What changed")),
    }
    return render(request, "delivery/descriptions/changes.html", context)


def _told(found: tuple[ChapterChange, ...]) -> list[dict[str, object]]:
    return [
        {
            "title": chapter.title,
            "word": CHAPTER_CHANGE_TEXT[chapter.kind],
            "lines": [
                {"word": CHANGE_TEXT[line.kind], "before": line.before, "after": line.after}
                for line in chapter.lines
            ],
        }
        for chapter in found
    ]


@require_GET
def description_file(
    request: HttpRequest, slug: str, audience: str, number: int, name: str
) -> HttpResponse:
    """Take a version away as a file."""
    which, today = AUDIENCES[audience], timezone.localdate()
    programme = _programme(request, slug, which, today)
    if name not in FORMATS:
        raise Http404
    version = _version(request, programme, which, number)
    document = queries.document_of(version, request.user, today, _language())
    response = HttpResponse(render_one(document, name), content_type=MEDIA_TYPES[name])
    filename = f"{programme.slug}-{audience}-{number}.{name}"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


@require_http_methods(["GET", "POST"])
def write_introductions(request: HttpRequest, slug: str, audience: str) -> HttpResponse:
    """What shall stand before what the data says, in each chapter?"""
    which, today = AUDIENCES[audience], timezone.localdate()
    programme = _programme(request, slug, which, today)
    check_may_publish_description(request.user, programme, today)
    draft = draft_of(programme, which)
    chapters = [(code, CHAPTER_TEXT[code]) for code in CHAPTERS[which]]
    form = IntroductionsForm(
        request.POST or None,
        chapters=chapters,
        written=draft.introductions,
        revision=draft.revision,
    )
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_introductions(
                programme=programme,
                audience=which,
                introductions=form.introductions(),
                revision=form.cleaned_data["revision"],
                actor=request.user,
                now=timezone.now(),
            )
        except ChangedMeanwhile as refusal:
            # What was written is given back beside what stands now; saved once more it takes its place.
            refused = sentence(refusal)
            again = request.POST.copy()
            again["revision"] = str(draft.revision)
            form = IntroductionsForm(
                again, chapters=chapters, written=draft.introductions, revision=draft.revision
            )
        else:
            say(request, _("The introductions are saved. Look the description over, and publish."))
            return redirect(_url("description_publish", programme, which))
    context = {
        "programme": programme,
        "form": form,
        "refused": refused,
        "stands": [
            (title, draft.introductions[code])
            for code, title in chapters
            if code in draft.introductions
        ]
        if refused
        else [],
        "title": _("Introductions: %(what)s") % {"what": AUDIENCE_TEXT[which]},
        "crumbs": _crumbs(programme, which, _("Write the introductions")),
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "delivery/descriptions/write.html", context, status=status)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, slug: str, audience: str) -> HttpResponse:
    """Is this what the new version shall say?"""
    which, today = AUDIENCES[audience], timezone.localdate()
    programme = _programme(request, slug, which, today)
    check_may_publish_description(request.user, programme, today)
    chapters = queries.chapters_now(programme, which, _on(programme, today))
    before = newest_version(programme, which)
    form = PublishForm(request.POST or None, first=before is None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.publish_version(
                programme=programme,
                audience=which,
                chapters=chapters,
                note=form.cleaned_data["note"],
                looked_at=form.cleaned_data["looked_at"],
                actor=request.user,
                now=timezone.now(),
            )
        except ChangedMeanwhile as refusal:
            refused = sentence(refusal)
        else:
            say(request, _("Version %(number)s is published.") % {"number": version.number})
            return redirect(_url("description", programme, which))
    context = {
        "programme": programme,
        "form": form,
        "refused": refused,
        "before": before,
        "looked_at": content_hash(chapters),
        "nothing_new": before is not None and before.content_hash == content_hash(chapters),
        "changes": _told(changes(before.chapters if before else (), chapters)),
        "preview": mark_safe(_preview(request, programme, which, chapters, today)),  # noqa: S308
        "write_url": _url("description_write", programme, which),
        "title": _("Publish: %(what)s") % {"what": AUDIENCE_TEXT[which]},
        "crumbs": _crumbs(programme, which, _("Look over and publish")),
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "delivery/descriptions/publish.html", context, status=status)


def _preview(
    request: HttpRequest,
    programme: Programme,
    audience: Audience,
    chapters: tuple[Chapter, ...],
    today: dt.date,
) -> str:
    """The description as it would be, below the headings of the page."""
    document = queries.document_as_it_would_be(
        programme, audience, chapters, request.user, today, _language()
    )
    return html.render(document, cover=False, top_level=2)
