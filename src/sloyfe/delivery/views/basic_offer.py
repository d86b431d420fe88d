"""The page of every municipality with the basic offer: what it gets, from whom, when, and what it has asked for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sloyfe.common.sorting import sort_key
from sloyfe.delivery.forms.needs import OpenNeedForm
from sloyfe.delivery.models import Need
from sloyfe.delivery.permissions.needs import may_say
from sloyfe.delivery.queries import needs as needs_queries
from sloyfe.delivery.queries.basic_offer import (
    EVENTS,
    dates_ahead,
    numbers_of,
    offer_of,
    subprogrammes_of,
)
from sloyfe.delivery.rules.basic_offer import Theme
from sloyfe.delivery.rules.needs import NeedState
from sloyfe.delivery.texts.basic_offer import THEME_TEXT
from sloyfe.delivery.views.need_story import state_of
from sloyfe.delivery.views.open_needs import programme_of
from sloyfe.organisations.models import Organisation
from sloyfe.organisations.texts import SIZE_CLASS_TEXT, spaced
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, municipalities_of
from sloyfe.ui.components import Crumb
from sloyfe.ui.templatetags.ui import pick

# So many names are looked through; more are searched in.
MANY = 40


@dataclass(frozen=True)
class ShownNeed:
    """A need as the page shows it. `text` is "" where the reader may only know that there is one."""

    need: Need
    state: str | Promise
    color: str
    text: str
    answer: str
    url: str


@require_safe
def choose_municipality(request: HttpRequest, programme: str) -> HttpResponse:
    """Lead from a programme to the page of each municipality."""
    found = programme_of(request, programme)
    everybody = municipalities_of(found, timezone.localdate())
    names = [row.name for row in everybody]
    words = request.GET.get("q", "").strip()[:100]
    rows = [row for row in everybody if sort_key(words) in row.sort_key] if words else everybody
    context = {
        "programme": found,
        "words": words,
        "is_long": len(everybody) > MANY,
        # A long list is opened by its letters; what was searched for stands open.
        "groups": [
            (
                letter,
                [
                    (row.slug, row.name, row.county_name if names.count(row.name) > 1 else "")
                    for row in group
                ],
            )
            for letter, group in groupby(rows, key=lambda row: row.name[:1].upper())
        ],
        "is_folded": len(rows) > MANY,
    }
    return render(request, "delivery/needs/offers.html", context)


@require_safe
def basic_offer(request: HttpRequest, programme: str, slug: str) -> HttpResponse:
    """Show one municipality what the basic offer holds for it, and let it say what it needs."""
    found = programme_of(request, programme)
    today = timezone.localdate()
    place = needs_queries.place_in(found, slug, today)
    if place is None:
        raise Http404
    municipality = place.municipality
    offer = offer_of(found)
    office = needs_queries.receiver_in(found, place.region, today)
    numbers = numbers_of(place, today)
    dates = dates_ahead(found, place, today)
    inside = may_say(request.user, found, municipality, today)
    context: dict[str, Any] = {
        "programme": found,
        "municipality": municipality,
        "offer": offer,
        "themes": [
            (THEME_TEXT[theme], parts)
            for theme, parts in offer.themes
            if theme is not Theme.COURSES
        ],
        "courses": next((parts for theme, parts in offer.themes if theme is Theme.COURSES), ()),
        "courses_title": THEME_TEXT[Theme.COURSES],
        "dates": [date for date in dates if date.kind in EVENTS],
        "other_dates": [date for date in dates if date.kind not in EVENTS],
        "subprogrammes": subprogrammes_of(found, municipality, today),
        "office": office,
        "numbers": numbers,
        "inhabitants": spaced(numbers.now.count) if numbers.now else "",
        "size": SIZE_CLASS_TEXT[numbers.size_class],
        "history": [(each.on, spaced(each.count)) for each in numbers.history],
        "needs": _needs(request.user, municipality, found, inside=inside),
        "is_own": inside,
        "says_inside": inside,
        "new_url": f"{reverse('delivery:need_new', args=[found.slug])}?kommune={municipality.slug}",
        "form": OpenNeedForm(
            municipalities=[(municipality.slug, municipality.name)],
            initial={"municipality": municipality.slug},
        ),
        "crumbs": [
            Crumb(pick(found.title), reverse("delivery:basic_offers", args=[found.slug])),
            Crumb(_("Basic offer for %(name)s") % {"name": municipality.name}),
        ],
    }
    return render(request, "delivery/needs/basic_offer.html", context)


def _needs(
    person: Visitor, municipality: Organisation, programme: Programme, *, inside: bool
) -> list[ShownNeed]:
    today = timezone.localdate()
    if inside:
        rows = needs_queries.needs_of_own(person, municipality, programme, today)
    else:
        rows = needs_queries.needs_shown_openly(municipality, programme)
    shown = []
    for need in rows:
        state = NeedState(need.state)
        label, color = state_of(need)
        # Words are shown to anybody only after somebody at the office has read them.
        in_full = inside or (need.is_public and state is not NeedState.RECEIVED)
        shown.append(
            ShownNeed(
                need=need,
                state=label,
                color=color,
                text=need.text if in_full else "",
                answer=need.answer if in_full else "",
                url=reverse("delivery:need", args=[programme.slug, need.pk]) if inside else "",
            )
        )
    return shown
