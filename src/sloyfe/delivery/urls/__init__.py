"""Addresses of the programme year, by noun."""

from __future__ import annotations

from sloyfe.delivery.urls import (
    agreements,
    basic_offer,
    descriptions,
    documents,
    groups,
    meetings,
    municipality_year,
    needs,
    plans,
    reports,
    results,
    steering,
    summaries,
)

app_name = "delivery"
urlpatterns = [
    *municipality_year.urlpatterns,
    *agreements.urlpatterns,
    *plans.urlpatterns,
    *meetings.urlpatterns,
    *needs.urlpatterns,
    *basic_offer.urlpatterns,
    *results.urlpatterns,
    *summaries.urlpatterns,
    *steering.urlpatterns,
    *groups.urlpatterns,
    *documents.urlpatterns,
    *descriptions.urlpatterns,
    # Last: a municipality stands where other pages of a year have their own word.
    *reports.urlpatterns,
]
