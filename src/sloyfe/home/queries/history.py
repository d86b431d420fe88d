"""The audit trail as a page shows it."""

from __future__ import annotations

import datetime as dt

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


def actors(person: Person, today: dt.date) -> list[tuple[int, str]]:
    """Give the people whose doings a reader of the history may choose among."""
    people = Person.objects.filter(pk__in=visible_events(person, today).order_by().values("actor"))
    return sorted(((one.pk, str(one)) for one in people), key=lambda pair: pair[1])
