"""What every form of the product is built on: its faults are told in our words, not in Django's."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

_CHOICE: dict[str, StrPromise] = {
    "required": _("Choose one of the answers."),
    "invalid_choice": _("That is not one of the answers here any more. Choose one of those shown."),
}
_CHOICE["invalid_pk_value"] = _CHOICE["null_characters_not_allowed"] = _CHOICE["invalid_choice"]
_CHOICES: dict[str, StrPromise] = {
    **_CHOICE,
    "required": _("Choose at least one of the answers."),
    "invalid_list": _("The choice could not be read. Choose again."),
}
_NUMBER: dict[str, StrPromise] = {
    "required": _("Write a number here."),
    "invalid": _("This is not a number. Write it with digits, for example 12."),
    "max_value": _("The number is too high. Write %(limit_value)s or less."),
    "min_value": _("The number is too low. Write %(limit_value)s or more."),
    "max_digits": _("The number is too long. Write one with at most %(max)s digits."),
    "max_whole_digits": _(
        "The number is too high. Write one with at most %(max)s digits before the decimal point."
    ),
    "max_decimal_places": _("Write at most %(max)s decimals."),
}
# The first that a field is, from the most special kind to the plainest.
WORDS: list[tuple[type[forms.Field], dict[str, StrPromise]]] = [
    (forms.MultipleChoiceField, _CHOICES),
    (forms.ModelMultipleChoiceField, _CHOICES),
    (forms.ChoiceField, _CHOICE),
    (forms.ModelChoiceField, _CHOICE),
    (
        forms.BooleanField,
        {"required": _("Tick the box to go on.")},
    ),
    (
        forms.DateField,
        {
            "required": _("Write a date here."),
            "invalid": _(
                "This is not a date. Write day, month and year with digits, for example 31/12/2026."
            ),
        },
    ),
    (forms.DecimalField, _NUMBER),
    (forms.FloatField, _NUMBER),
    (
        forms.IntegerField,
        {
            **_NUMBER,
            "invalid": _("This is not a whole number. Write it with digits, for example 12."),
        },
    ),
    (
        forms.FileField,
        {
            "required": _("Choose a file."),
            "invalid": _("The file did not come with the form. Choose it again."),
            "missing": _("The file did not come with the form. Choose it again."),
            "empty": _("There is nothing in the file. Choose another one."),
            "max_length": _("The name of the file is too long. Give it a shorter name first."),
            "contradiction": _("Choose a file or take it away, not both."),
        },
    ),
    (
        forms.EmailField,
        {
            "required": _("Write an e-mail address here."),
            "invalid": _(
                "This does not look like an e-mail address. Write it like navn@kommune.no."
            ),
        },
    ),
    (
        forms.SlugField,
        {
            "invalid": _(
                "Use only the letters a–z, digits, hyphens and underscores, without spaces."
            ),
        },
    ),
]
# Of every field, where its own kind says nothing else.
COMMON: dict[str, StrPromise] = {
    "required": _("Write something here; the field is empty."),
    "invalid": _("What is shown here could not be read. Write it again."),
    "max_length": _(
        "The text is too long: %(show_value)s characters, and there is room for %(limit_value)s. Shorten it."
    ),
    "min_length": _(
        "The text is too short: %(show_value)s characters, and at least %(limit_value)s are needed."
    ),
    "null_characters_not_allowed": _(
        "There is a hidden character in the text that cannot be kept. Write the text anew instead of pasting it."
    ),
}


def words_for(field: forms.Field) -> dict[str, StrPromise]:
    """Give the sentences for what may be wrong in a field, by Django's code for each."""
    for kind, words in WORDS:
        if isinstance(field, kind):
            return {**COMMON, **words}
    return COMMON


def _own(field: forms.Field) -> dict[str, Any]:
    """Give the sentences that the form has written for this one field, and not got from Django."""
    from_django: dict[str, Any] = {}
    for each in reversed(type(field).__mro__):
        from_django.update(getattr(each, "default_error_messages", {}))
    return {
        code: words
        for code, words in field.error_messages.items()
        if words is not from_django.get(code)
    }


def _readable(value: Any) -> Any:
    """Write a limit as people write it."""
    if isinstance(value, dt.date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        exact = Decimal(str(value))
        if not exact.is_finite():
            return value
        whole = int(exact) if exact == exact.to_integral_value() else exact
        return number_format(whole, force_grouping=abs(exact) >= 10_000)
    return value


class ClearForm(forms.Form):
    """A form that tells what is wrong with a field, and what to do, in the words of the product.

    A field that has a sentence of its own keeps it.
    """

    def full_clean(self) -> None:
        for field in self.fields.values():
            field.error_messages = {**field.error_messages, **words_for(field), **_own(field)}
        super().full_clean()

    def add_error(self, field: Any, error: Any) -> None:
        if isinstance(error, ValidationError):
            words = self.fields[field].error_messages if field in self.fields else {}
            for each in getattr(error, "error_list", ()):
                if each.code in words:
                    each.message = words[each.code]
                if each.params:
                    each.params = {name: _readable(value) for name, value in each.params.items()}
        super().add_error(field, error)
