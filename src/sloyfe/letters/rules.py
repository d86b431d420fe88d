"""The life of a letter, without Django."""

from __future__ import annotations

from enum import StrEnum


class LetterState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # claimed by a worker; if that worker dies, the letter becomes uncertain
    SENT = "sent"  # the server took it
    UNCERTAIN = "uncertain"  # the server may have taken it; never resent by itself
    FAILED = "failed"  # the server refused it for now; may be tried again
    BOUNCED = "bounced"  # the address does not take letters
    CANCELLED = "cancelled"


MOVES: dict[LetterState, frozenset[LetterState]] = {
    LetterState.QUEUED: frozenset({LetterState.SENDING, LetterState.CANCELLED}),
    LetterState.SENDING: frozenset(
        {LetterState.SENT, LetterState.UNCERTAIN, LetterState.FAILED, LetterState.BOUNCED}
    ),
    LetterState.SENT: frozenset({LetterState.BOUNCED}),
    LetterState.UNCERTAIN: frozenset({LetterState.QUEUED, LetterState.SENT, LetterState.CANCELLED}),
    LetterState.FAILED: frozenset({LetterState.QUEUED, LetterState.CANCELLED}),
    LetterState.BOUNCED: frozenset(),
    LetterState.CANCELLED: frozenset(),
}
