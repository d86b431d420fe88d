"""Address of one municipality's year."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views import municipality_year as views

urlpatterns: list[URLPattern] = [
    path(
        "rapportering/<slug:programme>/kommuner/<slug:municipality>/",
        views.municipality_year,
        name="municipality_year",
    ),
]
