"""Addresses of documents: who may read them, and the archive."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views import documents as views

urlpatterns: list[URLPattern] = [
    path(
        "dokument/<slug:kind>/<str:key>/tilgang/",
        views.document_access,
        name="document_access",
    ),
    path(
        "dokument/<slug:kind>/<str:key>/arkiv.zip",
        views.document_archive,
        name="document_archive",
    ),
    path(
        "rapportering/<slug:programme>/arkiv/<int:year>/",
        views.archive_year,
        name="archive_year",
    ),
    path(
        "rapportering/<slug:programme>/arkiv/<int:year>/<slug:part>/ut/",
        views.archive_part,
        name="archive_part",
    ),
]
