"""Addresses of what a programme says and when: one list per noun."""

from __future__ import annotations

from django.urls import URLPattern

from sloyfe.programme.urls import mandates, year_wheel

app_name = "programme"
urlpatterns: list[URLPattern] = [*mandates.urlpatterns, *year_wheel.urlpatterns]
