"""Signing in through the organisation's own sign-in (OpenID Connect), by way of allauth.

Nothing of what the sign-in server says is stored: no subject, no claims, no token and so no
fødselsnummer. It tells which address has been proved, and a person with that address must be here already.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from sloyfe.accounts import actions
from sloyfe.accounts.models import Person
from sloyfe.accounts.views.sign_in import let_in


def proved_address(claims: dict[str, Any], *, trusts_addresses: bool) -> str:
    """The address that the sign-in server vouches for, in lower case; empty if it vouches for none."""
    for part in (claims.get("userinfo"), claims.get("id_token"), claims):
        if not isinstance(part, dict) or not isinstance(part.get("email"), str):
            continue
        if part.get("email_verified") is True or trusts_addresses:
            return str(part["email"]).strip().lower()
    return ""


class OrganisationSignIn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Lets in people who are here already, and nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        address = proved_address(
            sociallogin.account.extra_data or {},
            trusts_addresses=settings.ORGANISATION_SIGN_IN.trusts_addresses,
        )
        person = Person.objects.filter(email=address, is_active=True).first() if address else None
        if person is None:
            raise ImmediateHttpResponse(render(request, "accounts/not_here.html", status=403))
        actions.note_organisation_sign_in(person=person, now=timezone.now())
        raise ImmediateHttpResponse(let_in(request, person))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        raise ImmediateHttpResponse(
            render(request, "accounts/organisation_failed.html", status=403)
        )
