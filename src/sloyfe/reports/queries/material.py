"""Everything a report of a round may draw on, read in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sloyfe.analysis.models import Dataset, ShownTable, StoredTable
from sloyfe.analysis.queries import Counts, by_group, figures_of, infer
from sloyfe.analysis.rules import Asked, asked_items
from sloyfe.fieldwork.models import Population, Round
from sloyfe.programme.models import Region
from sloyfe.stats.disclose import PERCENT_FROM, Figure

Figures = Mapping[tuple[str, ...], Figure]


@dataclass(frozen=True)
class Group:
    """A region or size class: who was asked and who answered. None where a source does not say."""

    code: str
    frame: int | None
    asked: int | None
    complete: int | None


@dataclass(frozen=True)
class Estimated:
    """An estimate for everybody in the frame, in shares from 0 to 1."""

    share: Fraction
    low: Fraction | None
    high: Fraction | None
    bound_low: Fraction
    bound_high: Fraction
    method: str


@dataclass(frozen=True)
class PopulationMaterial:
    population: Population
    items: Mapping[str, Asked]
    frame: int | None
    asked: int | None
    complete: int
    regions: tuple[Group, ...]
    sizes: tuple[Group, ...]
    shown: Mapping[tuple[str, str], Figures]
    by_stratum: Mapping[str, Mapping[str, Counts]] = field(default_factory=dict)
    dataset: Dataset | None = None
    content_hash: str = ""

    @property
    def in_percent(self) -> bool:
        """Whether the group is large enough to be told in percent."""
        return self.complete >= PERCENT_FROM

    def rows_of(self, question: str) -> list[Asked]:
        """Give the items of a question: the rows of a battery, or the question itself."""
        return [item for item in self.items.values() if item.heading == question]

    def figures(self, item: str, by: str = "") -> Figures | None:
        """Give what may be shown of an item, or None where nothing has been."""
        return self.shown.get((item, by))

    def estimate(self, item: str, options: tuple[str, ...]) -> Estimated | None:
        """Estimate the share of the frame that holds one of some options."""
        counts = self.by_stratum.get(item)
        if self.dataset is None or counts is None:
            return None
        found = infer(self.dataset, dict(counts), options)
        if found is None:
            return None
        return Estimated(
            share=found.estimate.share,
            low=found.estimate.low,
            high=found.estimate.high,
            bound_low=found.bounds.low,
            bound_high=found.bounds.high,
            method=found.estimate.method.code,
        )


@dataclass(frozen=True)
class Material:
    round: Round
    populations: Mapping[str, PopulationMaterial]
    region_names: Mapping[str, str]


def material_of(round_: Round) -> Material:
    """Read what a report of a round may draw on: shown tables, frames, answers by group."""
    populations = list(
        round_.populations.select_related("version__instrument").order_by("position")
    )
    datasets = {
        row.population_id: row
        for row in Dataset.objects.filter(population__in=populations).select_related(
            "population__version", "population__round"
        )
    }
    ids = [row.pk for row in datasets.values()]
    shown: dict[int, dict[tuple[str, str], Figures]] = {}
    for table in ShownTable.objects.filter(dataset_id__in=ids):
        shown.setdefault(table.dataset_id, {})[table.item, table.by] = figures_of(table)
    strata: dict[int, dict[str, dict[str, Counts]]] = {}
    for stored in StoredTable.objects.filter(dataset_id__in=ids, by="region"):
        strata.setdefault(stored.dataset_id, {})[stored.item] = by_group(stored)
    names = dict(
        Region.objects.filter(programme_id=round_.programme_id).values_list("code", "name")
    )
    found = {}
    for population in populations:
        items = {item.code: item for item in asked_items(population.version.definition)}
        dataset = datasets.get(population.pk)
        if dataset is None:
            continue
        found[population.code] = PopulationMaterial(
            population=population,
            items=items,
            frame=sum(row["frame"] for row in dataset.strata),
            asked=sum(row["sampled"] for row in dataset.strata),
            complete=dataset.responses,
            regions=tuple(
                Group(row["stratum"], row["frame"], row["sampled"], row["complete"])
                for row in dataset.strata
            ),
            sizes=tuple(Group(**row) for row in dataset.sizes),
            shown=shown.get(dataset.pk, {}),
            by_stratum=strata.get(dataset.pk, {}),
            dataset=dataset,
            content_hash=dataset.content_hash,
        )
    return Material(round_, found, names)
