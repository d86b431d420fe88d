"""Addresses of the forms, in the words that users use."""

from __future__ import annotations

from django.urls import path

from sloyfe.instruments.views import comments, editing, preview, versions

app_name = "instruments"

ONE = "skjema/<slug:programme>/<slug:code>/<int:number>/"
QUESTION = f"{ONE}rediger/<slug:question>/"

urlpatterns = [
    path("skjema/", versions.programmes, name="programmes"),
    path("skjema/<slug:programme>/", versions.instrument_list, name="list"),
    path("skjema/<slug:programme>/nytt/", versions.upload, name="upload"),
    path(ONE, versions.version_page, name="version"),
    path(f"{ONE}endringer/", versions.changes, name="changes"),
    path(f"{ONE}send-til-kommentar/", versions.send_for_comments, name="send_for_comments"),
    path(f"{ONE}tilbake-til-utkast/", versions.withdraw, name="withdraw"),
    path(f"{ONE}start-utproving/", versions.start_pilot, name="start_pilot"),
    path(f"{ONE}ta-i-bruk/", versions.release, name="release"),
    path(f"{ONE}ta-ut-av-bruk/", versions.retire, name="retire"),
    path(f"{ONE}ny-utgave/", versions.new_version, name="new_version"),
    path(f"{ONE}last-ned/<str:form>", versions.codebook, name="codebook"),
    path(f"{ONE}kommentarer/", comments.comments, name="comments"),
    path(f"{ONE}kommentarer/<int:comment>/", comments.answer_comment, name="answer_comment"),
    path(f"{ONE}rediger/", editing.edit, name="edit"),
    path(f"{ONE}rediger/side/<slug:page>/nytt/", editing.add_question, name="add_question"),
    path(QUESTION, editing.edit_question, name="edit_question"),
    path(f"{QUESTION}opp/", editing.move_question, {"by": -1}, name="move_up"),
    path(f"{QUESTION}ned/", editing.move_question, {"by": 1}, name="move_down"),
    path(f"{QUESTION}ta-ut/", editing.remove_question, name="remove_question"),
    path(f"{ONE}forhandsvis/", preview.preview, name="preview"),
    path(f"{ONE}forhandsvis/<slug:page>/", preview.preview_page, name="preview_page"),
    path(f"{ONE}utproving/", preview.pilot_answers, name="pilot_answers"),
    path(f"{ONE}utproving/<slug:page>/", preview.pilot_page, name="pilot_page"),
]
