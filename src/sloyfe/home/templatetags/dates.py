"""Dates as the pages tell them."""

from __future__ import annotations

import datetime as dt

from django import template

register = template.Library()


@register.filter
def day_before(day: dt.date) -> dt.date:
    """Give the last day of a period from the day on which it no longer holds."""
    return day - dt.timedelta(days=1)
