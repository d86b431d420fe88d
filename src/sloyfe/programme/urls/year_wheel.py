"""Addresses of the year wheel and its calendars."""

from __future__ import annotations

from django.urls import path

from sloyfe.programme.views import year_wheel

_WHEEL = "program/<slug:slug>/arshjul/"
urlpatterns = [
    path(_WHEEL, year_wheel.year_wheel, name="year_wheel"),
    path(f"{_WHEEL}ny/", year_wheel.add_date, name="add_date"),
    path(f"{_WHEEL}kalender.ics", year_wheel.public_calendar, name="public_calendar"),
    path(f"{_WHEEL}<slug:code>/", year_wheel.change_date, name="change_date"),
    path(f"{_WHEEL}<slug:code>/avlys/", year_wheel.cancel_date, name="cancel_date"),
    path(
        f"{_WHEEL}<slug:role>/<slug:organisation>/<slug:key>.ics",
        year_wheel.own_calendar,
        name="own_calendar",
    ),
    path(f"{_WHEEL}<slug:role>/<slug:key>.ics", year_wheel.calendar, name="calendar"),
]
