"""Addresses of the fieldwork. The respondent's come first: they are asked for most."""

from __future__ import annotations

from django.urls import path

from sloyfe.fieldwork.views import respondent

app_name = "fieldwork"
# Page codes hold no hyphen, so the fixed names below can never be the name of a page.
urlpatterns = [
    path("svar/<str:token>/", respondent.start, name="answer_start"),
    path("svar/<str:token>/se-over/", respondent.look_over, name="answer_check"),
    path("svar/<str:token>/send-inn/", respondent.send, name="answer_send"),
    path("svar/<str:token>/min-kvittering/", respondent.receipt, name="answer_receipt"),
    path("svar/<str:token>/mine-svar/", respondent.own_copy, name="answer_copy"),
    path("svar/<str:token>/nei-takk/", respondent.refuse, name="answer_refuse"),
    path("svar/<str:token>/<str:page_code>/", respondent.answer_page, name="answer_page"),
]
