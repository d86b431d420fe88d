"""Words for meetings, and a sentence for each action and refusal."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.agreements import MeetingKind, MeetingState

MEETING_KIND_TEXT: dict[MeetingKind, Promise] = {
    MeetingKind.DIALOGUE: _("Dialogue meeting"),
    MeetingKind.STATUS: _("Status meeting"),
    MeetingKind.REPORT: _("Meeting on the yearly report"),
    MeetingKind.OTHER: _("Other meeting"),
}
MEETING_STATE_TEXT: dict[MeetingState, Promise] = {
    MeetingState.PLANNED: _("planned"),
    MeetingState.HELD: _("held"),
    MeetingState.CANCELLED: _("cancelled"),
}
MEETING_STATE_COLOR: dict[MeetingState, str] = {
    MeetingState.PLANNED: "info",
    MeetingState.HELD: "success",
    MeetingState.CANCELLED: "neutral",
}
FIELD_TEXT: dict[str, Any] = {
    "place": _("Place"),
    "agenda": _("Agenda"),
    "present": _("Who was present"),
    "minutes": _("Minutes"),
    "agreed": _("What was agreed"),
    "reason": _("Why it is cancelled"),
}

EVENTS: dict[str, str | Promise] = {
    "delivery.meeting.plan": _("A meeting was planned: %(about)s (%(kind)s)."),
    "delivery.meeting.change": _("A planned meeting was changed: %(about)s."),
    "delivery.meeting.hold": _("A meeting was held and its minutes were written: %(about)s."),
    "delivery.meeting.mend": _("The minutes of a meeting were corrected: %(about)s."),
    "delivery.meeting.cancel": _("A meeting was cancelled: %(about)s."),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {
    "delivery.meeting.plan": {
        "kind": {kind.value: text for kind, text in MEETING_KIND_TEXT.items()}
    }
}
REFUSALS: dict[str, str | Promise] = {
    "delivery.only_the_sides_meet": _(
        "Only the municipality and its regional office plan and change meetings between them."
    ),
    "delivery.office_writes_minutes": _(
        "The regional office writes the minutes. The municipality can comment on them."
    ),
    "delivery.meeting_cannot_move": _(
        "The meeting is %(state)s already, so it cannot become “%(wanted)s”."
    ),
    "delivery.meeting_not_planned": _(
        "The meeting is %(state)s, and only a planned one is changed."
    ),
    "delivery.meeting_not_held": _(
        "The meeting has not been held yet, so it has no minutes to correct."
    ),
    "delivery.meeting_lies_ahead": _(
        "The meeting is planned for %(day)s. Write the minutes when it has been held, or move the day."
    ),
    "delivery.minutes_missing": _("Write in the minutes what was talked about."),
    "delivery.present_missing": _("Write which roles were present, such as “programme leader”."),
    "delivery.cancel_says_why": _("Write why the meeting is cancelled."),
    "delivery.meeting_changed_meanwhile": _(
        "Somebody else has changed the meeting since you opened it. What you wrote is below: compare it"
        " with the meeting as it is now, and save again."
    ),
    "delivery.only_sides_comment": _(
        "Only the municipality and its regional office write to each other about the meeting."
    ),
    "delivery.other_side_answers": _(
        "The side that did not write the comment answers it, so it cannot be you."
    ),
    "delivery.year_unknown": _("The year %(year)s is outside what can be planned here."),
}
