"""Addresses of the basic offer, open to everybody."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views import basic_offer as views

urlpatterns: list[URLPattern] = [
    path("grunntilbud/<slug:programme>/", views.choose_municipality, name="basic_offers"),
    path("grunntilbud/<slug:programme>/<slug:slug>/", views.basic_offer, name="basic_offer"),
]
