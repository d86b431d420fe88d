"""The frame of every page: programme, role and menu of whoever reads it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst

from sloyfe.home.texts import ROLE_NAMES
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import roles_of
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
    if programme is None and roles:
        programme = Programme.objects.filter(pk=roles[0].programme_id).first()
    here = [role for role in roles if programme and role.programme_id == programme.pk]
    return Frame(
        programme_title=pick(programme.title) if programme else "",
        role_title=capfirst(", ".join(str(ROLE_NAMES[role.capacity]) for role in here[:2])),
        is_simulated=programme.is_simulated if programme else False,
        menu=menu.shown({role.capacity.value for role in roles} | {menu.SIGNED_IN}, request.path),
    )
