"""The shape of what people write about needs; the rules stand in actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.forms.matters import office_field
from sloyfe.delivery.rules.needs import LONGEST_NEED, LONGEST_NOTE
from sloyfe.organisations.models import Organisation
from sloyfe.ui.faults import ClearForm

NOT_ON_PERSONS = _(
    "Do not write names or anything else that tells who a person is. What you write may be read by others."
)


def _text(label: Any, help_text: Any, most: int, rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("Write it in words; the field is empty.")},
    )


def _choose_among(form: forms.Form, choices: Sequence[tuple[str, Any]]) -> None:
    """Let a form's municipality be one of these."""
    form.fields["municipality"] = forms.ChoiceField(
        label=_("Municipality"),
        choices=choices,
        error_messages={"required": _("Choose a municipality")},
    )
    form.order_fields(form.field_order)


class SaidForm(ClearForm):
    """What the municipality needs: one field."""

    text = _text(_("What does the municipality need?"), NOT_ON_PERSONS, LONGEST_NEED)
    text.error_messages["required"] = _("Write what the municipality needs.")


class ConfirmForm(SaidForm):
    """What was written for the municipality, which whoever confirms it may correct first."""

    text = _text(_("What the municipality needs"), NOT_ON_PERSONS, LONGEST_NEED)
    text.error_messages["required"] = _("Write what the municipality needs.")


class OfficeNeedForm(SaidForm):
    """A need that the office writes down; which municipality it is about comes first."""

    municipality = forms.ChoiceField(label=_("Municipality"))
    email = forms.EmailField(
        label=_("The municipality’s e-mail address"),
        help_text=_("Gets a link to follow the need by. Deleted when the need is closed."),
        max_length=254,
        required=False,
    )
    field_order = ["municipality", "text", "email"]

    def __init__(
        self, *args: Any, municipalities: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, [("", _("Choose a municipality")), *municipalities])


class OwnNeedForm(SaidForm):
    """A need said by somebody who works for more than one municipality."""

    municipality = forms.ChoiceField(label=_("Municipality"))
    field_order = ["municipality", "text"]

    def __init__(
        self, *args: Any, municipalities: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, municipalities)


class OpenNeedForm(SaidForm):
    """A need from the open page: what is needed, and the address that confirms it.

    `website` is no field for people: whoever fills it in is a machine.
    """

    municipality = forms.ChoiceField(label=_("Municipality"))
    email = forms.EmailField(
        label=_("E-mail address of the municipality"),
        help_text=_(
            "We send a letter there to confirm the need, and the answer comes to the same address. It is deleted when the need is closed."
        ),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write an e-mail address like name@municipality.no."),
            "invalid": _("Write an e-mail address like name@municipality.no."),
        },
    )
    website = forms.CharField(required=False, max_length=200)
    field_order = ["municipality", "text", "email", "website"]

    def __init__(
        self, *args: Any, municipalities: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose_among(self, [("", _("Choose your municipality")), *municipalities])


class ActForm(ClearForm):
    """What every step of a need carries: the state of it that the person saw."""

    revision = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)


class TriageForm(ActForm):
    note = _text(
        _("Who does what, and when?"),
        _("The municipality reads this."),
        LONGEST_NOTE,
        4,
    )


class AnswerForm(ActForm):
    text = _text(_("Answer to the municipality"), NOT_ON_PERSONS, LONGEST_NEED)
    is_met = forms.ChoiceField(
        label=_("Does the answer meet the need?"),
        choices=[
            ("yes", _("Yes, the municipality gets what it needs")),
            ("no", _("No, nobody here can meet it")),
        ],
        widget=forms.RadioSelect,
    )


class RaiseForm(ActForm):
    why = _text(
        _("Why can the region not meet the need?"),
        _("Nasjonalt fagansvar and the municipality read this."),
        LONGEST_NOTE,
        4,
    )


class FurtherUpForm(ActForm):
    """What is taken further up. `offices` are those that may be asked, the usual one first."""

    title = forms.CharField(label=_("The matter in a few words"), max_length=200)
    text = _text(_("What must be decided?"), NOT_ON_PERSONS, LONGEST_NEED)
    proposal = forms.CharField(
        label=_("Our proposal"),
        max_length=LONGEST_NEED,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, offices: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(offices) > 1:
            self.fields["addressed_to"] = office_field(_("Who is asked"), offices)
            self.fields["addressed_to"].initial = offices[0].pk
            self.order_fields(["addressed_to"])


class ReopenForm(ActForm):
    why = _text(
        _("What is still missing?"),
        _("The office that answered reads this and takes the need up again."),
        LONGEST_NOTE,
        4,
    )
