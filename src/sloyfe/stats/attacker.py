"""What can be worked out of published sums: the adversary that `disclose` asks before it opens.

The unknown is a table of whole, non-negative numbers. Known are sums over some of its cells: the
value of a sum, or only a range of it. A sum is safe when two tables agree with all that is known and
differ in it. Such tables are sought by integer programming (HiGHS through scipy) and accepted only
after every fact was checked in integers, so a numerical slip can make a table look unsafe, never safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint


@dataclass(frozen=True)
class Fact:
    """What is known of the sum of some cells: it lies from `low` to `high`, or may be 0.

    `high` None means that no upper end is known.
    """

    cells: tuple[int, ...]
    low: int
    high: int | None
    or_zero: bool = False

    def holds(self, table: Sequence[int]) -> bool:
        """Whether a table agrees with the fact."""
        value = sum(table[cell] for cell in self.cells)
        if self.or_zero and value == 0:
            return True
        return self.low <= value and (self.high is None or value <= self.high)


def exactly(cells: tuple[int, ...], value: int) -> Fact:
    """The sum was published."""
    return Fact(cells, value, value)


class Attacker:
    """Knows some facts about a table of `size` cells, and remembers tables that agree with them."""

    def __init__(self, size: int, facts: Iterable[Fact], agreeing: Iterable[tuple[int, ...]] = ()):
        self.size = size
        self.facts = tuple(facts)
        self.agreeing = {
            table for table in agreeing if all(fact.holds(table) for fact in self.facts)
        }
        largest = max((fact.high or fact.low for fact in self.facts), default=0)
        # Where no total is known the search still needs an end; a bounded search is the stricter one.
        self.ceiling = 4 * largest + 4

    def is_in_doubt(self, cells: tuple[int, ...]) -> bool:
        """Whether the sum of these cells can be more than one number."""
        for sign in (0, 1, -1):
            if sign:
                self._search(cells, sign)
            if len({sum(table[cell] for cell in cells) for table in self.agreeing}) > 1:
                return True
        return False

    def has_found_out(self, cells: tuple[int, ...]) -> bool:
        """Whether the sum of these cells can only be one number, other than 0."""
        if self.is_in_doubt(cells):
            return False
        return not any(sum(table[cell] for cell in cells) == 0 for table in self.agreeing)

    def _search(self, cells: tuple[int, ...], sign: int) -> None:
        """Look for the agreeing table with the least (sign 1) or greatest (sign -1) sum."""
        import numpy as np
        from scipy.optimize import milp

        integrality, bounds, constraint = self._space
        goal = np.zeros(len(integrality))
        goal[list(cells)] = sign
        found = milp(
            goal,
            integrality=integrality,
            bounds=bounds,
            constraints=constraint,
        )
        if found.x is None:
            return
        table = tuple(round(value) for value in found.x[: self.size])
        if all(fact.holds(table) for fact in self.facts) and min(table) >= 0:
            self.agreeing.add(table)

    @cached_property
    def _space(
        self,
    ) -> tuple[np.ndarray[Any, np.dtype[np.float64]], Bounds, LinearConstraint | None]:
        """The tables that agree with all facts, as the solver takes them: the same for every sum sought."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint

        loose = [fact for fact in self.facts if fact.or_zero]
        width = self.size + len(loose)
        switch = {id(fact): self.size + index for index, fact in enumerate(loose)}
        rows: list[np.ndarray[Any, np.dtype[np.float64]]] = []
        low: list[float] = []
        high: list[float] = []
        for fact in self.facts:
            row = np.zeros(width)
            row[list(fact.cells)] = 1
            if not fact.or_zero:
                rows.append(row)
                low.append(fact.low)
                high.append(np.inf if fact.high is None else fact.high)
                continue
            # 0 or at least `low`: the switch is 0 for the one and 1 for the other.
            floor, roof = row.copy(), row
            floor[switch[id(fact)]] = -fact.low
            roof[switch[id(fact)]] = -self.ceiling * len(fact.cells)
            rows += [floor, roof]
            low += [0, -np.inf]
            high += [np.inf, 0]
        roofs = np.full(width, float(self.ceiling))
        roofs[self.size :] = 1
        constraint = LinearConstraint(np.array(rows), low, high) if rows else None
        return np.ones(width), Bounds(np.zeros(width), roofs), constraint
