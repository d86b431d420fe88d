"""Links to one need for those who do not sign in: computed, never stored.

A link names a need and proves that this installation made it, for one purpose: to confirm the need, or to
follow it. Whoever holds a link to follow cannot confirm with it, and the other way round.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import uuid
from dataclasses import dataclass
from enum import StrEnum

_MAC_BYTES = 18  # 144 bits; with 16 + 2 bytes before it the token is 48 letters without padding
TOKEN_LETTERS = 48
MOST_GENERATIONS = 65_535


class Purpose(StrEnum):
    CONFIRM = "confirm"
    FOLLOW = "follow"


@dataclass(frozen=True)
class NeedLink:
    """What a genuine token says: which need, and in which generation of its links."""

    need_id: uuid.UUID
    generation: int


def _mac(secret: bytes, purpose: Purpose, body: bytes) -> bytes:
    message = b"sloyfe need " + purpose.value.encode() + b"\x00" + body
    return hmac.digest(secret, message, "sha256")[:_MAC_BYTES]


def need_token(secret: bytes, purpose: Purpose, need_id: uuid.UUID, generation: int) -> str:
    """Make the part of a link that opens a need, safe in an address."""
    body = need_id.bytes + generation.to_bytes(2, "big")
    return base64.urlsafe_b64encode(body + _mac(secret, purpose, body)).decode()


def read_need_token(secret: bytes, purpose: Purpose, token: str) -> NeedLink | None:
    """Give what a token says, or None where this installation did not make it for this purpose."""
    if len(token) != TOKEN_LETTERS or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(raw[18:], _mac(secret, purpose, raw[:18])):
        return None
    return NeedLink(uuid.UUID(bytes=raw[:16]), int.from_bytes(raw[16:18], "big"))
