"""Addresses of needs: open ones, ones by link, and those of people who sign in."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views import needs, open_needs

urlpatterns: list[URLPattern] = [
    path("meld-behov/<slug:programme>/", open_needs.write_need, name="write_need"),
    path("meld-behov/<slug:programme>/brev/sendt/", open_needs.need_written, name="need_written"),
    path(
        "meld-behov/<slug:programme>/<slug:slug>/",
        open_needs.write_need,
        name="write_need_of",
    ),
    path("mitt-behov/<str:token>/bekreft/", open_needs.confirm_need, name="confirm_need"),
    path("mitt-behov/<str:token>/", open_needs.follow_need, name="follow_need"),
    path("mitt-behov/<str:token>/hjalp-ikke/", open_needs.follow_reopen, name="follow_reopen"),
    path("mitt-behov/<str:token>/lukk/", open_needs.follow_close, name="follow_close"),
    path("behov/<slug:programme>/", needs.need_list, name="needs"),
    path("behov/<slug:programme>/ikke-moett/", needs.unmet_list, name="needs_unmet"),
    path("behov/<slug:programme>/nytt/", needs.new_need, name="need_new"),
    path("behov/<slug:programme>/<uuid:need>/", needs.need_page, name="need"),
    path("behov/<slug:programme>/<uuid:need>/<slug:verb>/", needs.need_act, name="need_act"),
]
