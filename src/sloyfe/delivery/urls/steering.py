"""Addresses of the steering dialogue, of matters and decisions, and of what was sent and answered."""

from __future__ import annotations

from django.urls import URLPattern, path

from sloyfe.delivery.views import matters, steering

_HOME = "styring/<slug:programme>/"
_MEETING = f"{_HOME}mote/<int:number>/"
_MATTER = f"{_HOME}saker/<int:matter>/"

urlpatterns: list[URLPattern] = [
    path("rapportering/<slug:programme>/sendt/", matters.passage_page, name="passage"),
    path(_HOME, steering.steering_page, name="steering"),
    path(f"{_HOME}saker/", matters.matter_list, name="matters"),
    path(f"{_HOME}saker/ny/", matters.ask_matter, name="ask_matter"),
    path(_MATTER, matters.matter_page, name="matter"),
    path(f"{_MATTER}svar/", matters.answer_matter, name="answer_matter"),
    path(f"{_MATTER}trekk/", matters.withdraw_matter, name="withdraw_matter"),
    path(f"{_MATTER}vedtak/", matters.decide_matter, name="decide_matter"),
    path(f"{_HOME}vedtak/", matters.decisions, name="decisions"),
    path(f"{_HOME}vedtak/<int:decision>/ferdig/", matters.finish_decision, name="finish_decision"),
    path(f"{_HOME}vedtak/<int:decision>/stopp/", matters.drop_decision, name="drop_decision"),
    path(f"{_HOME}mote/ny/", steering.plan_meetings, name="plan_dialogues"),
    path(_MEETING, steering.meeting_page, name="steering_meeting"),
    path(f"{_MEETING}flytt/", steering.move_meeting, name="move_dialogue"),
    path(f"{_MEETING}avlys/", steering.cancel_meeting, name="cancel_dialogue"),
    path(f"{_MEETING}punkt/", steering.add_item, name="add_agenda_item"),
    path(f"{_MEETING}dagsorden/", steering.change_agenda, name="change_agenda"),
    path(f"{_MEETING}referat/", steering.write_minutes, name="write_minutes"),
    path(f"{_MEETING}vedtak/", steering.decide_in_meeting, name="decide_in_meeting"),
    path(f"{_MEETING}holdt/", steering.hold_meeting, name="hold_dialogue"),
]
