"""Questions to the audit trail: what happened, and what a row looked like before."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise

from sloyfe.audit.models import Event

_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


def _gathered(name: str) -> Iterator[tuple[str, Any]]:
    for config in apps.get_app_configs():
        if config.name.startswith("sloyfe.") and find_spec(f"{config.name}.texts"):
            yield from getattr(import_module(f"{config.name}.texts"), name, {}).items()


@cache
def sentences() -> dict[str, str | Promise]:
    """Gather ``EVENTS`` from the ``texts`` module of every app: action → sentence with named slots."""
    return dict(_gathered("EVENTS"))


@cache
def words() -> dict[str, Mapping[str, Mapping[str, str | Promise]]]:
    """Gather ``EVENT_WORDS`` in the same way: action → slot → code in the details → word for it."""
    return dict(_gathered("EVENT_WORDS"))


class _Slots(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(event: Event) -> str:
    """Tell an event in the reader's language; an action without a sentence by its dotted name."""
    text = sentences().get(event.action)
    if text is None:
        return (
            f"{event.action}: {written_days(event.about_name)}"
            if event.about_name
            else event.action
        )
    details = event.details if isinstance(event.details, dict) else {}
    known = words().get(event.action, {})
    slots = {slot: _in_words(value, known.get(slot, {})) for slot, value in details.items()}
    return str(text) % _Slots(slots | {"about": written_days(event.about_name)})


def told(
    event_ids: Collection[str],
    *,
    without_kinds: Collection[str] = (),
    programmes: Collection[int] | None = None,
) -> dict[str, str]:
    """Tell events by their ids, in the reader's language, but none that is to be left out.

    Left out are those about a kind, and with `programmes` those of any other programme.
    """
    rows = Event.objects.filter(pk__in=event_ids).exclude(about_kind__in=list(without_kinds))
    if programmes is not None:
        rows = rows.filter(_in(programmes))
    return {str(event.pk): sentence(event) for event in rows}


def _in_words(value: object, known: Mapping[str, str | Promise]) -> object:
    """Give a code its word, and a day as people write it. Anything else stands as it is."""
    if not isinstance(value, str):
        return value
    if value in known:
        return known[value]
    if _DAY.fullmatch(value):
        with suppress(ValueError):
            return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
    return value


def written_days(name: str) -> str:
    """Give a name with the days in it as people write them."""
    return _DAY.sub(lambda found: str(_in_words(found[0], {})), name)


def _in(programmes: Collection[int]) -> Q:
    """What happened in these programmes, and what belongs to none."""
    return Q(programme_id=None) | Q(programme_id__in=list(programmes))


def events(
    *,
    without_kinds: Collection[str] = (),
    programmes: Collection[int] | None = None,
    about: str = "",
    actor_id: int | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[Event]:
    """Give what happened, newest first. `about` is a part of the name; `until` is a whole day.

    With `programmes`, what happened in others is left out; what belongs to none is always there.
    """
    rows = Event.objects.select_related("actor").order_by("-happened_at", "-id")
    if without_kinds:
        rows = rows.exclude(about_kind__in=list(without_kinds))
    if programmes is not None:
        rows = rows.filter(_in(programmes))
    if about:
        rows = rows.filter(about_name__icontains=about)
    if actor_id is not None:
        rows = rows.filter(actor_id=actor_id)
    if since is not None:
        rows = rows.filter(happened_at__date__gte=since)
    if until is not None:
        rows = rows.filter(happened_at__date__lte=until)
    return rows


@dataclass(frozen=True)
class Change:
    """One field of a row: what stood there, and what stands there after. Empty before it was made.

    `was` and `became` are the values themselves.
    """

    field: str
    before: str
    after: str
    was: Any = None
    became: Any = None


@dataclass(frozen=True)
class RowVersion:
    """A row as it came to look at one moment, in which action and by whom."""

    at: dt.datetime
    label: str
    action: str
    actor_id: int | None
    event_id: str
    changes: tuple[Change, ...]


def tracked_model(kind: str) -> type[models.Model] | None:
    """Give the model of a kind (``programme.region``) whose rows have a history."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    return model if hasattr(model, "pgh_event_model") else None


def name_of(kind: str, key: str) -> str:
    """Give the name that a thing had when something was last done to it; empty if nothing was."""
    last = (
        Event.objects.filter(about_kind=kind, about_id=key)
        .order_by("-happened_at")
        .values_list("about_name", flat=True)
        .first()
    )
    return last or ""


def history(model: type[models.Model], key: str) -> list[RowVersion]:
    """Give every version of a row, oldest first, each with what changed. One query."""
    history_model: Any = model.pgh_event_model  # type: ignore[attr-defined]
    names = [field.attname for field in model._meta.concrete_fields]
    known = {field.attname for field in history_model._meta.concrete_fields}
    names = [name for name in names if name in known]
    rows: Iterable[Any] = history_model.objects.filter(pgh_obj_id=key).order_by("pgh_id")
    versions = []
    before: dict[str, str] = {}
    was: dict[str, Any] = {}
    for row in rows:
        values = {name: getattr(row, name) for name in names}
        after = {name: _told(value) for name, value in values.items()}
        context = row.pgh_context if isinstance(row.pgh_context, dict) else {}
        changes = tuple(
            Change(name, before.get(name, ""), after[name], was.get(name), values[name])
            for name in names
            if after[name] != before.get(name, "")
        )
        versions.append(
            RowVersion(
                at=row.pgh_created_at,
                label=row.pgh_label,
                action=str(context.get("action", "")),
                actor_id=context.get("actor"),
                event_id=str(context.get("event", "")),
                changes=changes,
            )
        )
        before, was = after, values
    return versions


def _told(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return " · ".join(f"{key}: {text}" for key, text in value.items())
    return str(value)


@dataclass(frozen=True)
class Earlier:
    """What stood in a field of a row before it was corrected, and when that was."""

    text: str
    until: dt.datetime


def earlier_texts(rows: Sequence[models.Model], field: str) -> dict[int, list[Earlier]]:
    """Give what a text field of some rows of a table said before each correction, the oldest first, by the
    row's id. Two queries, however many rows there are.
    """
    if not rows:
        return {}
    kept: Any = rows[0].pgh_event_model  # type: ignore[attr-defined]
    changes: list[tuple[int, str, str, dt.datetime]] = []
    last: dict[int, str] = {}
    for pk, text, context, at in (
        kept.objects.filter(pgh_obj_id__in=[row.pk for row in rows])
        .order_by("pgh_id")
        .values_list("pgh_obj_id", field, "pgh_context", "pgh_created_at")
    ):
        before = last.get(pk, "")
        if before and before != text:
            changes.append((pk, before, str((context or {}).get("event", "")), at))
        last[pk] = text
    events = [event for _pk, _text, event, _at in changes if event]
    happened = {
        str(pk): at
        for pk, at in Event.objects.filter(pk__in=events).values_list("pk", "happened_at")
    }
    found: dict[int, list[Earlier]] = defaultdict(list)
    for pk, text, event, at in changes:
        found[pk].append(Earlier(text, happened.get(event, at)))
    return found
