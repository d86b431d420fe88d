"""Signing in by one-time link, and out again."""

from __future__ import annotations

import datetime as dt
import re
from io import StringIO
from threading import Barrier, Thread

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from sloyfe.accounts.actions import make_link
from sloyfe.accounts.models import Person, SignInLink
from sloyfe.accounts.rules import ASKED_PER_ADDRESS, ASKED_PER_CLIENT, LINK_LIFETIME
from sloyfe.audit.models import Event
from tests.accounts.waiting import links_sent, waiting_links
from tests.cast import NOW, World, make_world
from tests.plugins.mail import MailServer
from tests.plugins.worker import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    cache.clear()
    return make_world()


def _ask(email: str, client: Client | None = None) -> int:
    with links_sent():
        return (client or Client()).post(reverse("accounts:ask"), {"email": email}).status_code


def _path_in_letter() -> str:
    found = re.search(r"http\S+?(/logg-inn/lenke/\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def test_a_known_address_gets_a_letter_with_a_link(world: World) -> None:
    _ask("Evaluator@ovelse.invalid ")

    assert mail.outbox[0].to == ["evaluator@ovelse.invalid"]
    assert settings.BASE_URL in mail.outbox[0].body


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(world: World) -> None:
    known, unknown = (
        Client().post(reverse("accounts:ask"), {"email": email}, follow=True)
        for email in ("evaluator@ovelse.invalid", "ingen@ovelse.invalid")
    )

    strip = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
    assert strip.sub(b"", known.content) == strip.sub(b"", unknown.content)


def test_nothing_is_sent_while_the_page_waits(world: World) -> None:
    for email in ("evaluator@ovelse.invalid", "ingen@ovelse.invalid"):
        Client().post(reverse("accounts:ask"), {"email": email})

    assert mail.outbox == []
    assert waiting_links() == [{"person_id": world.people["evaluator"].pk}, {"person_id": None}]


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_away_for_a_while_still_brings_the_link(
    worker: Worker, mail_server: MailServer
) -> None:
    cache.clear()
    make_world()
    mail_server.busy.add("evaluator@ovelse.invalid")
    Client().post(reverse("accounts:ask"), {"email": "evaluator@ovelse.invalid"})
    worker.run()
    assert mail_server.letters == []

    mail_server.busy.clear()
    with connection.cursor() as cursor:  # the wait before the next try is over
        cursor.execute("update procrastinate_jobs set scheduled_at = null")
    worker.run()

    assert len(mail_server.to("evaluator@ovelse.invalid")) == 1


def test_opening_the_link_signs_nobody_in_and_uses_nothing_up(world: World) -> None:
    _ask("evaluator@ovelse.invalid")
    client = Client()

    for _ in range(3):
        assert client.get(_path_in_letter()).status_code == 200
    client.head(_path_in_letter())

    assert "_auth_user_id" not in client.session
    assert SignInLink.objects.get().used_at is None


def test_pressing_the_button_signs_in_once(world: World) -> None:
    _ask("evaluator@ovelse.invalid")
    path = _path_in_letter()
    client = Client()

    first = client.post(path)
    second = Client().post(path)

    assert (first.status_code, second.status_code) == (302, 410)
    assert client.session["_auth_user_id"] == str(world.people["evaluator"].pk)
    assert Client().get(path).status_code == 410


def test_the_session_gets_a_new_key_at_sign_in(world: World) -> None:
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    _ask("evaluator@ovelse.invalid")

    client.post(_path_in_letter())

    assert client.session.session_key != session.session_key
    assert "planted" not in client.session


def test_a_link_stops_working_when_its_time_is_up(world: World) -> None:
    with time_machine.travel(NOW, tick=False):
        _ask("evaluator@ovelse.invalid")
    with time_machine.travel(NOW + LINK_LIFETIME, tick=False):
        assert Client().get(_path_in_letter()).status_code == 410
        assert Client().post(_path_in_letter()).status_code == 410


def test_a_person_who_is_no_longer_active_cannot_come_in(world: World) -> None:
    _ask("evaluator@ovelse.invalid")
    Person.objects.filter(email="evaluator@ovelse.invalid").update(is_active=False)

    assert Client().post(_path_in_letter()).status_code == 410


@pytest.mark.parametrize("token", ["x", "\x00", "æøå", "a" * 2000])
def test_a_link_that_nobody_made_tells_the_way_on(world: World, token: str) -> None:
    response = Client().get(reverse("accounts:open_link", args=[token]))

    assert response.status_code == 410
    assert reverse("accounts:ask") in response.content.decode()


def test_only_the_hash_of_a_link_is_kept(world: World) -> None:
    url = make_link(
        person=world.person("owner"), actor=None, lifetime=dt.timedelta(hours=1), now=NOW
    )
    token = url.rstrip("/").rpartition("/")[2]

    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(l)::text from accounts_signinlink l")
        stored = str(cursor.fetchall())

    assert token not in stored
    assert all(token not in str(event.details) for event in Event.objects.all())


def test_one_address_may_be_asked_for_a_few_times_an_hour(world: World) -> None:
    statuses = [_ask("evaluator@ovelse.invalid") for _ in range(ASKED_PER_ADDRESS + 1)]

    assert statuses == [302] * ASKED_PER_ADDRESS + [429]
    assert len(mail.outbox) == ASKED_PER_ADDRESS


def test_an_unknown_address_meets_the_same_limit(world: World) -> None:
    statuses = [_ask("ingen@ovelse.invalid") for _ in range(ASKED_PER_ADDRESS + 1)]

    assert statuses[-1] == 429


def test_one_client_may_ask_for_many_addresses_but_not_all(world: World) -> None:
    statuses = [_ask(f"nr{number}@ovelse.invalid") for number in range(ASKED_PER_CLIENT + 1)]

    assert statuses[-2:] == [302, 429]


@pytest.mark.parametrize("email", ["", "uten krøllalfa", "a@b", "x" * 300 + "@b.no", "a\x00@b.no"])
def test_an_address_that_is_none_is_told_at_its_field(world: World, email: str) -> None:
    response = Client().post(reverse("accounts:ask"), {"email": email})

    assert response.status_code == 422
    assert 'href="#id_email"' in response.content.decode()


def test_signing_out_takes_a_post(world: World) -> None:
    client = Client()
    client.force_login(world.person("owner"))

    assert client.get(reverse("accounts:sign_out")).status_code == 405
    client.post(reverse("accounts:sign_out"))

    assert "_auth_user_id" not in client.session
    assert Event.objects.filter(action="accounts.sign_out").count() == 1


def test_the_language_is_kept_on_the_person_and_in_the_browser(world: World) -> None:
    client = Client()
    client.force_login(world.person("owner"))

    response = client.post(reverse("accounts:language"), {"language": "nn", "next": "/meg/"})

    assert response.headers["Location"] == "/meg/"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "nn"
    assert world.person("owner").language == "nn"


@pytest.mark.parametrize("next_url", ["https://example.org/", "//example.org", "javascript:x", ""])
def test_choosing_a_language_never_leads_away(world: World, next_url: str) -> None:
    response = Client().post(reverse("accounts:language"), {"language": "nb", "next": next_url})

    assert response.headers["Location"] == "/"


def test_a_language_that_sloyfe_does_not_speak_is_refused(world: World) -> None:
    assert Client().post(reverse("accounts:language"), {"language": "xx"}).status_code == 409


def test_one_link_per_demo_role_is_printed_and_earlier_ones_stop(world: World) -> None:
    Person.objects.filter(email__startswith="evaluator").update(is_demo=True)
    outputs = []
    for _ in range(2):
        out = StringIO()
        call_command("sign_in_links", stdout=out)
        outputs.append(out.getvalue().strip().split("\t"))

    (_, first), (name, second) = outputs

    assert name == "evaluator"
    assert Client().get(first.removeprefix(settings.BASE_URL)).status_code == 410
    assert Client().get(second.removeprefix(settings.BASE_URL)).status_code == 200


def test_session_cookies_are_out_of_reach_of_scripts(world: World) -> None:
    _ask("evaluator@ovelse.invalid")
    client = Client()

    cookie = client.post(_path_in_letter()).cookies[settings.SESSION_COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_gets_in() -> None:
    person = Person.objects.create_user("to@ovelse.invalid", name="to")
    now = dt.datetime.now(tz=dt.UTC)
    url = make_link(person=person, actor=None, lifetime=dt.timedelta(hours=1), now=now)
    path = url.removeprefix(settings.BASE_URL)
    start, statuses = Barrier(4), []

    def press() -> None:
        start.wait()
        try:
            statuses.append(Client().post(path).status_code)
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [302, 410, 410, 410]
