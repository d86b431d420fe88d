from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.ui.faults import ClearForm


class AskForm(ClearForm):
    email = forms.EmailField(
        label=_("Your e-mail address at work"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
