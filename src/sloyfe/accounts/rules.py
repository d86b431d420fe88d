"""Who may sign in how, without Django."""

from __future__ import annotations

import datetime as dt
import hashlib
from enum import StrEnum

LANGUAGES = {"nb": "bokmål", "nn": "nynorsk", "en-gb": "English"}
LINK_LIFETIME = dt.timedelta(minutes=30)
DEMO_LINK_LIFETIME = dt.timedelta(days=7)


# How many links may be asked for per hour: for one address, and from one client.
ASKED_PER_ADDRESS = 5
ASKED_PER_CLIENT = 30
ASKED_WITHIN = dt.timedelta(hours=1)


class LinkState(StrEnum):
    """What a sign-in link is good for now."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


def link_state(
    *, used_at: dt.datetime | None, expires_at: dt.datetime, now: dt.datetime
) -> LinkState:
    """Tell what a link is good for: once, and only until it expires."""
    if used_at is not None:
        return LinkState.USED
    return LinkState.GOOD if now < expires_at else LinkState.EXPIRED


def hash_token(token: str) -> str:
    """Give the SHA-256 of a sign-in token, in hexadecimal: what the database holds of it."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
