from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.ui.faults import ClearForm

_DATE = {"type": "date"}


class HistoryForm(ClearForm):
    about = forms.CharField(label=_("What it is about"), required=False, max_length=100)
    person = forms.ChoiceField(label=_("Who did it"), required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(_DATE, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Up to and including"),
        required=False,
        widget=forms.DateInput(_DATE, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, actors: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Everybody")), *((str(key), name) for key, name in actors)]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]


class FeedbackForm(ClearForm):
    text = forms.CharField(
        label=_("What does not work?"),
        help_text=_("Say which page it was. Do not write about other people’s private matters."),
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address, if you want an answer"), required=False, max_length=254
    )
