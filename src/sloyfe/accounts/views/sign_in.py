"""Signing in by a one-time link: ask, open, press, be in. Opening changes nothing."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sloyfe.accounts import actions
from sloyfe.accounts.forms import AskForm
from sloyfe.accounts.models import Person
from sloyfe.accounts.queries import state_of_link
from sloyfe.accounts.rules import LANGUAGES, LinkState
from sloyfe.accounts.texts import REFUSALS
from sloyfe.common.errors import NotPossible

# Where somebody was on the way to when they had to sign in; kept for the browser, and used once.
WAY = "til"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def client_of(request: HttpRequest) -> str:
    """The network address that a limit counts: the proxy's own word for it, if there is a proxy."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def keep_language(response: HttpResponse, language: str) -> None:
    """Let the browser remember the language, for pages before sign-in too."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def _own_page(url: str) -> str:
    """Give the address of a page of ours, or nothing for any other."""
    fits = url.startswith("/") and url_has_allowed_host_and_scheme(url, None) and "\x00" not in url
    return url if fits else ""


def let_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Begin a new session for a person, in the person's language, on the page that a letter led to or the first."""
    way = _own_page(str(request.session.get(WAY, "")))
    request.session.flush()
    login(request, person, backend=BACKEND)
    response = HttpResponseRedirect(way) if way else redirect("home:start")
    keep_language(response, person.language)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether or not anybody has the address.

    A letter may lead here with the page that it is about; whoever is signed in goes straight there.
    """
    way = _own_page(request.GET.get(WAY, ""))
    if way and isinstance(request.user, Person):
        return HttpResponseRedirect(way)
    if way:
        request.session[WAY] = way
    form = AskForm(request.POST or None)
    too_many = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_link(
                email=form.cleaned_data["email"], client=client_of(request), now=timezone.now()
            )
        except NotPossible as refusal:
            too_many = str(REFUSALS[refusal.code])
        else:
            return redirect("accounts:asked")
    context = {"form": form, "too_many": too_many, "organisation": settings.ORGANISATION_SIGN_IN}
    status = 429 if too_many else 422 if form.is_bound else 200
    return render(request, "accounts/ask.html", context, status=status)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/asked.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button of a link; only pressing it signs in, so that mail scanners cannot use it up."""
    now = timezone.now()
    if request.method == "POST":
        try:
            return let_in(request, actions.sign_in_by_link(token=token, now=now))
        except NotPossible as refusal:
            text = REFUSALS[refusal.code]
            return render(request, "accounts/spent.html", {"text": text}, status=410)
    state = state_of_link(token, now)
    if state is LinkState.GOOD:
        return render(request, "accounts/open_link.html")
    text = REFUSALS[f"accounts.link.{state.value}"]
    return render(request, "accounts/spent.html", {"text": text}, status=410)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, Person):
        actions.note_sign_out(person=request.user, now=timezone.now())
    logout(request)
    return redirect("home:start")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language that the reader chose, and show the same page in it."""
    chosen = request.POST.get("language", "")
    if chosen not in LANGUAGES:
        raise NotPossible("accounts.language.unknown")
    if isinstance(request.user, Person):
        actions.choose_language(person=request.user, language=chosen, now=timezone.now())
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, None) or "\x00" in back:
        back = "/"
    response = HttpResponseRedirect(back)
    keep_language(response, chosen)
    return response
