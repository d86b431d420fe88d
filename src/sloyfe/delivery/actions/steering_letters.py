"""Letters to those who take part in the steering dialogue, when a day changes at short notice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app as jobs
from procrastinate.types import JSONValue

from sloyfe.delivery.models import SteeringMeeting
from sloyfe.delivery.queries.offices import STEERS
from sloyfe.delivery.rules.steering import SteeringState
from sloyfe.letters import actions as letters
from sloyfe.letters.models import Letter
from sloyfe.letters.queries import require_texts
from sloyfe.letters.rules import LetterState, language_for
from sloyfe.programme.actions.year_wheel import LETTERS, scopes_of
from sloyfe.programme.queries import Visitor
from sloyfe.programme.queries.year_wheel import people_reached
from sloyfe.programme.rules.mandates import RoleKind
from sloyfe.programme.rules.year_wheel import ChangeKind, Reach
from sloyfe.render import numbers
from sloyfe.render.blocks import Language

# Whom the dialogue concerns, as the year wheel sees it.
REACH = Reach(frozenset(RoleKind(capacity.value) for capacity in STEERS))


def queue_letters(
    kind: ChangeKind, meeting: SteeringMeeting, *, actor: Visitor | None, now: dt.datetime
) -> int:
    """Put one letter in line to each person who takes part, but for the one who made the change.

    The words are those of a change on the year wheel, where the dialogue stands too.
    """
    programme, code = meeting.programme, LETTERS[kind]
    wanted = [
        letters.Addressed(
            code, language_for(each.organisation.language_form), each.person.email, meeting
        )
        for each in people_reached(programme, REACH, timezone.localdate(now))
        if actor is None or each.person.pk != actor.pk
    ]
    if not wanted:
        return 0
    scopes = scopes_of(programme)
    require_texts(code, scopes, {each.language for each in wanted})
    queued = letters.queue_many(wanted, scope=scopes[0], now=now)
    asked: list[dict[str, JSONValue]] = [{"letter_id": str(letter.pk)} for letter in queued]
    jobs.configure_task("delivery.send_steering_letter").batch_defer(*asked)
    return len(queued)


def _newest(meeting: SteeringMeeting) -> ChangeKind:
    """Give what happened to a dialogue last."""
    if meeting.state == SteeringState.CANCELLED:
        return ChangeKind.CANCELLED
    return ChangeKind.NEW if meeting.moved_from is None else ChangeKind.MOVED


def send_steering_letter(*, letter_id: str, now: dt.datetime) -> Letter | None:
    """Send one queued letter about a dialogue. None when a newer one tells of it."""
    queued = Letter.objects.filter(
        pk=letter_id, about_kind=SteeringMeeting._meta.label_lower
    ).first()
    meeting = (
        SteeringMeeting.objects.select_related("programme").filter(pk=queued.about_id).first()
        if queued
        else None
    )
    if queued is None or meeting is None:
        return None
    told = meeting.announced_at
    if queued.code != LETTERS[_newest(meeting)] or (told and queued.queued_at < told):
        if queued.state == LetterState.QUEUED:
            letters.move(queued, LetterState.CANCELLED, actor=None, now=now)
        return None
    letter = letters.claim(letter_id, now=now)
    if letter is None:
        return None
    return letters.deliver(
        letter,
        scopes=scopes_of(meeting.programme),
        values=letter_values(meeting, letter, timezone.localdate(now)),
        now=now,
    )


def letter_values(meeting: SteeringMeeting, letter: Letter, on: dt.date) -> Mapping[str, str]:
    """Give what the slots of a letter about a dialogue are filled with."""
    programme = meeting.programme
    tongue: Language = "nn" if letter.language == "nn" else "nb"
    with override(tongue):
        title = _("Steering dialogue %(number)s") % {"number": meeting.number}
    cancelled = meeting.state == SteeringState.CANCELLED
    old = meeting.on if cancelled else meeting.moved_from
    return {
        "organisation": _works_at(letter.recipient, meeting, on),
        "programme": str(programme.title.get(letter.language) or programme.title.get("nb", "")),
        "title": title,
        "day": numbers.date(meeting.on, tongue),
        "old_day": numbers.date(old, tongue) if old else "",
        "reason": meeting.changed_why,
        "link": settings.BASE_URL + reverse("programme:year_wheel", args=[programme.slug]),
    }


def _works_at(address: str, meeting: SteeringMeeting, on: dt.date) -> str:
    """Name the office for which somebody takes part."""
    concerned = people_reached(meeting.programme, REACH, on)
    return next((row.organisation.name for row in concerned if row.person.email == address), "")


def requeue(letter: Letter, *, now: dt.datetime) -> Letter:
    """Put a letter that the server could not take back into the outbox, for the next try."""
    return letters.move(letter, LetterState.QUEUED, actor=None, now=now)
