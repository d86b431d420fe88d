"""Words for action plans, and a sentence for each action and refusal."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.plans import MeasureStatus, PlanState

PLAN_STATE_TEXT: dict[PlanState, Promise] = {
    PlanState.DRAFT: _("being written"),
    PlanState.ADOPTED: _("adopted"),
    PlanState.CLOSED: _("closed"),
}
PLAN_STATE_COLOR: dict[PlanState, str] = {
    PlanState.DRAFT: "warning",
    PlanState.ADOPTED: "success",
    PlanState.CLOSED: "neutral",
}
MEASURE_STATUS_TEXT: dict[MeasureStatus, Promise] = {
    MeasureStatus.NOT_BEGUN: _("not begun"),
    MeasureStatus.UNDER_WAY: _("under way"),
    MeasureStatus.DONE: _("done"),
    MeasureStatus.STOPPED: _("stopped"),
}
MEASURE_STATUS_COLOR: dict[MeasureStatus, str] = {
    MeasureStatus.NOT_BEGUN: "neutral",
    MeasureStatus.UNDER_WAY: "info",
    MeasureStatus.DONE: "success",
    MeasureStatus.STOPPED: "neutral",
}
FIELD_TEXT: dict[str, Any] = {
    "text": _("What is done"),
    "who": _("Who does it"),
    "how_seen": _("How we will see that it worked"),
    "status_note": _("Note"),
    "activity": _("What happens"),
    "summary": _("The plan in short"),
}

EVENTS: dict[str, str | Promise] = {
    "delivery.plan.start": _("A plan was begun: %(about)s. Measures taken along: %(copied)s."),
    "delivery.plan.summarise": _("The introduction to a plan was changed: %(about)s."),
    "delivery.plan.adopt": _("The municipality adopted its plan: %(about)s."),
    "delivery.plan.revise": _("An adopted plan was opened for changes: %(about)s."),
    "delivery.plan.close": _("A plan was closed: %(about)s."),
    "delivery.measure.add": _("A measure was added to the plan %(about)s."),
    "delivery.measure.change": _("A measure in the plan %(about)s was changed."),
    "delivery.measure.remove": _("A measure was taken out of the plan %(about)s."),
    "delivery.measure.status": _("A measure in the plan %(about)s is now: %(status)s."),
    "delivery.activity.add": _("An activity was added to the plan %(about)s."),
    "delivery.activity.mark": _("An activity in the plan %(about)s was marked."),
    "delivery.activity.remove": _("An activity was taken out of the plan %(about)s."),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {
    "delivery.measure.status": {
        "status": {status.value: text for status, text in MEASURE_STATUS_TEXT.items()}
    }
}
REFUSALS: dict[str, str | Promise] = {
    "delivery.only_the_sides_plan": _(
        "Only the municipality and its regional office write in the municipality's plan."
    ),
    "delivery.only_the_municipality_adopts": _(
        "The plan is the municipality's own, so only the municipality adopts it or opens it again."
    ),
    "delivery.plan_cannot_move": _("The plan is %(state)s, so it cannot become “%(wanted)s”."),
    "delivery.plan_not_in_work": _(
        "The plan is %(state)s. The municipality can open it for changes while it is adopted."
    ),
    "delivery.plan_is_closed": _("The plan is closed, and nothing more is written in it."),
    "delivery.plan_exists": _("There is a plan for %(year)s already. Open that one."),
    "delivery.plan_is_empty": _("Write at least one measure before the plan is adopted."),
    "delivery.plan_year_unknown": _("A plan cannot be made for the year %(year)s. Check the year."),
    "delivery.measure_incomplete": _("Fill in “%(field)s” for the measure."),
    "delivery.measure_day_unknown": _(
        "The day is outside what can be planned here. Check the year."
    ),
    "delivery.measure_day_before_the_plan": _(
        "The day lies before %(year)s, which is the year of the plan. Choose a day in %(year)s or later."
    ),
    "delivery.measure_day_far_off": _(
        "The day lies long after %(year)s, which is the year of the plan. Check the year; the last is %(last)s."
    ),
    "delivery.measure_told_meanwhile": _(
        "Somebody else has told how far this measure has come since you opened it."
    ),
    "delivery.new_day_says_why": _("Write in the note why the measure gets another day."),
    "delivery.too_many_measures": _(
        "The plan has %(most)s measures, which is the most there is room for. Put some together."
    ),
    "delivery.too_many_activities": _(
        "The measure has %(most)s activities, which is the most there is room for."
    ),
    "delivery.activity_empty": _("Write what happens in the activity."),
    "delivery.activity_in_the_future": _(
        "The day lies ahead. Mark the activity when it has been done."
    ),
    "delivery.stopped_says_why": _("Write in the note why the measure is stopped."),
    "delivery.revise_says_why": _("Write why the adopted plan is opened for changes."),
    "delivery.plan_changed_meanwhile": _(
        "Somebody else has changed the plan since you opened it. What you wrote is below: compare it"
        " with the plan as it is now, and save again."
    ),
    "delivery.measure_removed_meanwhile": _(
        "Somebody else has taken this measure or activity out of the plan since you opened it."
    ),
}
