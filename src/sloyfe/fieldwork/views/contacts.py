"""Bringing contacts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sloyfe.common.errors import InputProblem, Problem
from sloyfe.fieldwork import permissions
from sloyfe.fieldwork.actions.contacts import save_contacts
from sloyfe.fieldwork.forms import ContactsForm
from sloyfe.fieldwork.imports import drawn_units, read_contacts
from sloyfe.fieldwork.models import Case, Contact
from sloyfe.fieldwork.views.rounds import crumbs, fetch_round
from sloyfe.ui.middleware import say


@require_http_methods(["GET", "POST"])
def contacts(request: HttpRequest, slug: str) -> HttpResponse:
    """Who do the letters go to?"""
    round_ = fetch_round(request, slug)
    permissions.check_may_bring_contacts(request.user, round_, timezone.localdate())
    form = ContactsForm(request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows = read_contacts(upload.read(), upload.name, drawn_units(round_))
            saved = save_contacts(
                round_=round_,
                rows=rows,
                source=form.cleaned_data["source"],
                told=form.cleaned_data["told"],
                actor=request.user,
                now=timezone.now(),
            )
        except InputProblem as wrong:
            problems = wrong.problems
        else:
            say(request, _("%(count)s contacts were taken in.") % {"count": saved})
            return redirect("fieldwork:contacts", slug)
    having = set(Contact.objects.filter(round=round_).values_list("organisation_id", flat=True))
    drawn = list(
        Case.objects.filter(population__round=round_)
        .order_by("organisation__sort_key")
        .values_list("organisation_id", "organisation__name")
    )
    # Who is drawn is the evaluator's to know; the client sees the number that is lacking.
    may_see = permissions.is_evaluator_of(request.user, round_, timezone.localdate())
    lacking = [name for organisation, name in drawn if organisation not in having]
    context = {
        "round": round_,
        "crumbs": crumbs(round_, _("Contacts")),
        "form": form,
        "problems": problems,
        "drawn": len(drawn),
        "have": len(drawn) - len(lacking),
        "lacking": lacking if may_see else [],
    }
    status = 422 if problems or form.errors else 200
    return render(request, "fieldwork/contacts.html", context, status=status)
