"""What every case document carries, without Django."""

from __future__ import annotations

from enum import StrEnum


class Access(StrEnum):
    """Who may read a case document outside the offices it passed through.

    Public is the rule (offentleglova § 3). Anything else names its legal ground.
    """

    PUBLIC = "public"
    EXEMPT = "exempt"  # unntatt offentlighet: those it concerns read it, nobody else
    INTERNAL = "internal"  # organinternt (§ 14): the programme's offices only
