"""The start page: what waits for the person, or what Sløyfe is; and who the person is here."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sloyfe.accounts.models import Person
from sloyfe.delivery.views.results import answer
from sloyfe.home.permissions import may_read_history
from sloyfe.home.queries.programmes import published_reports, visible_programmes
from sloyfe.home.queries.waiting import came_back, waiting
from sloyfe.home.texts import ROLE_NAMES, ROLE_RIGHTS
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.ui.templatetags.ui import pick


@never_cache  # the page may hold a link that opens a questionnaire
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Begin with what waits for the person; visitors read what Sløyfe is."""
    today = timezone.localdate()
    person = request.user
    programmes = list(visible_programmes(person, today))
    if not isinstance(person, Person):
        public = {
            "programmes": programmes,
            "reports": published_reports(person),
        }
        return render(request, "home/public.html", public)
    roles = roles_of(person, today)
    known = {programme.pk: programme for programme in programmes}
    owned = [known[role.programme_id] for role in roles if role.capacity is Capacity.OWNER]
    context: dict[str, object] = {
        "today": today,
        "waiting": waiting(person, today),
        "news": came_back(person, today),
        "programmes": programmes,
        "picture": _picture(owned[0], person, today) if owned else None,
    }
    return render(request, "home/start.html", context)


def _picture(programme: Programme, person: Person, today: dt.date) -> dict[str, str] | None:
    """Say to an owner what the national picture says first; nothing before there is a year to tell of."""
    says = answer(programme, person, today)
    url = reverse("delivery:picture", args=[programme.slug])
    return {"says": says, "url": url} if says else None


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
