"""Shape of a summary and of an answer as they come in by form; the rules stand in actions."""

from __future__ import annotations

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.ui.faults import ClearForm

LONGEST = 8000


class TextForm(ClearForm):
    """One or more long texts, with the revision that the writer saw."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SummaryForm(TextForm):
    overview = forms.CharField(
        label=_("Overview"),
        help_text=_(
            "The year in the region in a few sentences: what should those who read only this know?"
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST,
    )
    worked = forms.CharField(
        label=_("What worked"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST,
        required=False,
    )
    was_hard = forms.CharField(
        label=_("What was hard"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST,
        required=False,
    )
    asked_for = forms.CharField(
        label=_("What we ask for"),
        help_text=_(
            "In general words. What somebody has to decide is written as a matter of its own, so that it gets its own answer."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        required=False,
    )
    incomplete_why = forms.CharField(
        label=_("Why it goes up before everything below it is answered"),
        help_text=_("Only where something is still without an answer."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )


def summary_labels() -> dict[str, str | Promise]:
    """Give what the parts of a summary are called, in their order."""
    return {
        name: field.label or name
        for name, field in SummaryForm.base_fields.items()
        if name != "revision"
    }


class AnswerForm(ClearForm):
    answer = forms.CharField(
        label=_("Answer"), widget=forms.Textarea(attrs={"rows": 8}), max_length=LONGEST
    )


class SendForm(ClearForm):
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
