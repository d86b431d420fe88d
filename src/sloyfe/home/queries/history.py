"""The audit trail as a page shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet

from sloyfe.accounts.models import Person
from sloyfe.audit.models import Event
from sloyfe.audit.queries import events
from sloyfe.home.rules import CONFIDENTIAL_KINDS, HISTORY_READERS, MOST_STEPS, PERSONAL_KINDS
from sloyfe.programme.queries import programmes_where
from sloyfe.programme.rules import Capacity


def visible_events(
    person: Person,
    today: dt.date,
    *,
    about: str = "",
    actor_id: int | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[Event]:
    """Give what a reader of the history sees: never who was asked or has answered.

    That is what happened in the programmes whose history they read, and what belongs to none. Only auditors see who signed in. A demo role sees what demo roles and the system did, not what
    real people did.
    """
    rows = events(
        without_kinds=hidden_kinds(person, today),
        programmes=programmes_read(person, today),
        about=about,
        actor_id=actor_id,
        since=since,
        until=until,
    )
    if person.is_demo:
        rows = rows.filter(Q(actor__is_demo=True) | Q(actor=None))
    return rows


def programmes_read(person: Person, today: dt.date) -> set[int]:
    """Give the ids of the programmes whose history a person reads."""
    return programmes_where(person, today, HISTORY_READERS)


def hidden_kinds(person: Person, today: dt.date) -> frozenset[str]:
    """Give the kinds of thing whose history a reader may not open."""
    is_auditor = bool(programmes_where(person, today, {Capacity.AUDITOR}))
    return CONFIDENTIAL_KINDS if is_auditor else CONFIDENTIAL_KINDS | PERSONAL_KINDS


def may_read_rows(
    model: type[models.Model], key: str, person: Person, programmes: Collection[int]
) -> bool:
    """Tell whether a reader of the history of these programmes may open that of one row.

    The row itself must be visible, and belong to one of the programmes or to none. A row that is deleted with another is a part of it, and is read by whoever may read the whole.
    Raises ValueError for a key that cannot be one.
    """
    if _is_elsewhere(model, key, programmes):
        return False
    if hasattr(model._default_manager, "visible_to"):
        return bool(model._default_manager.visible_to(person).filter(pk=key).exists())
    for field in model._meta.concrete_fields:
        whole = field.related_model
        if (
            isinstance(whole, type)
            and issubclass(whole, models.Model)
            and hasattr(whole._default_manager, "visible_to")
            and isinstance(field, models.ForeignKey)
            and field.remote_field.on_delete is models.CASCADE
        ):
            held = model._default_manager.filter(pk=key).values(field.attname)
            return bool(whole._default_manager.visible_to(person).filter(pk__in=held).exists())
    return True


def _is_elsewhere(model: type[models.Model], key: str, programmes: Collection[int]) -> bool:
    """Tell whether a row belongs to a programme that is none of these. One that is gone says it by its history."""
    row = model._base_manager.filter(pk=key).first()
    if row is None:
        kept: Any = model.pgh_event_model  # type: ignore[attr-defined]
        row = kept.objects.filter(pgh_obj_id=key).order_by("-pgh_id").first()
    if row is None:
        return False
    try:
        programme = _programme_of(row, MOST_STEPS)
    except ObjectDoesNotExist:
        return True  # what it belonged to is gone too, so nobody can tell whose it was
    return programme is not None and programme not in programmes


def _programme_of(row: models.Model, steps: int) -> int | None:
    """Give the programme that a row says it belongs to, or that one of the things says which it hangs on."""
    if hasattr(row, "programme_id"):
        found: int | None = row.programme_id
        return found
    if steps == 0:
        return None
    for field in row._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and not field.name.startswith("pgh_"):
            whole = getattr(row, field.name)
            programme = _programme_of(whole, steps - 1) if whole is not None else None
            if programme is not None:
                return programme
    return None


def actors(person: Person, today: dt.date) -> list[tuple[int, str]]:
    """Give the people whose doings a reader of the history may choose among."""
    people = Person.objects.filter(pk__in=visible_events(person, today).order_by().values("actor"))
    return sorted(((one.pk, str(one)) for one in people), key=lambda pair: pair[1])
