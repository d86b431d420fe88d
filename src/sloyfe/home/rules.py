"""What the joining pages show to whom, without Django."""

from __future__ import annotations

import datetime as dt

# What came back counts as new for this long.
NEWS_DAYS = dt.timedelta(days=30)
EVENTS_PER_PAGE = 50

# Things whose very movement tells who has been asked or has answered. They stand in the audit trail, but
# not on the page: the client reads that page, and never sees who answered.
CONFIDENTIAL_KINDS = frozenset(
    {
        "fieldwork.case",
        "fieldwork.contact",
        "fieldwork.mailing",
        "fieldwork.response",
        "letters.letter",
        "instruments.pilotanswer",
    }
)

# When somebody was at work is for the auditor, not for those who lead them.
PERSONAL_KINDS = frozenset({"accounts.person"})

# In the order in which a page about a programme tells them.
STATEMENT_KINDS = (
    "strategy",
    "purpose",
    "goal",
    "subgoal",
    "target_group",
    "result_goal",
    "success_factor",
    "mandate",
    "offer",
    "basic_offer",
    "responsibility",
    "role",
    "work_package",
    "arena",
)


def in_told_order(kind: str) -> tuple[int, str]:
    """Give the sort key of a kind of statement: known kinds first, in the order of telling."""
    known = kind in STATEMENT_KINDS
    return (STATEMENT_KINDS.index(kind) if known else len(STATEMENT_KINDS), kind)
