"""Letters to those whom a day concerns that is new, moved or cancelled at short notice: a dialogue, a report's last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from procrastinate.contrib.django import app as jobs
from procrastinate.types import JSONValue

from sloyfe.delivery.models import ReportingYear, SteeringMeeting
from sloyfe.delivery.queries.offices import STEERS
from sloyfe.delivery.queries.reports import agreements_on
from sloyfe.delivery.rules.steering import SteeringState
from sloyfe.letters import actions as letters
from sloyfe.letters.models import Letter
from sloyfe.letters.queries import require_texts
from sloyfe.letters.rules import language_for
from sloyfe.organisations.rules import Kind
from sloyfe.programme.actions.year_wheel import LETTERS, scopes_of
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor
from sloyfe.programme.queries.year_wheel import Concerned, people_reached
from sloyfe.programme.rules.mandates import RoleKind
from sloyfe.programme.rules.year_wheel import ChangeKind, Reach
from sloyfe.render import numbers
from sloyfe.render.blocks import Language

# Whom a dialogue and the reporting concern, as the year wheel sees it.
_DIALOGUE = Reach(frozenset(RoleKind(capacity.value) for capacity in STEERS))
_REPORTING = Reach(
    frozenset({RoleKind.MUNICIPALITY, RoleKind.REGIONAL_OFFICE, RoleKind.NATIONAL_LEAD})
)
Row = SteeringMeeting | ReportingYear


@dataclass(frozen=True)
class _Change:
    """What happened to a day last, and when that was told. `title` names it, with the slots in `slots`."""

    programme: Programme
    kind: ChangeKind
    title: Promise
    slots: Mapping[str, int]
    day: dt.date
    old: dt.date | None
    reason: str
    told_at: dt.datetime | None


def _change_of(row: Row) -> _Change:
    if isinstance(row, ReportingYear):
        return _Change(
            row.programme,
            ChangeKind.NEW if row.due_before is None else ChangeKind.MOVED,
            _("The yearly report for %(year)s is due"),
            {"year": row.year},
            row.due_on,
            row.due_before,
            row.changed_why,
            row.announced_at,
        )
    cancelled = row.state == SteeringState.CANCELLED
    moved = ChangeKind.NEW if row.moved_from is None else ChangeKind.MOVED
    return _Change(
        row.programme,
        ChangeKind.CANCELLED if cancelled else moved,
        _("Steering dialogue %(number)s"),
        {"number": row.number},
        row.on,
        row.on if cancelled else row.moved_from,
        row.changed_why,
        row.announced_at,
    )


def _concerned(row: Row, on: dt.date) -> list[Concerned]:
    """Give the people whom the day concerns; of a report's last day only where there is an agreement."""
    if isinstance(row, SteeringMeeting):
        return people_reached(row.programme, _DIALOGUE, on)
    agreed = agreements_on(row.programme, on)
    return [
        each
        for each in people_reached(row.programme, _REPORTING, on)
        if each.organisation.kind != Kind.MUNICIPALITY or each.organisation.pk in agreed
    ]


def queue_letters(kind: ChangeKind, row: Row, *, actor: Visitor | None, now: dt.datetime) -> int:
    """Put one letter in line to each person whom the day concerns, but for the one who made the change.

    The words are those of a change on the year wheel, where the day stands too.
    """
    code = LETTERS[kind]
    wanted = [
        letters.Addressed(
            code, language_for(each.organisation.language_form), each.person.email, row
        )
        for each in _concerned(row, timezone.localdate(now))
        if actor is None or each.person.pk != actor.pk
    ]
    if not wanted:
        return 0
    scopes = scopes_of(row.programme)
    require_texts(code, scopes, {each.language for each in wanted})
    queued = letters.queue_many(wanted, scope=scopes[0], now=now)
    asked: list[dict[str, JSONValue]] = [{"letter_id": str(letter.pk)} for letter in queued]
    jobs.configure_task("delivery.send_day_letter").batch_defer(*asked)
    return len(queued)


_TOLD: dict[str, type[Row]] = {
    SteeringMeeting._meta.label_lower: SteeringMeeting,
    ReportingYear._meta.label_lower: ReportingYear,
}


def send_day_letter(*, letter_id: str, now: dt.datetime) -> Letter | None:
    """Send one queued letter about a day. None when a newer one tells of it."""
    queued = Letter.objects.filter(pk=letter_id, about_kind__in=_TOLD).first()
    if queued is None:
        return None
    about = _TOLD[queued.about_kind]._default_manager.select_related("programme")
    row: Row | None = about.filter(pk=queued.about_id).first()
    if row is None:
        return None
    change = _change_of(row)
    is_newest = change.told_at is None or queued.queued_at >= change.told_at
    return letters.send_or_withdraw(
        queued,
        fits=is_newest and queued.code == LETTERS[change.kind],
        scopes=scopes_of(change.programme),
        values=lambda letter: letter_values(row, letter, timezone.localdate(now)),
        now=now,
    )


def letter_values(row: Row, letter: Letter, on: dt.date) -> Mapping[str, str]:
    """Give what the slots of a letter about a day are filled with."""
    change = _change_of(row)
    programme = change.programme
    tongue: Language = "nn" if letter.language == "nn" else "nb"
    with override(tongue):
        title = str(change.title) % change.slots
    return {
        "organisation": _works_at(letter.recipient, row, on),
        "programme": str(programme.title.get(letter.language) or programme.title.get("nb", "")),
        "title": title,
        "day": numbers.date(change.day, tongue),
        "old_day": numbers.date(change.old, tongue) if change.old else "",
        "reason": change.reason,
        "link": settings.BASE_URL + reverse("programme:year_wheel", args=[programme.slug]),
    }


def _works_at(address: str, row: Row, on: dt.date) -> str:
    """Name the organisation for which the day concerns somebody."""
    concerned = _concerned(row, on)
    return next((each.organisation.name for each in concerned if each.person.email == address), "")
