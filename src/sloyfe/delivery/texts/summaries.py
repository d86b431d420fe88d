"""Words for summaries, and a sentence for each action and refusal."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.summaries import SummaryState

SUMMARY_STATE_TEXT = {
    SummaryState.DRAFT: _("being written"),
    SummaryState.SENT: _("sent"),
    SummaryState.READ: _("read"),
    SummaryState.ANSWERED: _("answered"),
}

FIELD_TEXT: dict[str, str | Promise] = {
    "overview": _("Overview"),
    "worked": _("What worked"),
    "was_hard": _("What was hard"),
    "asked_for": _("What we ask for"),
    "incomplete_why": _("Why it goes up before everything below it is answered"),
    "answer": _("Answer"),
}

EVENTS: dict[str, str | Promise] = {
    "delivery.summary.write": _("The summary %(about)s was written on."),
    "delivery.summary.send": _("The summary %(about)s was sent, with %(matters)s matters."),
    "delivery.summary.read": _("The summary %(about)s was read."),
    "delivery.summary.answer": _("The summary %(about)s was answered."),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {}
REFUSALS: dict[str, str | Promise] = {
    "delivery.only_the_office_writes": _("Only %(office)s writes this summary."),
    "delivery.only_the_office_sends": _("Only %(office)s sends this summary."),
    "delivery.summary_already_sent": _(
        "The summary has been sent, so its text can no longer be changed. What is new belongs in a matter or in next year's."
    ),
    "delivery.summary_cannot_move": _("The summary is %(state)s, so it cannot become %(wanted)s."),
    "delivery.summary_is_empty": _(
        "The summary has no overview yet. Write it and save before you send."
    ),
    "delivery.summary_year_not_open": _(
        "The reporting for %(year)s has not been opened, so there is nothing to sum up yet. Send the summary"
        " when the reports are in."
    ),
    "delivery.summary_stands_on_nothing": _(
        "No report for %(year)s is expected here, so the summary has nothing to build on."
    ),
    "delivery.reports_not_answered": _(
        "%(count)s expected reports have no answer yet. Answer them, or write why the summary goes up without."
    ),
    "delivery.regions_not_answered": _(
        "%(count)s regional summaries have no answer yet: %(regions)s."
        " Answer them, or write why the national summary goes up without."
    ),
    "delivery.not_your_own_summary": _(
        "You have sent this summary yourself or work where it was written. Somebody else reads and answers it."
    ),
    "delivery.only_the_receiver_answers": _("Only %(office)s reads and answers this summary."),
    "delivery.summary_changed": _(
        "Somebody else has saved the summary since you opened it. Your text is below and has not been saved:"
        " compare the two, and save again if yours should stand."
    ),
    "delivery.summary_changed_before_sending": _(
        "The summary has been changed since you opened it. Read it again, and then send."
    ),
    "delivery.summary_answered_meanwhile": _(
        "Somebody else has just answered the summary. Your text is below and has not been saved."
    ),
    "delivery.answer_is_empty": _("Write the answer in words before you send it."),
    "delivery.no_office_above": _(
        "Nobody is registered to receive the summary. Register the office in the programme first."
    ),
}
