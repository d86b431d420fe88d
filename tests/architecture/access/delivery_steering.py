"""Who gets what where something goes up and comes back: summaries, matters, groups, steering dialogues."""

import datetime as dt
from typing import Any

from django.utils import timezone

from sloyfe.delivery.actions.matters import decide
from sloyfe.delivery.models import GroupMember, Summary
from tests.architecture.rows import Row, only
from tests.cast import World
from tests.delivery import upward
from tests.delivery.cabinet import YEAR, office, reporting_year

LEADS = ("owner", "national_lead")
# Those who hold the steering dialogue.
STEERS = ("head_office", *LEADS)
OFFICES = (*STEERS, "regional_office_nord", "regional_office_sor")
INSIDE = (*OFFICES, "auditor")
SENDERS = (*OFFICES, "municipality", "municipality_in_programme")
PART = (
    *INSIDE,
    "municipality",
    "municipality_in_programme",
    "evaluator",
    "project_group",
    "partner",
)


def does(*roles: str, status: int = 200, sees: tuple[str, ...] = INSIDE) -> dict[str, int]:
    """Some do it, those who see it are told why they may not, and for others it is not there."""
    return only(*sees, status=403) | dict.fromkeys(roles, status)


def _home(world: World) -> dict[str, Any]:
    return {"programme": world.programme.slug}


def _draft(world: World) -> dict[str, Any]:
    upward.written(world, why="Ikke alle er klare.")
    return _year(world) | {"region": "nord"}


def _year(world: World) -> dict[str, Any]:
    reporting_year(world)
    return _home(world) | {"year": YEAR}


def _drafts(world: World) -> dict[str, Any]:
    _draft(world)
    return _year(world)


def _sents(world: World) -> dict[str, Any]:
    upward.sent(world)
    return _year(world)


def _groups(world: World) -> dict[str, Any]:
    _group(world)
    return _home(world)


def _sent(world: World) -> dict[str, Any]:
    upward.sent(world)
    return _year(world) | {"region": "nord"}


def _read(world: World) -> dict[str, Any]:
    upward.read(world)
    return _year(world) | {"region": "nord"}


def _closed(world: World) -> dict[str, Any]:
    found = _sent(world)
    Summary.objects.update(access="internal", legal_ground="offl. § 14")
    return found


def _national(world: World) -> dict[str, Any]:
    upward.written(world, None, why="Ikke alle er klare.")
    return _year(world) | {"region": "nasjonal"}


def _national_read(world: World) -> dict[str, Any]:
    upward.read(world, None)
    return _year(world) | {"region": "nasjonal"}


def _matter(world: World) -> dict[str, Any]:
    """Rests on the report of the municipality in the programme."""
    matter = upward.asked(world, reports=[upward.report(world, "X104")])
    return _home(world) | {"matter": matter.pk}


def _decision(world: World) -> dict[str, Any]:
    decision = decide(
        programme=world.programme,
        text="Faktaarket kommer før avtalen.",
        owner=office(world, "national_lead"),
        due_on=timezone.localdate() + dt.timedelta(days=30),
        actor=world.person("owner"),
        now=timezone.now(),
    )
    return _home(world) | {"decision": decision.pk}


def _meeting(world: World) -> dict[str, Any]:
    return _home(world) | {"number": upward.planned(world).number}


def _group(world: World) -> dict[str, Any]:
    row = upward.group(world, "regional_office_nord", "municipality_in_programme")
    return _home(world) | {"group": row.code}


def _member(world: World) -> dict[str, Any]:
    return _group(world) | {"member": GroupMember.objects.order_by("pk")[0].pk}


WRITES = ("regional_office_nord",)
GROUP_SEES = (*INSIDE, "municipality_in_programme")
ROWS = [
    Row("delivery:summaries", only(*INSIDE), kwargs=_drafts),
    Row("delivery:summaries", only(*PART), kwargs=_sents),
    Row("delivery:summary", only(*INSIDE), kwargs=_draft),
    Row("delivery:summary", only(*PART), kwargs=_sent),
    Row("delivery:summary", only(*INSIDE), kwargs=_closed),
    Row("delivery:summary", only(*INSIDE), kwargs=_national),
    Row("delivery:write_summary", does(*WRITES), kwargs=_draft),
    Row("delivery:write_summary", does("national_lead"), kwargs=_national),
    Row("delivery:summary_matter", does(*WRITES), kwargs=_draft),
    Row("delivery:send_summary", does(*WRITES), kwargs=_draft),
    Row(
        "delivery:read_summary",
        does("national_lead", status=302, sees=PART),
        kwargs=_sent,
        method="post",
    ),
    Row("delivery:answer_summary", does("national_lead", sees=PART), kwargs=_read),
    Row("delivery:answer_summary", does("owner", sees=PART), kwargs=_national_read),
    Row("delivery:passage", only(*SENDERS), kwargs=_home),
    Row("delivery:steering", only(*INSIDE), kwargs=_home),
    Row(
        "delivery:matters",
        only(*INSIDE, "municipality", "municipality_in_programme"),
        kwargs=_home,
    ),
    Row("delivery:ask_matter", only(*PART, status=403) | dict.fromkeys(OFFICES, 200), kwargs=_home),
    Row("delivery:matter", only(*INSIDE, "municipality_in_programme"), kwargs=_matter),
    Row(
        "delivery:answer_matter",
        does("owner", sees=(*INSIDE, "municipality_in_programme")),
        kwargs=_matter,
    ),
    Row(
        "delivery:withdraw_matter",
        does(*WRITES, sees=(*INSIDE, "municipality_in_programme")),
        kwargs=_matter,
    ),
    Row(
        "delivery:decide_matter",
        does("owner", sees=(*INSIDE, "municipality_in_programme")),
        kwargs=_matter,
    ),
    Row("delivery:decisions", only(*INSIDE), kwargs=_home),
    Row("delivery:finish_decision", does("national_lead"), kwargs=_decision),
    Row("delivery:drop_decision", does("owner"), kwargs=_decision),
    Row("delivery:plan_dialogues", does("owner"), kwargs=_home),
    Row("delivery:steering_meeting", only(*INSIDE), kwargs=_meeting),
    Row("delivery:move_dialogue", does("owner"), kwargs=_meeting),
    Row("delivery:cancel_dialogue", does("owner"), kwargs=_meeting),
    Row(
        "delivery:add_agenda_item",
        does(*STEERS, status=302),
        kwargs=_meeting,
        method="post",
        data={"title": "Eventuelt"},
    ),
    # There is no such line, which is told to those who may change the agenda.
    Row(
        "delivery:change_agenda",
        does(*STEERS, status=409),
        kwargs=_meeting,
        method="post",
        data={"key": "handwritten-0", "what": "up"},
    ),
    Row("delivery:write_minutes", does(*STEERS), kwargs=_meeting),
    Row("delivery:decide_in_meeting", does("owner"), kwargs=_meeting),
    # Without minutes it cannot be finished, by nobody.
    Row("delivery:hold_dialogue", does(*STEERS, status=409), kwargs=_meeting, method="post"),
    Row("delivery:groups", only(*GROUP_SEES), kwargs=_groups),
    Row("delivery:group", only(*GROUP_SEES), kwargs=_group),
    Row("delivery:add_group", does(*LEADS), kwargs=_home),
    Row("delivery:change_group", does(*LEADS, sees=GROUP_SEES), kwargs=_group),
    Row("delivery:add_member", does(*LEADS, sees=GROUP_SEES), kwargs=_group),
    Row("delivery:end_membership", does(*LEADS, sees=GROUP_SEES), kwargs=_member),
    Row(
        "delivery:raise_issue",
        does("regional_office_nord", "municipality_in_programme", sees=GROUP_SEES),
        kwargs=_group,
    ),
]
