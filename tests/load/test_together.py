"""Many at once against the servers that `sloyfe up` starts: nothing is lost, doubled or mixed."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from typing import TypeVar

import psycopg
import pytest

from tests.load.conftest import Place
from tests.load.respondents import Browser, Respondent

pytestmark = pytest.mark.load
T = TypeVar("T")


def pages_for(at: int) -> list[tuple[str, dict[str, str]]]:
    """Give what unit number `at` answers, page by page; its number tells it from the others."""
    return [
        ("first", {"satisfied": "agree"}),
        ("second", {f"useful_{row}": "agree" for row in range(1, 6)}),
        ("third", {"inhabitants": str(1000 + at), "name": f"Enhet {at}"}),
        ("fourth", {"comment": f"Vi er nummer {at}.", "more": "neither"}),
    ]


def at_once(count: int, work: Callable[[int], T]) -> list[T]:
    """Do the work in so many threads that all begin together."""
    barrier = Barrier(count)

    def begin(at: int) -> T:
        barrier.wait()
        return work(at)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_six_that_post_the_same_last_page_at_once_make_one_response_and_get_equal_receipts(
    place: Place,
) -> None:
    [link, *_others] = place.make_round("seks")
    *pages, (code, fields) = pages_for(0)
    first = Respondent(Browser(place.port), link, pages)
    for earlier, answers in pages:
        first.answer(earlier, answers)
    first.browser.close()
    together = Barrier(6)

    def last_page_and_send(_at: int) -> bytes:
        with closing(Browser(place.port)) as browser:
            revision = browser.get(f"{link}{code}/").revision
            together.wait()
            saved = browser.post(f"{link}{code}/", {**fields, "svar-revisjon": revision})
            assert saved.status == 302
            revision = browser.get(f"{link}ferdig/se-over/").revision
            together.wait()
            sent = browser.post(f"{link}ferdig/send-inn/", {"svar-revisjon": revision})
            assert (sent.status, sent.location) == (302, f"{link}ferdig/kvittering/")
            return browser.get(sent.location).body

    receipts = at_once(6, last_page_and_send)

    assert len(set(receipts)) == 1
    assert re.search(rb"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", receipts[0])
    with psycopg.connect(place.installation.cluster.url()) as connection:
        rows = connection.execute(
            "SELECT s.state, s.answers FROM fieldwork_response s"
            " JOIN fieldwork_round r ON r.id = s.round_id WHERE r.slug = 'seks'"
        ).fetchall()
        events = connection.execute(
            "SELECT count(*) FROM audit_event e JOIN fieldwork_case c ON c.id::text = e.about_id"
            " JOIN fieldwork_population p ON p.id = c.population_id"
            " JOIN fieldwork_round r ON r.id = p.round_id"
            " WHERE r.slug = 'seks' AND e.details->>'to' = 'complete'"
        ).fetchone()
    assert [state for state, _answers in rows] == ["complete"]
    assert rows[0][1]["inhabitants"] == 1000
    assert events == (1,)


def test_fifty_that_answer_at_once_lose_nothing_and_double_nothing(place: Place) -> None:
    links = place.make_round("femti")[:50]

    def answer_all(at: int) -> bytes:
        return Respondent(Browser(place.port, seconds=60), links[at], pages_for(at)).answer_all()

    receipts = at_once(50, answer_all)

    assert len(set(receipts)) == 50
    with psycopg.connect(place.installation.cluster.url()) as connection:
        rows = connection.execute(
            "SELECT s.state, s.revision, s.answers FROM fieldwork_response s"
            " JOIN fieldwork_round r ON r.id = s.round_id WHERE r.slug = 'femti'"
        ).fetchall()
        cases = connection.execute(
            "SELECT c.disposition, count(*) FROM fieldwork_case c"
            " JOIN fieldwork_population p ON p.id = c.population_id"
            " JOIN fieldwork_round r ON r.id = p.round_id WHERE r.slug = 'femti' GROUP BY 1"
        ).fetchall()
    assert len(rows) == 50
    assert {(state, revision) for state, revision, _answers in rows} == {("complete", 5)}
    found = {answers["inhabitants"]: answers for _state, _revision, answers in rows}
    for at in range(50):
        answers = found[1000 + at]
        assert answers["name"] == f"Enhet {at}"
        assert answers["comment"] == f"Vi er nummer {at}."
        assert len(answers) == 10
    assert dict(cases) == {"complete": 50, "drawn": 10}
