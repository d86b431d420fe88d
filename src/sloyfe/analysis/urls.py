from django.urls import path

from sloyfe.analysis.views import datasets, printed

app_name = "analysis"
urlpatterns = [
    path("rapporter/<slug:slug>/trykt-og-etterregnet/", printed.printed_page, name="printed"),
    path(
        "rapporter/<slug:slug>/trykt-og-etterregnet/tabell.<str:kind>",
        printed.printed_file,
        name="printed_file",
    ),
    path("rapporter/<slug:slug>/svar/<slug:code>/", printed.answers_page, name="answers"),
    path("undersokelser/<slug:slug>/svar/", datasets.round_page, name="round"),
    path("undersokelser/<slug:slug>/svar/<slug:code>/frys/", datasets.freeze, name="freeze"),
    path("undersokelser/<slug:slug>/svar/<slug:code>/kontroller/", datasets.check, name="check"),
    path("undersokelser/<slug:slug>/svar/<slug:code>/data/", datasets.data, name="data"),
    path("undersokelser/<slug:slug>/svar/<slug:code>/kodebok/", datasets.codebook, name="codebook"),
    path("undersokelser/<slug:slug>/svar/<slug:code>/kryss/", datasets.cross_page, name="cross"),
    path(
        "undersokelser/<slug:slug>/svar/<slug:code>/sporsmal/<str:item>/",
        datasets.question_page,
        name="question",
    ),
]
