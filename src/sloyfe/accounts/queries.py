"""Questions about people and links."""

from __future__ import annotations

import datetime as dt

from sloyfe.accounts.models import SignInLink
from sloyfe.accounts.rules import LinkState, hash_token, link_state


def state_of_link(token: str, now: dt.datetime) -> LinkState:
    """Tell what a link is good for, without using it up."""
    link = SignInLink.objects.filter(token_hash=hash_token(token), person__is_active=True).first()
    if link is None:
        return LinkState.UNKNOWN
    return link_state(used_at=link.used_at, expires_at=link.expires_at, now=now)
