"""Invitations and reminders: decided here, queued in the outbox, sent by a worker one by one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from procrastinate.contrib.django import app as jobs
from procrastinate.types import JSONValue

from sloyfe.audit.actions import action, note
from sloyfe.common.errors import NotPossible
from sloyfe.common.keys import KeyStore
from sloyfe.fieldwork.actions.rounds import lock_round
from sloyfe.fieldwork.models import Case, Contact, Mailing, Round
from sloyfe.fieldwork.permissions import check_may_send
from sloyfe.fieldwork.queries import cases_to_invite, cases_to_remind
from sloyfe.fieldwork.rules import (
    LETTER_COMES_FROM,
    MAILING_CODES,
    Disposition,
    RoundState,
)
from sloyfe.fieldwork.rules.links import link_token
from sloyfe.letters import actions as letters
from sloyfe.letters.models import Letter
from sloyfe.letters.queries import require_texts
from sloyfe.letters.rules import LetterState, language_for
from sloyfe.programme.queries import Visitor
from sloyfe.render import numbers


def scopes_of(round_: Round) -> list[str]:
    """Give where letter texts are looked up: the round's own, then the programme's."""
    return [f"round:{round_.slug}", f"programme:{round_.programme.slug}"]


def invite(*, round_: Round, actor: Visitor, now: dt.datetime) -> int:
    """Write to everybody drawn who has not been written to. Gives the number of letters queued.

    May be pressed again after new contacts have come: nobody is invited twice. Refuses when some of
    those drawn have no contact.
    """
    check_may_send(actor, round_, now.date())
    with transaction.atomic():
        locked = lock_round(round_)
        check_may_send(actor, locked, now.date())
        waiting = [(case, 0) for case in cases_to_invite(locked)]
        if not waiting:
            return 0
        return _queue(locked, waiting, actor=actor, now=now, name="fieldwork.invitations.send")


def remind(*, round_: Round, actor: Visitor, now: dt.datetime) -> int:
    """Write once more to those who have been invited and have not finished, two times at most.

    A unit gets its first reminder or its second, whichever is next. Those who sent in, said no, or whose
    letter came back are left alone. Gives the number of letters queued.
    """
    check_may_send(actor, round_, now.date())
    with transaction.atomic():
        locked = lock_round(round_)
        check_may_send(actor, locked, now.date())
        waiting = cases_to_remind(locked)
        if not waiting:
            raise NotPossible("fieldwork.nobody_to_remind")
        return _queue(locked, waiting, actor=actor, now=now, name="fieldwork.reminders.send")


def _queue(
    round_: Round,
    waiting: Sequence[tuple[Case, int]],
    *,
    actor: Visitor,
    now: dt.datetime,
    name: str,
) -> int:
    """Queue one letter for each case and number. The unique key (case, number) stops a second one."""
    contacts = {row.organisation_id: row for row in Contact.objects.filter(round=round_)}
    lacking = [case for case, _number in waiting if case.organisation_id not in contacts]
    if lacking:
        raise NotPossible(
            "fieldwork.no_contacts", count=len(lacking), example=lacking[0].organisation.name
        )
    languages = {case.pk: language_for(case.organisation.language_form) for case, _n in waiting}
    tally = Counter(number for _case, number in waiting)
    for number in sorted(tally):
        require_texts(
            MAILING_CODES[number],
            scopes_of(round_),
            {languages[case.pk] for case, its in waiting if its == number},
        )
    with action(
        name,
        actor=actor,
        now=now,
        about=round_,
        letters=len(waiting),
        numbers={str(number): n for number, n in sorted(tally.items())},
    ):
        queued = letters.queue_many(
            [
                letters.Addressed(
                    code=MAILING_CODES[number],
                    language=languages[case.pk],
                    recipient=contacts[case.organisation_id].email,
                    about=case,
                )
                for case, number in waiting
            ],
            scope=f"round:{round_.slug}",
            now=now,
        )
        Mailing.objects.bulk_create(
            Mailing(case=case, number=number, letter=letter)
            for (case, number), letter in zip(waiting, queued, strict=True)
        )
        wanted: list[dict[str, JSONValue]] = [{"letter_id": str(letter.pk)} for letter in queued]
        jobs.configure_task("fieldwork.send_mailing").batch_defer(*wanted)
    return len(queued)


def send_mailing(*, letter_id: str, now: dt.datetime) -> Letter | None:
    """Send one queued letter with the link made on the spot. None when it is no longer to be sent.

    A unit that has finished or said no since the letter was queued gets no reminder.
    """
    mailing = (
        Mailing.objects.select_related(
            "letter", "case__population__round__programme", "case__organisation"
        )
        .filter(letter_id=letter_id)
        .first()
    )
    if mailing is None:
        return None
    case, round_ = mailing.case, mailing.case.population.round
    over = case.disposition in (Disposition.COMPLETE, Disposition.REFUSED)
    letter = letters.send_or_withdraw(
        mailing.letter,
        fits=round_.state == RoundState.OPEN and not over,
        scopes=scopes_of(round_),
        values=lambda letter: letter_values(case, round_, letter.language),
        now=now,
    )
    if letter is None:
        return None
    _record_on_case(case, letter, now=now)
    return letter


def _record_on_case(case: Case, letter: Letter, *, now: dt.datetime) -> None:
    wanted = {
        LetterState.SENT.value: Disposition.INVITED,
        LetterState.UNCERTAIN.value: Disposition.INVITED,
        LetterState.BOUNCED.value: Disposition.BOUNCED,
    }.get(letter.state)
    if wanted is None:
        return
    before = [each.value for each in LETTER_COMES_FROM[wanted]]
    with transaction.atomic():
        moved = Case.objects.filter(pk=case.pk, disposition__in=before).update(
            disposition=wanted.value
        )
        if moved:
            note("fieldwork.case.move", now=now, about=case, to=wanted.value)


def letter_values(case: Case, round_: Round, language: str) -> Mapping[str, str]:
    """Give what the slots of a letter are filled with. The link exists only here, while it is sent."""
    return _values(round_, language, organisation=case.organisation.name, link=link_for(case))


def sample_values(round_: Round, language: str) -> Mapping[str, str]:
    """Give harmless values for showing a letter before it goes out."""
    return _values(round_, language, organisation="Kommunen", link=f"{settings.BASE_URL}/svar/…/")


def _values(round_: Round, language: str, *, organisation: str, link: str) -> Mapping[str, str]:
    closes = round_.closes_on
    return {
        "organisation": organisation,
        "person": "",
        "round": str(round_.title.get(language) or round_.title.get("nb", "")),
        "link": link,
        "closes": numbers.date(closes, "nn" if language == "nn" else "nb") if closes else "",
        "controller": round_.controller,
        "contact": round_.contact,
    }


def link_for(case: Case) -> str:
    """Make the link that opens a case's questionnaire. Never stored, never logged."""
    secret = KeyStore(settings.KEYS).link_secret()
    token = link_token(secret, case.pk, case.link_generation)
    return settings.BASE_URL + reverse("fieldwork:answer_start", args=[token])


def make_new_link(*, case: Case, actor: Visitor, now: dt.datetime) -> Case:
    """Make every earlier link of a case void, for when a letter went to the wrong person."""
    check_may_send(actor, case.population.round, now.date())
    with action("fieldwork.link.renew", actor=actor, now=now, about=case):
        case.link_generation += 1
        case.save(update_fields=["link_generation"])
    return case


def send_again(*, mailing: Mailing, actor: Visitor, now: dt.datetime) -> None:
    """Send an uncertain, failed or returned letter once more, because a person decided so.

    It goes to the contact that the unit has now. A returned one needs another address than before.
    """
    round_ = mailing.case.population.round
    check_may_send(actor, round_, now.date())
    contact = Contact.objects.filter(
        round=round_, organisation_id=mailing.case.organisation_id
    ).first()
    address = contact.email if contact else mailing.letter.recipient
    if mailing.letter.state == LetterState.BOUNCED and address == mailing.letter.recipient:
        raise NotPossible("fieldwork.same_address")
    with transaction.atomic():
        letters.move(mailing.letter, LetterState.QUEUED, actor=actor, now=now, recipient=address)
        jobs.configure_task("fieldwork.send_mailing").defer(letter_id=str(mailing.letter_id))


def leave(*, mailing: Mailing, actor: Visitor, now: dt.datetime) -> None:
    """Leave a letter as it is: an uncertain one counts as sent, a failed one is withdrawn."""
    check_may_send(actor, mailing.case.population.round, now.date())
    uncertain = mailing.letter.state == LetterState.UNCERTAIN
    wanted = LetterState.SENT if uncertain else LetterState.CANCELLED
    letters.move(mailing.letter, wanted, actor=actor, now=now)
