"""A mandate in work and one that can be issued, for tests of pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from sloyfe.programme.actions import mandates
from sloyfe.programme.models import Mandate
from sloyfe.programme.rules.mandates import Part, RoleKind
from tests.cast import World


def text(words: str) -> dict[str, str]:
    """Give words in both forms of Norwegian."""
    return {"nb": words, "nn": words}


def draft(world: World) -> Mandate:
    """Begin a mandate that has nothing in it yet but what an earlier one says."""
    return mandates.begin_mandate(
        programme=world.programme, actor=world.person("owner"), now=timezone.now()
    )


def ready(world: World) -> Mandate:
    """Write a mandate that lacks nothing: foreword, period, a goal and a task."""
    owner, now = world.person("owner"), timezone.now()
    mandate = mandates.save_text(
        mandate=draft(world),
        foreword=text("Hva vi vil"),
        valid_from=timezone.localdate() + dt.timedelta(1),
        valid_to=None,
        actor=owner,
        now=now,
    )
    mandates.save_goal(
        mandate=mandate,
        goal=None,
        statement=None,
        text=text("Flere hjem"),
        expected=text("Ti flere"),
        actor=owner,
        now=now,
    )
    mandates.save_task(
        mandate=mandate,
        task=None,
        text=text("Møte kommunene"),
        roles={
            RoleKind.REGIONAL_OFFICE: frozenset({Part.RESPONSIBLE}),
            RoleKind.OWNER: frozenset({Part.ACCOUNTABLE}),
        },
        effort_days=Decimal(24),
        actor=owner,
        now=now,
    )
    return mandate
