"""Pages that stand outside every subject: what went wrong, and the gallery of components."""

from __future__ import annotations

import logging
import secrets
import sys

from django import forms
from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sloyfe.ui.components import Button, Crumb, Step, Work
from sloyfe.ui.faults import ClearForm

log = logging.getLogger("sloyfe.error")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    context = {
        "title": _("We cannot find that page"),
        "text": _("It may have moved, or you may not read it with the role that you have.")
        if signed_in
        else _("It may have moved, or you may have to sign in to see it."),
    }
    return render(request, "ui/not_found.html", context, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    context = {
        "title": _("You may not do this"),
        "text": _("Your role does not give you this right."),
    }
    return render(request, "ui/not_found.html", context, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        context = {
            "title": _("What you sent is too large"),
            "text": _("Nothing of it was taken in. Shorten the text or the file and send again."),
        }
        return render(request, "ui/not_found.html", context, status=413)
    context = {
        "title": _("We could not read what your browser sent"),
        "text": _("Nothing of it was taken in. Load the page again and send once more."),
    }
    return render(request, "ui/not_found.html", context, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Log the bug once with an id, and show that id; works also when the database does not."""
    error_id = secrets.token_hex(4)
    match = getattr(request, "resolver_match", None)
    log.error(
        "unhandled",
        exc_info=sys.exc_info(),
        extra={"error_id": error_id, "route": match.route if match else ""},
    )
    context = {
        "title": _("Something went wrong"),
        "text": _("The fault is ours, and it has been noted. Try again in a little while."),
        "error_id": error_id,
    }
    return HttpResponse(render_to_string("ui/server_error.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    context = {
        "title": _("The page had been open too long"),
        "text": _("Go back, load the page again and send once more. Nothing has been changed."),
    }
    return render(request, "ui/not_found.html", context, status=403)


class _Sample(ClearForm):
    """One field of every kind, for the gallery."""

    name = forms.CharField(
        label="Kommunens kontaktperson", help_text="Den som får brevene.", max_length=80
    )
    email = forms.EmailField(label="E-post")
    day = forms.DateField(
        label="Svarfrist",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    region = forms.ChoiceField(label="Region", choices=[("nord", "Nord"), ("sor", "Sør")])
    agreement = forms.ChoiceField(
        label="Programmet har gitt oss økt kompetanse",
        choices=[
            ("1", "Helt uenig"),
            ("2", "Delvis uenig"),
            ("3", "Delvis enig"),
            ("9", "Vet ikke"),
        ],
        widget=forms.RadioSelect,
    )
    offers = forms.MultipleChoiceField(
        label="Hva har kommunen brukt?",
        required=False,
        choices=[("a", "Rådgivning"), ("b", "Kurs og samlinger"), ("c", "Tilskudd")],
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(label="Noe mer?", required=False, widget=forms.Textarea({"rows": 4}))
    told = forms.BooleanField(label="Personen er gjort kjent med dette")


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component once, with long and empty content: the page that accessibility tests walk."""
    if not (settings.DEBUG or request.user.is_authenticated):
        raise Http404
    here = reverse("ui:gallery")
    wrong = _Sample({"email": "uten krøllalfa", "agreement": "7"})
    wrong.is_valid()
    context = {
        "crumbs": [Crumb("Sløyfe", "/"), Crumb(_("Components"))],
        "buttons": [
            Button("Åpne runden", here, method="get"),
            Button("Send purring", here, method="get", variant="secondary"),
            Button("Avbryt", here, method="get", variant="tertiary"),
            Button("Slett 62 kontakter", here, method="get", color="danger"),
            Button(
                "Frys datasettet", here, why_not="Runden er fortsatt åpen. Den lukkes 14. februar."
            ),
        ],
        "steps": [
            Step("Utkast", "done", "2. mars"),
            Step("Kommenteres", "now", "hos prosjektgruppen til 14. mars"),
            Step("Pilot", "next"),
            Step("Frigitt", "next"),
        ],
        "empty_button": Button("Hent kontakter", here, method="get"),
        "running": Work("Lager rapporten.", "Kapittel 3 av 7.", f"{here}#", False, 3, 7),
        "progress": {"done": 3, "total": 7},
        "marks": ["Simulert innhold (øving)", "Foreløpig"],
        "form": wrong,
        "fresh": _Sample(prefix="fresh"),
        "page": Paginator(range(100), 25).get_page(2),
        "rows": [
            ("Sør-Varanger kommune – Mátta-Várjjaga gielda", "10 100", "73", "60–83"),
            ("Askvikøy (øving)", "2 400", "52", "38–66"),
            ("Ålskjær (øving)", "145 000", ":", ":"),
        ],
        "is_simulated": True,
    }
    return render(request, "ui/gallery.html", context)
