"""What every answer carries, and what becomes of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from sloyfe.common.errors import ChangedMeanwhile, InputProblem, NotAllowed, Refused
from sloyfe.ui.refusals import sentence

GetResponse = Callable[[HttpRequest], HttpResponse]


def content_security_policy() -> str:
    """Give the policy of every page. Forms lead nowhere else but to the organisation's own sign-in."""
    targets = " ".join(["'self'", *settings.FORM_TARGETS])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        f" font-src 'self'; connect-src 'self'; form-action {targets}; base-uri 'none';"
        " frame-ancestors 'none'"
    )


class SecurityHeaders:
    """No inline script or style anywhere, so that text that somebody wrote can never run."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = content_security_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # What is shown to somebody who is signed in stays neither in a proxy nor on a shared machine.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Sizes:
    """Refuses what is larger than any form or file here may be, before a byte of it is read.

    Django's own limit does not count files, which anybody could send to any page that takes a form.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not (length.isascii() and length.isdigit() and int(length[:12]) <= settings.MOST_SENT):
            raise RequestDataTooBig("the request is larger than MOST_SENT")
        return self.get_response(request)


class Refusals:
    """A refusal that a view let through becomes a page that says what is wrong and the way back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, InputProblem):
            context: dict[str, object] = {"problems": error.problems, "back": way_back(request)}
            return render(request, "ui/refused.html", context, status=422)
        if isinstance(error, Refused):
            status = 403 if isinstance(error, NotAllowed) else 409
            context = {
                "text": sentence(error),
                "meanwhile": isinstance(error, ChangedMeanwhile),
                "back": way_back(request),
            }
            return render(request, "ui/refused.html", context, status=status)
        return None


def way_back(request: HttpRequest) -> str:
    """The page that the person came from: the form's page, when the form posted to another address."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return came_from
    return request.path if request.method == "GET" else "/"


def path_to_show_again(request: HttpRequest) -> str:
    """Give the path that shows the page once more: what answered a form may have no page of its own."""
    if request.method in ("GET", "HEAD"):
        return request.path
    found = urlsplit(way_back(request))
    return found.path + (f"?{found.query}" if found.query else "")


def say(request: HttpRequest, text: str, *, at: str = "") -> None:
    """Show a sentence at the top of the next page, or `at` a place of it that the page tells of itself.

    A page that is opened at a place of it is not seen from its top.
    """
    messages.success(request, text, extra_tags=at)
