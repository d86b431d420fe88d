"""The frame of every page: programme, role and menu of whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst

from sloyfe.home.texts import ROLE_NAMES
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Role, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.ui import menu
from sloyfe.ui.context import Frame
from sloyfe.ui.middleware import path_to_show_again
from sloyfe.ui.templatetags.ui import pick


def frame(request: HttpRequest) -> dict[str, object]:
    """Give the frame, made only if the page shows it: pages for respondents cost no query here.

    A page about a programme sets ``request.programme`` before it renders; else the frame shows the
    reader's own first programme.
    """
    return {
        "frame": SimpleLazyObject(lambda: _frame_of(request)),
        "this_page": path_to_show_again(request),
    }


def _frame_of(request: HttpRequest) -> Frame:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        programme: Programme | None = getattr(request, "programme", None)
        return Frame(
            programme_title=pick(programme.title) if programme else "",
            is_simulated=programme.is_simulated if programme else False,
            menu=menu.shown((), request.path),
        )
    roles = roles_of(user, timezone.localdate())
    programme = getattr(request, "programme", None)
    if programme is not None:
        title, is_simulated, key = programme.title, programme.is_simulated, programme.pk
    elif roles:
        first = roles[0]
        title, is_simulated = first.programme_title, first.programme_is_simulated
        key = first.programme_id
    else:
        title, is_simulated, key = {}, False, 0
    here = [role for role in roles if role.programme_id == key]
    return Frame(
        programme_title=pick(title),
        role_title=capfirst(", ".join(str(ROLE_NAMES[role.capacity]) for role in here[:2])),
        is_simulated=is_simulated,
        menu=menu.shown(
            {role.capacity.value for role in roles} | {menu.SIGNED_IN},
            request.path,
            _place(here or roles),
        ),
    )


def _place(roles: Sequence[Role]) -> list[str]:
    """The programme that the menu leads through, and the municipality for which the reader takes part in it."""
    if not roles:
        return []
    slug = roles[0].programme_slug
    own = [
        role.organisation_slug
        for role in roles
        if role.programme_slug == slug and role.capacity is Capacity.MUNICIPALITY
    ]
    return [slug, *own[:1]]
