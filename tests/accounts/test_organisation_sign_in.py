"""The organisation's own sign-in (OpenID Connect), against a small sign-in server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.db import connection
from django.test import Client, override_settings
from django.urls import NoReverseMatch, include, path, reverse
from django.views.decorators.http import require_POST

from sloyfe.accounts.models import Person
from sloyfe.accounts.views.organisation import proved_address
from sloyfe.common.errors import SettingProblem
from sloyfe.config.environment import OrganisationSignIn, read
from tests.cast import World, make_world

pytestmark = pytest.mark.django_db

BIRTH_NUMBER = "01010112345"
urlpatterns = [
    path("", include("sloyfe.config.urls")),
    path(
        "logg-inn/<slug:provider_id>/",
        require_POST(openid_connect.login),
        name="openid_connect_login",
    ),
    path(
        "logg-inn/<slug:provider_id>/tilbake/",
        openid_connect.callback,
        name="openid_connect_callback",
    ),
]


class _Server(HTTPServer):
    claims: dict[str, object]


class _Answers(BaseHTTPRequestHandler):
    server: _Server

    def _send(self, content: dict[str, object]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_port}"
        if self.path.endswith("openid-configuration"):
            self._send(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "userinfo_endpoint": f"{base}/userinfo",
                    "jwks_uri": f"{base}/keys",
                }
            )
        else:
            self._send(self.server.claims)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send({"access_token": "secret-token", "token_type": "Bearer", "expires_in": 60})

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[_Server]:
    found = _Server(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    sign_in = OrganisationSignIn(
        server_url=f"http://127.0.0.1:{found.server_port}",
        client_id="sloyfe",
        secret="s",
        name="Ansattporten",
    )
    with override_settings(
        ROOT_URLCONF=__name__,
        ORGANISATION_SIGN_IN=sign_in,
        SOCIALACCOUNT_PROVIDERS=sign_in.providers,
    ):
        yield found
    found.shutdown()
    found.server_close()
    thread.join()


@pytest.fixture
def world() -> World:
    return make_world()


def _sign_in(client: Client) -> int:
    begun = client.post(reverse("openid_connect_login", args=["virksomhet"]))
    state = parse_qs(urlsplit(begun.headers["Location"]).query)["state"][0]
    address = reverse("openid_connect_callback", args=["virksomhet"])
    return client.get(address, {"code": "c", "state": state}).status_code


def test_somebody_who_is_here_comes_in(server: _Server, world: World) -> None:
    server.claims = {"sub": "1", "email": "Owner@ovelse.invalid", "email_verified": True}
    client = Client()

    assert _sign_in(client) == 302
    assert client.session["_auth_user_id"] == str(world.people["owner"].pk)


def test_nothing_that_the_sign_in_server_says_is_stored(server: _Server, world: World) -> None:
    server.claims = {
        "sub": "subject-1",
        "pid": BIRTH_NUMBER,
        "email": "owner@ovelse.invalid",
        "email_verified": True,
    }

    client = Client()
    _sign_in(client)

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'select row_to_json(t)::text from "{table}" t')
            stored = str(cursor.fetchall())
            assert BIRTH_NUMBER not in stored
            assert "subject-1" not in stored
    assert BIRTH_NUMBER not in str(dict(client.session))
    assert not SocialAccount.objects.exists()
    assert not SocialToken.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "ukjent@ovelse.invalid", "email_verified": True},
        {"email": "owner@ovelse.invalid"},
        {"email": "owner@ovelse.invalid", "email_verified": False},
        {},
    ],
)
def test_nobody_is_registered_by_signing_in(
    server: _Server, world: World, claims: dict[str, object]
) -> None:
    server.claims = {"sub": "1"} | claims
    before = Person.objects.count()
    client = Client()

    assert _sign_in(client) == 403
    assert "_auth_user_id" not in client.session
    assert Person.objects.count() == before


def test_a_sign_in_that_stops_on_the_way_tells_the_way_on(server: _Server, world: World) -> None:
    client = Client()
    client.post(reverse("openid_connect_login", args=["virksomhet"]))

    page = client.get(
        reverse("openid_connect_callback", args=["virksomhet"]), {"error": "access_denied"}
    )

    assert page.status_code == 403
    assert reverse("accounts:ask") in page.content.decode()


def test_the_sign_in_page_has_the_button(server: _Server) -> None:
    assert "Ansattporten" in Client().get(reverse("accounts:ask")).content.decode()


def test_beginning_takes_a_post(server: _Server) -> None:
    assert Client().get(reverse("openid_connect_login", args=["virksomhet"])).status_code == 405


@pytest.mark.parametrize("name", ["openid_connect_login", "account_login", "account_signup"])
def test_without_settings_no_such_address_exists(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_an_address_counts_unproved_only_from_a_server_that_is_trusted() -> None:
    claims = {"userinfo": {"email": "A@b.no "}}

    assert proved_address(claims, trusts_addresses=False) == ""
    assert proved_address(claims, trusts_addresses=True) == "a@b.no"


def test_half_of_the_settings_is_refused_with_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.conf import settings

    monkeypatch.setenv("SLOYFE_OIDC_SERVER", "https://login.example.org")

    with pytest.raises(SettingProblem, match="SLOYFE_OIDC_CLIENT_ID"):
        read(settings.ROOT)
