"""Addresses of plans."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views import measures
from sloyfe.delivery.views import plans as views

BASE = "rapportering/<slug:programme>/kommuner/<slug:municipality>/plan/"
ONE = f"{BASE}<int:year>/"
MEASURE = f"{ONE}tiltak/<int:pk>/"
ACTIVITY = f"{ONE}aktiviteter/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path(f"{BASE}ny/", views.start_plan, name="start_plan"),
    path(ONE, views.plan_page, name="plan"),
    path(f"{ONE}kort/", views.summarise_plan, name="summarise_plan"),
    path(f"{ONE}vedta/<int:revision>/", views.adopt_plan, name="adopt_plan"),
    path(f"{ONE}apne/", views.revise_plan, name="revise_plan"),
    path(f"{ONE}lukk/", views.close_plan, name="close_plan"),
    path(f"{ONE}tiltak/nytt/", measures.add_measure, name="add_measure"),
    path(f"{MEASURE}endre/", measures.change_measure, name="change_measure"),
    path(f"{MEASURE}fjern/", measures.remove_measure, name="remove_measure"),
    path(f"{MEASURE}status/", measures.measure_status, name="measure_status"),
    path(f"{MEASURE}aktiviteter/", measures.add_activity, name="add_activity"),
    path(f"{ACTIVITY}gjort/", measures.mark_activity, name="mark_activity"),
    path(f"{ACTIVITY}fjern/", measures.remove_activity, name="remove_activity"),
]
