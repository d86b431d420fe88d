"""Pages of meetings: one meeting, planning it, its minutes, cancelling it, and what the sides write about it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sloyfe.comments.models import Comment
from sloyfe.comments.rules import Outcome
from sloyfe.comments.texts import OUTCOMES
from sloyfe.common.errors import ChangedMeanwhile
from sloyfe.delivery.actions import meetings as actions
from sloyfe.delivery.forms.meetings import (
    AnswerForm,
    CancelForm,
    CommentForm,
    MeetingForm,
    MinutesForm,
)
from sloyfe.delivery.models import Meeting
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.permissions import meetings as permissions
from sloyfe.delivery.permissions.agreements import sides_of
from sloyfe.delivery.queries.meetings import Waits, what_waits
from sloyfe.delivery.rules.agreements import MeetingKind, MeetingState
from sloyfe.delivery.rules.reports import WRITABLE, ReportState
from sloyfe.delivery.texts.meetings import (
    FIELD_TEXT,
    MEETING_KIND_TEXT,
    MEETING_STATE_COLOR,
    MEETING_STATE_TEXT,
)
from sloyfe.delivery.views.agreements import day
from sloyfe.delivery.views.place import (
    Place,
    attempt,
    form_page,
    person_of,
    place_of,
    with_revision,
)
from sloyfe.ui.components import Button, Crumb
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.visibility import get_visible_or_404


def _meeting(request: HttpRequest, place: Place, pk: int) -> Meeting:
    return get_visible_or_404(
        Meeting.objects.select_related("office", "programme", "municipality"),
        request.user,
        pk=pk,
        programme=place.programme,
        municipality=place.municipality,
    )


def _title(meeting: Meeting) -> str:
    return _("%(kind)s on %(day)s") % {
        "kind": MEETING_KIND_TEXT[MeetingKind(meeting.kind)],
        "day": day(meeting.on),
    }


def agenda_text(waits: Waits) -> str:
    """Put what waits into lines of an agenda, in the reader's language."""
    lines: list[str] = []
    if waits.agreed and waits.agreed_on:
        lines.append(_("What we agreed on %(day)s:") % {"day": day(waits.agreed_on)})
        lines += [f"- {point}" for point in waits.agreed]
    if waits.needs:
        lines.append(ngettext("A need that waits:", "Needs that wait:", len(waits.needs)))
        lines += [f"- {need}" for need in waits.needs]
    if waits.late:
        lines.append(_("Measures whose day has passed:"))
        lines += [f"- {text} ({day(by)})" for text, by in waits.late]
    if waits.report:
        year, state, due = waits.report
        text = (
            _("The report for %(year)s, due on %(day)s.")
            if state in WRITABLE
            else _("The report for %(year)s, which the office has answered.")
            if state is ReportState.ANSWERED
            else _("The report for %(year)s, which the municipality has sent.")
        )
        lines.append(text % {"year": year, "day": day(due)})
    if waits.questions:
        lines.append(
            ngettext(
                "A question about the report without a reply:",
                "Questions about the report without a reply:",
                len(waits.questions),
            )
        )
        lines += [f"- {question}" for question in waits.questions]
    return "\n".join(lines)


@require_GET
def meeting_page(request: HttpRequest, programme: str, municipality: str, pk: int) -> HttpResponse:
    """What is the meeting about, and what was agreed?"""
    place = place_of(request, programme, municipality)
    today = timezone.localdate()
    meeting = _meeting(request, place, pk)
    state = MeetingState(meeting.state)
    sides = sides_of(request.user, meeting, today)
    buttons: list[Button] = []
    if sides and state is MeetingState.PLANNED:
        why = refusal_text(permissions.check_may_write_minutes, request.user, meeting, today)
        buttons = [
            Button(_("Write the minutes"), place.url("hold_meeting", pk), why, method="get"),
            Button(_("Change"), place.url("change_meeting", pk), method="get", variant="secondary"),
            Button(
                _("Cancel the meeting"),
                place.url("cancel_meeting", pk),
                method="get",
                variant="tertiary",
            ),
        ]
    elif state is MeetingState.HELD and not refusal_text(
        permissions.check_may_write_minutes, request.user, meeting, today
    ):
        buttons = [
            Button(
                _("Correct the minutes"),
                place.url("hold_meeting", pk),
                method="get",
                variant="secondary",
            )
        ]
    comments = []
    if sides:
        written = list(Comment.objects.about(meeting).select_related("author"))
        # One person object for each author, so that what an author is, is asked once.
        authors = {comment.author_id: comment.author for comment in written}
        for comment in written:
            comment.author = authors[comment.author_id]
        comments = [
            {
                "comment": comment,
                "outcome": OUTCOMES[Outcome(comment.outcome)],
                "answer_url": ""
                if refusal_text(
                    permissions.check_may_answer_comment, request.user, meeting, comment, today
                )
                else place.url("answer_meeting", pk, comment.pk),
            }
            for comment in written
        ]
    context = {
        "place": place,
        "inside": bool(sides) or place.programme.pk in reach_of(request.user, today).inside,
        "meeting": meeting,
        "title": _title(meeting),
        "answer": _answer(meeting, today),
        "state": MEETING_STATE_TEXT[state],
        "color": MEETING_STATE_COLOR[state],
        "held": state is MeetingState.HELD,
        "cancelled": state is MeetingState.CANCELLED,
        "is_simulated": place.municipality.is_simulated,
        "crumbs": place.crumbs(_title(meeting)),
        "buttons": buttons,
        "comments": comments,
        "agreed": [line for line in meeting.agreed.splitlines() if line.strip()],
        "comment_form": CommentForm() if sides else None,
        "comment_url": place.url("comment_meeting", pk),
    }
    return render(request, "delivery/meetings/meeting.html", context)


def _answer(meeting: Meeting, today: dt.date) -> str:
    slots = {
        "municipality": meeting.municipality.name,
        "office": meeting.office.name,
        "day": day(meeting.on),
    }
    if meeting.state == MeetingState.CANCELLED:
        return _("The meeting was cancelled.")
    if meeting.state == MeetingState.HELD:
        return _("%(municipality)s and %(office)s met on %(day)s.") % slots
    if meeting.on < today:
        return _("The day has passed, and %(office)s has not written the minutes yet.") % slots
    return _("%(municipality)s and %(office)s meet on %(day)s.") % slots


@require_http_methods(["GET", "POST"])
def plan_meeting(request: HttpRequest, programme: str, municipality: str) -> HttpResponse:
    """Plan a meeting; the agenda begins with what waits."""
    place = place_of(request, programme, municipality)
    today = timezone.localdate()
    permissions.check_may_plan_meeting(
        request.user, place.programme.pk, place.municipality.pk, today
    )
    initial: dict[str, Any] = {"kind": request.GET.get("kind") or MeetingKind.STATUS.value}
    if request.method == "GET":
        waits = what_waits(place.programme.pk, place.municipality.pk, today)
        initial["agenda"] = agenda_text(waits)
    form = MeetingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        meeting = attempt(
            form,
            lambda: actions.plan_meeting(
                programme=place.programme,
                municipality=place.municipality,
                kind=MeetingKind(data["kind"]),
                on=data["on"],
                place=data["place"],
                agenda=data["agenda"],
                actor=request.user,
                now=timezone.now(),
            ),
        )
        if meeting is not None:
            say(request, _("The meeting is planned. Both sides see it."))
            return redirect(place.url("meeting", meeting.pk))
    return form_page(
        request,
        place,
        form=form,
        title=_("Plan a meeting"),
        submit=_("Plan the meeting"),
        crumbs=place.crumbs(_("Plan a meeting")),
    )


@require_http_methods(["GET", "POST"])
def change_meeting(
    request: HttpRequest, programme: str, municipality: str, pk: int
) -> HttpResponse:
    """Move a planned meeting or change its agenda."""
    place = place_of(request, programme, municipality)
    meeting = _meeting(request, place, pk)
    permissions.check_may_change_meeting(request.user, meeting, timezone.localdate())
    form = MeetingForm(
        request.POST or None,
        initial={
            "revision": meeting.revision,
            "kind": meeting.kind,
            "on": meeting.on,
            "place": meeting.place,
            "agenda": meeting.agenda,
        },
    )
    refusal: ChangedMeanwhile | None = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            saved = attempt(
                form,
                lambda: actions.change_meeting(
                    meeting=meeting,
                    kind=MeetingKind(data["kind"]),
                    on=data["on"],
                    place=data["place"],
                    agenda=data["agenda"],
                    revision=data["revision"] or 0,
                    actor=request.user,
                    now=timezone.now(),
                ),
            )
            if saved is not None:
                say(request, _("The meeting is saved."))
                return redirect(place.url("meeting", pk))
        except ChangedMeanwhile as meanwhile:
            refusal = meanwhile
            meeting.refresh_from_db()
            form = MeetingForm(with_revision(request, meeting.revision))
            form.is_valid()
    return form_page(
        request,
        place,
        form=form,
        title=_("Change the meeting"),
        submit=_("Save"),
        crumbs=place.crumbs(
            Crumb(_title(meeting), place.url("meeting", pk)), _("Change the meeting")
        ),
        refusal=refusal,
        now=[
            (_("Day"), day(meeting.on)),
            (FIELD_TEXT["place"], meeting.place),
            (FIELD_TEXT["agenda"], meeting.agenda),
        ]
        if refusal
        else None,
    )


@require_http_methods(["GET", "POST"])
def hold_meeting(request: HttpRequest, programme: str, municipality: str, pk: int) -> HttpResponse:
    """Write the minutes of a meeting, or correct them."""
    place = place_of(request, programme, municipality)
    meeting = _meeting(request, place, pk)
    permissions.check_may_write_minutes(request.user, meeting, timezone.localdate())
    form = MinutesForm(
        request.POST or None,
        initial={
            "revision": meeting.revision,
            "present": meeting.present,
            "minutes": meeting.minutes,
            "agreed": meeting.agreed,
        },
    )
    write = actions.mend_minutes if meeting.state == MeetingState.HELD else actions.hold_meeting
    refusal: ChangedMeanwhile | None = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            saved = attempt(
                form,
                lambda: write(
                    meeting=meeting,
                    present=data["present"],
                    minutes=data["minutes"],
                    agreed=data["agreed"],
                    revision=data["revision"] or 0,
                    actor=request.user,
                    now=timezone.now(),
                ),
            )
            if saved is not None:
                say(request, _("The minutes are saved. The municipality can comment on them."))
                return redirect(place.url("meeting", pk))
        except ChangedMeanwhile as meanwhile:
            refusal = meanwhile
            meeting.refresh_from_db()
            form = MinutesForm(with_revision(request, meeting.revision))
            form.is_valid()
    return form_page(
        request,
        place,
        form=form,
        title=_("Minutes"),
        lead=_(
            "%(meeting)s. The two sides read the minutes, and so do the others who take part in the"
            " programme, unless access to the meeting is limited."
        )
        % {"meeting": _title(meeting)},
        submit=_("Save the minutes"),
        crumbs=place.crumbs(Crumb(_title(meeting), place.url("meeting", pk)), _("Minutes")),
        refusal=refusal,
        now=[
            (FIELD_TEXT[name], getattr(meeting, name)) for name in ("present", "minutes", "agreed")
        ]
        if refusal
        else None,
    )


@require_http_methods(["GET", "POST"])
def cancel_meeting(
    request: HttpRequest, programme: str, municipality: str, pk: int
) -> HttpResponse:
    """Cancel a meeting, with why."""
    place = place_of(request, programme, municipality)
    meeting = _meeting(request, place, pk)
    permissions.check_may_cancel_meeting(request.user, meeting, timezone.localdate())
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cancelled = attempt(
            form,
            lambda: actions.cancel_meeting(
                meeting=meeting,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=timezone.now(),
            ),
        )
        if cancelled is not None:
            say(request, _("The meeting is cancelled."))
            return redirect(place.url("municipality_year"))
    return form_page(
        request,
        place,
        form=form,
        title=_("Cancel the meeting"),
        lead=_title(meeting),
        submit=_("Cancel the meeting"),
        danger=True,
        crumbs=place.crumbs(
            Crumb(_title(meeting), place.url("meeting", pk)), _("Cancel the meeting")
        ),
    )


@require_POST
def comment_meeting(
    request: HttpRequest, programme: str, municipality: str, pk: int
) -> HttpResponse:
    """Write to the other side about a meeting."""
    place = place_of(request, programme, municipality)
    meeting = _meeting(request, place, pk)
    permissions.check_may_comment(request.user, meeting, timezone.localdate())
    form = CommentForm(request.POST)
    written = None
    if form.is_valid():
        written = attempt(
            form,
            lambda: actions.comment_on_meeting(
                meeting=meeting,
                text=form.cleaned_data["text"],
                actor=person_of(request),
                now=timezone.now(),
            ),
        )
    if written is None:
        return form_page(
            request,
            place,
            form=form,
            title=_("Comment on the meeting"),
            submit=_("Send the comment"),
            crumbs=place.crumbs(
                Crumb(_title(meeting), place.url("meeting", pk)), _("Comment on the meeting")
            ),
        )
    say(request, _("The comment is sent to the other side."))
    return redirect(place.url("meeting", pk))


@require_http_methods(["GET", "POST"])
def answer_meeting(
    request: HttpRequest, programme: str, municipality: str, pk: int, comment: int
) -> HttpResponse:
    """Answer what the other side wrote about a meeting."""
    place = place_of(request, programme, municipality)
    meeting = _meeting(request, place, pk)
    today = timezone.localdate()
    if not sides_of(request.user, meeting, today):
        raise Http404
    found = get_object_or_404(Comment.objects.about(meeting).select_related("author"), pk=comment)
    permissions.check_may_answer_comment(request.user, meeting, found, today)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answered = attempt(
            form,
            lambda: actions.answer_on_meeting(
                meeting=meeting,
                comment=found,
                outcome=form.cleaned_data["outcome"],
                answer=form.cleaned_data["answer"],
                actor=person_of(request),
                now=timezone.now(),
            ),
        )
        if answered is not None:
            say(request, _("The answer is sent."))
            return redirect(place.url("meeting", pk))
    return form_page(
        request,
        place,
        form=form,
        title=_("Answer the comment"),
        lead=found.text,
        submit=_("Send the answer"),
        crumbs=place.crumbs(
            Crumb(_title(meeting), place.url("meeting", pk)), _("Answer the comment")
        ),
    )
