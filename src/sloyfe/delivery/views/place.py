"""Which municipality of which programme a page is about, and forms that lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sloyfe.accounts.models import Person
from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, Refused
from sloyfe.organisations.models import Organisation
from sloyfe.organisations.rules import Kind
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import roles_of
from sloyfe.ui.components import Crumb
from sloyfe.ui.refusals import sentence
from sloyfe.ui.templatetags.ui import pick

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """A municipality in a programme, as a page stands under it."""

    programme: Programme
    municipality: Organisation

    def url(self, name: str, *more: object) -> str:
        """Give the address of a page under the municipality."""
        return reverse(
            f"delivery:{name}", args=[self.programme.slug, self.municipality.slug, *more]
        )

    def crumbs(self, *way: Crumb | str | Promise) -> list[Crumb]:
        """Give the way back from a page under the municipality."""
        home = Crumb(self.municipality.name, self.url("municipality_year"))
        programme = self.programme
        above = Crumb(pick(programme.title), reverse("home:programme", args=[programme.slug]))
        return [above, home, *(step if isinstance(step, Crumb) else Crumb(step) for step in way)]


def place_of(request: HttpRequest, programme: str, municipality: str) -> Place:
    """Give the municipality and programme of a page; who has no part in the programme gets 404."""
    today = timezone.localdate()
    if programme not in {role.programme_slug for role in roles_of(request.user, today)}:
        raise Http404
    return Place(Programme.objects.get(slug=programme), municipality_or_404(municipality))


def municipality_or_404(slug: str) -> Organisation:
    """Give a municipality by its address. That it exists is no secret."""
    found = Organisation.objects.filter(slug=slug, kind=Kind.MUNICIPALITY.value).first()
    if found is None:
        raise Http404
    return found


def person_of(request: HttpRequest) -> Person:
    """Give the person who has signed in, or answer 404."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def attempt(form: BaseForm, act: Callable[[], T]) -> T | None:
    """Do what a form asks for. What a rule refuses stands on the form, beside what was written.

    Who may not do it at all, and who was not quick enough, is told by the caller.
    """
    try:
        return act()
    except (NotAllowed, ChangedMeanwhile):
        raise
    except Refused as refusal:
        form.add_error(None, sentence(refusal))
        return None


def attempt_revised(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[dict[str, Any]], T],
    again: Callable[[], BaseForm],
) -> tuple[BaseForm, T | None, ChangedMeanwhile | None]:
    """Do what a form asks for that rests on what somebody read.

    Gives the form to show, what came of it, and the refusal when somebody was quicker: the form is then the
    one that `again` makes, which holds what was written and rests on the state as it is now.
    """
    if request.method != "POST" or not form.is_valid():
        return form, None, None
    try:
        return form, attempt(form, lambda: act(form.cleaned_data)), None
    except ChangedMeanwhile as meanwhile:
        fresh = again()
        fresh.is_valid()
        return fresh, None, meanwhile


def with_revision(request: HttpRequest, revision: int | str) -> QueryDict:
    """Give what was sent, resting on the state as it is now, so that saving again is a choice."""
    sent = request.POST.copy()
    sent["revision"] = str(revision)
    return sent


def form_page(
    request: HttpRequest,
    place: Place,
    *,
    form: BaseForm,
    title: str,
    submit: str,
    crumbs: list[Crumb],
    lead: str = "",
    refusal: Refused | None = None,
    now: list[tuple[str | Promise, Any]] | None = None,
    danger: bool = False,
) -> HttpResponse:
    """Show a form; after somebody else's change with how the thing stands now beside it."""
    status = 409 if refusal else 422 if form.errors else 200
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "lead": lead,
        "crumbs": crumbs,
        "is_simulated": place.municipality.is_simulated,
        "refused": sentence(refusal) if refusal else "",
        "now": now or [],
        "danger": danger,
        "cancel": crumbs[-2].url if len(crumbs) > 1 else "",
        "cancel_label": _("Cancel"),
    }
    return render(request, "delivery/municipality_year/form.html", context, status=status)
