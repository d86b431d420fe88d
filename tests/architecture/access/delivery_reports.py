from typing import Any

from sloyfe.comments.models import Comment
from sloyfe.delivery.actions import reports
from sloyfe.delivery.models import Meeting
from sloyfe.delivery.rules.documents import Access
from tests.architecture.rows import ROLES, Row, everybody, only
from tests.cast import NOW, TODAY, World
from tests.delivery.reporting import (
    ANSWERS,
    OFFICE,
    OWN,
    WRITER,
    YEAR,
    agreement,
    kwargs,
    office,
    opened,
    planned,
    received,
    report_of,
    sent,
)

SIDES = (OFFICE, WRITER)
ABOVE = ("head_office", "owner", "national_lead", "auditor")


def _meeting(world: World, state: str) -> None:
    Meeting.objects.create(
        programme=world.programme,
        municipality=world.municipalities[OWN],
        office=office(world),
        kind="report",
        state=state,
        on=TODAY,
    )


def _awaited(world: World) -> dict[str, Any]:
    opened(world)
    return kwargs(world)


def _overview(world: World) -> dict[str, Any]:
    opened(world)
    return {}


def _page(world: World) -> dict[str, Any]:
    return _awaited(world) | {"page": "homes"}


def _begun(world: World) -> dict[str, Any]:
    opened(world)
    _meeting(world, "planned")
    report = report_of(world)
    reports.save_answers(
        report=report, changes=ANSWERS, revision=report.revision, actor=None, now=NOW
    )
    return kwargs(world)


def _handed_over(world: World) -> dict[str, Any]:
    place = _begun(world)
    reports.hand_over(report=report_of(world), meeting=Meeting.objects.get(), actor=None, now=NOW)
    return place


def _sent(world: World) -> dict[str, Any]:
    opened(world)
    sent(world)
    return kwargs(world)


def _received(world: World) -> dict[str, Any]:
    opened(world)
    _meeting(world, "held")
    received(world)
    return kwargs(world)


def _closed(access: Access) -> Any:
    def make(world: World) -> dict[str, Any]:
        place = _sent(world)
        report = report_of(world)
        report.access, report.legal_ground = access.value, "offentleglova § 13"
        report.save(update_fields=["access", "legal_ground"])
        return place

    return make


def _answered(world: World) -> dict[str, Any]:
    place = _received(world)
    reports.answer_report(report=report_of(world), text="Takk.", revision=None, actor=None, now=NOW)
    return place


def _asked(world: World) -> dict[str, Any]:
    place = _received(world)
    reports.ask_about_report(
        report=report_of(world), item="", text="Hva?", actor=world.person(OFFICE), now=NOW
    )
    return place | {"comment": Comment.objects.get().pk}


def _programme(world: World) -> dict[str, Any]:
    planned(world)
    return {"programme": world.programme.slug}


def _year(world: World) -> dict[str, Any]:
    planned(world)
    agreement(world)
    return {"programme": world.programme.slug, "year": YEAR}


def _open_year(world: World) -> dict[str, Any]:
    opened(world)
    return {"programme": world.programme.slug, "year": YEAR}


# Everybody in the programme reads a report that has been sent and is public; only its own office treats it.
_OFFICE_OF_SENT = only(*ROLES, status=403)
_NOT_SENT = {WRITER: 403}
_LEAD = only(*ROLES, status=403)

ROWS = [
    Row(
        "delivery:reporting",
        only(*ABOVE, "regional_office_nord", "regional_office_sor")
        | {WRITER: 302, "municipality": 200},
        kwargs=_overview,
    ),
    Row("delivery:report_fields", everybody(200), kwargs=_programme, open_because="is for all"),
    Row("delivery:report", only(*SIDES), kwargs=_awaited),
    Row("delivery:report", only(*ROLES), kwargs=_sent),
    Row(
        "delivery:report",
        only(*ABOVE, *SIDES),
        kwargs=_closed(Access.EXEMPT),
    ),
    Row(
        "delivery:report",
        only(*ABOVE, *SIDES),
        kwargs=_closed(Access.INTERNAL),
    ),
    Row("delivery:report_page", only(*SIDES), kwargs=_page),
    # The page that was posted says nothing of what it was made from.
    Row("delivery:report_page", only(*SIDES, status=409), kwargs=_page, method="post"),
    Row("delivery:report_check", only(*SIDES), kwargs=_begun),
    # Who sent it is shown what was sent.
    Row("delivery:report_check", _OFFICE_OF_SENT | {OFFICE: 409, WRITER: 302}, kwargs=_sent),
    Row("delivery:report_go_on", only(*SIDES, status=302), kwargs=_awaited),
    Row("delivery:report_go_on", only(*ROLES, status=302), kwargs=_sent),
    Row(
        "delivery:report_send",
        only(OFFICE, status=403) | {WRITER: 409},
        kwargs=_handed_over,
        method="post",
    ),
    Row("delivery:report_hand_over", only(OFFICE) | _NOT_SENT, kwargs=_begun),
    Row(
        "delivery:report_take_back",
        only(OFFICE, status=302) | _NOT_SENT,
        kwargs=_handed_over,
        method="post",
    ),
    Row("delivery:report_receive", _OFFICE_OF_SENT | {OFFICE: 302}, kwargs=_sent, method="post"),
    Row("delivery:report_discuss", _OFFICE_OF_SENT | {OFFICE: 200}, kwargs=_received),
    Row("delivery:report_answer", _OFFICE_OF_SENT | {OFFICE: 200}, kwargs=_received),
    Row("delivery:report_answer", _OFFICE_OF_SENT | {OFFICE: 422}, kwargs=_received, method="post"),
    Row("delivery:report_close", _OFFICE_OF_SENT | {OFFICE: 302}, kwargs=_answered, method="post"),
    Row("delivery:report_extend", only(OFFICE) | _NOT_SENT, kwargs=_awaited),
    Row("delivery:report_excuse", only(OFFICE) | _NOT_SENT, kwargs=_awaited),
    Row("delivery:report_ask", _OFFICE_OF_SENT | dict.fromkeys(SIDES, 200), kwargs=_received),
    # The side that asked does not reply.
    Row("delivery:report_reply", _OFFICE_OF_SENT | {WRITER: 200}, kwargs=_asked),
    Row("delivery:report_withdraw", _OFFICE_OF_SENT | {OFFICE: 200}, kwargs=_asked),
    Row("delivery:plan_reporting", _LEAD | {"national_lead": 200}, kwargs=_programme),
    Row("delivery:change_reporting", _LEAD | {"national_lead": 200}, kwargs=_year),
    # The day has passed on which the reports were due, so nobody opens it now.
    Row("delivery:open_reporting", _LEAD | {"national_lead": 409}, kwargs=_year, method="post"),
    Row(
        "delivery:close_reporting", _LEAD | {"national_lead": 302}, kwargs=_open_year, method="post"
    ),
    Row(
        "delivery:expect_report",
        _LEAD
        | dict.fromkeys(("national_lead", "regional_office_nord", "regional_office_sor"), 200),
        kwargs=_open_year,
    ),
]
