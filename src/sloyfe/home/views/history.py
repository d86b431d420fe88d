"""What has been done, by whom and when, in words; and how one thing came to look as it does."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sloyfe.accounts.models import Person
from sloyfe.audit.queries import (
    history,
    name_of,
    sentence,
    told,
    tracked_model,
    written_days,
)
from sloyfe.audit.texts import ROW_LABELS
from sloyfe.home.forms import HistoryForm
from sloyfe.home.permissions import check_may_read_history
from sloyfe.home.queries.history import (
    actors,
    hidden_kinds,
    may_read_rows,
    programmes_read,
    visible_events,
)
from sloyfe.home.queries.row_words import kind_name, tell
from sloyfe.home.rules import EVENTS_PER_PAGE
from sloyfe.ui.components import Crumb


def _reader(request: HttpRequest, today: dt.date) -> Person:
    check_may_read_history(request.user, today)
    if not isinstance(request.user, Person):  # nobody else has a role
        raise Http404
    return request.user


@login_required
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Tell what has been done, newest first; may be narrowed by thing, person and period."""
    today = timezone.localdate()
    reader = _reader(request, today)
    form = HistoryForm(request.GET or None, actors=actors(reader, today))
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = visible_events(
        reader,
        today,
        about=chosen.get("about", ""),
        actor_id=int(chosen["person"]) if chosen.get("person") else None,
        since=chosen.get("since"),
        until=chosen.get("until"),
    )
    page = Paginator(rows, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    lines = [
        {
            "at": event.happened_at,
            "actor": str(event.actor) if event.actor else "",
            "text": sentence(event),
            "url": reverse("home:thing", args=[event.about_kind, event.about_id])
            if event.about_id and tracked_model(event.about_kind)
            else "",
        }
        for event in page
    ]
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "query": query.urlencode(),
        "crumbs": [Crumb(_("Overview"), reverse("home:start")), Crumb(_("History"))],
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "home/history.html", context, status=status)


@login_required
@require_safe
def thing(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Tell how one row came to look as it does: each change, by whom, in which action."""
    today = timezone.localdate()
    reader = _reader(request, today)
    model = tracked_model(kind)
    hidden, programmes = hidden_kinds(reader, today), programmes_read(reader, today)
    if model is None or kind in hidden:
        raise Http404
    try:
        readable = may_read_rows(model, key, reader, programmes)
        versions = history(model, key) if readable else []
    except (ValueError, ValidationError):
        raise Http404 from None
    if not versions:
        raise Http404
    names = {
        person.pk: str(person)
        for person in Person.objects.filter(pk__in={v.actor_id for v in versions if v.actor_id})
    }
    actions = told(
        {v.event_id for v in versions if v.event_id}, without_kinds=hidden, programmes=programmes
    )
    context = {
        "name": written_days(name_of(kind, key)) or kind_name(model),
        "versions": [
            (
                version,
                said,
                names.get(version.actor_id or 0, ""),
                ROW_LABELS.get(version.label, version.label),
                actions.get(version.event_id, version.action),
            )
            for version, said in reversed(list(zip(versions, tell(model, versions), strict=True)))
        ],
        "crumbs": [
            Crumb(_("Overview"), reverse("home:start")),
            Crumb(_("History"), reverse("home:history")),
            Crumb(kind_name(model)),
        ],
    }
    return render(request, "home/thing.html", context)
