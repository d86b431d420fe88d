"""Addresses of summaries."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views import summaries

_SUMMARY = "rapportering/<slug:programme>/<int:year>/oppsummering/"

urlpatterns: list[URLPattern] = [
    path(_SUMMARY, summaries.summary_list, name="summaries"),
    path(f"{_SUMMARY}<slug:region>/", summaries.summary_page, name="summary"),
    path(f"{_SUMMARY}<slug:region>/skriv/", summaries.write_summary, name="write_summary"),
    path(f"{_SUMMARY}<slug:region>/sak/", summaries.summary_matter, name="summary_matter"),
    path(f"{_SUMMARY}<slug:region>/send/", summaries.send_summary, name="send_summary"),
    path(f"{_SUMMARY}<slug:region>/lest/", summaries.read_summary, name="read_summary"),
    path(f"{_SUMMARY}<slug:region>/svar/", summaries.answer_summary, name="answer_summary"),
]
