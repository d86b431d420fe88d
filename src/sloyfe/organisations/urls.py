from django.urls import path

from sloyfe.organisations import views

app_name = "organisations"
urlpatterns = [
    path("kommuner/", views.municipality_list, name="list"),
    path("kommuner/<slug:slug>/", views.municipality_page, name="detail"),
]
