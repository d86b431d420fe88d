"""Addresses of the programme year, by noun."""

from __future__ import annotations

from sloyfe.delivery.urls import (
    agreements,
    descriptions,
    documents,
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
    *documents.urlpatterns,
    *descriptions.urlpatterns,
]
