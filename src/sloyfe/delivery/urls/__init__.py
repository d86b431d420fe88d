"""Addresses of the programme year, by noun."""

from __future__ import annotations

from sloyfe.delivery.urls import (
    agreements,
    documents,
    groups,
    meetings,
    needs,
    plans,
    reports,
    results,
    steering,
    summaries,
)

app_name = "delivery"
urlpatterns = [
    *agreements.urlpatterns,
    *plans.urlpatterns,
    *meetings.urlpatterns,
    *needs.urlpatterns,
    *reports.urlpatterns,
    *results.urlpatterns,
    *summaries.urlpatterns,
    *steering.urlpatterns,
    *groups.urlpatterns,
    *documents.urlpatterns,
]
