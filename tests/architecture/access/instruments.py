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
from tests.instruments import documents
from tests.instruments.documents import write_folder

PROGRAMME = {"programme": "test-programme"}
MAKERS = ("evaluator", "owner", "national_lead")
INVOLVED = (*MAKERS, "project_group")


# Of a template: who sees its draft, whom it is sent to, and whoever may see it in its pilot.
TEMPLATE_MAKERS = ("national_lead", "owner", "evaluator")
OFFICES = ("regional_office_nord", "regional_office_sor")
TEMPLATE_INVOLVED = (*TEMPLATE_MAKERS, *OFFICES)
MUNICIPALITIES = ("municipality", "municipality_in_programme")


def _template(world: World) -> Version:
    form = documents.form() | {"code": "needs", "kind": "needs"}
    with tempfile.TemporaryDirectory() as folder:
        loaded = imports.load_folder(
            world.programme,
            write_folder(Path(folder), needs=form),
            actor=None,
            now=timezone.now(),
        )
    return loaded.changed[0]


def _template_out(world: World) -> Version:
    return actions.send_for_comments(
        version=_template(world), comments_by=timezone.localdate(), actor=None, now=timezone.now()
    )


def _template_pilot(world: World) -> Version:
    return actions.start_pilot(version=_template_out(world), actor=None, now=timezone.now())


def _template_released(world: World) -> Version:
    return actions.release(version=_template_pilot(world), actor=None, now=timezone.now())


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


def lead(status: int, *others: str) -> dict[str, int]:
    """Give nasjonalt fagansvar a status and those who see the template too a refusal."""
    return only("national_lead", status=status) | dict.fromkeys(others, 403)


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
        only("evaluator", "national_lead")
        | dict.fromkeys(
            (role for role in ROLES if role not in {"evaluator", "national_lead"}), 403
        ),
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
    # The programme's templates
    Row("instruments:version", only(*TEMPLATE_MAKERS), kwargs=at(_template)),
    Row("instruments:version", only(*TEMPLATE_INVOLVED), kwargs=at(_template_out)),
    Row(
        "instruments:version", only(*TEMPLATE_INVOLVED, *MUNICIPALITIES), kwargs=at(_template_pilot)
    ),
    Row("instruments:version", only(*ROLES), kwargs=at(_template_released)),
    Row("instruments:edit", lead(200, "owner", "evaluator"), kwargs=at(_template)),
    Row(
        "instruments:send_for_comments",
        lead(422, "owner", "evaluator"),
        kwargs=at(_template),
        method="post",
    ),
    Row(
        "instruments:release",
        lead(200, "owner", "evaluator", *OFFICES, *MUNICIPALITIES),
        kwargs=at(_template_pilot),
    ),
    Row("instruments:comments", only(*TEMPLATE_INVOLVED), kwargs=at(_template_out)),
    Row(
        "instruments:comments",
        only("owner", *OFFICES, status=422) | dict.fromkeys(("national_lead", "evaluator"), 403),
        kwargs=at(_template_out),
        method="post",
    ),
    Row(
        "instruments:pilot_page",
        only("national_lead", "owner", *OFFICES, *MUNICIPALITIES) | {"evaluator": 403},
        kwargs=at(_template_pilot, page="about"),
    ),
    Row(
        "instruments:pilot_answers",
        lead(200, "owner", "evaluator", *OFFICES, *MUNICIPALITIES),
        kwargs=at(_template_pilot),
    ),
]
