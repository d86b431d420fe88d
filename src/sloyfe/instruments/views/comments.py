"""Comments on a version and what was answered to them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sloyfe.comments.rules import Outcome
from sloyfe.comments.texts import OUTCOMES
from sloyfe.instruments import actions, permissions, queries
from sloyfe.instruments.forms import AnswerForm, CommentForm
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules.definitions import questions_of
from sloyfe.instruments.texts import words_for
from sloyfe.instruments.views.fetching import address, crumbs, fetch_version, signed_in
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.templatetags.ui import pick

OUTCOME_COLORS = {
    Outcome.OPEN: "warning",
    Outcome.FOLLOWED: "success",
    Outcome.PARTLY_FOLLOWED: "info",
    Outcome.NOT_FOLLOWED: "neutral",
}


def anchors_of(version: Version) -> list[tuple[str, str]]:
    """Give the questions that a comment can be about, with their wording cut to fit a list."""
    found = []
    for _path, question in questions_of(version.definition):
        text = pick(question["text"]) or question["code"]
        found.append((question["code"], text if len(text) <= 90 else f"{text[:88]}…"))
    return found


@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """What has been said about this version, and what was done with it?"""
    version = fetch_version(request, programme, code, number)
    now = timezone.now()
    permissions.check_may_read_comments(request.user, version, now)
    anchors = anchors_of(version)
    form = CommentForm(
        request.POST if request.method == "POST" else None,
        anchors=anchors,
        initial={"anchor": request.GET.get("om", "")},
    )
    if request.method == "POST":
        permissions.check_may_comment(request.user, version, now)
        if form.is_valid():
            actions.comment(
                version=version,
                anchor=form.cleaned_data["anchor"],
                text=form.cleaned_data["text"],
                actor=signed_in(request),
                now=now,
            )
            say(request, str(words_for(version.instrument.kind).commented))
            return redirect(address("comments", version))
    names = dict(anchors)
    rows = [
        {
            "comment": comment,
            "about": names.get(comment.anchor, _("A question that has been taken out"))
            if comment.anchor
            else _("The whole form"),
            "outcome": OUTCOMES[Outcome(comment.outcome)],
            "color": OUTCOME_COLORS[Outcome(comment.outcome)],
            "answer_url": address("answer_comment", version, comment.pk),
            "why_not": refusal_text(
                permissions.check_may_answer_comment, request.user, version, comment, now
            ),
        }
        for comment in queries.comments_on(version).select_related("author", "answered_by")
    ]
    context = {
        "version": version,
        "programme": version.instrument.programme,
        "rows": rows,
        "unanswered": sum(not row["comment"].is_answered for row in rows),  # type: ignore[attr-defined]
        "answers": permissions.may_make(request.user, version, now),
        "no_comments": words_for(version.instrument.kind).no_comments,
        "form": form,
        "why_not": refusal_text(permissions.check_may_comment, request.user, version, now),
        "crumbs": crumbs(version, _("Comments")),
    }
    return render(
        request, "instruments/comment_list.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def answer_comment(
    request: HttpRequest, programme: str, code: str, number: int, comment: int
) -> HttpResponse:
    """Answer one comment: what was done with it, and why."""
    version = fetch_version(request, programme, code, number)
    now = timezone.now()
    permissions.check_may_read_comments(request.user, version, now)
    found = queries.comments_on(version).filter(pk=comment).first()
    if found is None:
        raise Http404
    permissions.check_may_answer_comment(request.user, version, found, now)
    initial = {"outcome": found.outcome, "answer": found.answer} if found.is_answered else None
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.answer_comment(
            version=version,
            comment=found,
            outcome=form.cleaned_data["outcome"],
            answer=form.cleaned_data["answer"],
            actor=signed_in(request),
            now=now,
        )
        say(request, str(words_for(version.instrument.kind).answered))
        return redirect(address("comments", version))
    context = {
        "version": version,
        "programme": version.instrument.programme,
        "comment": found,
        "form": form,
        "crumbs": crumbs(version, _("Answer a comment")),
    }
    return render(
        request, "instruments/comment_answer.html", context, status=422 if form.errors else 200
    )
