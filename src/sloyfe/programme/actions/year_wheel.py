"""Putting dates on the year wheel, moving and cancelling them, and telling those concerned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app as jobs
from procrastinate.types import JSONValue

from sloyfe.audit.actions import action, set_about
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.letters import actions as letters
from sloyfe.letters.models import Letter
from sloyfe.letters.queries import require_texts
from sloyfe.letters.rules import language_for
from sloyfe.programme.actions.mandates import check_overloads, keep_overloads
from sloyfe.programme.models import (
    Announcement,
    DateChange,
    Programme,
    Region,
    Statement,
    Subprogramme,
    YearDate,
)
from sloyfe.programme.permissions import (
    check_may_cancel_date,
    check_may_change_date,
    check_may_put_date,
)
from sloyfe.programme.queries import Visitor
from sloyfe.programme.queries.mandates import AskedDate, overloads_by_date
from sloyfe.programme.queries.year_wheel import people_concerned
from sloyfe.programme.rules.mandates import RoleKind, next_code
from sloyfe.programme.rules.year_wheel import (
    ChangeKind,
    DateKind,
    date_problems,
    doers,
    needs_reason,
)
from sloyfe.render import numbers

# Which letter tells of which change.
LETTERS = {
    ChangeKind.NEW: "date_new",
    ChangeKind.MOVED: "date_moved",
    ChangeKind.CANCELLED: "date_cancelled",
}


@dataclass(frozen=True)
class DateFacts:
    """What is said of a date. `ends_on` is its last day; `effort_days` is for each office concerned."""

    title: Mapping[str, str]
    kind: DateKind
    starts_on: dt.date
    ends_on: dt.date | None
    roles: Collection[RoleKind]
    subprogramme: Subprogramme | None = None
    region: Region | None = None
    arena: Statement | None = None
    effort_days: Decimal | None = None

    def asked(self, date_id: int | None) -> AskedDate:
        """Give the date as it is asked of offices."""
        return AskedDate(
            date_id,
            self.title,
            doers(self.kind, self.roles),
            self.region.pk if self.region else None,
            self.starts_on,
            self.effort_days or Decimal(0),
        )


def write_date(
    programme: Programme, date: YearDate | None, code: str, facts: DateFacts, now: dt.datetime
) -> YearDate:
    """Write a date as the facts say, inside the caller's transaction."""
    row = date or YearDate(programme=programme, code=code, sequence=0)
    if row.pk is not None:
        row.sequence += 1
    row.title, row.kind = dict(facts.title), facts.kind.value
    row.starts_on, row.ends_on = facts.starts_on, facts.ends_on
    order = list(RoleKind)
    row.roles = [role.value for role in sorted(facts.roles, key=order.index)]
    row.subprogramme, row.region, row.arena = facts.subprogramme, facts.region, facts.arena
    row.effort_days, row.changed_at = facts.effort_days, now
    row.save()
    return row


def _check(facts: DateFacts, today: dt.date) -> None:
    problems = date_problems(
        starts_on=facts.starts_on, ends_on=facts.ends_on, roles=facts.roles, today=today
    )
    if problems:
        raise NotPossible(f"programme.{problems[0][1]}")
    if facts.starts_on < today:
        raise NotPossible("programme.date_is_in_the_past")


def _check_reason(reason: str, today: dt.date, *days: dt.date | None) -> bool:
    """Tell whether the change must be announced; refuse where that needs a reason that is not given."""
    announced = needs_reason(today, *days)
    if announced and not reason.strip():
        raise NotPossible("programme.date_needs_reason")
    return announced


def add_date(
    *,
    programme: Programme,
    facts: DateFacts,
    reason: str,
    actor: Visitor,
    now: dt.datetime,
    overload_reason: str = "",
) -> YearDate:
    """Put a date on the year wheel. One inside the year needs a reason, and is announced.

    Where an office would get more to do than it has days for, a reason of its own is needed.
    """
    today = timezone.localdate(now)
    check_may_put_date(actor, programme, facts.region.pk if facts.region else None, today)
    _check(facts, today)
    with action("programme.date.add", actor=actor, now=now) as event:
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        announced = _check_reason(reason, today, facts.starts_on)
        too_much = overloads_by_date(programme, facts.asked(None), today)
        check_overloads(programme, too_much, overload_reason, now)
        known = YearDate.objects.filter(programme=programme).values_list("code", flat=True)
        row = write_date(programme, None, next_code("date", known), facts, now)
        set_about(event, row)
        if too_much:
            keep_overloads(programme, too_much, overload_reason, what=row.title, date=row, now=now)
        if announced:
            change = DateChange.objects.create(
                date=row, kind=ChangeKind.NEW.value, reason=reason.strip(), made_at=now
            )
            event.details["letters"] = _announce(change, actor, now)
    return row


def change_date(
    *,
    date: YearDate,
    facts: DateFacts,
    sequence: int,
    reason: str,
    actor: Visitor,
    now: dt.datetime,
    overload_reason: str = "",
) -> YearDate:
    """Change a date. Moving one that lies inside the year, or into it, needs a reason and is announced.

    `sequence` is that of the date as the person saw it. Whom a date inside the year concerns stands
    fast: it is cancelled and another one set.
    """
    today = timezone.localdate(now)
    with action("programme.date.change", actor=actor, now=now, about=date) as event:
        row = _locked(date)
        check_may_change_date(actor, row, today)
        check_may_put_date(actor, row.programme, facts.region.pk if facts.region else None, today)
        if row.sequence != sequence:
            raise ChangedMeanwhile("programme.date_changed_meanwhile")
        old = (row.starts_on, row.ends_on)
        moved = old != (facts.starts_on, facts.ends_on)
        if moved:
            _check(facts, today)
        near = needs_reason(today, row.starts_on)
        reach = (
            frozenset(facts.roles),
            facts.subprogramme.pk if facts.subprogramme else None,
            facts.region.pk if facts.region else None,
        )
        was = row.reach
        if near and reach != (was.roles, was.subprogramme, was.region):
            raise NotPossible("programme.date_concerns_the_same")
        announced = moved and _check_reason(reason, today, row.starts_on, facts.starts_on)
        too_much = overloads_by_date(row.programme, facts.asked(row.pk), today)
        check_overloads(row.programme, too_much, overload_reason, now)
        write_date(row.programme, row, row.code, facts, now)
        event.details["moved"] = moved
        if too_much:
            keep_overloads(
                row.programme, too_much, overload_reason, what=row.title, date=row, now=now
            )
        if announced:
            change = DateChange.objects.create(
                date=row,
                kind=ChangeKind.MOVED.value,
                reason=reason.strip(),
                old_starts_on=old[0],
                old_ends_on=old[1],
                made_at=now,
            )
            event.details["letters"] = _announce(change, actor, now)
    return row


def _locked(date: YearDate) -> YearDate:
    return (
        YearDate.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=date.pk)
    )


def cancel_date(*, date: YearDate, reason: str, actor: Visitor, now: dt.datetime) -> YearDate:
    """Cancel a date. One inside the year needs a reason, and is announced; it stays in calendars as cancelled."""
    today = timezone.localdate(now)
    with action("programme.date.cancel", actor=actor, now=now, about=date) as event:
        row = _locked(date)
        check_may_cancel_date(actor, row, today)
        announced = _check_reason(reason, today, row.starts_on)
        row.is_cancelled = True
        row.sequence += 1
        row.changed_at = now
        row.save(update_fields=["is_cancelled", "sequence", "changed_at"])
        if announced:
            change = DateChange.objects.create(
                date=row,
                kind=ChangeKind.CANCELLED.value,
                reason=reason.strip(),
                old_starts_on=row.starts_on,
                old_ends_on=row.ends_on,
                made_at=now,
            )
            event.details["letters"] = _announce(change, actor, now)
    return row


def scopes_of(programme: Programme) -> list[str]:
    """Give where letter texts of a programme are looked up before the general ones."""
    return [f"programme:{programme.slug}"]


def _announce(change: DateChange, actor: Visitor, now: dt.datetime) -> int:
    """Queue one letter to each person concerned, but for the one who made the change."""
    programme = change.date.programme
    told = [
        each
        for each in people_concerned(change.date, timezone.localdate(now))
        if each.person.pk != actor.pk
    ]
    if not told:
        return 0
    languages = [language_for(each.organisation.language_form) for each in told]
    code = LETTERS[ChangeKind(change.kind)]
    require_texts(code, scopes_of(programme), set(languages))
    queued = letters.queue_many(
        [
            letters.Addressed(code, language, each.person.email, change)
            for each, language in zip(told, languages, strict=True)
        ],
        scope=f"programme:{programme.slug}",
        now=now,
    )
    Announcement.objects.bulk_create(
        Announcement(change=change, organisation=each.organisation, letter=letter)
        for each, letter in zip(told, queued, strict=True)
    )
    wanted: list[dict[str, JSONValue]] = [{"letter_id": str(letter.pk)} for letter in queued]
    jobs.configure_task("programme.send_announcement").batch_defer(*wanted)
    return len(queued)


def send_announcement(*, letter_id: str, now: dt.datetime) -> Letter | None:
    """Send one queued letter about a change on the wheel. None when it is no longer to be sent.

    A date that has changed again since is told of by its newer letter alone.
    """
    found = (
        Announcement.objects.select_related("letter", "organisation", "change__date__programme")
        .filter(letter_id=letter_id)
        .first()
    )
    if found is None:
        return None
    newest = found.change.date.changes.order_by("-made_at", "-pk").first()
    return letters.send_or_withdraw(
        found.letter,
        fits=newest == found.change,
        scopes=scopes_of(found.change.date.programme),
        values=lambda letter: letter_values(found, letter.language),
        now=now,
    )


def letter_values(found: Announcement, language: str) -> Mapping[str, str]:
    """Give what the slots of a letter about a date are filled with."""
    date, change = found.change.date, found.change

    def said(texts: Mapping[str, str]) -> str:
        return str(texts.get(language) or texts.get("nb", ""))

    def span(starts_on: dt.date | None, ends_on: dt.date | None) -> str:
        if starts_on is None:
            return ""
        days = [starts_on] if ends_on in (None, starts_on) else [starts_on, ends_on]
        return "–".join(
            numbers.date(day, "nn" if language == "nn" else "nb") for day in days if day
        )

    path = reverse("programme:year_wheel", args=[date.programme.slug])
    return {
        "organisation": found.organisation.name,
        "programme": said(date.programme.title),
        "title": said(date.title),
        "day": span(date.starts_on, date.ends_on),
        "old_day": span(change.old_starts_on, change.old_ends_on),
        "reason": change.reason,
        "link": settings.BASE_URL + path,
    }
