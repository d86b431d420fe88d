"""Reading frozen data sets and stored tables."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from django.conf import settings

from sloyfe.analysis.models import Dataset, ShownTable, StoredTable
from sloyfe.analysis.rules import Asked, asked_items
from sloyfe.common.errors import NotPossible
from sloyfe.fieldwork.models import Population
from sloyfe.stats.bounds import Bounds, stratified_bounds
from sloyfe.stats.disclose import Figure
from sloyfe.stats.estimate import Estimate, StratumCount, stratified_share


@dataclass(frozen=True)
class Counts:
    """The counts of one item for one group: option → count, and how many answered it."""

    counts: dict[str, int]
    respondents: int


def path_of(dataset: Dataset) -> Path:
    """Give the frozen file."""
    return Path(settings.FROZEN) / dataset.file


def items_of(population: Population) -> dict[str, Asked]:
    """Give the items that a population was asked, in order."""
    return {item.code: item for item in asked_items(population.version.definition)}


def require_item(population: Population, code: str) -> Asked:
    """Give an item that can be counted, or refuse."""
    item = items_of(population).get(code)
    if item is None:
        raise NotPossible("analysis.no_such_item", item=code)
    if not item.is_tabulated:
        raise NotPossible("analysis.not_countable", item=code)
    return item


def by_group(table: StoredTable) -> dict[str, Counts]:
    """Give a stored table's counts by group ("" for all)."""
    found: dict[str, Counts] = {
        group: Counts({}, respondents) for group, respondents in table.respondents.items()
    }
    for group, option, count in table.counts:
        found.setdefault(group, Counts({}, 0)).counts[option] = count
    return found


def stored_tables(dataset: Dataset, by: str = "") -> dict[str, dict[str, Counts]]:
    """Give every stored table of a data set for one grouping, by item. One query."""
    return {row.item: by_group(row) for row in dataset.tables.filter(by=by)}


def figures_of(table: ShownTable) -> dict[tuple[str, ...], Figure]:
    """Give the figures of a shown table by place: (option) or (group, option); "*" is the total."""
    return {
        tuple(figure["place"]): Figure(
            place=tuple(figure["place"]),
            mark=figure["mark"],
            count=figure["count"],
            base=figure["base"],
            percent=figure["percent"],
        )
        for figure in table.payload["figures"]
    }


@dataclass(frozen=True)
class Inferred:
    """What the answers say of everybody in the frame: an estimate, and how wrong nonresponse could make it."""

    estimate: Estimate
    bounds: Bounds

    @property
    def share(self) -> Fraction:
        return self.estimate.share


def infer(
    dataset: Dataset, strata_counts: dict[str, Counts], options: tuple[str, ...]
) -> Inferred | None:
    """Estimate the share of the frame that holds one of some options, with bounds for nonresponse.

    `strata_counts` are the counts by stratum. None when nobody answered.
    """
    strata = []
    for row in dataset.strata:
        counts = strata_counts.get(row["stratum"], Counts({}, 0))
        hits = sum(counts.counts.get(option, 0) for option in options)
        strata.append(
            StratumCount(row["stratum"], row["frame"], row["sampled"], counts.respondents, hits)
        )
    if not any(stratum.respondents for stratum in strata):
        return None
    return Inferred(stratified_share(strata), stratified_bounds(strata))


def is_intact(dataset: Dataset) -> bool:
    """Tell that the frozen file still has the content it was frozen with. Raises NotPossible otherwise."""
    from sloyfe.stats import engine

    frozen = engine.read_parquet(path_of(dataset))
    if not frozen.is_intact or frozen.stated_hash != dataset.content_hash:
        raise NotPossible("analysis.file_changed")
    return True
