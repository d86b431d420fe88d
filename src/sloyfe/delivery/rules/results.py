"""The contract by which results are added up, without Django."""

from __future__ import annotations

from enum import StrEnum


class Aggregation(StrEnum):
    """How values of one result become one value for a region, the nation or several years.

    `SUM`: added up over municipalities and years (a flow: dwellings obtained).
    `RATIO`: numerators and denominators are added up, and then divided; ratios are never summed.
    `LATEST`: a stock; over years the latest value of each municipality (or of what it became) counts,
    over municipalities those are added up.
    `NONE`: numbers that mean nothing together; they are listed.
    `TEXT`: words; they are listed.
    """

    SUM = "sum"
    RATIO = "ratio"
    LATEST = "latest"
    NONE = "none"
    TEXT = "text"


class Structure(StrEnum):
    AS_REPORTED = "as_reported"
    TODAY = "today"
