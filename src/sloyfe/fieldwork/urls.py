"""Addresses of the fieldwork. The respondent's come first: they are asked for most."""

from __future__ import annotations

from django.urls import path

from sloyfe.fieldwork.views import contacts, letters, respondent, rounds

app_name = "fieldwork"
urlpatterns = [
    path("svar/<str:token>/", respondent.start, name="answer_start"),
    path("svar/<str:token>/ferdig/se-over/", respondent.look_over, name="answer_check"),
    path("svar/<str:token>/ferdig/send-inn/", respondent.send, name="answer_send"),
    path("svar/<str:token>/ferdig/kvittering/", respondent.receipt, name="answer_receipt"),
    path("svar/<str:token>/ferdig/mine-svar/", respondent.own_copy, name="answer_copy"),
    path("svar/<str:token>/ferdig/nei-takk/", respondent.refuse, name="answer_refuse"),
    path("svar/<str:token>/<str:page_code>/", respondent.answer_page, name="answer_page"),
    path("undersokelser/", rounds.round_list, name="rounds"),
    path("undersokelser/ny/<slug:programme>/", rounds.plan_round, name="plan_round"),
    path("undersokelser/<slug:slug>/", rounds.round_page, name="round"),
    path("undersokelser/<slug:slug>/grupper/ny/", rounds.add_population, name="add_population"),
    path(
        "undersokelser/<slug:slug>/grupper/<slug:code>/", rounds.population_page, name="population"
    ),
    path(
        "undersokelser/<slug:slug>/grupper/<slug:code>/ramme/", rounds.make_frame, name="make_frame"
    ),
    path(
        "undersokelser/<slug:slug>/grupper/<slug:code>/ramme.csv",
        rounds.frame_file,
        name="frame_file",
    ),
    path("undersokelser/<slug:slug>/grupper/<slug:code>/trekk/", rounds.draw, name="draw"),
    path("undersokelser/<slug:slug>/apne/", rounds.open_round, name="open_round"),
    path("undersokelser/<slug:slug>/lukk/", rounds.close_round, name="close_round"),
    path("undersokelser/<slug:slug>/inviter/", rounds.invite, name="invite"),
    path("undersokelser/<slug:slug>/minn-om/", rounds.remind, name="remind"),
    path("undersokelser/<slug:slug>/kontakter/", contacts.contacts, name="contacts"),
    path("undersokelser/<slug:slug>/brev/", letters.letters, name="letters"),
    path("undersokelser/<slug:slug>/brev/sendt/", letters.written, name="letters_written"),
    path(
        "undersokelser/<slug:slug>/brev/<str:code>/<str:language>/",
        letters.letter_text,
        name="letter_text",
    ),
    path(
        "undersokelser/<slug:slug>/utgaende/<uuid:letter>/<str:what>/",
        letters.letter_decide,
        name="letter_decide",
    ),
    path(
        "undersokelser/<slug:slug>/enheter/<uuid:case>/ny-lenke/", letters.new_link, name="new_link"
    ),
]
