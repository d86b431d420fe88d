"""The audit trail as a page shows it."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q, QuerySet

from sloyfe.accounts.models import Person
from sloyfe.audit.models import Event
from sloyfe.audit.queries import events
from sloyfe.home.rules import CONFIDENTIAL_KINDS, PERSONAL_KINDS
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

    Only auditors see who signed in. A demo role sees what demo roles and the system did, not what
    real people did.
    """
    rows = events(
        without_kinds=hidden_kinds(person, today),
        about=about,
        actor_id=actor_id,
        since=since,
        until=until,
    )
    if person.is_demo:
        rows = rows.filter(Q(actor__is_demo=True) | Q(actor=None))
    return rows


def hidden_kinds(person: Person, today: dt.date) -> frozenset[str]:
    """Give the kinds of thing whose history a reader may not open."""
    is_auditor = bool(programmes_where(person, today, {Capacity.AUDITOR}))
    return CONFIDENTIAL_KINDS if is_auditor else CONFIDENTIAL_KINDS | PERSONAL_KINDS


def may_read_rows(model: type[models.Model], key: str, person: Person) -> bool:
    """Tell whether a reader of the history may open that of one row: the row itself must be visible.

    A row that is deleted with another is a part of it, and is read by whoever may read the whole.
    Raises ValueError for a key that cannot be one.
    """
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


def actors(person: Person, today: dt.date) -> list[tuple[int, str]]:
    """Give the people whose doings a reader of the history may choose among."""
    people = Person.objects.filter(pk__in=visible_events(person, today).order_by().values("actor"))
    return sorted(((one.pk, str(one)) for one in people), key=lambda pair: pair[1])
