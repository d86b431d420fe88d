from django.urls import path

from sloyfe.home.views import about, history, programme, start

app_name = "home"
urlpatterns = [
    path("", start.start, name="start"),
    path("meg/", start.me, name="me"),
    path("program/<slug:slug>/", programme.programme, name="programme"),
    path("historikk/", history.events, name="history"),
    path("historikk/<str:kind>/<str:key>/", history.thing, name="thing"),
    path("tilgjengelighet/", about.accessibility, name="accessibility"),
    path("personvern/", about.privacy, name="privacy"),
    path("tilbakemelding/", about.feedback, name="feedback"),
]
