"""What the joining pages show to whom, without Django."""

from __future__ import annotations

import datetime as dt

from sloyfe.programme.rules import Capacity

# Who reads what has been done in a programme.
HISTORY_READERS = frozenset({Capacity.OWNER, Capacity.NATIONAL_LEAD, Capacity.AUDITOR})
# From a row to the thing that says its programme is no longer than this.
MOST_STEPS = 4

# What came back counts as new for this long.
NEWS_DAYS = dt.timedelta(days=30)
# A day that lies this near is told of among what waits: earlier, nobody does anything about it.
SOON = dt.timedelta(days=21)
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
    "goal",
    "target_group",
    "success_factor",
    "basic_offer",
    "subprogramme",
    "ladder_step",
    "criterion",
    "learning_tool",
    "template",
    "arena",
    "role",
    "group",
    "ministry",
    "directorate",
    "fact",
)
# Shown open; the others are folded, since a programme says more than one reads at once.
SHOWN_OPEN = frozenset({"strategy", "goal", "basic_offer", "subprogramme"})
# Told elsewhere on the page: in the lead, among the members, among those who take part.
TOLD_ELSEWHERE = frozenset({"summary", "notice", "period", "office", "unnamed_members"})


def in_told_order(kind: str) -> tuple[int, str]:
    """Give the sort key of a kind of statement: known kinds first, in the order of telling."""
    known = kind in STATEMENT_KINDS
    return (STATEMENT_KINDS.index(kind) if known else len(STATEMENT_KINDS), kind)
