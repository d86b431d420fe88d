"""Bringing contacts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sloyfe.common.errors import InputProblem, Problem
from sloyfe.fieldwork import permissions
from sloyfe.fieldwork.actions.contacts import save_contacts
from sloyfe.fieldwork.forms import ContactsForm
from sloyfe.fieldwork.imports import frame_units, read_contacts
from sloyfe.fieldwork.models import Case, Contact, Round
from sloyfe.fieldwork.views.rounds import crumbs, fetch_round
from sloyfe.ui.middleware import say


@require_http_methods(["GET", "POST"])
def contacts(request: HttpRequest, slug: str) -> HttpResponse:
    """Who do the letters go to?"""
    round_ = fetch_round(request, slug)
    permissions.check_may_bring_contacts(request.user, round_, timezone.localdate())
    units = frame_units(round_)
    form = ContactsForm(request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows = read_contacts(upload.read(), upload.name, units)
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
            say(
                request,
                ngettext("One contact was read.", "%(count)s contacts were read.", saved)
                % {"count": saved},
            )
            return redirect("fieldwork:contacts", slug)
    context = {
        "round": round_,
        "is_simulated": round_.is_simulated,
        "crumbs": crumbs(round_, _("Contacts")),
        "form": form,
        "problems": problems,
        "asked": len(set(units.values())),
        **_held(request, round_),
    }
    status = 422 if problems or form.errors else 200
    return render(request, "fieldwork/contacts.html", context, status=status)


def _held(request: HttpRequest, round_: Round) -> dict[str, object]:
    """Who is drawn is the evaluator's to know: the client sees neither names nor numbers of them."""
    if not permissions.is_evaluator_of(request.user, round_, timezone.localdate()):
        return {"runs": False}
    having = set(Contact.objects.filter(round=round_).values_list("organisation_id", flat=True))
    drawn = list(
        Case.objects.filter(population__round=round_)
        .order_by("organisation__sort_key")
        .values_list("organisation_id", "organisation__name")
    )
    lacking = [name for organisation, name in drawn if organisation not in having]
    return {
        "runs": True,
        "held": len(having),
        "drawn": len(drawn),
        "have": len(drawn) - len(lacking),
        "lacking": lacking,
    }
