"""The page about a programme: what it wants, offers, and who takes part."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.permissions.results import check_may_see_picture
from sloyfe.home.queries.programmes import programme_page, visible_programmes
from sloyfe.home.rules import SHOWN_OPEN
from sloyfe.home.texts import ROLE_NAMES, STATEMENT_TITLES
from sloyfe.programme.permissions.mandates import SEES_CAPACITY
from sloyfe.programme.queries import has_capacity, programmes_where
from sloyfe.ui.components import Crumb
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.templatetags.ui import pick


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    today = timezone.localdate()
    found = get_object_or_404(visible_programmes(request.user, today), slug=slug)
    request.programme = found  # type: ignore[attr-defined]
    page = programme_page(found, min(today, found.valid_to) if found.valid_to else today)
    context = {
        "programme": found,
        "page": page,
        "chapters": [
            (
                STATEMENT_TITLES.get(chapter.kind, chapter.kind),
                chapter,
                chapter.kind in SHOWN_OPEN,
            )
            for chapter in page.chapters
        ],
        "has_more": any(chapter.kind not in SHOWN_OPEN for chapter in page.chapters),
        "participants": [(ROLE_NAMES[capacity], names) for capacity, names in page.participants],
        "sees_picture": not refusal_text(check_may_see_picture, request.user, found, today),
        "sees_steering": found.pk in reach_of(request.user, today).inside,
        "sees_mandate": found.pk in programmes_where(request.user, today),
        "sees_capacity": has_capacity(request.user, today, found.pk, *SEES_CAPACITY),
        "crumbs": [Crumb(_("Overview"), reverse("home:start")), Crumb(pick(found.title))],
    }
    return render(request, "home/programme.html", context)
