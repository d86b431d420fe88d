from typing import Any

from tests.architecture.rows import ROLES, Row, everybody, only
from tests.cast import World
from tests.delivery.results import definition_of, give, report_of

OFFICES = (
    "head_office",
    "owner",
    "national_lead",
    "regional_office_nord",
    "regional_office_sor",
    "auditor",
)
MUNICIPALITIES = ("municipality", "municipality_in_programme")
# The others take part in the programme, and are told where the open figures stand.
INSIDE = only(*ROLES, status=403) | dict.fromkeys(OFFICES, 200)
WITH_MUNICIPALITIES = INSIDE | dict.fromkeys(MUNICIPALITIES, 200)


def _reported(world: World, **more: Any) -> dict[str, Any]:
    definition = definition_of(world.programme, "homes")
    office = world.regions["nord"].office
    assert office is not None
    report = report_of(world.programme, world.municipalities["X102"], 2025, office=office)
    give(report, definition, 3)
    return {"programme": world.programme.slug, **more}


def _open(world: World, **more: Any) -> dict[str, Any]:
    kwargs = _reported(world, **more)
    world.programme.is_simulated = False
    world.programme.save()
    return kwargs


ROWS = [
    Row("delivery:picture", WITH_MUNICIPALITIES, kwargs=_reported),
    Row("delivery:picture_regions", INSIDE, kwargs=_reported),
    # Both municipalities of the cast lie in the region nord: that is their own, sor is foreign.
    Row(
        "delivery:picture_region",
        WITH_MUNICIPALITIES,
        kwargs=lambda world: _reported(world, region="nord"),
    ),
    Row(
        "delivery:picture_region",
        INSIDE,
        kwargs=lambda world: _reported(world, region="sor"),
    ),
    Row(
        "delivery:picture_municipality",
        INSIDE | {"municipality": 200},
        kwargs=lambda world: _reported(world, municipality="x-x102"),
    ),
    Row(
        "delivery:picture_municipality",
        INSIDE,
        kwargs=lambda world: _reported(world, municipality="x-x201"),
    ),
    Row(
        "delivery:picture_figure",
        WITH_MUNICIPALITIES,
        kwargs=lambda world: _reported(world, definition="homes"),
    ),
    Row(
        "delivery:picture_file",
        INSIDE,
        kwargs=lambda world: _reported(world, kind="csv"),
    ),
    Row(
        "delivery:public_results",
        everybody(200),
        kwargs=_open,
        open_because="results of finished years, made of public reports only",
    ),
    # An exercise is seen by those who take part in it.
    Row("delivery:public_results", only(*ROLES), kwargs=_reported),
    Row(
        "delivery:public_results_file",
        everybody(200),
        kwargs=lambda world: _open(world, kind="json"),
        open_because="results of finished years, made of public reports only",
    ),
]
