"""Fields that the forms of more than one part of the year have."""

from __future__ import annotations

from typing import Any

from django import forms

from sloyfe.programme.rules.year_wheel import LONGEST_REASON
from sloyfe.ui.fields import SometimesNeededText
from sloyfe.ui.templatetags.ui import pick


def date_field(label: Any, help_text: Any = "", required: bool = True) -> forms.DateField:
    """Give a field for a day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def text_field(
    label: Any, most: int, help_text: Any = "", required: bool = True, rows: int = 5
) -> forms.CharField:
    """Give a field for some sentences."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def near_reason_field(label: Any, help_text: Any) -> SometimesNeededText:
    """Give a field for why a day comes at short notice; the form that has it knows when that is so."""
    return SometimesNeededText(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WordedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among rows whose title or text stands in several languages."""

    def label_from_instance(self, obj: Any) -> str:
        return pick(getattr(obj, "title", None) or obj.text)


def revision_field() -> forms.IntegerField:
    """Give the hidden field that says which state of a thing was read."""
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
