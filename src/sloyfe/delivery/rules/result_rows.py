"""How an answer in a yearly report becomes a typed value that can be put together. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sloyfe.delivery.rules.results import Aggregation
from sloyfe.instruments.rules.answers import Answers, Value

# What a stored value has room for: fourteen digits before the comma, four after it.
LARGEST = Decimal(10) ** 14
_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Contract:
    """Where one result is written in the report, and how it is put together."""

    aggregation: Aggregation
    item: str = ""
    numerator_item: str = ""
    denominator_item: str = ""


@dataclass(frozen=True)
class Typed:
    """One value as it is stored: a number, two numbers, or words (the text, or the codes of what was chosen)."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    words: str = ""


class TooLarge(ValueError):
    """A number has more digits than a result has room for; `item` says which."""

    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item


def typed(contract: Contract, answers: Answers) -> Typed | None:
    """Give what a report says of one result; None where it says nothing. Missing is not zero.

    Raises TooLarge for a number that there is no room for.
    """
    if contract.aggregation is Aggregation.RATIO:
        above = _number(contract.numerator_item, answers.get(contract.numerator_item))
        below = _number(contract.denominator_item, answers.get(contract.denominator_item))
        if above is None or below is None:
            return None
        return Typed(numerator=above, denominator=below)
    answer = answers.get(contract.item)
    if contract.aggregation in (Aggregation.SUM, Aggregation.LATEST):
        number = _number(contract.item, answer)
        return None if number is None else Typed(value=number)
    number = _number(contract.item, answer)
    if number is not None:
        return Typed(value=number)
    words = ",".join(answer) if isinstance(answer, list) else str(answer or "")
    return Typed(words=words) if words else None


def _number(item: str, value: Value | None) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = Decimal(repr(value))
    if abs(number) >= LARGEST:
        raise TooLarge(item)
    return number.quantize(_PLACES)
