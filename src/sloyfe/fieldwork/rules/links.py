"""Links, unit references and receipts: computed, never stored.

A link names a case and proves that this installation made it. A unit reference ties a response to its case
for whoever holds the round's key, and for nobody else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import uuid
from dataclasses import dataclass

_MAC_BYTES = 18  # 144 bits; with 16 + 2 bytes before it the token is 48 letters without padding
_TOKEN_LETTERS = 48
# Without 0 O 1 I, so that a receipt can be read aloud.
_RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Link:
    """What a genuine token says: which case, and in which generation of its links."""

    case_id: uuid.UUID
    generation: int


def _mac(secret: bytes, case_id: uuid.UUID, generation: int) -> bytes:
    message = b"sloyfe link\x00" + case_id.bytes + generation.to_bytes(2, "big")
    return hmac.digest(secret, message, "sha256")[:_MAC_BYTES]


def link_token(secret: bytes, case_id: uuid.UUID, generation: int) -> str:
    """Make the part of a respondent's link that opens the questionnaire, safe in an address."""
    body = case_id.bytes + generation.to_bytes(2, "big")
    return base64.urlsafe_b64encode(body + _mac(secret, case_id, generation)).decode()


def read_token(secret: bytes, token: str) -> Link | None:
    """Give what a token says, or None where this installation did not make it. Takes constant time."""
    if len(token) != _TOKEN_LETTERS or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    case_id = uuid.UUID(bytes=raw[:16])
    generation = int.from_bytes(raw[16:18], "big")
    if not hmac.compare_digest(raw[18:], _mac(secret, case_id, generation)):
        return None
    return Link(case_id, generation)


def unit_ref(round_key: bytes, case_id: uuid.UUID) -> str:
    """Give the reference under which a case's answers are kept: 64 hexadecimal letters."""
    return hmac.digest(round_key, b"sloyfe unit\x00" + case_id.bytes, "sha256").hex()


def receipt_code(secret: bytes, case_id: uuid.UUID) -> str:
    """Give the code on a receipt, the same however often it is asked for; like ``7KQM-2FWX``.

    It follows from the link's secret and the case, so it says that something was sent, never what.
    """
    digest = hmac.digest(secret, b"sloyfe receipt\x00" + case_id.bytes, hashlib.sha256)
    letters = "".join(_RECEIPT_LETTERS[byte % 32] for byte in digest[:8])
    return f"{letters[:4]}-{letters[4:]}"
