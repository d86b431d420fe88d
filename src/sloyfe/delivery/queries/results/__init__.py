"""Questions about results: what they come to when they are put together, and what they are made of."""

from sloyfe.delivery.queries.results.ground import (
    NUMBERS,
    Ground,
    Reader,
    Wording,
    ground_of,
    items_not_chosen,
    published_years,
    wording_in,
    wording_of,
)
from sloyfe.delivery.queries.results.rollup import (
    Line,
    Reports,
    Rollup,
    come_of,
    reports_in,
    roll_up,
)
from sloyfe.delivery.queries.results.rows import ResultRow, Rows, Words, rows_of

__all__ = [
    "NUMBERS",
    "Ground",
    "Line",
    "Reader",
    "Reports",
    "ResultRow",
    "Rollup",
    "Rows",
    "Wording",
    "Words",
    "come_of",
    "ground_of",
    "items_not_chosen",
    "published_years",
    "reports_in",
    "roll_up",
    "rows_of",
    "wording_in",
    "wording_of",
]
