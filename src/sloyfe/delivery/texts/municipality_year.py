"""Words for the ladder, and for what the municipality's page tells of papers that others own."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.municipality_year import NextStep, Rung
from sloyfe.delivery.rules.needs import NeedState
from sloyfe.delivery.rules.reports import ReportState
from sloyfe.delivery.rules.steering import DecisionState, MatterState

RUNG_TEXT: dict[Rung, Promise] = {
    Rung.DIALOGUE: _("Dialogue meeting"),
    Rung.AGREEMENT: _("Programme agreement"),
    Rung.PRIORITIES: _("Prioritised effort areas"),
    Rung.PLAN: _("Action plan"),
    Rung.ACTIVITIES: _("Measures and activities"),
}
# What comes next, with a slot for each of the two sides.
NEXT_TEXT: dict[NextStep, Promise] = {
    NextStep.BASIC_OFFER: _(
        "%(municipality)s has the basic offer. A new dialogue meeting opens the way to a new agreement."
    ),
    NextStep.GOES_ON: _("The work goes on where the municipality is now part."),
    NextStep.PLAN_DIALOGUE: _("Next: %(office)s plans a dialogue meeting."),
    NextStep.HOLD_DIALOGUE: _("Next: %(municipality)s and %(office)s hold the dialogue meeting."),
    NextStep.DRAFT_AGREEMENT: _("Next: %(office)s writes a programme agreement."),
    NextStep.PROPOSE_AGREEMENT: _("Next: %(office)s sends the agreement that it is writing."),
    NextStep.CONFIRM_AGREEMENT: _(
        "Next: %(municipality)s confirms the agreement or sends it back."
    ),
    NextStep.RENEW_AGREEMENT: _(
        "Next: %(office)s makes a new version of the agreement, which runs out."
    ),
    NextStep.CHOOSE_PRIORITIES: _(
        "Next: %(municipality)s and %(office)s choose effort areas, and %(office)s writes them into the"
        " agreement."
    ),
    NextStep.MAKE_PLAN: _("Next: %(municipality)s makes its plan for the year."),
    NextStep.ADOPT_PLAN: _("Next: %(municipality)s adopts its plan."),
    NextStep.CATCH_UP: _("Next: %(municipality)s tells of the measures that are past their day."),
    NextStep.PLAN_MEETING: _("Next: plan the meetings of the year. There are two a year."),
    NextStep.CARRY_OUT: _("Next: %(municipality)s carries out its measures and tells how they go."),
}
NEED_STATE_WORD: dict[NeedState, Promise] = {
    NeedState.UNCONFIRMED: _("waits for the address to be confirmed"),
    NeedState.RECEIVED: _("received by the office"),
    NeedState.IN_WORK: _("being worked on"),
    NeedState.RAISED: _("raised to nasjonalt fagansvar"),
    NeedState.ANSWERED: _("answered"),
    NeedState.CLOSED: _("done with"),
}
REPORT_STATE_WORD: dict[ReportState, Promise] = {
    ReportState.EXPECTED: _("not begun"),
    ReportState.BEGUN: _("begun"),
    ReportState.TO_CONFIRM: _("waits for the municipality to confirm"),
    ReportState.SENT: _("sent"),
    ReportState.RECEIVED: _("received"),
    ReportState.DISCUSSED: _("talked through"),
    ReportState.ANSWERED: _("answered by the office"),
    ReportState.CLOSED: _("done with"),
    ReportState.EXCUSED: _("not expected"),
}
MATTER_STATE_WORD: dict[MatterState, Promise] = {
    MatterState.ASKED: _("waits for an answer"),
    MatterState.ANSWERED: _("answered"),
    MatterState.WITHDRAWN: _("withdrawn"),
}
DECISION_STATE_WORD: dict[DecisionState, Promise] = {
    DecisionState.OPEN: _("to be carried out"),
    DecisionState.DONE: _("carried out"),
    DecisionState.DROPPED: _("dropped"),
}
