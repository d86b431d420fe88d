"""Shape of standing groups as they come in by form; the rules stand in actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.forms.fields import date_field
from sloyfe.delivery.forms.matters import office_field
from sloyfe.delivery.rules.steering import GroupRole
from sloyfe.delivery.texts.groups import GROUP_ROLE_TEXT
from sloyfe.organisations.models import Organisation
from sloyfe.ui.faults import ClearForm


class GroupForm(ClearForm):
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput, initial=0)
    title_nb = forms.CharField(label=_("Name in bokmål"), max_length=200)
    title_nn = forms.CharField(label=_("Name in nynorsk"), max_length=200)
    code = forms.SlugField(
        label=_("Short name for the address"),
        max_length=80,
        help_text=_("Letters, digits and hyphens."),
    )
    purpose = forms.CharField(
        label=_("What the group is for"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    valid_from = date_field(_("From"))
    valid_to = date_field(_("Ended on"), required=False)

    def __init__(self, *args: Any, offices: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decides"] = office_field(_("Who decides on what it raises"), offices)
        self.order_fields(["title_nb", "title_nn", "code", "purpose", "decides"])

    def clean_code(self) -> str:
        """Refuse the word that stands in the address of the page where groups are set up."""
        code = str(self.cleaned_data["code"])
        if code == "ny":
            raise forms.ValidationError(_("This word is taken by the pages. Choose another."))
        return code


class MemberForm(ClearForm):
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, GROUP_ROLE_TEXT[role]) for role in GroupRole],
        initial=GroupRole.MEMBER.value,
    )
    valid_from = date_field(_("From"))

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = office_field(_("Who"), organisations)
        self.order_fields(["organisation", "role", "valid_from"])


class LeaveForm(ClearForm):
    valid_to = date_field(_("No longer a member from"))
