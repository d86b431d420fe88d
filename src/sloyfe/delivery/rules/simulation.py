"""A model that fills in yearly reports of invented municipalities, so that everything can be tried. No Django.

Nothing here is an estimate of anything. Values follow a municipality's size and a slow trend, with noise from
a hash of seed, municipality, year and item: the same in every run and on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

Answers = dict[str, str | int | list[str]]

# About how many of each there are in a year per 10 000 inhabitants, and how that changes per year.
PER_10_000: dict[str, tuple[float, float]] = {
    "homes_bought": (4.0, 1.05),
    "homes_rented": (7.0, 1.10),
    "homes_at_disposal": (210.0, 1.02),
    "households_to_permanent": (9.0, 1.15),
    "families_temporary": (3.5, 0.85),
    "evictions_averted": (6.0, 1.12),
    "households_followed_up": (38.0, 1.04),
    "staff_trained": (5.0, 1.0),
}
STATUSES = ("ikke_begynt", "i_gang", "gjennomfort", "stoppet")


@dataclass(frozen=True)
class Draw:
    """A number between 0 and 1 for each name, from the hash of what it is drawn for."""

    seed: str
    code: str
    year: int

    def share(self, name: str) -> float:
        """Give the number for a name."""
        text = f"{self.seed}|{self.code}|{self.year}|{name}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64

    def pick(self, name: str, of: int) -> int:
        """Give a number from 0 up to, not including, `of`."""
        return min(int(self.share(name) * of), of - 1)


def simulated_answers(
    draw: Draw,
    *,
    inhabitants: int,
    years_in: int,
    areas: Sequence[str],
    options: dict[str, Sequence[str]],
) -> Answers:
    """Give the numbers and choices of one municipality's report of one year, keyed by item code.

    `inhabitants` is its size, `years_in` how many years it has reported before, `areas` the codes of the
    effort areas in its plan, `options` the codes of each choice item's options. About one value in
    fifteen is left out: real reports have gaps, and a gap is not zero.
    """
    numbers: dict[str, int] = {}
    for item, (rate, growth) in PER_10_000.items():
        level = rate * growth**years_in * inhabitants / 10_000
        numbers[item] = max(0, round(level * (0.6 + 0.8 * draw.share(item))))
    answers: Answers = {
        item: value for item, value in numbers.items() if draw.share(f"gap {item}") >= 1 / 15
    }
    # The whole is known also where a part of it is not told, so it is never smaller than its parts.
    answers["homes_provided"] = numbers["homes_bought"] + numbers["homes_rented"]
    families = answers.get("families_temporary")
    if isinstance(families, int):
        share = max(0.05, 0.45 - 0.08 * years_in) * (0.5 + draw.share("long"))
        answers["families_temporary_long"] = min(families, round(families * share))
    for area in areas:
        item = f"status_{area}"
        if item in options:
            # Most are under way in the first year; more are carried out as years go.
            far = draw.share(item) + 0.15 * years_in
            position = 0 if far < 0.15 else 3 if far > 1.25 else 2 if far > 0.75 else 1
            answers[item] = STATUSES[position]
    for item in ("user_participation", "plan_adopted"):
        codes = options.get(item, ())
        if codes:
            answers[item] = codes[min(draw.pick(item, len(codes)), len(codes) - 1)]
    if draw.share("gap time") < 0.6:
        answers["time_used"] = 5 * round(3 + 6 * draw.share("time"))
    return answers
