"""What is frozen of a round and made of it, and how printed figures are worked out again."""

from sloyfe.analysis.rules.datasets import (
    BACKGROUND,
    CHOSEN,
    NO_ANSWER,
    NOT_CHOSEN,
    Asked,
    Kind,
    asked_items,
    codebook,
)

__all__ = [
    "BACKGROUND",
    "CHOSEN",
    "NOT_CHOSEN",
    "NO_ANSWER",
    "Asked",
    "Kind",
    "asked_items",
    "codebook",
]
