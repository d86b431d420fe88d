"""Every address of the product, by subject."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path
from django.views.decorators.http import require_POST

urlpatterns = [
    path("", include("sloyfe.analysis.urls")),
    path("", include("sloyfe.fieldwork.urls")),
    path("", include("sloyfe.delivery.urls")),
    path("", include("sloyfe.organisations.urls")),
    path("", include("sloyfe.programme.urls")),
    path("", include("sloyfe.reports.urls")),
    path("", include("sloyfe.instruments.urls")),
    path("", include("sloyfe.home.urls")),
    path("", include("sloyfe.ui.urls")),
    path("", include("sloyfe.accounts.urls")),
]

if settings.ORGANISATION_SIGN_IN.is_on:
    from allauth.socialaccount.providers.openid_connect import views as openid_connect

    urlpatterns += [
        path(
            "logg-inn/<slug:provider_id>/",
            require_POST(openid_connect.login),
            name="openid_connect_login",
        ),
        path(
            "logg-inn/<slug:provider_id>/tilbake/",
            openid_connect.callback,
            name="openid_connect_callback",
        ),
    ]

handler400 = "sloyfe.ui.views.bad_request"
handler403 = "sloyfe.ui.views.forbidden"
handler404 = "sloyfe.ui.views.not_found"
handler500 = "sloyfe.ui.views.server_error"
