from django.urls import path

from sloyfe.fieldwork.views import contacts, letters, rounds

app_name = "fieldwork"
urlpatterns = [
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
    path("undersokelser/<slug:slug>/grupper/<slug:code>/trekk/", rounds.draw, name="draw"),
    path("undersokelser/<slug:slug>/apne/", rounds.open_round, name="open_round"),
    path("undersokelser/<slug:slug>/lukk/", rounds.close_round, name="close_round"),
    path("undersokelser/<slug:slug>/inviter/", rounds.invite, name="invite"),
    path("undersokelser/<slug:slug>/minn-om/", rounds.remind, name="remind"),
    path("undersokelser/<slug:slug>/kontakter/", contacts.contacts, name="contacts"),
    path("undersokelser/<slug:slug>/brev/", letters.letters, name="letters"),
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
