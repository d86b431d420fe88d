"""What was answered stays to be read when it is corrected, and a question that nobody answers can be withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sloyfe.audit.models import Event
from sloyfe.audit.queries import earlier_texts
from sloyfe.comments.models import Comment
from sloyfe.comments.rules import Outcome
from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible
from sloyfe.delivery.actions import reports
from sloyfe.delivery.exports.documents import paper_of
from sloyfe.delivery.rules.reports import ReportState
from tests.cast import NOW, World
from tests.delivery.reporting import OFFICE, WRITER, kwargs, opened, received, report_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]
LATER = NOW + dt.timedelta(days=2)


@pytest.fixture
def morning() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def browser(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def url(world: World, name: str, **more: Any) -> str:
    return reverse(f"delivery:{name}", kwargs=kwargs(world, **more))


def asked(world: World, item: str = "homes") -> Comment:
    """A question from the office about a field of a received report."""
    opened(world)
    received(world)
    return reports.ask_about_report(
        report=report_of(world), item=item, text="Riktig?", actor=world.person(OFFICE), now=NOW
    )


def reply(world: World, comment: Comment, text: str, revision: int | None = None) -> Comment:
    return reports.reply_about_report(
        report=report_of(world),
        comment=comment,
        text=text,
        revision=revision,
        actor=world.person(WRITER),
        now=LATER,
    )


def test_a_reply_is_not_replaced_by_who_did_not_see_it(world: World) -> None:
    comment = asked(world)
    reply(world, comment, "Ja.", 0)

    with pytest.raises(ChangedMeanwhile):
        reply(world, comment, "Nei.", 0)

    comment.refresh_from_db()
    assert comment.answer == "Ja."


def test_a_form_that_is_sent_again_shows_the_reply_that_stands_and_can_be_saved_over_it(
    world: World,
) -> None:
    comment = asked(world)
    place = url(world, "report_reply", comment=comment.pk)
    client = browser(world, WRITER)
    client.post(place, {"text": "Ja.", "revision": "0"})

    again = client.post(place, {"text": "Nei.", "revision": "0"})

    page = again.content.decode()
    assert again.status_code == 409
    assert "Ja." in page
    assert "Nei." in page
    assert 'value="1"' in page
    assert client.post(place, {"text": "Nei.", "revision": "1"}).status_code == 302
    comment.refresh_from_db()
    assert comment.answer == "Nei."


def test_a_corrected_reply_keeps_what_stood_there_and_says_when(world: World) -> None:
    comment = asked(world)
    reply(world, comment, "Ja.", 0)
    reply(world, comment, "Nei, ni.", 1)

    page = browser(world, OFFICE).get(url(world, "report")).content.decode()

    [earlier] = earlier_texts([comment], "answer")[comment.pk]
    assert (earlier.text, earlier.until) == ("Ja.", LATER)
    assert "rettet svaret" in page
    assert "<p>Ja.</p>" in page
    assert Event.objects.filter(action="comments.comment.mend_answer").count() == 1


def test_a_corrected_answer_says_so_on_the_page_and_in_the_archive(world: World) -> None:
    opened(world)
    received(world)
    client = browser(world, OFFICE)
    client.post(url(world, "report_answer"), {"text": "Takk.", "revision": "0"})
    form = client.get(url(world, "report_answer")).content.decode()

    client.post(url(world, "report_answer"), {"text": "Takk for alt.", "revision": "1"})

    assert "Rett svaret på rapporten" in form
    page = browser(world, WRITER).get(url(world, "report")).content.decode()
    assert "rettet svaret" in page
    assert "<p>Takk.</p>" in page
    assert "Takk for alt." in page
    paper = str(paper_of(report_of(world)))
    assert "'Takk.'" in paper
    assert "Takk for alt." in paper


def test_the_archive_holds_the_questions_with_their_replies(world: World) -> None:
    comment = asked(world)
    reply(world, comment, "Ja, vi telte.")

    paper = str(paper_of(report_of(world)))

    assert "Riktig?" in paper
    assert "Ja, vi telte." in paper
    assert "Nye boliger" in paper


def test_a_question_that_nobody_answers_is_withdrawn_and_the_report_closed(world: World) -> None:
    comment = asked(world)
    client = browser(world, OFFICE)
    reports.answer_report(
        report=report_of(world), text="Takk.", revision=None, actor=world.person(OFFICE), now=NOW
    )
    before = client.get(url(world, "report")).content.decode()

    client.post(
        url(world, "report_withdraw", comment=comment.pk),
        {"why": "Svart på i møtet: tallet er tolv."},
    )
    client.post(url(world, "report_close"))

    assert "spørsmål om rapporten uten svar" in before  # beside the button, before it is pressed
    assert report_of(world).stands is ReportState.CLOSED
    comment.refresh_from_db()
    assert comment.outcome == Outcome.WITHDRAWN
    page = browser(world, WRITER).get(url(world, "report")).content.decode()
    assert "Svart på i møtet" in page
    assert "trakk spørsmålet" in page


def test_only_the_side_that_asked_withdraws_and_nobody_after_a_reply(world: World) -> None:
    comment = asked(world)
    own = {"report": report_of(world), "comment": comment, "why": "Feil.", "now": NOW}

    with pytest.raises(NotAllowed):
        reports.withdraw_question(actor=world.person(WRITER), **own)
    reply(world, comment, "Ja.")
    comment.refresh_from_db()
    with pytest.raises(NotPossible) as refusal:
        reports.withdraw_question(actor=world.person(OFFICE), **own)
    assert refusal.value.code == "comments.answered_already"


def test_a_withdrawn_question_gets_no_reply(world: World) -> None:
    comment = asked(world)
    reports.withdraw_question(
        report=report_of(world), comment=comment, why="Feil.", actor=world.person(OFFICE), now=NOW
    )
    comment.refresh_from_db()

    with pytest.raises(NotPossible) as refusal:
        reply(world, comment, "Ja.")

    assert refusal.value.code == "delivery.question_withdrawn"
