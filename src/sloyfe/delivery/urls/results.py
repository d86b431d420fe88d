"""Addresses of results."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views import one_figure, public_results, results

BASE = "rapportering/<slug:programme>/bilde/"

urlpatterns: list[URLPattern] = [
    path(BASE, results.picture, name="picture"),
    path(f"{BASE}regioner/", results.regions, name="picture_regions"),
    path(f"{BASE}region/<slug:region>/", results.region, name="picture_region"),
    path(
        f"{BASE}kommune/<slug:municipality>/",
        results.municipality,
        name="picture_municipality",
    ),
    path(f"{BASE}tall/<slug:definition>/", one_figure.figure, name="picture_figure"),
    path(f"{BASE}fil/<slug:kind>/", results.picture_file, name="picture_file"),
    path(
        "program/<slug:programme>/resultater/",
        public_results.public_results,
        name="public_results",
    ),
    path(
        "program/<slug:programme>/resultater/<slug:kind>/",
        public_results.public_file,
        name="public_results_file",
    ),
]
