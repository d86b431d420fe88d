from django.urls import path

from sloyfe.accounts.views import sign_in

app_name = "accounts"
urlpatterns = [
    path("logg-inn/", sign_in.ask, name="ask"),
    path("logg-inn/sendt/", sign_in.asked, name="asked"),
    path("logg-inn/lenke/<str:token>/", sign_in.open_link, name="open_link"),
    path("logg-ut/", sign_in.sign_out, name="sign_out"),
    path("maalform/", sign_in.language, name="language"),
]
