"""Shape of what comes in by form; the rules stand in actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.comments.rules import Outcome
from sloyfe.reports.rules import LONGEST_TEXT
from sloyfe.ui.faults import ClearForm


class ReportForm(ClearForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    subtitle = forms.CharField(label=_("Subtitle"), max_length=300, required=False)
    slug = forms.SlugField(
        label=_("Short name for the address"),
        max_length=60,
        help_text=_("Letters, digits and hyphens."),
    )
    language = forms.ChoiceField(
        label=_("Language of the report"),
        choices=[("nb", _("Bokmål")), ("nn", _("Nynorsk")), ("en", _("English"))],
    )
    publisher = forms.CharField(label=_("Publisher"), max_length=200)


class TextBlockForm(ClearForm):
    kind = forms.ChoiceField(
        label=_("What"), choices=[("paragraph", _("Text")), ("heading", _("Heading"))]
    )
    text = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 6}), max_length=LONGEST_TEXT
    )


class CirculateForm(ClearForm):
    comments_by = forms.DateField(
        label=_("Comments by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class CommentForm(ClearForm):
    text = forms.CharField(
        label=_("Comment"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )


class AnswerForm(ClearForm):
    outcome = forms.ChoiceField(
        label=_("What became of it"),
        choices=[
            (Outcome.FOLLOWED.value, _("followed")),
            (Outcome.PARTLY_FOLLOWED.value, _("partly followed")),
            (Outcome.NOT_FOLLOWED.value, _("not followed")),
        ],
    )
    answer = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
