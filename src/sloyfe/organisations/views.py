"""Pages on municipalities: all of them on a day, and one of them through time. Public facts, shown to people who sign in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sloyfe.common.sorting import sort_key
from sloyfe.organisations.models import Affiliation, Organisation, valid_on
from sloyfe.organisations.queries import Municipality, as_of, changes_told, inhabitants_of
from sloyfe.organisations.rules import Kind, LanguageForm, Register
from sloyfe.organisations.texts import (
    LANGUAGE_FORM_TEXT,
    REGISTER_TEXT,
    SIZE_CLASS_TEXT,
    change_told,
    spaced,
)
from sloyfe.ui.components import Crumb

ORDERS = {
    "name": lambda row: (row.sort_key, row.name),
    "code": lambda row: row.code,
    "county": lambda row: (sort_key(row.county_name), row.sort_key),
    "inhabitants": lambda row: (-(row.inhabitants or 0), row.sort_key),
}


@dataclass(frozen=True)
class ListRow:
    """A municipality as the list shows it."""

    url: str
    code: str
    name: str
    county: str
    inhabitants: str
    size: str | Promise


@require_GET
@login_required
def municipality_list(request: HttpRequest) -> HttpResponse:
    """Show the municipalities of a register today, narrowed by a search, in a chosen order."""
    register = _register(request)
    words = request.GET.get("q", "").strip()[:100]
    order = request.GET.get("order", "")
    everyone = as_of(register, timezone.localdate())
    found = sorted((r for r in everyone if _fits(r, words)), key=ORDERS.get(order, ORDERS["name"]))
    context = {
        "rows": [
            ListRow(
                reverse("organisations:detail", args=[row.slug]),
                row.code,
                row.name,
                row.county_name,
                spaced(row.inhabitants),
                SIZE_CLASS_TEXT[row.size_class],
            )
            for row in found
        ],
        "has_counties": any(row.county_name for row in found),
        "all_count": len(everyone),
        "words": words,
        "order": order if order in ORDERS else "name",
        "register": register.value,
        "registers": [(one.value, text, one is register) for one, text in REGISTER_TEXT.items()],
        "title": REGISTER_TEXT[register],
        "is_simulated": register is Register.EXERCISE,
    }
    return render(request, "organisations/list.html", context)


def _register(request: HttpRequest) -> Register:
    """Give the register that is asked for, or the one in which the reader works."""
    asked = request.GET.get("register")
    if asked is not None:
        return Register.EXERCISE if asked == Register.EXERCISE else Register.NORWAY
    in_exercise = Affiliation.objects.filter(
        valid_on(timezone.localdate()),
        person=request.user.pk,
        organisation__register=Register.EXERCISE.value,
    ).exists()
    return Register.EXERCISE if in_exercise else Register.NORWAY


def _fits(row: Municipality, words: str) -> bool:
    wanted = sort_key(words)
    return not wanted or wanted in sort_key(row.name) or row.code.casefold() == words.casefold()


@require_GET
@login_required
def municipality_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one municipality: what it is today, what it has been, what happened to it."""
    organisation = get_object_or_404(
        Organisation.objects.prefetch_related("periods"),
        slug=slug,
        kind=Kind.MUNICIPALITY.value,
    )
    today = timezone.localdate()
    periods = sorted(organisation.periods.all(), key=lambda period: period.valid_from, reverse=True)
    now = next((p for p in periods if _holds(p.valid_from, p.valid_to, today)), None)
    figures = inhabitants_of(organisation)
    known = [figure for figure in figures if figure.on <= today]
    register = Register(organisation.register)
    query = "?register=exercise" if register is Register.EXERCISE else ""
    context = {
        "organisation": organisation,
        "now": now,
        "last": periods[0] if periods else None,
        "periods": periods,
        "inhabitants": spaced(known[-1].count) if known else "",
        "counted_on": known[-1].on if known else None,
        "figures": [(f.on, spaced(f.count), f.source) for f in reversed(figures)],
        "changes": [
            (change.on, change_told(change.kind, change.before, change.after))
            for change in changes_told(organisation)
        ],
        "language_form": LANGUAGE_FORM_TEXT[LanguageForm(organisation.language_form)],
        "today": today,
        "is_simulated": organisation.is_simulated,
        "crumbs": [
            Crumb(_("Municipalities"), reverse("organisations:list") + query),
            Crumb(organisation.name),
        ],
    }
    return render(request, "organisations/detail.html", context)


def _holds(start: dt.date, end: dt.date | None, on: dt.date) -> bool:
    return start <= on and (end is None or on < end)
