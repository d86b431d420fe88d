"""Who may sign in how, without Django."""

from __future__ import annotations

import datetime as dt
import hashlib

LANGUAGES = {"nb": "bokmål", "nn": "nynorsk", "en-gb": "English"}
LINK_LIFETIME = dt.timedelta(minutes=30)
DEMO_LINK_LIFETIME = dt.timedelta(days=7)


def hash_token(token: str) -> str:
    """Give the SHA-256 of a sign-in token, in hexadecimal: what the database holds of it."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
