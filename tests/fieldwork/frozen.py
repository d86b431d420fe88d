"""A closed round whose answers are known to the last one, frozen, for the tests of tables and reports."""

from __future__ import annotations

import hashlib
from typing import Any

from sloyfe.analysis.actions import freeze_dataset, make_tables
from sloyfe.analysis.models import Dataset
from sloyfe.fieldwork.actions import rounds
from sloyfe.fieldwork.models import Case, Population, Response
from sloyfe.fieldwork.rules import Disposition, ResponseState
from tests.cast import NOW, World
from tests.fieldwork import running

# Of twelve seven agree, none is in between, three disagree, two do not know; of the first nine five agree.
SATISFIED = ["agree"] * 5 + ["disagree"] * 2 + ["dont_know"] * 2 + ["agree"] * 2 + ["disagree"]
SENTINEL = "SVARET SOM INGEN SKAL SE"


def answered(population: Population, answers: list[dict[str, Any]]) -> None:
    """Let the first cases have sent in these answers."""
    cases = list(population.cases.order_by("stratum", "organisation__sort_key"))
    for case, given in zip(cases, answers, strict=False):
        Response.objects.create(
            round=population.round,
            population=population,
            unit_ref=hashlib.sha256(case.pk.bytes).hexdigest(),
            stratum=case.stratum,
            background=case.background,
            state=ResponseState.COMPLETE.value,
            answers=given,
        )
        Case.objects.filter(pk=case.pk).update(
            disposition=Disposition.COMPLETE.value, completed_on=NOW.date()
        )


def closed(world: World, n: int = 12, **more: Any) -> Population:
    """A closed round with `n` answers of twelve."""
    population = running.opened(world, **more)
    answered(
        population,
        [
            {
                "satisfied": SATISFIED[at],
                "useful_1": SATISFIED[at],
                "useful_2": SATISFIED[-at - 1],
                "wishes": ["agree", "neither"] if at < 8 else ["disagree"],
                "inhabitants": 1000 + at,
                "comment": SENTINEL,
            }
            for at in range(n)
        ],
    )
    rounds.close_round(round_=population.round, actor=world.person("evaluator"), now=NOW)
    return Population.objects.select_related("round__programme", "version__instrument").get(
        pk=population.pk
    )


def frozen(world: World, n: int = 12, **more: Any) -> Dataset:
    """The same, frozen and counted."""
    dataset = freeze_dataset(
        population=closed(world, n, **more), actor=world.person("evaluator"), now=NOW
    )
    make_tables(dataset=dataset, now=NOW)
    return dataset
