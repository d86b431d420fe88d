import datetime as dt
from typing import Any

from django.utils import timezone

from sloyfe.programme.models import Mandate, YearDate
from sloyfe.programme.queries.year_wheel import key_of_feed
from sloyfe.programme.rules.mandates import RoleKind
from tests.architecture.rows import ROLES, Row, everybody, only
from tests.cast import World
from tests.programme.wheel import draft, ready, text

OFFICES = (
    "head_office",
    "owner",
    "national_lead",
    "regional_office_nord",
    "regional_office_sor",
    "auditor",
)
SETS_DATES = ("owner", "national_lead")
DRAFTERS = only("national_lead", status=403)
KEY = "whoever has been shown the address reads the calendar, as calendars have no sign-in"
PUBLIC = "what concerns municipalities in a real programme is public"


def _programme(world: World) -> dict[str, Any]:
    return {"slug": world.programme.slug}


def _real(world: World) -> dict[str, Any]:
    world.programme.is_simulated = False
    world.programme.save()
    return _programme(world)


def _draft(world: World) -> dict[str, Any]:
    return _programme(world) | {"number": draft(world).number}


def _ready(world: World) -> dict[str, Any]:
    return _programme(world) | {"number": ready(world).number}


def _issued(world: World) -> dict[str, Any]:
    mandate = ready(world)
    Mandate.objects.filter(pk=mandate.pk).update(state="issued", issued_on=mandate.valid_from)
    return _programme(world) | {"number": mandate.number}


def _second(world: World) -> dict[str, Any]:
    _issued(world)
    return _draft(world)


def _goal(world: World) -> dict[str, Any]:
    return _ready(world) | {"kind": "mal", "code": "goal-1"}


def _task(world: World) -> dict[str, Any]:
    return _ready(world) | {"code": "task-1"}


def _date(world: World, **more: Any) -> dict[str, Any]:
    said = {"roles": [RoleKind.MUNICIPALITY.value]} | more
    date = YearDate.objects.create(
        programme=world.programme,
        code="samling",
        title=text("Samling"),
        kind="gathering",
        starts_on=timezone.localdate() + dt.timedelta(400),
        changed_at=timezone.now(),
        **said,
    )
    return _programme(world) | {"code": date.code}


def _date_of_nord(world: World) -> dict[str, Any]:
    return _date(world, region=world.regions["nord"])


def _internal_date(world: World) -> dict[str, Any]:
    return _date(world, roles=[RoleKind.OWNER.value])


def _office(world: World) -> dict[str, Any]:
    office = world.regions["nord"].office
    assert office is not None
    return _programme(world) | {"office": office.slug, "year": 2027}


def _feed(world: World) -> dict[str, Any]:
    key = key_of_feed(world.programme, RoleKind.OWNER)
    return _programme(world) | {"role": "owner", "key": key}


def _own_feed(world: World) -> dict[str, Any]:
    own = world.municipalities["X104"]
    key = key_of_feed(world.programme, RoleKind.MUNICIPALITY, own)
    return _programme(world) | {"role": "municipality", "organisation": own.slug, "key": key}


def owners(status: int) -> dict[str, int]:
    """The owner does it; nasjonalt fagansvar reads the draft and is told why not; others see nothing."""
    return DRAFTERS | {"owner": status}


ROWS = [
    Row("programme:mandates", only(*ROLES), kwargs=_programme),
    Row(
        "programme:begin_mandate",
        only(*ROLES, status=403) | {"owner": 302},
        kwargs=_programme,
        method="post",
    ),
    Row("programme:mandate", only("owner", "national_lead"), kwargs=_draft),
    Row("programme:mandate", only(*ROLES), kwargs=_issued),
    Row("programme:mandate_text", owners(200), kwargs=_draft),
    Row(
        "programme:mandate_text",
        only(*ROLES, status=403) | {"owner": 409},
        kwargs=_issued,
    ),
    Row("programme:mandate_changes", only("owner", "national_lead"), kwargs=_second),
    Row("programme:issue_mandate", owners(200), kwargs=_ready),
    Row("programme:issue_mandate", owners(409), kwargs=_draft),
    # The owner is the first of the roles to press; what is issued is then for all of them to read.
    Row(
        "programme:issue_mandate",
        only(*ROLES, status=403) | {"owner": 302},
        kwargs=_ready,
        method="post",
    ),
    Row("programme:discard_mandate", owners(200), kwargs=_draft),
    Row("programme:add_task", owners(200), kwargs=_draft),
    Row("programme:edit_task", owners(200), kwargs=_task),
    Row("programme:add_part", owners(200), kwargs=lambda world: _draft(world) | {"kind": "ansvar"}),
    Row("programme:add_part", owners(404), kwargs=lambda world: _draft(world) | {"kind": "annet"}),
    Row("programme:edit_part", owners(200), kwargs=_goal),
    Row("programme:remove_part", owners(200), kwargs=_goal),
    Row("programme:remove_part", owners(302), kwargs=_goal, method="post"),
    Row(
        "programme:capacity",
        only(*ROLES, status=403) | dict.fromkeys(OFFICES, 200),
        kwargs=_programme,
    ),
    Row(
        "programme:set_capacity",
        only(*ROLES, status=403) | dict.fromkeys(("national_lead", "regional_office_nord"), 200),
        kwargs=_office,
    ),
    Row("programme:year_wheel", only(*ROLES), kwargs=_programme),
    Row("programme:year_wheel", everybody(200), kwargs=_real, open_because=PUBLIC),
    Row(
        "programme:add_date",
        only(*ROLES, status=403)
        | dict.fromkeys((*SETS_DATES, "regional_office_nord", "regional_office_sor"), 200),
        kwargs=_programme,
    ),
    Row(
        "programme:change_date",
        only(*ROLES, status=403) | dict.fromkeys(SETS_DATES, 200),
        kwargs=_date,
    ),
    Row(
        "programme:change_date",
        only(*ROLES, status=403) | dict.fromkeys((*SETS_DATES, "regional_office_nord"), 200),
        kwargs=_date_of_nord,
    ),
    Row(
        "programme:change_date",
        only(*OFFICES, status=403) | dict.fromkeys(SETS_DATES, 200),
        kwargs=_internal_date,
    ),
    Row(
        "programme:cancel_date",
        only(*ROLES, status=403) | dict.fromkeys(SETS_DATES, 200),
        kwargs=_date,
    ),
    Row(
        "programme:cancel_date",
        # The owner is the first to press; a date is cancelled once.
        only(*ROLES, status=403) | {"owner": 302, "national_lead": 409},
        kwargs=_date,
        method="post",
    ),
    Row("programme:public_calendar", everybody(404), kwargs=_programme),
    Row("programme:public_calendar", everybody(200), kwargs=_real, open_because=PUBLIC),
    Row("programme:calendar", everybody(200), kwargs=_feed, open_because=KEY),
    Row(
        "programme:calendar",
        everybody(404),
        kwargs=lambda world: _feed(world) | {"role": "municipality"},
    ),
    Row("programme:own_calendar", everybody(200), kwargs=_own_feed, open_because=KEY),
    # The key of one municipality opens no other's calendar, nor that of its role or of an office.
    Row(
        "programme:own_calendar",
        everybody(404),
        kwargs=lambda world: _own_feed(world) | {"organisation": "x-x105"},
    ),
    Row(
        "programme:own_calendar",
        everybody(404),
        kwargs=lambda world: _own_feed(world) | {"role": "regional_office"},
    ),
]
