"""Shape of what comes in about yearly reports; the rules stand in actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from sloyfe.comments.rules import LONGEST
from sloyfe.delivery.forms.fields import (
    date_field,
    near_reason_field,
    revision_field,
    text_field,
)
from sloyfe.delivery.models import Meeting, ReportingYear
from sloyfe.delivery.queries.reporting_days import YearDates
from sloyfe.delivery.rules.agreements import MeetingKind
from sloyfe.delivery.rules.reports import FIRST_YEAR, LAST_YEAR
from sloyfe.delivery.texts.meetings import MEETING_KIND_TEXT
from sloyfe.delivery.texts.reports import FIELD_TEXT
from sloyfe.instruments.models import Version
from sloyfe.organisations.models import Organisation
from sloyfe.ui.faults import ClearForm
from sloyfe.ui.templatetags.ui import pick

DAYS = ("opens_on", "due_on", "answer_by", "summary_by", "national_by")


class _FormChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among released forms."""

    def label_from_instance(self, obj: Any) -> str:
        return _("%(title)s, version %(number)s") % {
            "title": pick(obj.instrument.title),
            "number": obj.number,
        }


class ReportingYearForm(ClearForm):
    def __init__(self, *args: Any, versions: QuerySet[Version], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"] = forms.IntegerField(
            label=FIELD_TEXT["year"], min_value=FIRST_YEAR, max_value=LAST_YEAR
        )
        self.fields["form"] = _FormChoice(
            label=FIELD_TEXT["form"],
            queryset=versions,
            empty_label=None,
            help_text=_("Only forms that have been released can be chosen."),
        )
        for name in DAYS:
            self.fields[name] = date_field(FIELD_TEXT[name])
        self.fields["reason"] = near_reason_field(
            FIELD_TEXT["reason"],
            _(
                "Needed when the reports are due within a year, on another day than the year wheel says."
                " Those who report get it by e-mail."
            ),
        )

    def dates(self) -> YearDates:
        """Give the days that the form says."""
        return YearDates(**{name: self.cleaned_data[name] for name in DAYS})


def initial_of(year: ReportingYear) -> dict[str, Any]:
    """Give a year's reporting as the form begins with it."""
    return {
        "year": year.year,
        "form": year.form_id,
        **{name: getattr(year, name) for name in DAYS},
    }


class ExpectForm(ClearForm):
    def __init__(self, *args: Any, municipalities: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"] = forms.ModelChoiceField(
            label=_("The municipality"),
            queryset=municipalities,
            empty_label=_("choose"),
            help_text=_("Those that have an agreement in force and no report for this year."),
        )


class _MeetingChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among meetings, by kind and day."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{MEETING_KIND_TEXT[MeetingKind(obj.kind)]}, {date_format(obj.on, 'DATE_FORMAT')}"


class MeetingForm(ClearForm):
    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"] = _MeetingChoice(
            label=_("The meeting"), queryset=meetings, empty_label=None
        )


class AnswerForm(ClearForm):
    revision = revision_field()
    text = text_field(
        FIELD_TEXT["answer"],
        8000,
        _(
            "What did you notice? What does the office do now? What goes on to nasjonalt fagansvar?"
            " Do not write about individual people."
        ),
        rows=10,
    )


class QuestionForm(ClearForm):
    text = text_field(_("The question"), LONGEST, _("Do not write about individual people."))


class ReplyForm(ClearForm):
    revision = revision_field()
    text = text_field(_("The reply"), LONGEST, _("Do not write about individual people."))


class WithdrawForm(ClearForm):
    why = text_field(
        _("Why do you withdraw the question?"),
        LONGEST,
        _(
            "The other side reads it. Were you answered in a talk or a meeting, write what the answer was."
            " Do not write about individual people."
        ),
    )


class ExtensionForm(ClearForm):
    new_due = date_field(_("The new day"))
    reason = forms.CharField(label=FIELD_TEXT["reason"], max_length=500)
    anyway = forms.BooleanField(
        label=_("Set the day all the same"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, answer_by: dt.date, summary_by: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer_by, self.summary_by = answer_by, summary_by

    def clean(self) -> dict[str, Any]:
        """Say once which days of the office the new day passes, before it is set."""
        data = super().clean() or {}
        day = data.get("new_due")
        if day and day > self.answer_by and not data.get("anyway"):
            self.fields["anyway"].widget = forms.CheckboxInput()
            passed = (
                _(
                    "The office is to answer by %(answer)s and to send its summary by %(summary)s. With this"
                    " day the report comes after both."
                )
                if day > self.summary_by
                else _(
                    "The office is to answer by %(answer)s. With this day the report comes after that. The"
                    " summary is due on %(summary)s."
                )
            )
            self.add_error(
                "new_due",
                passed
                % {
                    "answer": date_format(self.answer_by, "DATE_FORMAT"),
                    "summary": date_format(self.summary_by, "DATE_FORMAT"),
                },
            )
        return data


class ExcuseForm(ClearForm):
    reason = text_field(FIELD_TEXT["reason"], 1000, _("The municipality can read it."), rows=4)
