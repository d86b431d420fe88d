"""Shape of mandates, tasks and capacity as they come in by form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.programme.forms.wording import WordingForm
from sloyfe.programme.models import Programme
from sloyfe.programme.queries.mandates import goals_to_choose
from sloyfe.programme.rules.mandates import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_AMOUNT,
    MOST_DAYS,
    PART_SETS,
    Part,
    RoleKind,
    period_is_possible,
)
from sloyfe.programme.texts.mandates import PART_TEXT, ROLE_TEXT
from sloyfe.ui.faults import ClearForm
from sloyfe.ui.fields import SometimesNeededChoice
from sloyfe.ui.templatetags.ui import pick


def date_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """Give a field for a day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class MandateTextForm(WordingForm):
    wordings: ClassVar = {"foreword": (_("Foreword"), LONGEST_TEXT, True)}

    valid_from = date_field(_("First day"), _("The mandate before it holds until this day."))
    last_day = date_field(
        _("Last day"),
        _("Leave it empty if the mandate holds until another one replaces it."),
        required=False,
    )

    @property
    def valid_to(self) -> dt.date | None:
        """Give the first day on which it no longer holds."""
        last = self.cleaned_data.get("last_day")
        return last + dt.timedelta(days=1) if last and last < dt.date.max else None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("valid_from") and not period_is_possible(data["valid_from"], self.valid_to):
            self.add_error("last_day", _("The last day must not come before the first."))
        return data


class GoalForm(WordingForm):
    wordings: ClassVar = {
        "text": (_("The goal in your own words"), LONGEST_LINE, False),
        "expected": (_("What should be reached"), LONGEST_TEXT, True),
    }

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goals = {str(row.pk): row for row in goals_to_choose(programme)}
        self.fields["statement"] = forms.ChoiceField(
            label=_("One of the programme’s goals"),
            required=False,
            choices=[
                ("", _("None of them: my own words")),
                *((key, pick(row.text)) for key, row in self.goals.items()),
            ],
        )
        self.order_fields(["statement"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("statement") and not self.wording("text") and "text_nb" not in self.errors:
            self.add_error(
                "statement", _("Choose one of the programme’s goals, or write the goal yourself.")
            )
        return data


class ResourceForm(WordingForm):
    wordings: ClassVar = {"text": (_("Resource"), LONGEST_LINE, True)}

    amount = forms.DecimalField(
        label=_("Amount in kroner"),
        required=False,
        min_value=0,
        max_value=MOST_AMOUNT,
        max_digits=14,
        decimal_places=2,
        help_text=_("Leave it empty where it is not money."),
    )


class ResponsibilityForm(WordingForm):
    wordings: ClassVar = {"text": (_("Responsible for"), LONGEST_LINE, True)}

    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, ROLE_TEXT[role]) for role in RoleKind]
    )


def days_field(label: Any, help_text: Any = "") -> forms.DecimalField:
    """Give a field for working days, in halves and tenths if need be."""
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        max_value=MOST_DAYS,
        max_digits=6,
        decimal_places=1,
    )


# The value of a choice in the form, and what the role then is to the task.
PART_CHOICES: dict[str, frozenset[Part]] = {
    "-".join(sorted(part.value for part in parts)): parts for parts in PART_SETS
}


def _said(parts: frozenset[Part]) -> str:
    words = [str(PART_TEXT[part]) for part in Part if part in parts]
    return ", ".join(words) or "–"


class TaskForm(WordingForm):
    wordings: ClassVar = {"text": (_("Task"), LONGEST_LINE, True)}

    effort_days = days_field(
        _("Working days a year"),
        _("For each office that does the task. Leave it empty if unknown."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in RoleKind:
            self.fields[f"role_{role.value}"] = SometimesNeededChoice(
                label=ROLE_TEXT[role],
                required=False,
                choices=[(value, _said(parts)) for value, parts in PART_CHOICES.items()],
            )

    @property
    def role_fields(self) -> list[forms.BoundField]:
        """Give the fields that say who is what, for a group of their own."""
        return [self[f"role_{role.value}"] for role in RoleKind]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """Give the other fields."""
        return [bound for bound in self if not bound.name.startswith("role_")]

    @property
    def roles(self) -> dict[RoleKind, frozenset[Part]]:
        """Give who is what in the task, without the roles that have no part in it."""
        found = {
            role: PART_CHOICES[self.cleaned_data.get(f"role_{role.value}", "")] for role in RoleKind
        }
        return {role: parts for role, parts in found.items() if parts}


def role_values(roles: Mapping[RoleKind, frozenset[Part]]) -> dict[str, str]:
    """Give who is what as the first values of a form's fields."""
    return {
        f"role_{role.value}": "-".join(sorted(part.value for part in parts))
        for role, parts in roles.items()
    }


class CapacityForm(ClearForm):
    days = forms.DecimalField(
        label=_("Working days in the year"), min_value=0, max_value=99_999, decimal_places=1
    )
