"""Words for the steering dialogue, and a sentence for each action and refusal."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.steering import AgendaKind, SteeringState

STEERING_STATE_TEXT = {
    SteeringState.PLANNED: _("planned"),
    SteeringState.HELD: _("held"),
    SteeringState.CANCELLED: _("cancelled"),
}
AGENDA_KIND_TEXT = {
    AgendaKind.MATTER: _("Matter"),
    AgendaKind.NEED: _("Need that nobody could meet"),
    AgendaKind.DECISION: _("Decision past its day"),
    AgendaKind.SUMMARY: _("Summary to read and answer"),
    AgendaKind.HANDWRITTEN: _("Item"),
}

FIELD_TEXT: dict[str, str | Promise] = {
    "why": _("Why"),
    "item": _("What the item is about"),
    "minutes": _("Minutes"),
}

EVENTS: dict[str, str | Promise] = {
    "delivery.steering.plan": _("%(meetings)s steering dialogues of %(about)s were planned."),
    "delivery.steering.move": _("The steering dialogue %(about)s was moved to %(day)s."),
    "delivery.steering.cancel": _("The steering dialogue %(about)s was cancelled."),
    "delivery.steering.agenda": _("The agenda of the steering dialogue %(about)s was changed."),
    "delivery.steering.minutes": _("Minutes of the steering dialogue %(about)s were written."),
    "delivery.steering.hold": _("The steering dialogue %(about)s was held."),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {}
REFUSALS: dict[str, str | Promise] = {
    "delivery.only_the_owner_plans": _("Only the owner plans the steering dialogues."),
    "delivery.dialogue_cannot_move": _(
        "The steering dialogue is %(state)s, so it cannot become %(wanted)s."
    ),
    "delivery.meeting_in_the_past": _("The day has passed. Choose today or a later day."),
    "delivery.meeting_same_day": _("A steering dialogue is planned for %(day)s already."),
    "delivery.dialogue_needs_reason": _(
        "Less than a year is left. Write why, so that those who take part can be told."
    ),
    "delivery.no_days": _("Write at least one day."),
    "delivery.cancelling_needs_reason": _("Write why the steering dialogue is cancelled."),
    "delivery.only_those_who_meet_write": _(
        "Only the owner, nasjonalt fagansvar and the head office make the agenda and write the minutes."
    ),
    "delivery.meeting_is_over": _(
        "The steering dialogue is %(state)s, so its papers can no longer be changed."
    ),
    "delivery.meeting_not_yet": _(
        "The steering dialogue is on %(day)s and cannot be finished before."
    ),
    "delivery.meeting_needs_minutes": _("Write the minutes and save them before you finish."),
    "delivery.minutes_changed": _(
        "Somebody else has saved the minutes since you opened them. Your text is below and has not been saved."
    ),
    "delivery.not_on_the_agenda": _("The item is no longer on the agenda. Load the page again."),
    "delivery.item_waits_by_itself": _(
        "The item is on the agenda because it waits for an answer. Only what is written by hand is taken away."
    ),
    "delivery.item_needs_title": _("Write what the item is about."),
}
