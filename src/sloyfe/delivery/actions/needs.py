"""Saying a need, confirming it, and what the offices do with it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from sloyfe.accounts.actions import count_request
from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action, point_at, set_about
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.common.keys import KeyStore
from sloyfe.common.persons import birth_number_line
from sloyfe.common.twice import SENT_TWICE_WITHIN
from sloyfe.delivery.actions.need_letters import (
    ANSWERED_LETTER,
    CONFIRM_LETTER,
    RECEIVED_LETTER,
    forget_letters,
    queue_letter,
    require_letter,
)
from sloyfe.delivery.models import Matter, Need
from sloyfe.delivery.permissions.needs import (
    Doer,
    channel_for,
    check_can_close,
    check_can_reopen,
    check_may_answer,
    check_may_close,
    check_may_raise,
    check_may_raise_to_owner,
    check_may_renew_link,
    check_may_reopen,
    check_may_triage,
)
from sloyfe.delivery.queries.needs import receiver_of
from sloyfe.delivery.queries.offices import deciders, office_with
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.need_links import MOST_GENERATIONS, Purpose, read_need_token
from sloyfe.delivery.rules.needs import (
    CLOSED_AFTER,
    LONGEST_NEED,
    LONGEST_NOTE,
    TRIAGE_WITHIN,
    UNCONFIRMED_KEPT,
    WRITTEN_PER_ADDRESS,
    WRITTEN_PER_CLIENT,
    WRITTEN_WITHIN,
    Channel,
    NeedState,
)
from sloyfe.delivery.rules.steering import MatterKind, MatterState
from sloyfe.letters.rules import language_for
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor
from sloyfe.programme.rules import Capacity


def lock_need(need: Need) -> Need:
    """Hold a need until the transaction ends, and give it as it stands now."""
    return (
        Need.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "municipality", "office", "answered_by")
        .get(pk=need.pk)
    )


def _read(text: str, most: int, *, empty: str) -> str:
    """Give what somebody wrote without the blanks around it. Raises NotPossible where it cannot be kept."""
    plain = text.replace("\r\n", "\n").strip()
    if not plain:
        raise NotPossible(empty)
    if len(plain) > most:
        raise NotPossible("delivery.need.too_long", most=most)
    if "\x00" in plain or any("\ud800" <= letter <= "\udfff" for letter in plain):
        raise NotPossible("delivery.need.unreadable")
    if (line := birth_number_line(plain)) is not None:
        raise NotPossible("delivery.need.birth_number", line=line)
    return plain


def _read_address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise NotPossible("delivery.need.no_address") from None
    if len(address) > 254:
        raise NotPossible("delivery.need.no_address")
    return address


def _require_receiver(
    programme: Programme, municipality: Organisation, on: dt.date
) -> Organisation:
    office = receiver_of(programme, municipality, on)
    if office is None:
        raise NotPossible("delivery.need.nobody_receives")
    return office


def write_openly(
    *,
    programme: Programme,
    municipality: Organisation,
    text: str,
    email: str,
    client: str,
    now: dt.datetime,
    writes_in: str = "",
) -> Need:
    """Take in a need from the open page, and have a letter sent to the address to confirm it.

    Nobody sees it before that. `client` is the network address that the limit counts. It has no
    municipality's name in the trail, since anybody can write one.
    """
    today = timezone.localdate(now)
    said = _read(text, LONGEST_NEED, empty="delivery.need.empty")
    address = _read_address(email)
    _require_receiver(programme, municipality, today)
    for kind, value, most in (
        ("need:client", client, WRITTEN_PER_CLIENT),
        ("need:address", address, WRITTEN_PER_ADDRESS),
    ):
        count_request(
            kind, value, most=most, within=WRITTEN_WITHIN, refusal="delivery.need.too_many"
        )
    # Bokmål is what a page begins with; who has chosen nynorsk is answered in it.
    language = "nn" if writes_in == "nn" else language_for(municipality.language_form)
    require_letter(CONFIRM_LETTER, programme, language)
    with action("delivery.need.write", actor=None, now=now) as event:
        need = Need.objects.create(
            programme=programme,
            municipality=municipality,
            channel=Channel.OPEN_PAGE.value,
            state=NeedState.UNCONFIRMED.value,
            text=said,
            contact_email=address,
            language=language,
            written_at=now,
        )
        point_at(event, need)
        queue_letter(CONFIRM_LETTER, need, now=now, hurry=True)
    return need


def confirm(*, token: str, now: dt.datetime, text: str | None = None) -> Need:
    """Confirm a need by the link in the letter; from now on the regional office has it. Works once.

    `text` takes the place of what was written, where whoever confirms has corrected it.
    """
    link = read_need_token(KeyStore(settings.KEYS).link_secret(), Purpose.CONFIRM, token)
    need = link and Need.objects.filter(pk=link.need_id).first()
    if not need:
        raise NotPossible("delivery.need.unknown_link")
    with action("delivery.need.confirm", actor=None, now=now, about=need):
        locked = (
            Need.objects.select_for_update(of=("self",), no_key=True)
            .select_related("programme", "municipality")
            .filter(pk=need.pk)
            .first()
        )
        if locked is None or link is None or locked.link_generation != link.generation:
            raise NotPossible("delivery.need.unknown_link")
        check_can_confirm(locked, now)
        # What was written is read once more: rules may have come since.
        locked.text = _read(
            locked.text if text is None else text, LONGEST_NEED, empty="delivery.need.empty"
        )
        _receive(locked, now)
        locked.revision += 1
        locked.save()
        queue_letter(RECEIVED_LETTER, locked, now=now, hurry=True)
    return locked


def check_can_confirm(need: Need, now: dt.datetime) -> None:
    """A need is confirmed once, within the days for which it is kept."""
    if need.state != NeedState.UNCONFIRMED:
        raise NotPossible("delivery.need.confirmed_already")
    if now >= need.written_at + UNCONFIRMED_KEPT:
        raise NotPossible("delivery.need.link_expired")


def _receive(need: Need, now: dt.datetime) -> None:
    today = timezone.localdate(now)
    need.office = _require_receiver(need.programme, need.municipality, today)
    need.state = NeedState.RECEIVED.value
    need.received_at = now
    need.triage_due = today + TRIAGE_WITHIN


def say_need(
    *,
    programme: Programme,
    municipality: Organisation,
    text: str,
    actor: Doer,
    now: dt.datetime,
    email: str = "",
) -> Need:
    """Report a need as somebody of the municipality who is signed in, or write it down as its regional office.

    The answer goes by letter to the one who said it; the office may give the municipality's address
    instead, which then gets a link to follow the need by. The very same need from the same one within some
    minutes is the one that has come already.
    """
    channel = channel_for(actor, programme, municipality, timezone.localdate(now))
    said = _read(text, LONGEST_NEED, empty="delivery.need.empty")
    address = _read_address(email) if email.strip() else ""
    if channel is Channel.SIGNED_IN and not address and isinstance(actor, Person):
        address = actor.email
    with transaction.atomic():
        # One at a time for a municipality, so that of two at once the second sees the first.
        Organisation.objects.select_for_update(no_key=True).get(pk=municipality.pk)
        already = Need.objects.filter(
            programme=programme,
            municipality=municipality,
            channel=channel.value,
            text=said,
            contact_email=address,
            state=NeedState.RECEIVED.value,
            written_at__gt=now - SENT_TWICE_WITHIN,
        ).first()
        return already or _say(programme, municipality, channel, said, address, actor, now)


def _say(
    programme: Programme,
    municipality: Organisation,
    channel: Channel,
    said: str,
    address: str,
    actor: Doer,
    now: dt.datetime,
) -> Need:
    with action("delivery.need.say", actor=actor, now=now, channel=channel.value) as event:
        need = Need(
            programme=programme,
            municipality=municipality,
            channel=channel.value,
            text=said,
            contact_email=address,
            language=language_for(municipality.language_form),
            written_at=now,
        )
        _receive(need, now)
        need.save(force_insert=True)
        set_about(event, need)
        if channel is Channel.OFFICE and address:
            queue_letter(RECEIVED_LETTER, need, now=now)
    return need


def _unchanged(need: Need, revision: int) -> Need:
    """Give the need as it stands, held. Raises ChangedMeanwhile when it is not what the person saw."""
    locked = lock_need(need)
    if locked.revision != revision:
        raise ChangedMeanwhile("delivery.need.changed_meanwhile")
    return locked


def _save(need: Need, *fields: str) -> None:
    need.revision += 1
    need.save(update_fields=["state", "revision", *fields])


def triage(*, need: Need, revision: int, note: str, actor: Doer, now: dt.datetime) -> Need:
    """Say who does what about a need; it is then in work. The municipality reads this."""
    said = _read(note, LONGEST_NOTE, empty="delivery.need.say_something")
    with action("delivery.need.triage", actor=actor, now=now, about=need):
        locked = _unchanged(need, revision)
        check_may_triage(actor, locked, timezone.localdate(now))
        locked.state, locked.triaged_at = NeedState.IN_WORK.value, now
        locked.triage_note = said
        _save(locked, "triaged_at", "triage_note")
    return locked


def answer(
    *,
    need: Need,
    revision: int,
    text: str,
    is_met: bool,
    actor: Doer,
    now: dt.datetime,
) -> Need:
    """Answer a need and say whether the answer meets it. The municipality gets a letter with the way to it."""
    said = _read(text, LONGEST_NEED, empty="delivery.need.say_something")
    with action("delivery.need.answer", actor=actor, now=now, about=need):
        locked = _unchanged(need, revision)
        check_may_answer(actor, locked, timezone.localdate(now))
        raised = locked.state == NeedState.RAISED
        locked.answered_by = (
            office_with(locked.programme, timezone.localdate(now), Capacity.NATIONAL_LEAD)
            if raised
            else locked.office
        )
        locked.state, locked.answered_at = NeedState.ANSWERED.value, now
        locked.answer, locked.is_met = said, is_met
        _save(locked, "answer", "answered_at", "answered_by", "is_met")
        if locked.contact_email and locked.access != Access.INTERNAL:
            queue_letter(ANSWERED_LETTER, locked, now=now)
    return locked


def raise_need(*, need: Need, revision: int, why: str, actor: Doer, now: dt.datetime) -> Need:
    """Raise a need that the region cannot meet to nasjonalt fagansvar, and say why."""
    said = _read(why, LONGEST_NOTE, empty="delivery.need.say_something")
    with action("delivery.need.raise", actor=actor, now=now, about=need):
        locked = _unchanged(need, revision)
        check_may_raise(actor, locked, timezone.localdate(now))
        locked.state, locked.raised_at = NeedState.RAISED.value, now
        locked.raised_why = said
        _save(locked, "raised_at", "raised_why")
    return locked


def raise_to_owner(
    *,
    need: Need,
    revision: int,
    title: str,
    text: str,
    proposal: str,
    actor: Doer,
    now: dt.datetime,
    addressed_to: Organisation | None = None,
) -> Matter:
    """Take a need that nobody could meet to the owner, or to the head office, as a matter for the steering dialogue.

    The matter is read by the same people as the need. The need waits where it is.
    """
    headline = " ".join(_read(title, 200, empty="delivery.need.say_something").split())
    said = _read(text, LONGEST_NEED, empty="delivery.need.say_something")
    proposed = (
        _read(proposal, LONGEST_NEED, empty="delivery.need.say_something")
        if proposal.strip()
        else ""
    )
    today = timezone.localdate(now)
    with action("delivery.need.raise_to_owner", actor=actor, now=now, about=need):
        locked = _unchanged(need, revision)
        check_may_raise_to_owner(actor, locked, today)
        asker = office_with(locked.programme, today, Capacity.NATIONAL_LEAD)
        above = deciders(locked.programme, today)
        if asker is None or not above:
            raise NotPossible("delivery.need.no_owner")
        decides = addressed_to or above[0]
        if decides not in above:
            raise NotPossible("delivery.cannot_be_asked", office=decides.name)
        matter = Matter.objects.create(
            programme=locked.programme,
            kind=MatterKind.NEED.value,
            title=headline,
            text=said,
            proposal=proposed,
            asked_by=asker,
            asked_on=today,
            asked_by_person=actor if isinstance(actor, Person) else None,
            addressed_to=decides,
            need=locked,
            access=locked.access,
            legal_ground=locked.legal_ground,
        )
        _save(locked)
    return matter


def close(*, need: Need, revision: int, actor: Visitor, now: dt.datetime) -> Need:
    """Close an answered need. The address that was given is forgotten; the way to follow the need stays."""
    with action("delivery.need.close", actor=actor, now=now, about=need):
        locked = _unchanged(need, revision)
        check_may_close(actor, locked, timezone.localdate(now))
        _close(locked, now)
    return locked


def close_by_link(*, need: Need, revision: int, now: dt.datetime) -> Need:
    """Close a need as somebody who follows it by its link: the answer helped."""
    with action("delivery.need.close", actor=None, now=now, about=need):
        locked = _unchanged(need, revision)
        check_can_close(locked)
        _close(locked, now)
    return locked


def _close(need: Need, now: dt.datetime) -> None:
    need.state, need.closed_at, need.contact_email = NeedState.CLOSED.value, now, ""
    _save(need, "closed_at", "contact_email")
    forget_letters([need])


def reopen(*, need: Need, revision: int, why: str, actor: Visitor, now: dt.datetime) -> Need:
    """Say as the municipality that the answer did not help, and why. The office takes the need up again."""
    said = _read(why, LONGEST_NOTE, empty="delivery.need.say_something")
    with action("delivery.need.reopen", actor=actor, now=now, about=need):
        locked = _unchanged(need, revision)
        check_may_reopen(actor, locked, timezone.localdate(now))
        _reopen(locked, said, now)
    return locked


def reopen_by_link(*, need: Need, revision: int, why: str, now: dt.datetime) -> Need:
    """Say that the answer did not help, as somebody who follows the need by its link."""
    said = _read(why, LONGEST_NOTE, empty="delivery.need.say_something")
    with action("delivery.need.reopen", actor=None, now=now, about=need):
        locked = _unchanged(need, revision)
        check_can_reopen(locked)
        _reopen(locked, said, now)
    return locked


def _reopen(need: Need, why: str, now: dt.datetime) -> None:
    need.state, need.is_met = NeedState.IN_WORK.value, None
    need.reopened_at, need.reopened_why = now, why
    _save(need, "is_met", "reopened_at", "reopened_why")


def renew_link(*, need: Need, revision: int, actor: Visitor, now: dt.datetime) -> Need:
    """Make every earlier link to a need void, for when a letter went to somebody else."""
    with action("delivery.need.renew_link", actor=actor, now=now, about=need):
        locked = _unchanged(need, revision)
        check_may_renew_link(actor, locked, timezone.localdate(now))
        locked.link_generation = min(locked.link_generation + 1, MOST_GENERATIONS)
        _save(locked, "link_generation")
        if locked.contact_email and locked.state != NeedState.UNCONFIRMED:
            queue_letter(RECEIVED_LETTER, locked, now=now)
    return locked


def forget_unconfirmed(*, now: dt.datetime) -> int:
    """Delete the needs that nobody confirmed in time, with their addresses. May run twice without harm."""
    due = Need.objects.filter(
        state=NeedState.UNCONFIRMED.value, written_at__lte=now - UNCONFIRMED_KEPT
    )
    if not due.exists():
        return 0
    with action("delivery.needs.forget", actor=None, now=now) as event:
        # Held, so that nobody confirms one while it is being deleted.
        rows = list(due.select_for_update(of=("self",)))
        forget_letters(rows)
        Need.objects.filter(pk__in=[row.pk for row in rows]).delete()
        event.details["needs"] = len(rows)
    return len(rows)


def close_old(*, now: dt.datetime) -> int:
    """Close the answered needs that nobody has said anything about for long; gives how many.

    One that the owner has been asked about waits. May run twice without harm.
    """
    closed = 0
    old = Need.objects.filter(
        state=NeedState.ANSWERED.value, answered_at__lte=now - CLOSED_AFTER
    ).exclude(matters__state=MatterState.ASKED.value)
    for need in old.order_by("pk"):
        with action("delivery.need.close", actor=None, now=now, about=need):
            locked = lock_need(need)
            if locked.state == NeedState.ANSWERED:
                _close(locked, now)
                closed += 1
    return closed
