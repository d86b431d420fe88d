"""Every action of the product runs inside `action(...)`: one transaction, one event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models, transaction

from sloyfe.audit.models import Event

Actor = AbstractBaseUser | AnonymousUser | None


def point_at(event: Event, about: models.Model) -> None:
    """Say which row the event is about, but not its name: for rows whose name is somebody's own words.

    The thing itself says by `programme_id` which programme it belongs to; one that has none says nothing.
    """
    event.about_kind = about._meta.label_lower
    event.about_id = str(about.pk)
    event.programme_id = getattr(about, "programme_id", None)


def set_about(event: Event, about: models.Model) -> None:
    """Say what the event is about, by name too; for things that come to be inside the action."""
    point_at(event, about)
    event.about_name = str(about)[:300]


@contextmanager
def action(
    name: str,
    /,
    *,
    actor: Actor,
    now: dt.datetime,
    about: models.Model | None = None,
    **details: Any,
) -> Iterator[Event]:
    """Run the block as one action: all of it is written together with its event, or none of it.

    The event's id, its name and the actor's id stand on every row-history row that the block causes.
    `details` must be JSON and must never hold an answer, a link or an address.
    """
    person = actor if isinstance(actor, AbstractBaseUser) else None
    event = Event(
        action=name, actor_id=person.pk if person else None, happened_at=now, details=details
    )
    if about is not None:
        set_about(event, about)
    with (
        transaction.atomic(),
        pghistory.context(actor=person.pk if person else None, action=name, event=str(event.id)),
    ):
        yield event
        if not event.is_told:
            event.save(force_insert=True)


def continue_sitting(event: Event, *, within: dt.timedelta) -> None:
    """Let the action belong to an event that stands already, where it goes on with what that one tells.

    For what a page does again and again while somebody writes. It goes on where the same person did the same to
    the same thing shortly before, and nobody has done anything else to it since. Row history keeps every version all
    the same, and points at the one event. Call it inside `action`, with the row locked.
    """
    if event.actor_id is None:
        return
    before = Event.objects.filter(
        about_kind=event.about_kind,
        about_id=event.about_id,
        happened_at__gt=event.happened_at - within,
        happened_at__lte=event.happened_at,
    ).order_by("-happened_at")
    for earlier in before:
        if earlier.action != event.action:
            return
        if earlier.actor_id == event.actor_id:
            event.is_told = True
            pghistory.context(event=str(earlier.id))
            return


def note(
    name: str, /, *, now: dt.datetime, about: models.Model, actor: Actor = None, **details: Any
) -> None:
    """Write an event inside a transaction that is already open, without row history.

    For the answering path, where the rows are untracked on purpose.
    """
    person = actor if isinstance(actor, AbstractBaseUser) else None
    event = Event(
        action=name, actor_id=person.pk if person else None, happened_at=now, details=details
    )
    set_about(event, about)
    event.save(force_insert=True)
