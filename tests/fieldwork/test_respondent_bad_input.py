"""Whatever is sent, the respondent gets a clear message and nothing is half-written."""

from __future__ import annotations

import html
import uuid

import pytest
from django.test import Client

from sloyfe.common.keys import KeyStore
from sloyfe.fieldwork.models import Case, Response, Round
from sloyfe.fieldwork.rules import RoundState
from sloyfe.fieldwork.rules.links import link_token
from tests.cast import make_world
from tests.fieldwork.answering import FIRST, FOURTH, Fielding, definition, make_fielding, text

pytestmark = pytest.mark.django_db
FETCH = {"X-Requested-With": "fetch"}


def post(client: Client, fielding: Fielding, page: str, fields: dict, revision: int = 0, **more):
    url = fielding.url(rest=f"{page}/")
    return client.post(url, {**fields, "svar-revisjon": str(revision)}, **more)


def words(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("page", "fields", "message"),
    [
        ("first", {"satisfied": "perhaps"}, "«perhaps» er ikke et av svaralternativene"),
        ("first", {"satisfied": ["agree", "disagree"]}, "Gi ett svar her"),
        ("third", {"wishes": ["agree", "neither", "disagree"]}, "Velg høyst 2. Du har valgt 3"),
        ("first", {"comment": "Hei"}, "fra en annen side (comment)"),
        ("first", {"unheard_of": "1"}, "ikke finnes i skjemaet (unheard_of)"),
        ("third", {"inhabitants": "mange"}, "Skriv et tall"),
        ("third", {"inhabitants": "12.000"}, "leses på to måter"),
        ("third", {"inhabitants": "-1"}, "ikke være lavere enn 0"),
        ("third", {"inhabitants": "1000001"}, "ikke være høyere enn 1\u00a0000\u00a0000"),
        ("third", {"inhabitants": "1,5"}, "Skriv et helt tall"),
        ("third", {"share": "1,25"}, "høyst 1 desimaler"),
        ("third", {"inhabitants": "9" * 400}, "Skriv et tall"),
        ("third", {"agreed_on": "2026-02-30"}, "Skriv en dato som finnes"),
        ("third", {"agreed_on": "0001-01-01"}, "Året må være mellom 1900 og 2100"),
        ("third", {"name": "x" * 41}, "Det er plass til 40 tegn, og den har 41"),
        ("third", {"name": "to\nlinjer"}, "Her er det plass til én linje"),
        ("fourth", {"comment": "a\x00b"}, "usynlige styretegn"),
        ("fourth", {"comment": "a\x1bb"}, "usynlige styretegn"),
        (
            "fourth",
            {"comment": "x" * 400_000},
            "plass til 4\u00a0000 tegn, og den har 400\u00a0000",
        ),
    ],
)
def test_a_wrong_answer_is_told_and_nothing_of_the_page_is_saved(
    client: Client, fielding: Fielding, page: str, fields: dict, message: str
) -> None:
    rest = {"name": "Avdelingen"} if page == "third" and "name" not in fields else {}
    answer = post(client, fielding, page, rest | fields)
    assert answer.status_code == 422
    assert message in words(answer)
    assert Response.objects.count() == 0
    if rest:
        assert 'value="Avdelingen"' in words(answer)
    said = post(client, fielding, page, rest | fields, headers=FETCH)
    assert said.json()["saved"] is False
    assert message in said.json()["text"]
    assert Response.objects.count() == 0


def test_a_megabyte_is_refused_before_it_is_read(client: Client, fielding: Fielding) -> None:
    body = f"comment={'x' * 1_000_000}&svar-revisjon=0"
    url = fielding.url(rest="fourth/")
    kind = "application/x-www-form-urlencoded"
    answer = client.post(url, body, content_type=kind)
    assert answer.status_code == 413
    assert "for langt til å bli lagret" in words(answer)
    said = client.post(url, body, content_type=kind, headers=FETCH)
    assert said.status_code == 413
    assert said.json()["saved"] is False
    assert Response.objects.count() == 0


def test_thousands_of_fields_are_refused(client: Client, fielding: Fielding) -> None:
    answer = post(client, fielding, "first", {f"f{at}": "1" for at in range(2000)})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body", [b"comment=\xff\xfe&svar-revisjon=0", "comment=æ".encode("latin-1")]
)
def test_bytes_that_are_not_text_are_refused(
    client: Client, fielding: Fielding, body: bytes
) -> None:
    url = fielding.url(rest="fourth/")
    answer = client.post(url, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "klarte ikke å lese" in words(answer)
    assert Response.objects.count() == 0


def test_percent_encoded_bytes_that_are_not_text_are_told_at_the_field(
    client: Client, fielding: Fielding
) -> None:
    url = fielding.url(rest="fourth/")
    body = b"comment=%ff%fe&svar-revisjon=0"
    answer = client.post(url, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert "kan ikke leses" in words(answer)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"comment": 1}'),
        ("multipart/form-data; boundary=x", b"nonsense"),
        ("multipart/form-data", b"no boundary"),
        ("text/plain", b""),
        ("", b""),
        ("application/x-www-form-urlencoded", b"svar-revisjon=-1"),
        ("application/x-www-form-urlencoded", b"svar-revisjon=99999999999999999999"),
        ("application/x-www-form-urlencoded", b"svar-revisjon=%C2%B2"),
    ],
)
def test_what_is_not_a_form_is_refused(
    client: Client, fielding: Fielding, kind: str, body: bytes
) -> None:
    for rest in ("fourth/", "ferdig/send-inn/"):
        answer = client.post(fielding.url(rest=rest), body, content_type=kind)
        assert 400 <= answer.status_code < 500
        assert Response.objects.count() == 0


def test_script_in_every_text_is_shown_as_text(client: Client) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    content = definition()
    for page in content["pages"]:
        page["title"] = text(evil)
        page["intro"] = text(evil)
        for question in page["questions"]:
            question["text"] = question["help"] = text(evil)
            question["options"] = [{**o, "text": text(evil)} for o in question["options"]]
            question["rows"] = [{**row, "text": text(evil)} for row in question["rows"]]
    fielding = make_fielding(make_world(), content)
    Round.objects.update(title=text(evil), privacy_notice=text(evil), contact=evil, host=evil)
    organisation = fielding.cases[0].organisation
    organisation.name = evil
    organisation.save()
    post(client, fielding, "first", FIRST)
    post(client, fielding, "fourth", {"comment": evil, "more": "agree"}, 1)
    pages = [
        client.get(fielding.url(rest=rest))
        for rest in (
            "",
            "first/",
            "second/",
            "third/",
            "fourth/",
            "ferdig/se-over/",
            "ferdig/mine-svar/",
            "ferdig/nei-takk/",
        )
    ]
    pages.append(post(client, fielding, "third", {"name": evil, "inhabitants": evil}, 2))
    pages.append(post(client, fielding, "first", {"satisfied": evil, evil: evil}, 2))
    client.post(fielding.url(rest="ferdig/send-inn/"), {"svar-revisjon": "2"})
    pages.append(client.get(fielding.url(rest="ferdig/kvittering/")))
    for page in pages:
        assert b"<script>alert" not in page.content
        assert b"<img" not in page.content
        assert b"\x02" not in page.content


def test_a_stranger_meets_a_friendly_page_and_learns_nothing(
    client: Client, fielding: Fielding
) -> None:
    token = fielding.token()
    other = KeyStore(fielding_keys()).link_secret()[::-1]
    wrong = [
        "x",
        "æøå" * 16,
        token[:-1],
        token + "A",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        link_token(other, fielding.cases[0].pk, 1),
        link_token(KeyStore(fielding_keys()).link_secret(), uuid.uuid4(), 1),
        "A" * 48,
        "%00" * 16,
    ]
    for one in wrong:
        for rest in ("", "first/", "ferdig/se-over/", "ferdig/kvittering/"):
            answer = client.get(f"/svar/{one}/{rest}")
            assert answer.status_code == 404
            assert "Vi finner ikke denne lenken" in words(answer)


def fielding_keys():
    from django.conf import settings

    return settings.KEYS


def test_another_rounds_link_opens_only_its_own_round(client: Client, fielding: Fielding) -> None:
    world_programme = fielding.round.programme
    content = definition()
    content["pages"] = content["pages"][:1]
    other = Round.objects.get(pk=fielding.round.pk)
    other.pk, other.slug, other._state.adding = None, "runde-2", True
    other.save()
    assert other.programme == world_programme
    KeyStore(fielding_keys()).make_round_key(other.pk)
    population = fielding.population
    population.pk, population.round, population._state.adding = None, other, True
    population.save()
    case = Case.objects.create(
        population=population, organisation=fielding.cases[0].organisation, stratum="X1"
    )
    token = link_token(KeyStore(fielding_keys()).link_secret(), case.pk, 1)
    post(client, fielding, "first", FIRST)
    client.post(f"/svar/{token}/first/", {"satisfied": "disagree", "svar-revisjon": "0"})
    answers = {r.round_id: r.answers["satisfied"] for r in Response.objects.all()}
    assert answers == {fielding.round.pk: "agree", other.pk: "disagree"}
    assert client.get(f"/svar/{token}/tenth/").status_code == 404
    # The token of one case with the proof of another opens nothing.
    mixed = token[:22] + fielding.token()[22:]
    assert client.get(f"/svar/{mixed}/").status_code == 404


def test_a_replaced_link_says_to_use_the_newest_letter(client: Client, fielding: Fielding) -> None:
    old = fielding.url(rest="first/")
    Case.objects.filter(pk=fielding.cases[0].pk).update(link_generation=2)
    for answer in (client.get(old), client.post(old, {**FIRST, "svar-revisjon": "0"})):
        assert answer.status_code == 410
        assert "Bruk det nyeste brevet" in words(answer)
    assert Response.objects.count() == 0


def test_a_used_link_shows_the_receipt_and_never_the_answers(
    client: Client, fielding: Fielding
) -> None:
    post(client, fielding, "first", FIRST)
    post(client, fielding, "fourth", FOURTH, 1)
    send = fielding.url(rest="ferdig/send-inn/")
    client.post(send, {"svar-revisjon": "2"})
    before = Response.objects.values().get()
    receipt = fielding.url(rest="ferdig/kvittering/")
    first = client.get(receipt).content
    assert b"Alt er bra." not in first
    for rest in ("", "first/", "ferdig/se-over/", "ferdig/mine-svar/", "ferdig/nei-takk/"):
        assert client.get(fielding.url(rest=rest)).url == receipt
    assert post(client, fielding, "first", {"satisfied": "disagree"}, 3).url == receipt
    assert client.post(fielding.url(rest="ferdig/nei-takk/")).url == receipt
    said = post(client, fielding, "first", {"satisfied": "disagree"}, 3, headers=FETCH)
    assert said.json()["saved"] is False
    for revision in ("0", "2", "7"):
        assert client.post(send, {"svar-revisjon": revision}).url == receipt
    assert client.get(receipt).content == first
    assert Response.objects.values().get() == before


def test_sending_past_an_unanswered_required_question_says_which_and_links_to_it(
    client: Client, fielding: Fielding
) -> None:
    answer = client.post(fielding.url(rest="ferdig/send-inn/"), {"svar-revisjon": "0"})
    assert answer.status_code == 422
    assert f'href="{fielding.url(rest="first/")}#f-satisfied-agree"' in words(answer)
    assert Response.objects.count() == 0
    post(client, fielding, "first", FIRST)
    answer = client.post(fielding.url(rest="ferdig/send-inn/"), {"svar-revisjon": "1"})
    assert f'href="{fielding.url(rest="fourth/")}#f-more-agree"' in words(answer)
    assert Response.objects.get().state == "partial"


def test_a_closed_round_says_so_and_takes_nothing(client: Client, fielding: Fielding) -> None:
    post(client, fielding, "first", FIRST)
    Round.objects.update(state=RoundState.CLOSED.value)
    answer = client.get(fielding.url())
    assert answer.status_code == 200
    assert "Undersøkelsen er avsluttet" in words(answer)
    for rest in ("first/", "ferdig/send-inn/", "ferdig/nei-takk/"):
        answer = client.post(fielding.url(rest=rest), {"svar-revisjon": "1"})
        assert answer.status_code == 409
        assert "avsluttet" in words(answer)
    said = post(client, fielding, "first", {"satisfied": "disagree"}, 1, headers=FETCH)
    assert "avsluttet" in said.json()["text"]
    response = Response.objects.get()
    assert (response.answers, response.revision) == ({"satisfied": "agree"}, 1)


def test_a_round_that_closes_while_somebody_writes_takes_nothing_more(fielding: Fielding) -> None:
    from django.utils import timezone

    from sloyfe.common.errors import NotPossible
    from sloyfe.fieldwork.actions.answers import open_case, read_link, save_answers, submit

    def case(at: int):
        link = read_link(fielding.token(at))
        opened = link and open_case(link)
        assert opened
        return opened

    now = timezone.now()
    begun = save_answers(case(0), changes={"satisfied": "disagree"}, revision=0, now=now)
    new = case(1)
    Round.objects.update(state=RoundState.CLOSED.value)
    with pytest.raises(NotPossible, match=r"answer\.round_closed"):
        save_answers(new, changes={"satisfied": "agree"}, revision=0, now=now)
    with pytest.raises(NotPossible, match=r"answer\.round_closed"):
        save_answers(begun, changes={"satisfied": "agree"}, revision=1, now=now)
    with pytest.raises(NotPossible, match=r"answer\.round_closed"):
        submit(begun, revision=1, now=now)
    assert Response.objects.get().answers == {"satisfied": "disagree"}


def test_an_open_round_without_its_key_says_so(client: Client, fielding: Fielding) -> None:
    (fielding_keys() / f"round-{fielding.round.pk}").unlink()
    answer = client.get(fielding.url())
    assert answer.status_code == 503
    assert "Nøkkelen" in words(answer)


def test_a_request_that_another_website_makes_is_refused(
    client: Client, fielding: Fielding
) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.invalid"},
                    {"Origin": "null"}):  # fmt: skip
        answer = post(client, fielding, "first", FIRST, headers=headers)
        assert answer.status_code == 403
        assert "et annet nettsted" in words(answer)
    assert Response.objects.count() == 0
    good = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    assert post(client, fielding, "first", FIRST, headers=good).status_code == 302


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(client: Client, fielding: Fielding, method: str) -> None:
    assert getattr(client, method)(fielding.url(rest="first/")).status_code == 405
    assert client.get(fielding.url(rest="ferdig/send-inn/")).status_code == 405
