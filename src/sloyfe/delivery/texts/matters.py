"""Words for matters and decisions, and a sentence for each action and refusal."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.steering import DecisionState, MatterKind, MatterState

MATTER_KIND_TEXT = {
    MatterKind.DECISION_WANTED: _("A decision is wanted"),
    MatterKind.NEED: _("A need that nobody could meet"),
    MatterKind.CAPACITY: _("More work than time"),
    MatterKind.GROUP_ISSUE: _("Raised by a standing group"),
    MatterKind.SUMMARY: _("Asked for in a summary"),
    MatterKind.CONTRADICTION: _("Two texts of the programme say different things"),
}
MATTER_STATE_TEXT = {
    MatterState.PREPARED: _("ready to go with its summary"),
    MatterState.ASKED: _("waiting for an answer"),
    MatterState.ANSWERED: _("answered"),
    MatterState.WITHDRAWN: _("withdrawn"),
}
DECISION_STATE_TEXT = {
    DecisionState.OPEN: _("not carried out yet"),
    DecisionState.DONE: _("done"),
    DecisionState.DROPPED: _("dropped"),
}

FIELD_TEXT: dict[str, str | Promise] = {
    "title": _("What is asked, in one line"),
    "text": _("Why it must be decided"),
    "proposal": _("Your proposal"),
    "answer": _("Answer"),
    "why": _("Why"),
    "decision": _("What is decided"),
    "note": _("How it was carried out"),
}

EVENTS: dict[str, str | Promise] = {
    "delivery.matter.ask": _("Matter %(about)s was asked."),
    "delivery.matter.answer": _("Matter %(about)s was answered."),
    "delivery.matter.withdraw": _("Matter %(about)s was withdrawn."),
    "delivery.decision.make": _("A decision was made."),
    "delivery.decision.finish": _("A decision was reported as carried out."),
    "delivery.decision.drop": _("A decision was dropped."),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {}
REFUSALS: dict[str, str | Promise] = {
    "delivery.only_offices_ask": _(
        "Matters are asked by the programme’s offices. A municipality says what it needs in a need or its report."
    ),
    "delivery.not_your_office": _("You do not work at %(office)s, so you cannot ask for it."),
    "delivery.asks_itself": _("An office cannot ask itself. Choose the office that decides."),
    "delivery.cannot_be_asked": _(
        "%(office)s is not asked in this programme. Ask nasjonalt fagansvar, the owner or the head office."
    ),
    "delivery.not_your_own_matter": _(
        "You asked this yourself or work where it was asked. Somebody else answers."
    ),
    "delivery.only_the_asked_answers": _("Only %(office)s, which was asked, answers."),
    "delivery.only_the_asker_withdraws": _("Only %(office)s, which asked, can withdraw this."),
    "delivery.matter_cannot_move": _("The matter is %(state)s, so it cannot become %(wanted)s."),
    "delivery.matter_answered_meanwhile": _(
        "Somebody else has just answered or withdrawn the matter. Your text is below and has not been saved."
    ),
    "delivery.matter_needs_answer": _("Write the answer to the matter in words."),
    "delivery.withdrawal_needs_reason": _("Write why the matter is withdrawn."),
    "delivery.matter_belongs_to_sent_summary": _(
        "The summary has been sent. Ask the matter by itself instead."
    ),
    "delivery.only_the_owner_decides": _(
        "Only the owner decides, or the office that the matter was asked of. The head office decides itself on what it was asked."
    ),
    "delivery.decision_is_empty": _("Write what was decided."),
    "delivery.decision_due_before": _("The decision must be carried out on %(day)s or later."),
    "delivery.decision_owner_outside": _(
        "%(office)s has no part in the programme, so it cannot carry the decision out."
    ),
    "delivery.only_the_carrier_reports": _(
        "Only %(office)s, which carries the decision out, says when it is done."
    ),
    "delivery.only_the_owner_drops": _(
        "Only the owner can drop a decision. One on what the head office was asked, the head office drops itself."
    ),
    "delivery.decision_cannot_move": _(
        "The decision is %(state)s, so it cannot become %(wanted)s."
    ),
    "delivery.decision_needs_note": _(
        "Write how the decision was carried out, or why it is dropped."
    ),
    "delivery.decision_finished_meanwhile": _(
        "Somebody else has just finished or dropped the decision. Your text is below and has not been saved."
    ),
}
