"""Addresses of agreements."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views import agreement_ends
from sloyfe.delivery.views import agreements as views

BASE = "rapportering/<slug:programme>/kommuner/<slug:municipality>/avtaler/"
ONE = f"{BASE}<int:pk>/"
urlpatterns: list[URLPattern] = [
    path(f"{BASE}ny/", views.draft_agreement, name="draft_agreement"),
    path(ONE, views.agreement_page, name="agreement"),
    path(f"{ONE}endre/", views.change_agreement, name="change_agreement"),
    path(f"{ONE}kast/", views.discard_agreement, name="discard_agreement"),
    path(f"{ONE}send/", views.propose_agreement, name="propose_agreement"),
    path(f"{ONE}trekk/", views.take_back_agreement, name="take_back_agreement"),
    path(f"{ONE}bekreft/<int:revision>/", views.confirm_agreement, name="confirm_agreement"),
    path(f"{ONE}send-tilbake/", views.send_back_agreement, name="send_back_agreement"),
    path(f"{ONE}ny-versjon/", views.renew_agreement, name="renew_agreement"),
    path(f"{ONE}avslutt/", agreement_ends.end_agreement, name="end_agreement"),
]
