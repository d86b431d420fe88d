"""Who may read the joining pages."""

from __future__ import annotations

import datetime as dt

from sloyfe.common.errors import NotAllowed
from sloyfe.home.rules import HISTORY_READERS
from sloyfe.programme.queries import Visitor, programmes_where


def check_may_read_history(person: Visitor, on: dt.date) -> None:
    """Refuse everybody but owners, national leads and auditors the history of what has been done."""
    if not programmes_where(person, on, HISTORY_READERS):
        raise NotAllowed("home.history.not_yours")


def may_read_history(person: Visitor, on: dt.date) -> bool:
    """Tell whether a person may read the history of what has been done."""
    return bool(programmes_where(person, on, HISTORY_READERS))
