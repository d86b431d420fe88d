"""The capacity page: what each office has time for, what is asked of it, and the difference."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sloyfe.organisations.models import Organisation
from sloyfe.programme import permissions
from sloyfe.programme.actions import mandates as actions
from sloyfe.programme.forms.mandates import CapacityForm
from sloyfe.programme.models import OfficeCapacity, Programme
from sloyfe.programme.queries import mandates as queries
from sloyfe.programme.rules.capacity import MONTHS, tenths
from sloyfe.programme.texts.mandates import ROLE_TEXT
from sloyfe.programme.views.mandates import fetch_programme
from sloyfe.ui.components import Crumb
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.templatetags.ui import pick

FIRST_YEAR, LAST_YEAR = 2000, 2100


def _crumbs(programme: Programme, last: str = "") -> list[Crumb]:
    way = [Crumb(pick(programme.title), reverse("home:programme", args=[programme.slug]))]
    if not last:
        return [*way, Crumb(_("Capacity"))]
    return [
        *way,
        Crumb(_("Capacity"), reverse("programme:capacity", args=[programme.slug])),
        Crumb(last),
    ]


def _year(request: HttpRequest, now: int) -> int:
    said = request.GET.get("ar", "")
    if said.isascii() and said.isdigit() and FIRST_YEAR <= int(said[:5]) <= LAST_YEAR:
        return int(said)
    return now


@require_safe
def capacity_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Which offices are asked for more than they have days for?"""
    programme = fetch_programme(request, slug)
    today = timezone.localdate()
    permissions.check_may_see_capacity(request.user, programme, today)
    year = _year(request, today.year)
    demand = queries.demand_of(programme, today)
    rows = []
    offices = {
        each.pk: each
        for each in Organisation.objects.filter(
            pk__in=[office.organisation_id for office in demand.offices]
        )
    }
    for row in queries.rows_of(demand, year):
        office = offices[row.office.organisation_id]
        rows.append(
            {
                "office": office,
                "role": ROLE_TEXT[row.office.role],
                "load": row.load,
                "too_much": -(row.load.difference or 0),
                # Only exactly one day is one: "1,5 dager".
                "plural": 1 if tenths(-(row.load.difference or Decimal(0))) == 1 else 2,
                "work": queries.work_of(demand, row.office, year),
                "months": [tenths(days) for days in row.load.by_month],
                "may_set": not refusal_text(
                    permissions.check_may_set_capacity, request.user, programme, office, today
                ),
            }
        )
    context = {
        "programme": programme,
        "crumbs": _crumbs(programme),
        "year": year,
        "years": [today.year - 1, today.year, today.year + 1],
        "rows": rows,
        "over": [row for row in rows if row["load"].is_too_much],  # type: ignore[attr-defined]
        "silent": [row for row in rows if row["load"].available is None],  # type: ignore[attr-defined]
        "months": [dt.date(year, month, 1) for month in MONTHS],
        "decisions": queries.overload_decisions(programme, demand, year),
    }
    return render(request, "programme/capacity.html", context)


@require_http_methods(["GET", "POST"])
def set_capacity(request: HttpRequest, slug: str, office: str, year: int) -> HttpResponse:
    """Say how many working days an office has for the programme in a year."""
    programme = fetch_programme(request, slug)
    today = timezone.localdate()
    permissions.check_may_see_capacity(request.user, programme, today)
    known = {each.organisation_id for each in queries.offices_of(programme, today)}
    found = Organisation.objects.filter(slug=office, pk__in=known).first()
    if found is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    permissions.check_may_set_capacity(request.user, programme, found, today)
    before = OfficeCapacity.objects.filter(
        programme=programme, organisation=found, year=year
    ).first()
    form = CapacityForm(
        request.POST if request.method == "POST" else None,
        initial={"days": before.days if before else None},
    )
    if request.method == "POST" and form.is_valid():
        actions.set_capacity(
            programme=programme,
            organisation=found,
            year=year,
            days=form.cleaned_data["days"],
            actor=request.user,
            now=timezone.now(),
        )
        say(request, _("Saved."))
        return redirect(reverse("programme:capacity", args=[slug]) + f"?ar={year}")
    title = _("How many days has %(office)s in %(year)s?") % {"office": found.name, "year": year}
    context = {
        "programme": programme,
        "form": form,
        "title": title,
        "lead": _("All working days for the programme together: tasks, meetings and travel."),
        "submit": _("Save"),
        "crumbs": _crumbs(programme, found.name),
    }
    return render(request, "ui/form_page.html", context, status=422 if form.errors else 200)
