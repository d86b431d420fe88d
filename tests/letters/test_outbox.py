"""The outbox sends each letter once, and says so when nobody can know whether it left."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sloyfe.audit.models import Event
from sloyfe.common.errors import InputProblem, NotPossible
from sloyfe.letters import actions
from sloyfe.letters.models import Letter
from sloyfe.letters.rules import LetterState
from tests.cast import NOW
from tests.plugins.mail import MailServer

pytestmark = pytest.mark.django_db(transaction=True)

VALUES = {
    "organisation": "Bjørkemo kommune",
    "round": "Runde 3",
    "link": "http://127.0.0.1/svar/abc/",
    "closes": "1.4.2026",
    "controller": "Instituttet",
    "contact": "post@institutt.invalid",
    "person": "",
}


def write_text(language: str = "nb", body: str = "Til {organisation}: {link}") -> None:
    actions.save_text(
        code="invitation",
        scope="",
        language=language,
        subject="{round}",
        body=body,
        actor=None,
        now=NOW,
    )


def queued(recipient: str = "mottaker@kommune.invalid") -> Letter:
    write_text()
    about = Event.objects.first()
    assert about is not None
    return actions.queue(
        code="invitation", scope="", language="nb", recipient=recipient, about=about, now=NOW
    )


def send(letter: Letter) -> Letter:
    claimed = actions.claim(letter.pk, now=NOW)
    assert claimed is not None
    return actions.deliver(claimed, scopes=[], values=VALUES, now=NOW)


def test_a_letter_leaves_with_its_own_message_id_and_filled_slots(mail_server: MailServer) -> None:
    letter = queued()

    sent = send(letter)

    assert sent.state == LetterState.SENT
    [message] = mail_server.letters
    assert message["Message-ID"] == letter.message_id
    assert message["Subject"] == "Runde 3"
    assert "Til Bjørkemo kommune: http://127.0.0.1/svar/abc/" in message.get_content()


def test_a_claimed_letter_cannot_be_claimed_again(mail_server: MailServer) -> None:
    letter = queued()

    assert actions.claim(letter.pk, now=NOW) is not None
    assert actions.claim(letter.pk, now=NOW) is None


def test_the_outbox_stores_neither_link_nor_body(mail_server: MailServer) -> None:
    letter = queued()
    send(letter)

    row = Letter.objects.filter(pk=letter.pk).values().get()

    assert not any("svar" in str(value) or "Bjørkemo" in str(value) for value in row.values())


def test_an_address_that_takes_no_letters_is_a_bounce(mail_server: MailServer) -> None:
    mail_server.bounces.add("borte@kommune.invalid")

    assert send(queued("borte@kommune.invalid")).state == LetterState.BOUNCED
    assert mail_server.letters == []


def test_a_busy_server_leaves_the_letter_to_be_tried_again(mail_server: MailServer) -> None:
    mail_server.busy.add("opptatt@kommune.invalid")

    letter = send(queued("opptatt@kommune.invalid"))
    assert letter.state == LetterState.FAILED

    actions.move(letter, LetterState.QUEUED, actor=None, now=NOW)
    mail_server.busy.clear()
    assert send(letter).state == LetterState.SENT
    assert len(mail_server.letters) == 1


def test_no_server_means_nothing_was_handed_over(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    assert send(queued()).state == LetterState.FAILED


def test_a_letter_whose_worker_died_becomes_uncertain_and_is_not_resent_by_itself(
    mail_server: MailServer,
) -> None:
    letter = queued()
    actions.claim(letter.pk, now=NOW)

    actions.mark_uncertain(now=NOW + dt.timedelta(seconds=30))
    letter.refresh_from_db()
    assert letter.state == LetterState.SENDING

    actions.mark_uncertain(now=NOW + actions.CLAIM_LIFETIME + dt.timedelta(seconds=1))
    letter.refresh_from_db()
    assert letter.state == LetterState.UNCERTAIN
    assert actions.claim(letter.pk, now=NOW) is None
    assert mail_server.letters == []


def test_a_sent_letter_cannot_be_queued_again(mail_server: MailServer) -> None:
    letter = send(queued())

    with pytest.raises(NotPossible) as refusal:
        actions.move(letter, LetterState.QUEUED, actor=None, now=NOW)
    assert refusal.value.code == "letter.cannot_move"


@pytest.mark.parametrize(
    "body",
    ["Uten lenke", "{link} {ukjent}", "{link", "{link.__class__}", "{link!r}", ""],
    ids=["no link", "unknown slot", "open brace", "attribute", "conversion", "empty"],
)
def test_a_text_that_cannot_be_filled_is_refused_before_anything_is_sent(body: str) -> None:
    with pytest.raises(InputProblem):
        write_text(body=body)
