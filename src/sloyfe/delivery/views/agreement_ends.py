"""The page on which an agreement is ended: why, and on which day."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sloyfe.delivery.actions import agreements as actions
from sloyfe.delivery.forms.agreements import EndForm
from sloyfe.delivery.permissions import agreements as permissions
from sloyfe.delivery.queries.agreements import became
from sloyfe.delivery.rules.agreements import (
    MUNICIPALITY_ENDS,
    AgreementState,
    EndKind,
    Side,
    last_day,
)
from sloyfe.delivery.views.agreements import day, fetch_agreement, title_of
from sloyfe.delivery.views.place import attempt, form_page, place_of
from sloyfe.ui.components import Crumb
from sloyfe.ui.middleware import say


@require_http_methods(["GET", "POST"])
def end_agreement(request: HttpRequest, programme: str, municipality: str, pk: int) -> HttpResponse:
    """End an agreement, with why and from when."""
    place = place_of(request, programme, municipality)
    agreement = fetch_agreement(request, place, pk)
    today = timezone.localdate()
    permissions.check_may_end(request.user, agreement, today)
    from_office = Side.OFFICE in permissions.sides_of(request.user, agreement, today)
    kinds = list(EndKind) if from_office else sorted(MUNICIPALITY_ENDS)
    form = EndForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        ended = attempt(
            form,
            lambda: actions.end_agreement(
                agreement=agreement,
                kind=EndKind(data["kind"]),
                reason=data["reason"],
                ended_on=data["last_day"] + dt.timedelta(days=1),
                actor=request.user,
                now=timezone.now(),
            ),
        )
        if ended is not None:
            if ended.stands is AgreementState.ENDED:
                text = _("The agreement has ended, and so has the membership of the subprogramme.")
            else:
                text = _("The agreement holds until %(day)s and ends then by itself.") % {
                    "day": day(last_day(ended.ended_on))
                }
            say(request, text)
            return redirect(place.url("agreement", pk))
    successors = became(place.municipality, today)
    lead = _(
        "The municipality’s membership of the subprogramme ends on the same day. The last day may lie ahead;"
        " the agreement then holds until it comes."
    )
    if successors:
        lead += " " + _("%(municipality)s has become part of %(successors)s.") % {
            "municipality": place.municipality.name,
            "successors": ", ".join(each.name for each in successors),
        }
    return form_page(
        request,
        place,
        form=form,
        title=_("End the agreement"),
        lead=lead,
        submit=_("End the agreement"),
        danger=True,
        crumbs=place.crumbs(
            Crumb(title_of(agreement), place.url("agreement", pk)), _("End the agreement")
        ),
    )
