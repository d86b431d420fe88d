"""Addresses of what a programme says and when: one list per noun."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "programme"
urlpatterns: list[URLPattern] = []
