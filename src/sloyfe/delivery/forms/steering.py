"""Shape of steering dialogues as they come in by form; the rules stand in actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.forms.fields import date_field, near_reason_field
from sloyfe.delivery.rules.steering import MEETINGS_AT_ONCE
from sloyfe.delivery.texts.steering import REFUSALS
from sloyfe.programme.rules.year_wheel import needs_reason
from sloyfe.ui.faults import ClearForm

_NEAR = _("Needed when a day is less than a year ahead. Those who take part get it by e-mail.")


class MeetingsForm(ClearForm):
    """Days of the dialogues that are planned at once; as many as a year usually has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MEETINGS_AT_ONCE + 1):
            self.fields[f"day_{number}"] = date_field(
                _("Day %(number)s") % {"number": number}, required=number == 1
            )
        self.fields["reason"] = near_reason_field(_("Why"), _NEAR)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seen: set[dt.date] = set()
        for name in list(data):
            day = data[name]
            if name == "reason" or day is None:
                continue
            if day in seen:
                self.add_error(name, _("You have written the same day twice. Choose another."))
            seen.add(day)
        check_reason(self, *seen)
        return data

    @property
    def days(self) -> list[dt.date]:
        """The days that were filled in."""
        return [day for name, day in self.cleaned_data.items() if name.startswith("day_") and day]


def check_reason(form: forms.Form, *days: dt.date) -> None:
    """Ask for a reason where one of the days lies inside the year."""
    if (
        needs_reason(timezone.localdate(), *days)
        and not form.cleaned_data.get("reason", "").strip()
    ):
        form.add_error("reason", str(REFUSALS["delivery.dialogue_needs_reason"]))


class MoveMeetingForm(ClearForm):
    """A new day; `was` is the day on which the dialogue stands now."""

    on = date_field(_("New day"))

    def __init__(self, *args: Any, was: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = was
        self.fields["reason"] = near_reason_field(_("Why"), _NEAR)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day = data.get("on")
        if day == self.was:
            self.add_error("on", _("The dialogue is on that day already. Choose another."))
        elif day is not None:
            check_reason(self, day, self.was)
        return data


class HoldForm(ClearForm):
    """Which lines written by hand go on to the next dialogue (key, title)."""

    def __init__(self, *args: Any, own: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = [key for key, _title in own]
        if own:
            self.fields["goes_on"] = forms.MultipleChoiceField(
                label=_("Your own items that go on to the next dialogue"),
                help_text=_("Take away the mark where you are finished with it."),
                choices=list(own),
                initial=self.own,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def settled(self) -> list[str]:
        """The keys of the lines that are finished."""
        return [key for key in self.own if key not in self.cleaned_data["goes_on"]]


class ItemForm(ClearForm):
    title = forms.CharField(label=_("What the item is about"), max_length=300)


class MinutesForm(ClearForm):
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
