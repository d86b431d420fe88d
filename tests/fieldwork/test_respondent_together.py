"""Several at once, against a real PostgreSQL: nothing is lost, doubled or mixed."""

from __future__ import annotations

import html
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from sloyfe.audit.models import Event
from sloyfe.fieldwork.models import Case, Response
from sloyfe.fieldwork.rules import Disposition
from sloyfe.organisations.models import Organisation
from tests.cast import make_world
from tests.fieldwork.answering import FIRST, FOURTH, Fielding, make_fielding

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_round(transactional_db: None) -> Fielding:
    return make_fielding(make_world())


def at_once(count: int, work: Callable[[int], object]) -> list:
    """Do the work in so many threads that all begin together."""
    barrier = Barrier(count)

    def begin(at: int) -> object:
        try:
            barrier.wait()
            return work(at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_six_that_post_the_same_first_page_at_once_make_one_response(open_round: Fielding) -> None:
    url = open_round.url(rest="first/")
    data = {**FIRST, "svar-revisjon": "0"}
    answers = at_once(6, lambda _at: Client().post(url, data))
    assert [answer.status_code for answer in answers] == [302] * 6
    assert {answer.url for answer in answers} == {open_round.url(rest="second/")}
    response = Response.objects.get()
    assert (response.answers, response.revision) == ({"satisfied": "agree"}, 1)
    assert Event.objects.count() == 1


def test_six_that_send_at_once_make_one_response_and_get_equal_receipts(
    open_round: Fielding,
) -> None:
    client = Client()
    client.post(open_round.url(rest="first/"), {**FIRST, "svar-revisjon": "0"})

    def last_page_and_send(_at: int) -> tuple[int, str]:
        own = Client()
        own.post(open_round.url(rest="fourth/"), {**FOURTH, "svar-revisjon": "1"})
        answer = own.post(
            open_round.url(rest="ferdig/send-inn/"), {"svar-revisjon": "2"}, follow=True
        )
        return answer.status_code, answer.content.decode()

    receipts = at_once(6, last_page_and_send)
    assert {status for status, _page in receipts} == {200}
    assert len({page for _status, page in receipts}) == 1
    assert "Kvittering" in receipts[0][1]
    response = Response.objects.get()
    assert response.state == "complete"
    assert response.answers == {"satisfied": "agree", "comment": "Alt er bra.", "more": "neither"}
    assert Event.objects.filter(details__to="complete").count() == 1


def test_of_two_tabs_the_later_gets_a_clear_message_and_keeps_its_text(
    open_round: Fielding,
) -> None:
    url = open_round.url(rest="fourth/")
    one, other = Client(), Client()
    assert one.post(url, {"comment": "Fra den ene", "svar-revisjon": "0"}).status_code == 302
    answer = other.post(url, {"comment": "Fra den andre", "svar-revisjon": "0"})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "endret i en annen fane" in page
    assert "Fra den andre</textarea>" in page
    assert Response.objects.get().answers == {"comment": "Fra den ene"}
    assert 'name="svar-revisjon" value="1"' in page
    # Having been told, the person may choose the own text.
    assert other.post(url, {"comment": "Fra den andre", "svar-revisjon": "1"}).status_code == 302
    assert Response.objects.get().answers == {"comment": "Fra den andre"}


def test_two_that_write_different_pages_from_the_same_revision_are_never_mixed(
    open_round: Fielding,
) -> None:
    pages = [("first", FIRST), ("fourth", {"comment": "Hei"})]

    def work(at: int) -> int:
        page, fields = pages[at]
        data = {**fields, "svar-revisjon": "0"}
        return Client().post(open_round.url(rest=f"{page}/"), data).status_code

    assert sorted(at_once(2, work)) == [302, 409]
    assert Response.objects.get().answers in ({"satisfied": "agree"}, {"comment": "Hei"})


def test_what_was_looked_over_is_what_is_sent(open_round: Fielding) -> None:
    client = Client()
    client.post(open_round.url(rest="first/"), {**FIRST, "svar-revisjon": "0"})
    client.post(open_round.url(rest="fourth/"), {**FOURTH, "svar-revisjon": "1"})
    client.post(open_round.url(rest="fourth/"), {**FOURTH, "comment": "Nei", "svar-revisjon": "2"})
    answer = client.post(open_round.url(rest="ferdig/send-inn/"), {"svar-revisjon": "2"})
    assert answer.status_code == 409
    assert "Ingenting er sendt" in answer.content.decode()
    assert Response.objects.get().state == "partial"


def test_fifty_that_answer_at_once_lose_nothing_and_double_nothing(open_round: Fielding) -> None:
    cases = list(open_round.cases)
    for at in range(50 - len(cases)):
        municipality = Organisation.objects.create(
            slug=f"more-{at}", name=f"Flere {at}", kind="municipality", sort_key=f"flere {at}"
        )
        cases.append(
            Case.objects.create(
                population=open_round.population, organisation=municipality, stratum="X3"
            )
        )
    everybody = Fielding(open_round.round, open_round.population, cases)

    def answer_all(at: int) -> str:
        client = Client()
        for revision, (page, fields) in enumerate(
            [
                ("first", FIRST),
                ("second", {f"useful_{row}": "agree" for row in range(1, 6)}),
                ("third", {"inhabitants": str(1000 + at)}),
                ("fourth", FOURTH),
            ]
        ):
            client.get(everybody.url(at, f"{page}/"))
            data = {**fields, "svar-revisjon": str(revision)}
            assert client.post(everybody.url(at, f"{page}/"), data).status_code == 302
        sent = client.post(
            everybody.url(at, "ferdig/send-inn/"), {"svar-revisjon": "4"}, follow=True
        )
        assert sent.status_code == 200
        return sent.content.decode()

    receipts = at_once(50, answer_all)
    assert len(set(receipts)) == 50
    responses = Response.objects.all()
    assert len(responses) == 50
    assert {r.state for r in responses} == {"complete"}
    assert sorted(r.answers["inhabitants"] for r in responses) == list(range(1000, 1050))
    assert all(len(r.answers) == 9 and r.revision == 5 for r in responses)
    assert Case.objects.filter(disposition=Disposition.COMPLETE.value).count() == 50
    assert Event.objects.filter(details__to="complete").count() == 50
