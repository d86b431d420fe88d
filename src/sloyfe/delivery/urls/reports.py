"""Addresses of yearly reports."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views.reports import filling, overview, page, treating, years

ALL = "rapportering/<slug:programme>/"
YEAR = f"{ALL}<int:year>/"
ONE = f"{YEAR}<slug:municipality>/"

urlpatterns: list[URLPattern] = [
    path("rapportering/", overview.reporting, name="reporting"),
    path(f"{ALL}felter/", overview.report_fields, name="report_fields"),
    path(f"{ALL}nytt-aar/", years.plan_year, name="plan_reporting"),
    path(f"{YEAR}aar/endre/", years.change_year, name="change_reporting"),
    path(f"{YEAR}aar/apne/", years.open_year, name="open_reporting"),
    path(f"{YEAR}aar/lukk/", years.close_year, name="close_reporting"),
    path(f"{YEAR}aar/kommune/", years.expect_report, name="expect_report"),
    path(ONE, page.report_page, name="report"),
    path(f"{ONE}skriv/<slug:page>/", filling.fill_in, name="report_page"),
    path(f"{ONE}videre/", filling.go_on, name="report_go_on"),
    path(f"{ONE}se-over/", filling.look_over, name="report_check"),
    path(f"{ONE}send/", filling.send, name="report_send"),
    path(f"{ONE}lever/", filling.hand_over, name="report_hand_over"),
    path(f"{ONE}ta-tilbake/", filling.take_back, name="report_take_back"),
    path(f"{ONE}ta-imot/", treating.receive, name="report_receive"),
    path(f"{ONE}samtale/", treating.discuss, name="report_discuss"),
    path(f"{ONE}svar/", treating.answer, name="report_answer"),
    path(f"{ONE}lukk/", treating.close, name="report_close"),
    path(f"{ONE}frist/", treating.extend, name="report_extend"),
    path(f"{ONE}fritak/", treating.excuse, name="report_excuse"),
    path(f"{ONE}sporsmal/", treating.ask, name="report_ask"),
    path(f"{ONE}sporsmal/<int:comment>/", treating.reply, name="report_reply"),
    path(f"{ONE}sporsmal/<int:comment>/trekk/", treating.withdraw, name="report_withdraw"),
]
