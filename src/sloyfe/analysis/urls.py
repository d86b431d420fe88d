from django.urls import path

from sloyfe.analysis import views

app_name = "analysis"
urlpatterns = [
    path("rapporter/<slug:slug>/trykt-og-etterregnet/", views.printed_page, name="printed"),
    path(
        "rapporter/<slug:slug>/trykt-og-etterregnet/tabell.<str:kind>",
        views.printed_file,
        name="printed_file",
    ),
    path("rapporter/<slug:slug>/svar/<slug:code>/", views.answers_page, name="answers"),
]
