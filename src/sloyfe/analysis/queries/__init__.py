"""Questions to frozen data sets and to printed rounds."""

from sloyfe.analysis.queries.datasets import (
    Counts,
    Inferred,
    by_group,
    figures_of,
    infer,
    items_of,
    path_of,
    require_item,
    stored_tables,
)
from sloyfe.analysis.queries.printed import Answer, recalculated

__all__ = [
    "Answer",
    "Counts",
    "Inferred",
    "by_group",
    "figures_of",
    "infer",
    "items_of",
    "path_of",
    "recalculated",
    "require_item",
    "stored_tables",
]
