"""Pages on needs for those who do not sign in: write one, confirm it, follow it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sloyfe.accounts.views.sign_in import client_of
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.common.persons import traces
from sloyfe.delivery.actions import needs as actions
from sloyfe.delivery.actions.need_letters import link_to
from sloyfe.delivery.forms.needs import ConfirmForm, OpenNeedForm, ReopenForm
from sloyfe.delivery.models import Need
from sloyfe.delivery.permissions.needs import check_can_close, check_can_reopen
from sloyfe.delivery.queries.needs import municipality_in, need_of_link, receiver_of, receives_needs
from sloyfe.delivery.rules.need_links import Purpose
from sloyfe.delivery.rules.needs import TRIAGE_WITHIN, UNCONFIRMED_KEPT, NeedState
from sloyfe.delivery.texts.documents import TRACE_TEXT
from sloyfe.delivery.views.need_story import story_of
from sloyfe.delivery.views.place import attempt
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import municipalities_of
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text, sentence


def programme_of(request: HttpRequest, slug: str) -> Programme:
    """Give a programme that anybody may know of, and let the frame of the page show it."""
    programme = get_object_or_404(Programme, slug=slug)
    request.programme = programme  # type: ignore[attr-defined]
    return programme


def choices_of(programme: Programme) -> list[tuple[str, str]]:
    """Give the municipalities of a programme today for choosing; those with one name tell their county."""
    rows = municipalities_of(programme, timezone.localdate())
    names = [row.name for row in rows]
    return [
        (
            row.slug,
            f"{row.name} ({row.county_name or row.code})"
            if names.count(row.name) > 1
            else row.name,
        )
        for row in rows
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write_need(request: HttpRequest, programme: str, slug: str = "") -> HttpResponse:
    """Write a need without signing in. The answer is the same whether or not anybody knows the address."""
    found = programme_of(request, programme)
    today = timezone.localdate()
    municipality = municipality_in(found, slug, today) if slug else None
    if slug and municipality is None:
        raise Http404
    if municipality is not None:
        choices = [(municipality.slug, municipality.name)]
    else:
        choices = choices_of(found)
    initial = {"municipality": slug}
    form = OpenNeedForm(request.POST or None, municipalities=choices, initial=initial)
    refused, status = "", 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            return redirect("delivery:need_written", found.slug)
        chosen = municipality or municipality_in(found, form.cleaned_data["municipality"], today)
        if chosen is None:
            raise Http404
        try:
            actions.write_openly(
                programme=found,
                municipality=chosen,
                text=form.cleaned_data["text"],
                email=form.cleaned_data["email"],
                client=client_of(request),
                writes_in=get_language() or "",
                now=timezone.now(),
            )
        except NotPossible as refusal:
            refused = sentence(refusal)
            status = 429 if refusal.code == "delivery.need.too_many" else 409
        else:
            return redirect("delivery:need_written", found.slug)
    office = receiver_of(found, municipality, today) if municipality else None
    is_over = office is None if municipality else not receives_needs(found, today)
    context: dict[str, Any] = {
        "programme": found,
        "municipality": municipality,
        "form": form,
        "refused": refused,
        "office": office,
        "is_over": is_over,
        "triage_days": TRIAGE_WITHIN.days,
    }
    return render(request, "delivery/needs/write.html", context, status=status)


@require_safe
def need_written(request: HttpRequest, programme: str) -> HttpResponse:
    """Say that a letter is on its way, to everybody alike."""
    context = {
        "programme": programme_of(request, programme),
        "kept_days": UNCONFIRMED_KEPT.days,
        "triage_days": TRIAGE_WITHIN.days,
    }
    return render(request, "delivery/needs/written.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_need(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was written and the button that sends it; only pressing it does, so that mail scanners cannot."""
    now = timezone.now()
    need = need_of_link(Purpose.CONFIRM, token)
    try:
        if need is None:
            raise NotPossible("delivery.need.unknown_link")
        actions.check_can_confirm(need, now)
    except NotPossible as refusal:
        spent = {"text": sentence(refusal), "programme": need.programme if need else None}
        return render(request, "delivery/needs/spent.html", spent, status=410)
    request.programme = need.programme  # type: ignore[attr-defined]
    form, status = ConfirmForm(initial={"text": need.text}), 200
    if request.method == "POST":
        form, status = (
            ConfirmForm(request.POST if "text" in request.POST else {"text": need.text}),
            422,
        )
        if form.is_valid():
            received = attempt(
                form, lambda: actions.confirm(token=token, text=form.cleaned_data["text"], now=now)
            )
            if received is not None:
                return redirect(f"{_path(received)}?ny=1")
    office = receiver_of(need.programme, need.municipality, timezone.localdate(now))
    found = traces(form["text"].value() or "")
    context = {
        "need": need,
        "form": form,
        "programme": need.programme,
        "office": office,
        "traces": [TRACE_TEXT[trace] for trace in sorted(found)],
    }
    return render(request, "delivery/needs/confirm.html", context, status=status)


def _path(need: Need) -> str:
    """The page on which a need is followed, on this host."""
    token = link_to(need, Purpose.FOLLOW).rstrip("/").rpartition("/")[2]
    return reverse("delivery:follow_need", args=[token])


def _followed(request: HttpRequest, token: str) -> Need:
    need = need_of_link(Purpose.FOLLOW, token)
    if need is None or need.state == NeedState.UNCONFIRMED:
        raise Http404
    request.programme = need.programme  # type: ignore[attr-defined]
    return need


@never_cache
@require_safe
def follow_need(request: HttpRequest, token: str) -> HttpResponse:
    """Let the municipality follow its need: where it stands, who has it, what was answered."""
    return _follow_page(request, _followed(request, token), token)


def _follow_page(
    request: HttpRequest,
    need: Need,
    token: str,
    *,
    form: ReopenForm | None = None,
    meanwhile: str = "",
    status: int = 200,
) -> HttpResponse:
    story = story_of(need, timezone.localdate(), for_municipality=True)
    may_say = story.is_open_to_reader and not refusal_text(check_can_reopen, need)
    context: dict[str, Any] = {
        "need": need,
        "story": story,
        "programme": need.programme,
        "is_new": "ny" in request.GET,
        "token": token,
        "may_say": may_say,
        "form": form or ReopenForm(initial={"revision": need.revision}),
        "meanwhile": meanwhile,
        "lost": form.data.get("why", "") if form and meanwhile else "",
    }
    return render(request, "delivery/needs/follow.html", context, status=status)


@never_cache
@require_POST
def follow_reopen(request: HttpRequest, token: str) -> HttpResponse:
    """Say that the answer did not help."""
    need = _followed(request, token)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        check_can_reopen(need)
        return _follow_page(request, need, token, form=form, status=422)
    try:
        actions.reopen_by_link(
            need=need,
            revision=form.cleaned_data["revision"],
            why=form.cleaned_data["why"],
            now=timezone.now(),
        )
    except ChangedMeanwhile as refusal:
        return _follow_page(
            request,
            _followed(request, token),
            token,
            form=form,
            meanwhile=sentence(refusal),
            status=409,
        )
    say(request, _("The office takes the need up again."))
    return redirect("delivery:follow_need", token)


@never_cache
@require_POST
def follow_close(request: HttpRequest, token: str) -> HttpResponse:
    """Say that the answer helped, and close the need."""
    need = _followed(request, token)
    check_can_close(need)
    revision = request.POST.get("revision", "")
    seen = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else -1
    actions.close_by_link(need=need, revision=seen, now=timezone.now())
    say(
        request,
        _("The need is closed, and the e-mail address is deleted. Thank you for saying so."),
    )
    return redirect("delivery:follow_need", token)
