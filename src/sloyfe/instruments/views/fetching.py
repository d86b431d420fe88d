"""How every page of a version finds it, and the way back that all of them show."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from sloyfe.accounts.models import Person
from sloyfe.instruments.models import Version
from sloyfe.ui.components import Crumb
from sloyfe.ui.templatetags.ui import pick
from sloyfe.ui.visibility import get_visible_or_404


def fetch_version(request: HttpRequest, programme: str, code: str, number: int) -> Version:
    """Give the version, or answer 404 to somebody who may not see it."""
    version: Version = get_visible_or_404(
        Version.objects.select_related("instrument__programme"),
        request.user,
        instrument__programme__slug=programme,
        instrument__code=code,
        number=number,
    )
    return version


def signed_in(request: HttpRequest) -> Person:
    """Give the person who asks; somebody who has not signed in has nothing to do here."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def address(name: str, version: Version, *more: str | int) -> str:
    """Give the address of a page of a version."""
    instrument = version.instrument
    return reverse(
        f"instruments:{name}",
        args=[instrument.programme.slug, instrument.code, version.number, *more],
    )


def crumbs(version: Version, *last: str) -> list[Crumb]:
    """Give the way back from a page of a version."""
    instrument = version.instrument
    name = _("%(title)s, version %(number)s") % {
        "title": pick(instrument.title),
        "number": version.number,
    }
    way = [Crumb(_("Forms"), reverse("instruments:list", args=[instrument.programme.slug]))]
    if not last:
        return [*way, Crumb(name)]
    return [*way, Crumb(name, address("version", version)), *(Crumb(label) for label in last)]
