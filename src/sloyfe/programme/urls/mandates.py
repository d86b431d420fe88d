"""Addresses of mandates and capacity."""

from __future__ import annotations

from django.urls import path

from sloyfe.programme.views import capacity, mandates

_ONE = "program/<slug:slug>/mandat/<int:number>/"
urlpatterns = [
    path("program/<slug:slug>/mandat/", mandates.mandate_list, name="mandates"),
    path("program/<slug:slug>/mandat/begynn/", mandates.begin_mandate, name="begin_mandate"),
    path(_ONE, mandates.mandate_page, name="mandate"),
    path(f"{_ONE}tekst/", mandates.mandate_text, name="mandate_text"),
    path(f"{_ONE}endringer/", mandates.mandate_changes, name="mandate_changes"),
    path(f"{_ONE}utsted/", mandates.issue_mandate, name="issue_mandate"),
    path(f"{_ONE}kast/", mandates.discard_mandate, name="discard_mandate"),
    path(f"{_ONE}oppgave/ny/", mandates.edit_task, name="add_task"),
    path(f"{_ONE}oppgave/<slug:code>/", mandates.edit_task, name="edit_task"),
    path(f"{_ONE}<str:kind>/ny/", mandates.edit_part, name="add_part"),
    path(f"{_ONE}<str:kind>/<slug:code>/", mandates.edit_part, name="edit_part"),
    path(f"{_ONE}<str:kind>/<slug:code>/fjern/", mandates.remove_part, name="remove_part"),
    path("program/<slug:slug>/kapasitet/", capacity.capacity_page, name="capacity"),
    path(
        "program/<slug:slug>/kapasitet/<slug:office>/<int:year>/",
        capacity.set_capacity,
        name="set_capacity",
    ),
]
