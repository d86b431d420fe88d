"""Addresses of the programme description (beskrivelse) and the offices' guide (veileder)."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from sloyfe.delivery.views import descriptions as views


class AudienceConverter:
    """The word that stands in the address for each of the two."""

    regex = "beskrivelse|veileder"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        if value not in ("beskrivelse", "veileder"):
            raise ValueError(value)
        return value


register_converter(AudienceConverter, "description")

urlpatterns: list[URLPattern] = [
    path(
        "program/<slug:slug>/<description:audience>/",
        views.description,
        name="description",
    ),
    path(
        "program/<slug:slug>/<description:audience>/skriv/",
        views.write_introductions,
        name="description_write",
    ),
    path(
        "program/<slug:slug>/<description:audience>/publiser/",
        views.publish,
        name="description_publish",
    ),
    path(
        "program/<slug:slug>/<description:audience>/<int:number>/",
        views.description_version,
        name="description_version",
    ),
    path(
        "program/<slug:slug>/<description:audience>/<int:number>/endringer/",
        views.description_changes,
        name="description_changes",
    ),
    path(
        "program/<slug:slug>/<description:audience>/<int:number>/siden/",
        views.description_since,
        name="description_since",
    ),
    path(
        "program/<slug:slug>/<description:audience>/<int:number>/fil/<slug:name>/",
        views.description_file,
        name="description_file",
    ),
]
