from typing import Any
from uuid import UUID

from tests.architecture.rows import CLIENT, ROLES, Row, everybody, only
from tests.cast import World
from tests.fieldwork import running
from tests.fieldwork.answering import FIRST, make_fielding

WATCHERS = (*CLIENT, "regional_office_nord", "regional_office_sor", "evaluator", "auditor")
BRINGS_CONTACTS = ("national_lead", "project_group", "evaluator")
LINK = "whoever holds the link answers, signed in or not"


def watched(evaluator: int) -> dict[str, int]:
    """The evaluator does it; those who follow the round are told why they may not; others see nothing."""
    return only(*WATCHERS, status=403) | {"evaluator": evaluator}


def _planned(world: World) -> dict[str, Any]:
    return {"slug": running.planned(world).slug}


def _framed(world: World) -> dict[str, Any]:
    population = running.asking(world, running.planned(world))
    return {"slug": population.round.slug, "code": population.code}


def _drawn(world: World) -> dict[str, Any]:
    return {"slug": running.drawn(world).round.slug}


def _opened(world: World) -> dict[str, Any]:
    return {"slug": running.opened(world).round.slug}


def _case(world: World) -> dict[str, Any]:
    population = running.opened(world)
    return {"slug": population.round.slug, "case": population.cases.order_by("pk")[0].pk}


def _text(world: World) -> dict[str, Any]:
    return {**_planned(world), "code": "invitation", "language": "nn"}


def _letter(world: World) -> dict[str, Any]:
    return {**_opened(world), "letter": UUID(int=1), "what": "send"}


def _token(world: World, **more: str) -> dict[str, Any]:
    return {"token": make_fielding(world).token(), **more}


ROWS = [
    Row("fieldwork:rounds", only(*ROLES)),
    Row(
        "fieldwork:plan_round",
        only(*ROLES, status=403) | {"evaluator": 200},
        kwargs=lambda world: {"programme": world.programme.slug},
    ),
    Row("fieldwork:round", only(*WATCHERS), kwargs=_planned),
    Row("fieldwork:add_population", watched(200), kwargs=_planned),
    Row("fieldwork:population", only(*WATCHERS), kwargs=_framed),
    Row("fieldwork:make_frame", watched(302), kwargs=_framed, method="post"),
    Row("fieldwork:draw", watched(302), kwargs=_framed, method="post"),
    Row("fieldwork:open_round", watched(302), kwargs=_drawn, method="post"),
    Row("fieldwork:close_round", watched(200), kwargs=_opened),
    Row("fieldwork:close_round", watched(302), kwargs=_opened, method="post"),
    Row("fieldwork:invite", watched(302), kwargs=_opened, method="post"),
    Row("fieldwork:remind", watched(409), kwargs=_opened, method="post"),
    Row(
        "fieldwork:contacts",
        only(*WATCHERS, status=403) | dict.fromkeys(BRINGS_CONTACTS, 200),
        kwargs=_drawn,
    ),
    Row("fieldwork:letters", only(*WATCHERS), kwargs=_planned),
    Row("fieldwork:letter_text", watched(200), kwargs=_text),
    Row("fieldwork:letter_decide", watched(404), kwargs=_letter, method="post"),
    Row("fieldwork:new_link", watched(302), kwargs=_case, method="post"),
    Row("fieldwork:answer_start", everybody(200), kwargs=_token, open_because=LINK),
    Row("fieldwork:answer_start", everybody(404), kwargs=lambda world: {"token": "x" * 48}),
    Row(
        "fieldwork:answer_page",
        everybody(200),
        kwargs=lambda world: _token(world, page_code="first"),
        open_because=LINK,
    ),
    Row(
        "fieldwork:answer_page",
        everybody(409),
        kwargs=lambda world: _token(world, page_code="first"),
        method="post",
        data={**FIRST, "svar-revisjon": "7"},
        open_because=LINK,
    ),
    Row("fieldwork:answer_check", everybody(200), kwargs=_token, open_because=LINK),
    Row(
        "fieldwork:answer_send",
        everybody(422),
        kwargs=_token,
        method="post",
        data={"svar-revisjon": "0"},
        open_because=LINK,
    ),
    Row("fieldwork:answer_receipt", everybody(302), kwargs=_token, open_because=LINK),
    Row("fieldwork:answer_copy", everybody(200), kwargs=_token, open_because=LINK),
    Row("fieldwork:answer_refuse", everybody(200), kwargs=_token, open_because=LINK),
]
