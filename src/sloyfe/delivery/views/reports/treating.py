"""What the office does with a report, and the questions between the two sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sloyfe.comments.models import Comment
from sloyfe.common.errors import ChangedMeanwhile
from sloyfe.delivery.actions import reports as actions
from sloyfe.delivery.forms.reports import (
    AnswerForm,
    ExcuseForm,
    ExtensionForm,
    MeetingForm,
    QuestionForm,
    ReplyForm,
)
from sloyfe.delivery.permissions import reports as permissions
from sloyfe.delivery.queries.reports import meetings_for
from sloyfe.delivery.texts.reports import FIELD_TEXT
from sloyfe.delivery.views.agreements import day
from sloyfe.delivery.views.place import attempt, form_page, person_of, with_revision
from sloyfe.delivery.views.reports.place import ReportPlace, label_of, report_place
from sloyfe.ui.middleware import say


@require_POST
def receive(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponseBase:
    """Receive the report on behalf of the office."""
    place = report_place(request, programme, year, municipality)
    actions.receive_report(report=place.report, actor=request.user, now=timezone.now())
    say(request, _("The report is received. The municipality sees that the office has it."))
    return redirect(place.url("report"))


@require_POST
def close(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponseBase:
    """Close the answered report."""
    place = report_place(request, programme, year, municipality)
    actions.close_report(report=place.report, actor=request.user, now=timezone.now())
    say(request, _("The report is closed."))
    return redirect(place.url("report"))


def _form(
    request: HttpRequest,
    place: ReportPlace,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    submit: str,
    said: str | Promise,
    lead: str = "",
    danger: bool = False,
    anchor: str = "",
) -> HttpResponseBase:
    """Show a form about the report, or do what it asks and go back to the report."""
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: act(form.cleaned_data) or True)
        if done is not None:
            say(request, str(said))
            return redirect(place.url("report") + anchor)
    return form_page(
        request,
        place,
        form=form,
        title=title,
        submit=submit,
        crumbs=place.crumbs(title),
        lead=lead,
        danger=danger,
    )


@require_http_methods(["GET", "POST"])
def discuss(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponseBase:
    """Say in which meeting the report was talked through."""
    place = report_place(request, programme, year, municipality)
    permissions.check_may_discuss(request.user, place.report, timezone.localdate())
    return _form(
        request,
        place,
        MeetingForm(
            request.POST if request.method == "POST" else None, meetings=meetings_for(place.report)
        ),
        lambda data: actions.discuss_report(
            report=place.report,
            meeting=data["meeting"],
            actor=request.user,
            now=timezone.now(),
        ),
        title=_("In which meeting was the report talked through?"),
        submit=_("Save"),
        said=_("The report is marked as talked through."),
        lead=_(
            "Here stand status meetings and meetings on the report that have been held. Is the meeting not"
            " in the list? Write its minutes first."
        ),
    )


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponseBase:
    """Answer the report in writing. Two who answer at once both keep what they wrote; one is sent."""
    place = report_place(request, programme, year, municipality)
    report = place.report
    permissions.check_is_its_office(request.user, report, timezone.localdate())
    if request.method == "GET":
        permissions.check_may_answer_report(request.user, report, timezone.localdate())
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        initial={"revision": report.answer_revision, "text": report.answer},
    )
    refusal: ChangedMeanwhile | None = None
    if request.method == "POST" and form.is_valid():
        try:
            done = attempt(
                form,
                lambda: actions.answer_report(
                    report=report,
                    text=form.cleaned_data["text"],
                    revision=form.cleaned_data["revision"] or 0,
                    actor=request.user,
                    now=timezone.now(),
                ),
            )
            if done is not None:
                say(request, _("The answer is sent to the municipality."))
                return redirect(place.url("report") + "#svar")
        except ChangedMeanwhile as meanwhile:
            refusal = meanwhile
            report.refresh_from_db()
            form = AnswerForm(with_revision(request, report.answer_revision))
            form.is_valid()
    return form_page(
        request,
        place,
        form=form,
        title=_("Answer the report"),
        submit=_("Send the answer"),
        crumbs=place.crumbs(_("Answer")),
        lead=_("%(municipality)s reads the answer at once, and so do those above the office.")
        % {"municipality": place.municipality.name},
        refusal=refusal,
        now=[(FIELD_TEXT["answer"], report.answer)] if refusal else None,
    )


@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponseBase:
    """Give the municipality more time."""
    place = report_place(request, programme, year, municipality)
    permissions.check_may_extend(request.user, place.report, timezone.localdate())
    return _form(
        request,
        place,
        ExtensionForm(request.POST if request.method == "POST" else None),
        lambda data: actions.extend_report(
            report=place.report,
            new_due=data["new_due"],
            reason=data["reason"],
            actor=request.user,
            now=timezone.now(),
        ),
        title=_("Give more time"),
        submit=_("Set the new day"),
        said=_("The municipality has got a later day."),
        lead=_("The report is due on %(day)s now. Reminders follow the new day.")
        % {"day": day(place.report.due_on)},
    )


@require_http_methods(["GET", "POST"])
def excuse(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponseBase:
    """Excuse the municipality from this year's report."""
    place = report_place(request, programme, year, municipality)
    permissions.check_may_excuse(request.user, place.report, timezone.localdate())
    return _form(
        request,
        place,
        ExcuseForm(request.POST if request.method == "POST" else None),
        lambda data: actions.excuse_report(
            report=place.report, reason=data["reason"], actor=request.user, now=timezone.now()
        ),
        title=_("Excuse from reporting"),
        submit=_("Excuse from reporting"),
        said=_("No report is expected from the municipality for this year."),
        lead=_(
            "%(municipality)s can no longer send a report for this year, and what has been filled in is not"
            " counted. This cannot be undone."
        )
        % {"municipality": place.municipality.name},
        danger=True,
    )


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, programme: str, year: int, municipality: str) -> HttpResponseBase:
    """Ask the other side about one field, or about the whole report."""
    place = report_place(request, programme, year, municipality)
    permissions.check_may_ask(request.user, place.report, timezone.localdate())
    item = request.GET.get("felt", "")
    if item and item not in place.form.by_item:
        raise Http404
    label = label_of(place, item)
    return _form(
        request,
        place,
        QuestionForm(request.POST if request.method == "POST" else None),
        lambda data: actions.ask_about_report(
            report=place.report,
            item=item,
            text=data["text"],
            actor=person_of(request),
            now=timezone.now(),
        ),
        title=_("Ask about the report"),
        submit=_("Send the question"),
        said=_("The question is sent. The report stands where it stood."),
        lead=_("About: “%(field)s”") % {"field": label} if label else "",
        anchor=f"#felt-{item}" if item else "",
    )


@require_http_methods(["GET", "POST"])
def reply(
    request: HttpRequest, programme: str, year: int, municipality: str, comment: int
) -> HttpResponseBase:
    """Reply to what the other side asked."""
    place = report_place(request, programme, year, municipality)
    asked = Comment.objects.about(place.report).filter(pk=comment).first()
    if asked is None:
        raise Http404
    permissions.check_may_reply(request.user, place.report, asked, timezone.localdate())
    return _form(
        request,
        place,
        ReplyForm(
            request.POST if request.method == "POST" else None, initial={"text": asked.answer}
        ),
        lambda data: actions.reply_about_report(
            report=place.report,
            comment=asked,
            text=data["text"],
            actor=person_of(request),
            now=timezone.now(),
        ),
        title=_("Reply to the question"),
        submit=_("Send the reply"),
        said=_("The reply is sent."),
        lead=asked.text,
        anchor=f"#felt-{asked.anchor}" if asked.anchor else "",
    )
