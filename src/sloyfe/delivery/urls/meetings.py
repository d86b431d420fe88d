"""Addresses of meetings."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views import meetings as views

BASE = "rapportering/<slug:programme>/kommuner/<slug:municipality>/moter/"
ONE = f"{BASE}<int:pk>/"
urlpatterns: list[URLPattern] = [
    path(f"{BASE}nytt/", views.plan_meeting, name="plan_meeting"),
    path(ONE, views.meeting_page, name="meeting"),
    path(f"{ONE}endre/", views.change_meeting, name="change_meeting"),
    path(f"{ONE}referat/", views.hold_meeting, name="hold_meeting"),
    path(f"{ONE}avlys/", views.cancel_meeting, name="cancel_meeting"),
    path(f"{ONE}kommentarer/", views.comment_meeting, name="comment_meeting"),
    path(f"{ONE}kommentarer/<int:comment>/", views.answer_meeting, name="answer_meeting"),
]
