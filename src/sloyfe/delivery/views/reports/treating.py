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
from sloyfe.delivery.actions import reports as actions
from sloyfe.delivery.forms.reports import (
    AnswerForm,
    ExcuseForm,
    ExtensionForm,
    MeetingForm,
    QuestionForm,
    ReplyForm,
    WithdrawForm,
)
from sloyfe.delivery.permissions import reports as permissions
from sloyfe.delivery.queries.reports import meetings_for
from sloyfe.delivery.rules.reports import ReportState
from sloyfe.delivery.texts.reports import FIELD_TEXT
from sloyfe.delivery.views.agreements import day
from sloyfe.delivery.views.place import (
    attempt,
    attempt_revised,
    form_page,
    person_of,
    with_revision,
)
from sloyfe.delivery.views.reports.place import ReportPlace, label_of, no_meeting, report_place
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
    title = _("In which meeting was the report talked through?")
    meetings = meetings_for(place.report)
    if not meetings.exists():
        return no_meeting(request, place, title)
    return _form(
        request,
        place,
        MeetingForm(request.POST if request.method == "POST" else None, meetings=meetings),
        lambda data: actions.discuss_report(
            report=place.report,
            meeting=data["meeting"],
            actor=request.user,
            now=timezone.now(),
        ),
        title=title,
        submit=_("Save"),
        said=_("The report is marked as talked through."),
        lead=_(
            "Here you see status meetings and meetings on the report that have been held since the report was"
            " sent. Is the meeting not in the list? Write its minutes first."
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
    corrects = report.stands is ReportState.ANSWERED

    def again() -> AnswerForm:
        report.refresh_from_db()
        return AnswerForm(with_revision(request, report.answer_revision))

    form, done, refusal = attempt_revised(
        request,
        AnswerForm(
            request.POST if request.method == "POST" else None,
            initial={"revision": report.answer_revision, "text": report.answer},
        ),
        lambda data: actions.answer_report(
            report=report,
            text=data["text"],
            revision=data["revision"] or 0,
            actor=request.user,
            now=timezone.now(),
        ),
        again,
    )
    if done is not None:
        said = (
            _(
                "The answer is corrected. The municipality sees that it was, and what stood there before."
            )
            if corrects
            else _("The answer is sent to the municipality.")
        )
        say(request, said)
        return redirect(place.url("report") + "#svar")
    lead = (
        _(
            "%(municipality)s sees that the answer was corrected and when, and what stood there before."
        )
        if corrects
        else _("%(municipality)s reads the answer at once, and so do those above the office.")
    )
    return form_page(
        request,
        place,
        form=form,
        title=_("Correct the answer to the report") if corrects else _("Answer the report"),
        submit=_("Save the correction") if corrects else _("Send the answer"),
        crumbs=place.crumbs(_("Correct the answer") if corrects else _("Answer")),
        lead=lead % {"municipality": place.municipality.name},
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
        ExtensionForm(
            request.POST if request.method == "POST" else None,
            answer_by=place.report.reporting_year.answer_by,
            summary_by=place.report.reporting_year.summary_by,
        ),
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
        said=_("The question is sent. Nothing else about the report has changed."),
        lead=_("About: “%(field)s”") % {"field": label} if label else "",
        anchor=_field_anchor(item),
    )


def _field_anchor(item: str) -> str:
    return f"#felt-{item}" if item else ""


def _question(place: ReportPlace, pk: int) -> Comment:
    asked = Comment.objects.about(place.report).filter(pk=pk).first()
    if asked is None:
        raise Http404
    return asked


@require_http_methods(["GET", "POST"])
def reply(
    request: HttpRequest, programme: str, year: int, municipality: str, comment: int
) -> HttpResponseBase:
    """Reply to what the other side asked."""
    place = report_place(request, programme, year, municipality)
    asked = _question(place, comment)
    permissions.check_may_reply(request.user, place.report, asked, timezone.localdate())
    corrects = asked.is_answered

    def again() -> ReplyForm:
        asked.refresh_from_db()
        return ReplyForm(with_revision(request, asked.answer_revision))

    form, done, refusal = attempt_revised(
        request,
        ReplyForm(
            request.POST if request.method == "POST" else None,
            initial={"revision": asked.answer_revision, "text": asked.answer},
        ),
        lambda data: actions.reply_about_report(
            report=place.report,
            comment=asked,
            text=data["text"],
            revision=data["revision"] or 0,
            actor=person_of(request),
            now=timezone.now(),
        ),
        again,
    )
    if done is not None:
        say(request, _("The reply is corrected.") if corrects else _("The reply is sent."))
        return redirect(place.url("report") + _field_anchor(asked.anchor))
    title = _("Correct the reply") if corrects else _("Reply to the question")
    return form_page(
        request,
        place,
        form=form,
        title=title,
        submit=_("Save the correction") if corrects else _("Send the reply"),
        crumbs=place.crumbs(title),
        lead=asked.text,
        refusal=refusal,
        now=[(_("The reply"), asked.answer)] if refusal else None,
    )


@require_http_methods(["GET", "POST"])
def withdraw(
    request: HttpRequest, programme: str, year: int, municipality: str, comment: int
) -> HttpResponseBase:
    """Withdraw a question that nobody has replied to."""
    place = report_place(request, programme, year, municipality)
    asked = _question(place, comment)
    permissions.check_may_withdraw(request.user, place.report, asked, timezone.localdate())
    return _form(
        request,
        place,
        WithdrawForm(request.POST if request.method == "POST" else None),
        lambda data: actions.withdraw_question(
            report=place.report,
            comment=asked,
            why=data["why"],
            actor=person_of(request),
            now=timezone.now(),
        ),
        title=_("Withdraw the question"),
        submit=_("Withdraw the question"),
        said=_("The question is withdrawn. Nobody waits for a reply to it any more."),
        lead=asked.text,
        anchor=_field_anchor(asked.anchor),
    )
