"""The log never holds an answer, a name, an address or a link. Values are planted and searched for."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import re
import smtplib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from sloyfe.accounts.models import Person
from sloyfe.cli.commands import web_server
from sloyfe.common.keys import KeyStore
from sloyfe.config.logs import JsonLines, StandardError
from sloyfe.config.wsgi import application
from sloyfe.fieldwork.actions import mailings, rounds
from sloyfe.fieldwork.models import Case, Contact, Response
from sloyfe.fieldwork.rules import ResponseState
from sloyfe.fieldwork.rules.links import link_token
from tests.cast import NOW, World, make_world
from tests.fieldwork import running
from tests.plugins.mail import MailServer
from tests.plugins.worker import Worker

PLANTED = "plantetverdi"
FAR = dt.date(2100, 1, 1)


def breaks(request: HttpRequest, name: str) -> HttpResponse:
    raise ValueError(f"{PLANTED}-i-unntaket", request.POST, name)


def breaks_the_database(request: HttpRequest, name: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::integer", [f"{PLANTED}-i-databasen"])
    return HttpResponse()


urlpatterns = [
    path("gaar-galt/<str:name>/", breaks),
    path("databasen/<str:name>/", breaks_the_database),
    path("", include("sloyfe.config.urls")),
]
handler500 = "sloyfe.ui.views.server_error"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the log of the product gets, as it is set up in the settings."""
    root = logging.getLogger()
    [handler] = [
        each
        for each in root.handlers
        if isinstance(each, StandardError) and isinstance(each.formatter, JsonLines)
    ]
    stream = io.StringIO()
    # Another handler of the same kind: what an earlier test has done to logging must not decide what is seen.
    mine = logging.StreamHandler(stream)
    mine.setFormatter(handler.formatter)
    root.addHandler(mine)
    # Beside the root's, where nothing takes it away while the test runs.
    logging.getLogger("sloyfe.error").addHandler(mine)
    disabled, level = root.manager.disable, root.level
    logging.disable(logging.NOTSET)
    root.setLevel(settings.LOGGING["root"]["level"])
    for logger in root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger) and logger.name.startswith("sloyfe"):
            logger.disabled = False
            logger.setLevel(logging.NOTSET)
            logger.propagate = True
    yield stream
    root.removeHandler(mine)
    logging.getLogger("sloyfe.error").removeHandler(mine)
    root.setLevel(level)
    logging.disable(disabled)


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    settings.KEYS = tmp_path / "keys"
    yield make_world()
    # The threads of the worker's jobs keep their connections, and a database in use cannot be dropped.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def tokens_of(world: World) -> list[str]:
    secret = KeyStore(settings.KEYS).link_secret()
    return [link_token(secret, case.pk, case.link_generation) for case in Case.objects.all()]


def bring_contacts(world: World, slug: str) -> None:
    """Send a file with a fault that quotes a value, and then a good one."""
    client = Client()
    client.force_login(world.person("evaluator"))
    good = running.contact_file().replace(b"post@", f"{PLANTED}@".encode())
    for content in (good.replace(b".invalid", b""), good):
        client.post(
            reverse("fieldwork:contacts", args=[slug]),
            {
                "file": SimpleUploadedFile(f"{PLANTED}.csv", content),
                "source": f"{PLANTED} kilde",
                "told": f"{PLANTED} fortalt",
            },
        )


def answer(token: str) -> None:
    """Answer every page with planted texts, wrongly first."""
    client = Client(raise_request_exception=False)
    said = f"{PLANTED} i svaret"

    def send(page: str, revision: int, **fields: str) -> int:
        data = {"svar-revisjon": str(revision), "svar-videre": "next"} | fields
        return client.post(f"/svar/{token}/{page}/", data).status_code

    client.get(f"/svar/{token}/{PLANTED}/")
    send("first", 0, satisfied=said)
    send("third", 0, name=said + "\x00")
    send("fourth", 0, comment=said * 60_000)
    assert send("first", 0, satisfied="agree") == 302
    assert send("third", 1, name=said) == 302
    assert send("third", 1, name=said + " igjen") == 409
    assert send("fourth", 2, comment=said, more="agree") == 302
    assert send("ferdig/send-inn", 3) == 302
    assert Response.objects.get().state == ResponseState.COMPLETE.value


def sign_in(world: World, worker: Worker) -> str:
    """Ask for a link while no mail can leave, then again, and come in. Gives the link's token."""
    person = world.people["partner"]
    Person.objects.filter(pk=person.pk).update(
        email=f"{PLANTED}@kommune.invalid", name=f"{PLANTED} navn"
    )
    client = Client()
    address = {"email": f"{PLANTED}@kommune.invalid"}
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1
    ):  # fmt: skip
        client.post(reverse("accounts:ask"), address)
        worker.run()
    client.post(reverse("accounts:ask"), address)
    worker.run()
    # A reminder that could not leave before is tried again after a while, and may come in between.
    token = next(
        str(letter.body).split("/lenke/")[1].split("/")[0]
        for letter in reversed(mail.outbox)
        if "/lenke/" in str(letter.body)
    )
    link = reverse("accounts:open_link", args=[token])
    client.get(link)
    assert client.post(link).status_code == 302
    assert client.post(link).status_code == 410
    return token


def test_the_log_of_a_whole_round_holds_nothing_that_anybody_wrote(
    world: World,
    log: io.StringIO,
    worker: Worker,
    mail_server: MailServer,
    capfd: pytest.CaptureFixture[str],
) -> None:
    round_ = running.planned(
        world,
        closes_on=FAR,
        delete_contacts_on=FAR,
        delete_keys_on=FAR,
        delete_responses_on=FAR,
    )
    running.draw(world, running.asking(world, round_))
    bring_contacts(world, round_.slug)
    assert Contact.objects.filter(email__contains=PLANTED).count() == 12
    running.write_letters(world)
    rounds.open_round(round_=round_, actor=world.person("evaluator"), now=NOW)
    round_.refresh_from_db()
    mail_server.bounces.add(f"{PLANTED}@x101.invalid")
    mail_server.busy.add(f"{PLANTED}@x102.invalid")
    mailings.invite(round_=round_, actor=world.person("evaluator"), now=NOW)
    worker.run()
    assert len(mail_server.letters) == 10
    tokens = tokens_of(world)
    answer(tokens[5])
    with override_settings(EMAIL_PORT=1):
        mailings.remind(round_=round_, actor=world.person("evaluator"), now=NOW)
        worker.run()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        tokens.append(sign_in(world, worker))
    with override_settings(ROOT_URLCONF=__name__):
        client = Client(raise_request_exception=False)
        for name in ("gaar-galt", "databasen"):
            broken = client.post(f"/{name}/{PLANTED}/?{PLANTED}=1", {"navn": PLANTED})
            assert broken.status_code == 500

    out, err = capfd.readouterr()
    everything = log.getvalue() + out + err
    # Wherever it was written.
    assert {"ValueError", "DataError"} <= set(re.findall(r'"error": "(\w+)"', everything))
    assert PLANTED not in everything
    assert ".invalid" not in everything
    assert not [token for token in tokens if token in everything]


def test_what_a_library_quotes_in_an_exception_stays_out(log: io.StringIO) -> None:
    try:
        raise smtplib.SMTPRecipientsRefused({f"{PLANTED}@kommune.invalid": (550, b"no")})
    except smtplib.SMTPException:
        logging.getLogger("some.package").exception("it failed")

    [line] = lines(log)
    assert (line["event"], line["error"]) == ("it failed", "SMTPRecipientsRefused")
    assert PLANTED not in log.getvalue()


def test_what_the_framework_cannot_answer_is_logged_without_values(log: io.StringIO) -> None:
    told: list[str] = []

    content = application(
        {"REQUEST_METHOD": "GET", "PATH_INFO": f"/{PLANTED}/", "wsgi.input": None},
        lambda status, headers: told.append(status),
    )

    assert told
    assert PLANTED not in log.getvalue()
    assert PLANTED.encode() not in b"".join(content)


def failing(message: str, *args: object) -> logging.LogRecord:
    """A line about an exception, as a logger makes it."""
    try:
        raise ValueError(f"{PLANTED}-i-unntaket")
    except ValueError:
        return logging.LogRecord("a.b", logging.ERROR, "", 1, message, args, sys.exc_info())


def test_a_line_that_cannot_be_made_says_nothing_of_what_it_held(
    capsys: pytest.CaptureFixture[str],
) -> None:
    handler = StandardError()
    handler.setFormatter(JsonLines())

    handler.handle(failing("%d", f"{PLANTED} er ikke et tall"))

    lost = json.loads(capsys.readouterr().err)
    assert (lost["event"], lost["error"], lost["logger"]) == ("line lost", "TypeError", "a.b")
    assert PLANTED not in str(lost)


def test_a_line_that_nobody_can_take_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    handler = StandardError()
    handler.setFormatter(JsonLines())
    closed = io.StringIO()
    closed.close()

    with monkeypatch.context() as shut:
        shut.setattr(sys, "stderr", closed)
        handler.handle(failing("it failed"))
        shut.setattr(sys, "stderr", None)
        handler.handle(failing("it failed"))


def test_the_web_server_writes_no_line_for_a_request() -> None:
    assert "--no-access-log" in web_server()
