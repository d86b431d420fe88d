"""Letters about needs: queued in the outbox, sent by a worker, with links that exist only while they are sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from sloyfe.common.keys import KeyStore
from sloyfe.delivery.models import Need
from sloyfe.delivery.queries.needs import receiver_of
from sloyfe.delivery.rules.need_links import Purpose, need_token
from sloyfe.delivery.rules.needs import UNCONFIRMED_KEPT, NeedState
from sloyfe.letters import actions as letters
from sloyfe.letters.models import Letter
from sloyfe.letters.queries import require_texts
from sloyfe.letters.rules import LetterState
from sloyfe.programme.models import Programme
from sloyfe.render import numbers
from sloyfe.render.blocks import Language

CONFIRM_LETTER = "need_confirm"
RECEIVED_LETTER = "need_received"
ANSWERED_LETTER = "need_answered"
# A letter that the need has gone past is not sent any more.
FITS = {
    CONFIRM_LETTER: frozenset({NeedState.UNCONFIRMED}),
    RECEIVED_LETTER: frozenset(NeedState) - {NeedState.UNCONFIRMED, NeedState.CLOSED},
    ANSWERED_LETTER: frozenset({NeedState.ANSWERED}),
}


def scopes_of(programme: Programme) -> list[str]:
    """Give where letter texts of a programme are looked up before the general ones."""
    return [f"programme:{programme.slug}"]


def require_letter(code: str, programme: Programme, language: str) -> None:
    """See that a letter has a text, before anything is written that it should tell of."""
    require_texts(code, scopes_of(programme), {language})


def queue_letter(code: str, need: Need, *, now: dt.datetime, hurry: bool = False) -> Letter:
    """Put a letter about a need in line, inside the caller's transaction. With `hurry` ahead of mailings."""
    require_letter(code, need.programme, need.language)
    letter = letters.queue(
        code=code,
        scope=scopes_of(need.programme)[0],
        language=need.language,
        recipient=need.contact_email,
        about=need,
        now=now,
    )
    jobs.configure_task("delivery.send_need_letter", priority=50 if hurry else 0).defer(
        letter_id=str(letter.pk)
    )
    return letter


def forget_letters(needs: Iterable[Need]) -> None:
    """Delete the letters about some needs from the outbox, since they hold the address."""
    Letter.objects.filter(
        about_kind=Need._meta.label_lower, about_id__in=[str(need.pk) for need in needs]
    ).exclude(state=LetterState.SENDING.value).delete()


def link_to(need: Need, purpose: Purpose) -> str:
    """Make the link by which a need is confirmed or followed without signing in. Never stored, never logged."""
    secret = KeyStore(settings.KEYS).link_secret()
    name = "delivery:confirm_need" if purpose is Purpose.CONFIRM else "delivery:follow_need"
    token = need_token(secret, purpose, need.pk, need.link_generation)
    return settings.BASE_URL + reverse(name, args=[token])


def send_need_letter(*, letter_id: str, now: dt.datetime) -> Letter | None:
    """Send one queued letter about a need. None when it is no longer to be sent."""
    queued = Letter.objects.filter(pk=letter_id, about_kind=Need._meta.label_lower).first()
    need = (
        Need.objects.select_related("programme", "municipality", "office", "answered_by")
        .filter(pk=queued.about_id)
        .first()
        if queued
        else None
    )
    if queued is None or need is None:
        return None
    return letters.send_or_withdraw(
        queued,
        fits=NeedState(need.state) in FITS[queued.code],
        scopes=scopes_of(need.programme),
        values=lambda letter: letter_values(letter.code, need, letter.language),
        now=now,
    )


def letter_values(code: str, need: Need, language: str) -> Mapping[str, str]:
    """Give what the slots of a letter about a need are filled with; nothing of what anybody wrote."""
    tongue: Language = "nn" if language == "nn" else "nb"
    purpose = Purpose.CONFIRM if code == CONFIRM_LETTER else Purpose.FOLLOW
    office = need.answered_by if code == ANSWERED_LETTER else need.office
    if office is None:
        office = receiver_of(need.programme, need.municipality, timezone.localdate(need.written_at))
    title = need.programme.title
    return {
        "organisation": need.municipality.name,
        "programme": str(title.get(language) or title.get("nb", "")),
        "office": office.name if office else "",
        "link": link_to(need, purpose),
        "day": numbers.date(need.triage_due, tongue) if need.triage_due else "",
        "last_day": numbers.date(
            timezone.localdate(need.written_at + UNCONFIRMED_KEPT) - dt.timedelta(days=1), tongue
        ),
    }
