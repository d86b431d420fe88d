"""The forms: drafts are seen by those who work on them, what is in use by everybody in the programme."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone

from sloyfe.instruments import actions, imports
from sloyfe.instruments.models import Version
from tests.architecture.rows import ROLES, Row, only
from tests.cast import World
from tests.instruments.documents import write_folder

PROGRAMME = {"programme": "test-programme"}
MAKERS = ("evaluator", "owner", "national_lead")
INVOLVED = (*MAKERS, "project_group")


def _draft(world: World) -> Version:
    with tempfile.TemporaryDirectory() as folder:
        loaded = imports.load_folder(
            world.programme, write_folder(Path(folder)), actor=None, now=timezone.now()
        )
    return loaded.changed[0]


def _commenting(world: World) -> Version:
    return actions.send_for_comments(
        version=_draft(world), comments_by=timezone.localdate(), actor=None, now=timezone.now()
    )


def _pilot(world: World) -> Version:
    return actions.start_pilot(version=_commenting(world), actor=None, now=timezone.now())


def _released(world: World) -> Version:
    return actions.release(version=_pilot(world), actor=None, now=timezone.now())


def _second(world: World) -> Version:
    return actions.new_version(version=_released(world), actor=None, now=timezone.now())


def at(make: Callable[[World], Version], **more: str) -> Callable[[World], dict[str, Any]]:
    """Give what makes the arguments of an address: a version that stands somewhere, and the rest."""

    def arguments(world: World) -> dict[str, Any]:
        version = make(world)
        return PROGRAMME | {"code": version.instrument.code, "number": version.number} | more

    return arguments


def _comment(world: World) -> dict[str, Any]:
    version = _commenting(world)
    comment = actions.comment(
        version=version,
        anchor="",
        text="Fint.",
        actor=world.person("project_group"),
        now=timezone.now(),
    )
    more = {"code": version.instrument.code, "number": version.number, "comment": comment.pk}
    return PROGRAMME | more


def evaluator(status: int, *others: str) -> dict[str, int]:
    """Give the evaluator a status and those who see the form too a refusal."""
    return only("evaluator", status=status) | dict.fromkeys(others, 403)


DRAFT_REFUSED = evaluator(409, "owner", "national_lead")
DRAFT_OPEN = evaluator(200, "owner", "national_lead")
QUESTION = at(_draft, question="needs_changes")

ROWS = [
    Row("instruments:programmes", only(*ROLES, status=302)),
    Row("instruments:list", only(*ROLES), kwargs=lambda world: PROGRAMME),
    Row(
        "instruments:upload",
        evaluator(200, *(role for role in ROLES if role != "evaluator")),
        kwargs=lambda world: PROGRAMME,
    ),
    Row("instruments:version", only(*MAKERS), kwargs=at(_draft)),
    Row("instruments:version", only(*INVOLVED), kwargs=at(_commenting)),
    Row("instruments:version", only(*ROLES), kwargs=at(_released)),
    Row("instruments:changes", only(*MAKERS), kwargs=at(_second)),
    Row(
        "instruments:send_for_comments",
        evaluator(422, "owner", "national_lead"),
        kwargs=at(_draft),
        method="post",
    ),
    Row("instruments:withdraw", DRAFT_REFUSED, kwargs=at(_draft), method="post"),
    Row("instruments:start_pilot", DRAFT_REFUSED, kwargs=at(_draft), method="post"),
    Row("instruments:new_version", DRAFT_REFUSED, kwargs=at(_draft), method="post"),
    Row("instruments:release", DRAFT_REFUSED, kwargs=at(_draft)),
    Row("instruments:release", evaluator(200, *INVOLVED[1:]), kwargs=at(_pilot)),
    Row("instruments:retire", DRAFT_REFUSED, kwargs=at(_draft)),
    Row("instruments:codebook", only(*MAKERS), kwargs=at(_draft, form="kodebok.csv")),
    Row("instruments:codebook", only(*ROLES), kwargs=at(_released, form="xlsform.xlsx")),
    Row("instruments:comments", only(*INVOLVED), kwargs=at(_commenting)),
    Row(
        "instruments:comments",
        only("project_group", status=422) | dict.fromkeys(MAKERS, 403),
        kwargs=at(_commenting),
        method="post",
    ),
    Row(
        "instruments:comments",
        only(*INVOLVED, others=403, anonymous=404) | {"stranger": 404},
        kwargs=at(_released),
    ),
    Row("instruments:answer_comment", evaluator(200, *INVOLVED[1:]), kwargs=_comment),
    Row("instruments:edit", DRAFT_OPEN, kwargs=at(_draft)),
    Row("instruments:add_question", DRAFT_OPEN, kwargs=at(_draft, page="about")),
    Row("instruments:edit_question", DRAFT_OPEN, kwargs=QUESTION),
    Row("instruments:remove_question", DRAFT_OPEN, kwargs=QUESTION),
    Row("instruments:move_up", DRAFT_REFUSED, kwargs=QUESTION, method="post"),
    Row("instruments:move_down", DRAFT_REFUSED, kwargs=QUESTION, method="post"),
    Row("instruments:preview", only(*MAKERS, status=302), kwargs=at(_draft)),
    Row("instruments:preview_page", only(*MAKERS), kwargs=at(_draft, page="about")),
    Row("instruments:pilot_page", only(*INVOLVED), kwargs=at(_pilot, page="about")),
    Row("instruments:pilot_answers", evaluator(200, *INVOLVED[1:]), kwargs=at(_pilot)),
]
