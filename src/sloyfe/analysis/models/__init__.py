"""Frozen data sets with the tables made of them, and rounds of which only printed figures are known."""

from sloyfe.analysis.models.datasets import Dataset, ShownTable, StoredTable
from sloyfe.analysis.models.printed import DerivedCounts, PrintedFigure, PrintedRound

__all__ = [
    "Dataset",
    "DerivedCounts",
    "PrintedFigure",
    "PrintedRound",
    "ShownTable",
    "StoredTable",
]
