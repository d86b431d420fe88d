"""The step before something is asked of an office that has no days left for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sloyfe.programme.models import Programme
from sloyfe.programme.queries.mandates import offices_of
from sloyfe.programme.rules.capacity import Overload
from sloyfe.programme.rules.year_wheel import LONGEST_REASON
from sloyfe.ui.components import Crumb

REASON = "overload_reason"
# What belongs to this step and not to the form before it.
OWN = {REASON, "csrfmiddlewaretoken", "anyway", "back"}


def overload_reason(request: HttpRequest) -> str:
    """Give the reason that somebody wrote for asking too much all the same, cut to what can be kept."""
    said = request.POST.get(REASON, "") if "anyway" in request.POST else ""
    return said.replace("\0", "").strip()[:LONGEST_REASON]


def ask_about_overloads(
    request: HttpRequest,
    programme: Programme,
    found: Sequence[Overload],
    *,
    what: Mapping[str, str],
    submit: str,
    crumbs: Sequence[Crumb],
) -> HttpResponse | None:
    """Show which offices would get too much, and by how much, until a reason is given or one goes back.

    None where nothing is too much or the reason is there: then it can be saved. What was written in the
    form before is carried along.
    """
    if not found or "back" in request.POST or overload_reason(request):
        return None
    names = {
        each.organisation_id: each.name for each in offices_of(programme, timezone.localdate())
    }
    context = {
        "programme": programme,
        "what": what,
        "crumbs": crumbs,
        "submit": submit,
        "rows": [
            {"name": names[each.office], "overload": each}
            for each in sorted(found, key=lambda each: -each.too_much)
        ],
        "carried": [
            (key, value)
            for key in request.POST
            if key not in OWN
            for value in request.POST.getlist(key)
        ],
        "most": LONGEST_REASON,
        "lacks_reason": "anyway" in request.POST,
    }
    return render(request, "programme/overload.html", context, status=422)
