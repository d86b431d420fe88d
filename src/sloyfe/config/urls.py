"""Every address of the product, by subject."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("sloyfe.fieldwork.urls")),
    path("", include("sloyfe.home.urls")),
    path("", include("sloyfe.ui.urls")),
    path("", include("sloyfe.accounts.urls")),
]

handler404 = "sloyfe.ui.views.not_found"
handler500 = "sloyfe.ui.views.server_error"
