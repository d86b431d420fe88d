"""The outbox: letters are queued in the transaction that decides on them, and leave by a worker.

A worker claims a letter by a conditional update that it commits before it talks to the mail server. If it
dies after that, nobody can know whether the server took the letter: it becomes uncertain and is never
resent by itself (`release_uncertain` is a person's decision).
"""

from __future__ import annotations

import datetime as dt
import smtplib
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import models, transaction
from django.db.models import F

from sloyfe.audit.actions import Actor, action
from sloyfe.common.errors import InputProblem, NotPossible, Problem
from sloyfe.letters.models import Letter, LetterText
from sloyfe.letters.queries import stuck, texts_for
from sloyfe.letters.rules import MOVES, LetterState, fill, text_problems
from sloyfe.letters.texts import REFUSALS, STATE_TEXT

# Longer than any mail server's answer may take (EMAIL_TIMEOUT is 20 s).
CLAIM_LIFETIME = dt.timedelta(minutes=2)


def save_text(
    *, code: str, scope: str, language: str, subject: str, body: str, actor: Actor, now: dt.datetime
) -> LetterText:
    """Write the wording of a letter after checking its slots; the row's history keeps the old wording."""
    problems = text_problems(code, subject, body)
    if problems:
        raise InputProblem(
            [
                Problem(code=problem, message=str(REFUSALS[problem]) % details, column=language)
                for problem, details in problems
            ]
        )
    with action(
        "letters.text.save", actor=actor, now=now, code=code, language=language, scope=scope
    ):
        text, _made = LetterText.objects.update_or_create(
            code=code, scope=scope, language=language, defaults={"subject": subject, "body": body}
        )
    return text


@dataclass(frozen=True)
class Addressed:
    """A letter to be queued: which kind, in which language, to whom, about what."""

    code: str
    language: str
    recipient: str
    about: models.Model


def queue_many(wanted: Sequence[Addressed], *, scope: str, now: dt.datetime) -> list[Letter]:
    """Put letters into the outbox, inside the caller's transaction. A Message-ID never changes."""
    domain = settings.BASE_URL.split("//")[-1].split(":")[0]
    made = []
    for each in wanted:
        letter = Letter(
            code=each.code,
            scope=scope,
            language=each.language,
            recipient=each.recipient,
            about_kind=each.about._meta.label_lower,
            about_id=str(each.about.pk),
            queued_at=now,
        )
        letter.message_id = f"<{letter.pk}@{domain}>"
        made.append(letter)
    return Letter.objects.bulk_create(made)


def queue(
    *, code: str, scope: str, language: str, recipient: str, about: models.Model, now: dt.datetime
) -> Letter:
    """Put one letter into the outbox, inside the caller's transaction."""
    [letter] = queue_many([Addressed(code, language, recipient, about)], scope=scope, now=now)
    return letter


def claim(letter_id: uuid.UUID | str, *, now: dt.datetime) -> Letter | None:
    """Take a queued letter for sending; None when another worker has it or it is not queued."""
    taken = Letter.objects.filter(pk=letter_id, state=LetterState.QUEUED.value).update(
        state=LetterState.SENDING.value, claimed_at=now, attempts=F("attempts") + 1
    )
    return Letter.objects.get(pk=letter_id) if taken else None


def deliver(
    letter: Letter, *, scopes: Sequence[str], values: Mapping[str, str], now: dt.datetime
) -> Letter:
    """Send a claimed letter and record what became of it. Must run outside any transaction."""
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError("a letter must not be sent inside a transaction that may roll back")
    text = texts_for(letter.code, scopes).get(letter.language)
    if text is None:
        raise NotPossible("letter.no_text", code=letter.code, language=letter.language)
    message = EmailMessage(
        # A name with a line break in it must not end the header.
        subject=" ".join(fill(text.subject, values).split()),
        body=fill(text.body, values),
        to=[letter.recipient],
        headers={
            "Message-ID": letter.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.language,
        },
    )
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as trouble:
        # Nothing was handed over, so it may safely be tried again.
        return _record(letter, LetterState.FAILED, now=now, trouble=type(trouble).__name__)
    state, word = LetterState.SENT, ""
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as trouble:
        code = max(reply[0] for reply in trouble.recipients.values())
        state = LetterState.BOUNCED if code >= 500 else LetterState.FAILED
        word = f"SMTP {code}"
    except smtplib.SMTPResponseException as trouble:
        state, word = LetterState.FAILED, f"SMTP {trouble.smtp_code}"
    except (OSError, smtplib.SMTPException) as trouble:
        state, word = LetterState.UNCERTAIN, type(trouble).__name__
    finally:
        # What became of the letter is already known.
        with suppress(OSError, smtplib.SMTPException):
            connection.close()
    return _record(letter, state, now=now, trouble=word)


def send_or_withdraw(
    queued: Letter,
    *,
    fits: bool,
    scopes: Sequence[str],
    values: Callable[[Letter], Mapping[str, str]],
    now: dt.datetime,
) -> Letter | None:
    """Send a queued letter that still tells what is so, and withdraw one that no longer does.

    None where nothing was sent: it was withdrawn, or another worker has it.
    """
    if not fits:
        if queued.state == LetterState.QUEUED:
            move(queued, LetterState.CANCELLED, actor=None, now=now)
        return None
    letter = claim(queued.pk, now=now)
    if letter is None:
        return None
    return deliver(letter, scopes=scopes, values=values(letter), now=now)


def requeue(letter: Letter, *, now: dt.datetime) -> Letter:
    """Put a letter that the server could not take back into the outbox, for the next try."""
    return move(letter, LetterState.QUEUED, actor=None, now=now)


def _record(letter: Letter, state: LetterState, *, now: dt.datetime, trouble: str) -> Letter:
    letter.state = state.value
    letter.trouble = trouble
    letter.sent_at = now if state == LetterState.SENT else letter.sent_at
    letter.save(update_fields=["state", "trouble", "sent_at"])
    return letter


def mark_uncertain(*, now: dt.datetime) -> list[Letter]:
    """Say of letters whose worker died in the middle that nobody knows whether they left."""
    lost = stuck(now - CLAIM_LIFETIME)
    for letter in lost:
        with action("letters.letter.uncertain", actor=None, now=now, about=letter):
            Letter.objects.filter(pk=letter.pk, state=LetterState.SENDING.value).update(
                state=LetterState.UNCERTAIN.value
            )
    return lost


def move(
    letter: Letter,
    wanted: LetterState,
    *,
    actor: Actor,
    now: dt.datetime,
    recipient: str | None = None,
) -> Letter:
    """Let a person decide what becomes of a letter: send it again, count it as sent, or withdraw it.

    `recipient` is the address it goes to from now on, where that has been put right.
    """
    state = LetterState(letter.state)
    refusal = NotPossible("letter.cannot_move", state=STATE_TEXT[state], wanted=STATE_TEXT[wanted])
    if wanted not in MOVES[state]:
        raise refusal
    changed = {"state": wanted.value} | ({"recipient": recipient} if recipient else {})
    with action("letters.letter.move", actor=actor, now=now, about=letter, to=wanted.value):
        moved = Letter.objects.filter(pk=letter.pk, state=state.value).update(**changed)
        if not moved:
            raise refusal
    letter.state = wanted.value
    letter.recipient = recipient or letter.recipient
    return letter
