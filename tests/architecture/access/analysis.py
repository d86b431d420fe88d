from typing import Any

from tests.analysis.small_round import make_printed_round
from tests.architecture.rows import Row, everybody
from tests.cast import World

PRINTED = "the figures have been in print since 2018, which is recorded as the ground"


def _round(world: World, **more: str) -> dict[str, Any]:
    return {"slug": make_printed_round(world.programme).slug, **more}


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
]
