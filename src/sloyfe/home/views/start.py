"""The start page: what waits for the person, or what Sløyfe is; and who the person is here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sloyfe.accounts.models import Person
from sloyfe.home.permissions import may_read_history
from sloyfe.home.queries.programmes import published_reports, visible_programmes
from sloyfe.home.queries.waiting import came_back, waiting
from sloyfe.home.texts import ROLE_NAMES, ROLE_RIGHTS
from sloyfe.programme.queries import roles_of
from sloyfe.ui.templatetags.ui import pick


@never_cache  # the page may hold a link that opens a questionnaire
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Begin with what waits for the person; visitors read what Sløyfe is."""
    today = timezone.localdate()
    programmes = visible_programmes(request.user, today)
    if not isinstance(request.user, Person):
        public = {"programmes": programmes, "reports": published_reports(request.user)}
        return render(request, "home/public.html", public)
    context: dict[str, object] = {
        "today": today,
        "waiting": waiting(request.user, today),
        "news": came_back(request.user, today),
        "programmes": programmes,
        "roles": roles_of(request.user, today),
    }
    return render(request, "home/start.html", context)


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Tell a person who they are here, for whom, and what that lets them do."""
    today = timezone.localdate()
    roles = roles_of(request.user, today)
    titles = {
        programme.pk: pick(programme.title) for programme in visible_programmes(request.user, today)
    }
    lines = [
        {
            "programme": titles[role.programme_id],
            "slug": role.programme_slug,
            "role": ROLE_NAMES[role.capacity],
            "organisation": role.organisation_name,
            "rights": ROLE_RIGHTS[role.capacity],
        }
        for role in roles
    ]
    context = {"lines": lines, "may_read_history": may_read_history(request.user, today)}
    return render(request, "home/me.html", context)
