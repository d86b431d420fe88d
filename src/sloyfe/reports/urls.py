from django.urls import path

from sloyfe.reports import views

app_name = "reports"
urlpatterns = [
    path("rapporter/", views.report_list, name="list"),
    path("rapporter/ny/<slug:round_slug>/", views.make_report, name="make"),
    path(
        "rapporter/ny/<slug:programme>/<int:year>/",
        views.make_report_of_year,
        name="make_year",
    ),
    path("rapporter/les/<slug:slug>/", views.report_page, name="report"),
    path("rapporter/les/<slug:slug>/fil/<str:name>/", views.report_file, name="file"),
    path("rapporter/les/<slug:slug>/skriv/", views.edit_page, name="edit"),
    path("rapporter/les/<slug:slug>/skriv/endre/", views.change_plan, name="change_plan"),
    path("rapporter/les/<slug:slug>/til-kommentar/", views.circulate, name="circulate"),
    path("rapporter/les/<slug:slug>/publiser/", views.publish, name="publish"),
    path("rapporter/les/<slug:slug>/kommenter/", views.comment, name="comment"),
    path("rapporter/les/<slug:slug>/kommentar/<int:number>/", views.answer, name="answer"),
]
