"""How mandates, working days and dates are written on pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template
from django.utils.translation import get_language

from sloyfe.programme.rules.capacity import tenths
from sloyfe.render import numbers
from sloyfe.render.blocks import Language

register = template.Library()


def _language() -> Language:
    code = (get_language() or "nb").split("-")[0]
    return "en" if code == "en" else "nn" if code == "nn" else "nb"


@register.filter
def days(value: Decimal | str | None) -> str:
    """Write working days, with a decimal only where there is one: 12 or 12,5. A text is one as stored."""
    if value is None:
        return "–"
    rounded = tenths(Decimal(value))
    whole = rounded == rounded.to_integral_value()
    return numbers.number(rounded, _language(), decimals=0 if whole else 1)


@register.filter
def kroner(value: Decimal | None) -> str:
    """Write an amount of money without the unit: 21 500 000."""
    if value is None:
        return "–"
    whole = value == value.to_integral_value()
    return numbers.number(value, _language(), decimals=0 if whole else 2)


@register.filter
def day(value: dt.date | None) -> str:
    """Write a day: 23. november 2026."""
    return numbers.date(value, _language()) if value else "–"


@register.filter
def day_before(value: dt.date) -> str:
    """Write the last day of a period from the first day on which it no longer holds."""
    return numbers.date(value - dt.timedelta(days=1), _language())


@register.simple_tag
def span(starts_on: dt.date, ends_on: dt.date | None) -> str:
    """Write a day, or some days on end as briefly as they can be read: 5.–30. oktober 2026."""
    language = _language()
    if ends_on is None or ends_on == starts_on:
        return numbers.date(starts_on, language)
    last = numbers.date(ends_on, language)
    if starts_on.year != ends_on.year:
        return f"{numbers.date(starts_on, language)} – {last}"
    if starts_on.month != ends_on.month:
        first = numbers.date(starts_on, language).removesuffix(f" {starts_on.year}")
        return f"{first} – {last}"
    return f"{starts_on.day}{'' if language == 'en' else '.'}–{last}"
