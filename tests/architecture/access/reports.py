from typing import Any

from tests.architecture.access.fieldwork import WATCHERS
from tests.architecture.rows import ROLES, Row, everybody, only
from tests.cast import World
from tests.delivery.cabinet import reporting_year
from tests.fieldwork import frozen
from tests.reports.test_reports import made


def _round(world: World) -> dict[str, Any]:
    return {"round_slug": frozen.frozen(world).round.slug}


def _draft(world: World, **more: Any) -> dict[str, Any]:
    return {"slug": made(world).slug, **more}


WRITER = only("evaluator")

ROWS = [
    Row("reports:list", everybody(200), open_because="published reports are public"),
    Row("reports:make", only(*WATCHERS, status=403) | {"evaluator": 200}, kwargs=_round),
    Row("reports:report", WRITER, kwargs=_draft),
    Row("reports:file", WRITER, kwargs=lambda world: _draft(world, name="xlsx")),
    Row("reports:file", everybody(404), kwargs=lambda world: _draft(world, name="exe")),
    Row("reports:edit", WRITER, kwargs=_draft),
    Row(
        "reports:change_plan",
        only("evaluator", status=302),
        kwargs=_draft,
        method="post",
        data={"place": "0", "revision": "0", "what": "down"},
    ),
    Row("reports:circulate", only("evaluator", status=302), kwargs=_draft, method="post"),
    Row("reports:publish", WRITER, kwargs=_draft),
    Row(
        "reports:comment",
        only("evaluator", status=403),
        kwargs=_draft,
        method="post",
        data={"text": "Hei"},
    ),
    Row("reports:answer", everybody(404), kwargs=lambda world: _draft(world, number=1)),
    Row(
        "reports:make_year",
        only(*ROLES, status=403) | {"national_lead": 200},
        kwargs=lambda world: {
            "programme": world.programme.slug,
            "year": reporting_year(world).year,
        },
    ),
]
