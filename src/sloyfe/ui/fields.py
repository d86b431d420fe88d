"""Fields of forms that need more than Django's own."""

from __future__ import annotations

from django import forms


class SometimesNeeded(forms.Field):
    """A field that some answers make necessary. It is not marked as optional; its help says when it is needed."""


class SometimesNeededText(SometimesNeeded, forms.CharField):
    """Text that some answers make necessary."""


class SometimesNeededChoice(SometimesNeeded, forms.ChoiceField):
    """A choice that some answers make necessary."""
