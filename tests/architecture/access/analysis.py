from typing import Any

from tests.analysis.small_round import make_printed_round
from tests.architecture.rows import Row, everybody, only
from tests.cast import World
from tests.fieldwork import frozen

PRINTED = "the figures have been in print since 2018, which is recorded as the ground"


def _round(world: World, **more: str) -> dict[str, Any]:
    return {"slug": make_printed_round(world.programme).slug, **more}


def _closed(world: World) -> dict[str, Any]:
    population = frozen.closed(world)
    return {"slug": population.round.slug, "code": population.code}


def _frozen(world: World) -> dict[str, Any]:
    population = frozen.frozen(world).population
    return {"slug": population.round.slug, "code": population.code}


ROWS = [
    Row("analysis:printed", everybody(200), kwargs=_round, open_because=PRINTED),
    Row("analysis:printed", everybody(404), kwargs=lambda world: {"slug": "2031"}),
    Row(
        "analysis:printed",
        everybody(405),
        kwargs=_round,
        method="post",
        open_because=PRINTED,
    ),
    Row(
        "analysis:printed_file",
        everybody(200),
        kwargs=lambda world: _round(world, kind="csv"),
        open_because=PRINTED,
    ),
    Row(
        "analysis:printed_file",
        everybody(404),
        kwargs=lambda world: _round(world, kind="exe"),
    ),
    Row(
        "analysis:answers",
        everybody(200),
        kwargs=lambda world: _round(world, code="basic-offer"),
        open_because=PRINTED,
    ),
    Row(
        "analysis:answers",
        everybody(404),
        kwargs=lambda world: _round(world, code="nobody"),
    ),
    Row("analysis:round", only("evaluator"), kwargs=lambda world: {"slug": _closed(world)["slug"]}),
    Row("analysis:freeze", only("evaluator", status=302), kwargs=_closed, method="post"),
    Row("analysis:check", only("evaluator", status=302), kwargs=_frozen, method="post"),
    Row("analysis:data", only("evaluator"), kwargs=_frozen),
    Row("analysis:codebook", only("evaluator"), kwargs=_frozen),
    Row("analysis:cross", only("evaluator"), kwargs=_frozen),
    Row(
        "analysis:cross",
        only("evaluator", status=302),
        kwargs=_frozen,
        method="post",
        data={"row": "satisfied", "column": "useful_1"},
    ),
    Row(
        "analysis:question",
        only("evaluator"),
        kwargs=lambda world: {**_frozen(world), "item": "satisfied"},
    ),
]
