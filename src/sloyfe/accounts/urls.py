from django.urls import path

from sloyfe.accounts import views

app_name = "accounts"
urlpatterns = [path("logg-inn/", views.sign_in, name="sign_in")]
