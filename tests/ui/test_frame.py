"""The frame: its security, its error pages, and its components."""

from __future__ import annotations

import json
import logging

import pytest
from django import forms
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from sloyfe.common.errors import ChangedMeanwhile, InputProblem, NotAllowed, NotPossible, Problem
from sloyfe.config.logs import JsonLines
from sloyfe.ui import menu
from sloyfe.ui.components import Button, Step, Work

pytestmark = pytest.mark.django_db


def _raising(error: Exception):  # type: ignore[no-untyped-def]
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("", include("sloyfe.config.urls")),
    path("bug/", _raising(RuntimeError("answer of Askvikøy: 42"))),
    path("not-allowed/", _raising(NotAllowed("home.history.not_yours"))),
    path("not-possible/", _raising(NotPossible("accounts.link.used"))),
    path("meanwhile/", _raising(ChangedMeanwhile("accounts.link.used"))),
    path("unknown-code/", _raising(NotPossible("nobody.wrote.this"))),
    path("input/", _raising(InputProblem([Problem("x", "no such unit", row=3, column="code")]))),
    path("forbidden/", _raising(PermissionDenied())),
    path("too-big/", _raising(RequestDataTooBig())),
]
handler400 = "sloyfe.ui.views.bad_request"
handler403 = "sloyfe.ui.views.forbidden"
handler404 = "sloyfe.ui.views.not_found"
handler500 = "sloyfe.ui.views.server_error"


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/not-allowed/", 403),
        ("/forbidden/", 403),
        ("/nowhere/", 404),
        ("/not-possible/", 409),
        ("/meanwhile/", 409),
        ("/unknown-code/", 409),
        ("/too-big/", 413),
        ("/input/", 422),
        ("/bug/", 500),
    ],
)
def test_every_error_is_a_page_in_the_frame(client: Client, address: str, status: int) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        response = client.get(address)

    assert response.status_code == status
    assert '<main id="main"' in response.content.decode()
    assert "<h1" in response.content.decode()


def test_a_problem_in_a_file_says_where(client: Client) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        page = client.get("/input/").content.decode()

    assert "Rad 3, code: no such unit" in page


def test_a_bug_is_logged_once_with_the_id_that_the_page_shows(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(ROOT_URLCONF=__name__), caplog.at_level(logging.ERROR, "sloyfe.error"):
        page = client.get("/bug/").content.decode()

    records = [record for record in caplog.records if record.name == "sloyfe.error"]
    line = json.loads(JsonLines().format(records[0]))
    assert len(records) == 1
    assert line["error_id"] in page
    assert (line["error"], line["route"]) == ("RuntimeError", "bug/")
    assert "Askvikøy" not in json.dumps(line, ensure_ascii=False)


def test_no_page_allows_inline_script_or_style(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: Client) -> None:
    response = client.post("/tilbakemelding/", {"text": "x" * 600_000})

    assert response.status_code == 413


def test_a_form_without_its_token_is_refused_with_the_way_on() -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/tilbakemelding/", {"text": "hei"})

    assert response.status_code == 403
    assert "<h1" in response.content.decode()


def _show(text: str, **context: object) -> str:
    return Template(text).render(Context(context))


def test_a_button_that_may_not_be_pressed_says_why_beside_it() -> None:
    shown = _show("{% button b %}", b=Button("Frys", "/x/", why_not="Runden er åpen."))

    assert "disabled" in shown
    assert "Runden er åpen." in shown
    assert "<form" not in shown


def test_what_is_written_never_becomes_markup() -> None:
    bad = "<script>alert(1)</script>"
    shown = _show(
        "{% button b %}{% steps s %}{% tag t %}{% marks m %}{% empty t t %}{% alert %}{{ t }}{% endalert %}",
        b=Button(bad, "/x/", why_not=bad),
        s=[Step(bad, "now", bad)],
        t=bad,
        m=[bad],
    )

    assert "<script" not in shown


class _Form(forms.Form):
    email = forms.EmailField(help_text="På jobb")
    choice = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(
        choices=[("a", "A")], widget=forms.CheckboxSelectMultiple, required=False
    )


def test_the_error_summary_links_to_the_field_and_to_the_first_choice_of_a_group() -> None:
    shown = _show("{% error_summary f %}", f=_Form({"email": "x"}))

    assert 'href="#id_email"' in shown
    assert 'href="#id_choice_0"' in shown


def test_every_link_of_the_error_summary_has_its_target() -> None:
    form = _Form({"email": "x"})
    shown = _show("{% for b in f %}{% field b %}{% endfor %}", f=form)

    assert 'id="id_email"' in shown
    assert 'id="id_choice_0"' in shown
    assert 'aria-describedby="id_email-help id_email-error"' in shown
    assert 'type="checkbox"' in shown


def test_running_work_asks_for_news_and_finished_work_does_not() -> None:
    running = Work("Lager", "1 av 2", "/arbeid/1/", is_running=True, done=1, total=2)
    finished = Work("Laget", "", "/arbeid/1/", is_running=False, result_url="/report/")

    assert 'hx-trigger="every 2s"' in _show("{% work w %}", w=running)
    assert "hx-" not in _show("{% work w %}", w=finished)
    assert "/report/" in _show("{% work w %}", w=finished)


def test_the_longest_address_that_fits_is_where_the_menu_says_one_is() -> None:
    shown = menu.shown({"auditor"}, "/historikk/programme.region/1/")

    assert [entry.url for entry in shown if entry.is_here] == ["/historikk/"]


def test_pages_without_the_frame_cost_no_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    from sloyfe.home.views.frame import frame

    with django_assert_num_queries(0):
        frame(RequestFactory().get("/"))
