"""What can become of a comment, without Django."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    OPEN = "open"
    FOLLOWED = "followed"
    PARTLY_FOLLOWED = "partly_followed"
    NOT_FOLLOWED = "not_followed"
    WITHDRAWN = "withdrawn"  # by the side that asked; what stands as the answer says why


LONGEST = 4000  # characters of a comment or an answer

# What an answer may say; "open" is the absence of one, and "withdrawn" is said by who asked.
ANSWERS = (Outcome.FOLLOWED, Outcome.PARTLY_FOLLOWED, Outcome.NOT_FOLLOWED)
