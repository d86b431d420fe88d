"""Shape of steering dialogues as they come in by form; the rules stand in actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.steering import MEETINGS_AT_ONCE


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """Give a field for a day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class MeetingsForm(forms.Form):
    """Days of the dialogues that are planned at once; as many as a year usually has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MEETINGS_AT_ONCE + 1):
            self.fields[f"day_{number}"] = day_field(
                _("Day %(number)s") % {"number": number}, required=number == 1
            )

    @property
    def days(self) -> list[dt.date]:
        """The days that were filled in."""
        return [day for day in self.cleaned_data.values() if day]


class MoveMeetingForm(forms.Form):
    on = day_field(_("New day"))


class ItemForm(forms.Form):
    title = forms.CharField(label=_("What the item is about"), max_length=300)


class MinutesForm(forms.Form):
    """Minutes with a note for each line of the agenda (key, label)."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    minutes = forms.CharField(
        label=_("Minutes"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=8000,
        help_text=_("Who took part (by role), and what was said in general."),
    )

    def __init__(self, *args: Any, lines: Sequence[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [key for key, _label, _note in lines]
        for key, label, note in lines:
            self.fields[f"note-{key}"] = forms.CharField(
                label=label,
                initial=note,
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @property
    def notes(self) -> dict[str, str]:
        """What was written on each line."""
        return {key: self.cleaned_data[f"note-{key}"] for key in self.keys}
