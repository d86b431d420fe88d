"""Questions about results: what they come to when they are put together, and what they are made of."""

from sloyfe.delivery.queries.results.ground import Ground, Reader, ground_of, published_years
from sloyfe.delivery.queries.results.rollup import Rollup, roll_up
from sloyfe.delivery.queries.results.rows import ResultRow, Rows, Words, rows_of, words_of

__all__ = [
    "Ground",
    "Reader",
    "ResultRow",
    "Rollup",
    "Rows",
    "Words",
    "ground_of",
    "published_years",
    "roll_up",
    "rows_of",
    "words_of",
]
