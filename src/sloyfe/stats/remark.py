"""What a result has to say, as a code with parameters; the sentence is made where the reader is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Remark:
    """One thing a reader must know about a result: a stable dotted code and its named parameters."""

    code: str
    details: tuple[tuple[str, object], ...] = ()

    @property
    def parameters(self) -> Mapping[str, object]:
        """The parameters by name, ready for the slots of a sentence."""
        return dict(self.details)


def remark(code: str, **details: object) -> Remark:
    """A remark with its parameters in the order they were named."""
    return Remark(code, tuple(details.items()))
