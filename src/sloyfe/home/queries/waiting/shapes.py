"""What a line says that waits for somebody, or that came back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a person: what, where, by when, and the button that does it."""

    text: str
    programme: str
    label: str | Promise
    url: str
    due: dt.date | None = None
    is_late: bool = False


@dataclass(frozen=True)
class News:
    """One thing that came back: an answer, a decision, something released or closed."""

    text: str
    on: dt.date
    url: str = ""
