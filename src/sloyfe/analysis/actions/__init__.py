"""What can be done with the answers of a round: freeze, count, cross, show; and load printed figures."""

from sloyfe.analysis.actions.datasets import cross, freeze_dataset, make_tables, show_table
from sloyfe.analysis.actions.deletion import delete_due_data
from sloyfe.analysis.actions.printed import load_printed_round

__all__ = [
    "cross",
    "delete_due_data",
    "freeze_dataset",
    "load_printed_round",
    "make_tables",
    "show_table",
]
