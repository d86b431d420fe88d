from django.urls import path

from sloyfe.home import views

app_name = "home"
urlpatterns = [path("", views.start, name="start")]
