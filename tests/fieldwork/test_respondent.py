"""One answer after another in a browser without JavaScript."""

from __future__ import annotations

import pytest
from django.test import Client

from sloyfe.audit.models import Event
from sloyfe.fieldwork.models import Case, Response
from sloyfe.fieldwork.rules import Disposition, ResponseState
from tests.fieldwork.answering import FIRST, FOURTH, Fielding

pytestmark = pytest.mark.django_db


def post(client: Client, fielding: Fielding, page: str, fields: dict, revision: int, **more):
    data = {**fields, "svar-revisjon": str(revision), **more}
    return client.post(fielding.url(rest=f"{page}/"), data)


def test_opening_any_page_changes_nothing(client: Client, fielding: Fielding) -> None:
    before = list(Case.objects.order_by("pk").values())
    for rest in ("", "first/", "second/", "third/", "fourth/", "ferdig/se-over/", "ferdig/mine-svar/",
                 "ferdig/nei-takk/"):  # fmt: skip
        assert client.get(fielding.url(rest=rest)).status_code == 200
    assert list(Case.objects.order_by("pk").values()) == before
    assert Response.objects.count() == 0
    assert Event.objects.count() == 0


def test_a_respondent_answers_page_by_page_and_gets_a_receipt(
    client: Client, fielding: Fielding
) -> None:
    answer = post(client, fielding, "first", FIRST, 0)
    assert (answer.status_code, answer.url) == (302, fielding.url(rest="second/"))
    answer = post(client, fielding, "second", {"useful_1": "agree", "useful_5": "dont_know"}, 1)
    assert answer.url == fielding.url(rest="third/")
    third = {"wishes": ["disagree", "agree"], "inhabitants": "12 000", "share": "12,5",
             "agreed_on": "2026-03-01", "name": "Avdelingen"}  # fmt: skip
    assert post(client, fielding, "third", third, 2).url == fielding.url(rest="fourth/")
    assert post(client, fielding, "fourth", FOURTH, 3).url == fielding.url(rest="ferdig/se-over/")
    page = client.get(fielding.url(rest="ferdig/se-over/")).content.decode()
    assert "Alt er bra." in page
    answer = client.post(fielding.url(rest="ferdig/send-inn/"), {"svar-revisjon": "4"})
    assert answer.url == fielding.url(rest="ferdig/kvittering/")
    receipt = client.get(answer.url).content.decode()
    assert "Alt er bra." not in receipt
    response = Response.objects.get()
    assert response.state == ResponseState.COMPLETE
    assert response.answers == {
        "satisfied": "agree",
        "useful_1": "agree",
        "useful_5": "dont_know",
        "wishes": ["agree", "disagree"],
        "inhabitants": 12000,
        "share": 12.5,
        "agreed_on": "2026-03-01",
        "name": "Avdelingen",
        "comment": "Alt er bra.",
        "more": "neither",
    }
    case = Case.objects.get(pk=fielding.cases[0].pk)
    assert case.disposition == Disposition.COMPLETE
    assert case.started_on == case.completed_on


def test_the_trail_says_that_the_case_moved_and_never_the_hour_or_the_response(
    client: Client, fielding: Fielding
) -> None:
    post(client, fielding, "first", FIRST, 0)
    post(client, fielding, "fourth", FOURTH, 1)
    client.post(fielding.url(rest="ferdig/send-inn/"), {"svar-revisjon": "2"})
    events = list(Event.objects.order_by("details__to").values_list("action", "details"))
    assert events == [
        ("fieldwork.case.move", {"to": "complete"}),
        ("fieldwork.case.move", {"to": "partial"}),
    ]
    response = Response.objects.get()
    for event in Event.objects.all():
        assert (event.happened_at.minute, event.happened_at.second) == (0, 0)
        assert event.about_id == str(fielding.cases[0].pk)
        assert response.unit_ref not in str(event.__dict__)


def test_the_same_link_resumes_on_another_device_at_the_first_page_with_something_left(
    client: Client, fielding: Fielding
) -> None:
    post(client, fielding, "first", FIRST, 0)
    start = Client().get(fielding.url()).content.decode()
    assert f'href="{fielding.url(rest="second/")}"' in start
    page = Client().get(fielding.url(rest="first/")).content.decode()
    assert 'id="f-satisfied-agree" checked' in page
    assert 'id="f-satisfied-disagree" checked' not in page


def test_the_pages_set_no_cookie(client: Client, fielding: Fielding) -> None:
    post(client, fielding, "first", FIRST, 0)
    client.get(fielding.url())
    assert not client.cookies


def test_saving_and_going_back_or_leaving_saves_too(client: Client, fielding: Fielding) -> None:
    answer = post(client, fielding, "second", {"useful_1": "agree"}, 0, **{"svar-videre": "back"})
    assert answer.url == fielding.url(rest="first/")
    fields = {"useful_1": "agree", "useful_2": "agree"}
    answer = post(client, fielding, "second", fields, 1, **{"svar-videre": "later"})
    assert answer.url == fielding.url()
    assert Response.objects.get().answers == fields


def test_a_required_question_holds_back_but_what_was_given_is_saved(
    client: Client, fielding: Fielding
) -> None:
    answer = post(client, fielding, "fourth", {"comment": "Ja"}, 0)
    assert answer.status_code == 302  # "more" applies only after another answer
    post(client, fielding, "first", FIRST, 1)
    answer = post(client, fielding, "fourth", {"comment": "Ja visst"}, 2)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#f-more-agree"' in page
    assert 'name="svar-revisjon" value="3"' in page
    assert Response.objects.get().answers["comment"] == "Ja visst"


def test_a_question_that_an_answer_on_the_page_brings_up_is_shown_before_going_on(
    client: Client, fielding: Fielding
) -> None:
    assert (
        'data-question="why_not" hidden' in client.get(fielding.url(rest="first/")).content.decode()
    )
    answer = post(client, fielding, "first", {"satisfied": "disagree"}, 0)
    assert answer.url == fielding.url(rest="first/") + "#q-why_not"
    assert 'data-question="why_not" >' in client.get(answer.url).content.decode()
    answer = post(client, fielding, "first", {"satisfied": "disagree", "why_not": ""}, 1)
    assert answer.url == fielding.url(rest="second/")


def test_answers_that_routing_has_hidden_are_kept_in_the_draft_and_dropped_when_sent(
    client: Client, fielding: Fielding
) -> None:
    post(client, fielding, "first", {"satisfied": "disagree", "why_not": "Derfor"}, 0)
    post(client, fielding, "first", {"satisfied": "agree", "why_not": "Derfor"}, 1)
    assert Response.objects.get().answers["why_not"] == "Derfor"
    post(client, fielding, "fourth", FOURTH, 2)
    client.post(fielding.url(rest="ferdig/send-inn/"), {"svar-revisjon": "3"})
    assert Response.objects.get().answers == {
        "satisfied": "agree",
        "comment": "Alt er bra.",
        "more": "neither",
    }


def test_the_script_saves_each_answer_and_keeps_the_revision(
    client: Client, fielding: Fielding
) -> None:
    url = fielding.url(rest="first/")
    data = {"satisfied": "disagree", "svar-revisjon": "0"}
    said = client.post(url, data, headers={"X-Requested-With": "fetch"}).json()
    assert said["saved"] is True
    assert said["revision"] == 1
    assert said["text"].startswith("Lagret ")
    assert said["hidden"] == []
    said = client.post(
        url, {"satisfied": "agree", "svar-revisjon": "1"}, headers={"X-Requested-With": "fetch"}
    ).json()
    assert said["hidden"] == ["why_not"]


def test_the_language_is_the_municipalitys_and_may_be_chosen(
    client: Client, fielding: Fielding
) -> None:
    assert '<html lang="nb">' in client.get(fielding.url(0)).content.decode()
    nynorsk = client.get(fielding.url(1, "first/")).content.decode()
    assert '<html lang="nn">' in nynorsk
    assert "Samd" in nynorsk
    chosen = client.get(fielding.url(1, "first/?sprak=nb")).content.decode()
    assert '<html lang="nb">' in chosen
    answer = client.post(fielding.url(1, "first/?sprak=nb"), {**FIRST, "svar-revisjon": "0"})
    assert answer.url.endswith("/second/?sprak=nb")


def test_a_unit_may_say_no_and_what_it_had_answered_is_deleted(
    client: Client, fielding: Fielding
) -> None:
    post(client, fielding, "first", FIRST, 0)
    url = fielding.url(rest="ferdig/nei-takk/")
    assert client.post(url).status_code == 200
    assert client.post(url).status_code == 200
    assert Response.objects.count() == 0
    assert Case.objects.get(pk=fielding.cases[0].pk).disposition == Disposition.REFUSED
    assert Event.objects.filter(details__to="refused").count() == 1
    post(client, fielding, "first", FIRST, 0)
    assert Case.objects.get(pk=fielding.cases[0].pk).disposition == Disposition.PARTIAL


def test_the_respondent_can_take_a_copy_of_the_answers_before_sending(
    client: Client, fielding: Fielding
) -> None:
    post(client, fielding, "first", FIRST, 0)
    copy = client.get(fielding.url(rest="ferdig/mine-svar/"))
    assert copy.headers["Content-Disposition"] == 'attachment; filename="svar.html"'
    assert "Enig" in copy.content.decode()


def test_a_page_filled_from_the_kept_sheet_equals_one_rendered_whole(
    client: Client, fielding: Fielding
) -> None:
    from django.utils import translation

    from sloyfe.fieldwork.actions.answers import open_case, read_link
    from sloyfe.fieldwork.views import sheets
    from sloyfe.instruments.rules.answers import relevant_questions
    from sloyfe.instruments.rules.pages import from_answers

    post(client, fielding, "third", {"wishes": ["agree"], "name": '<b>"&', "inhabitants": "7"}, 0)
    link = read_link(fielding.token())
    assert link is not None
    case = open_case(link)
    assert case is not None
    frame = {name: f"<{name}>" for name in sheets.FRAME}
    with translation.override("nb"):
        for page in case.form.pages:
            asked = relevant_questions(case.form, case.answers)
            kept = sheets.page_html(case, page, "nb", frame=frame, asked=asked)
            dynamic = from_answers(case.answers, organisation="<organisation>", asked=asked)
            whole = sheets.troubled_page_html(
                case, page, "nb", frame=frame, dynamic=dynamic, summary=[]
            )
            assert kept == whole
