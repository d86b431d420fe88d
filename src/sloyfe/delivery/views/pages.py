"""What the pages of steering share: whose programme it is, and forms that keep what was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise

from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.views.place import with_revision
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import roles_of
from sloyfe.ui.components import Crumb
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import sentence
from sloyfe.ui.templatetags.ui import pick


def check_takes_part(request: HttpRequest, slug: str, on: dt.date) -> None:
    """Answer 404 to somebody who takes no part in the programme."""
    if slug not in {role.programme_slug for role in roles_of(request.user, on)}:
        raise Http404


def fetch_programme(request: HttpRequest, slug: str, on: dt.date) -> Programme:
    """Give the programme, or answer 404 to somebody who takes no part in it."""
    check_takes_part(request, slug, on)
    found = Programme.objects.get(slug=slug)
    request.programme = found  # type: ignore[attr-defined]
    return found


def home_of(programme: Programme) -> Crumb:
    """Give the way back to the page of the programme."""
    return Crumb(pick(programme.title), reverse("home:programme", args=[programme.slug]))


def check_first(request: HttpRequest, check: Callable[[], None]) -> None:
    """Refuse somebody who may not do this, before the form is shown or read.

    What has become impossible meanwhile is told beside what was written, so that nothing written is lost.
    """
    try:
        check()
    except NotPossible:
        if request.method != "POST":
            raise


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    programme: Programme,
    title: str,
    submit: str,
    crumbs: Sequence[Crumb],
    do: Callable[[], str],
    said: str | Promise,
    lead: str = "",
    template: str = "delivery/steering/form.html",
    stands: Callable[[], tuple[int, list[tuple[str | Promise, str]]]] | None = None,
    **more: object,
) -> HttpResponse:
    """Show a form, or do what it asks and go on to the address that `do` gives.

    A refusal is told above the form, which keeps all that was written. Where somebody was quicker, `stands`
    gives the revision and the texts as they are now: they stand above, and saving again is a choice.
    """
    status = 200
    quicker: dict[str, object] = {}
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                url = do()
            except (ChangedMeanwhile, NotPossible) as refusal:
                status = 409
                if isinstance(refusal, ChangedMeanwhile) and stands is not None:
                    revision, now = stands()
                    form.data = with_revision(request, revision)
                    quicker = {"refused": sentence(refusal), "now": now}
                else:
                    form.add_error(None, sentence(refusal))
            else:
                say(request, str(said))
                return redirect(url)
    context = {
        "programme": programme,
        "form": form,
        "title": title,
        "submit": submit,
        "lead": lead,
        "crumbs": crumbs,
        **quicker,
        **more,
    }
    return render(request, template, context, status=status)
