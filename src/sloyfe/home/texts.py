"""Words of the joining pages: roles, what programmes say, refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.programme.rules import Capacity

ROLE_NAMES: dict[Capacity, str | Promise] = {
    Capacity.OWNER: _("programme owner"),
    Capacity.NATIONAL_LEAD: _("national lead"),
    Capacity.REGIONAL_OFFICE: _("regional office"),
    Capacity.MUNICIPALITY: _("municipality"),
    Capacity.EVALUATOR: _("evaluator"),
    Capacity.PROJECT_GROUP: _("the client’s project group"),
    Capacity.PARTNER: _("partner agency"),
    Capacity.AUDITOR: _("auditor"),
}

# What each role comes here to do, as the person reads it.
ROLE_RIGHTS: dict[Capacity, tuple[str | Promise, ...]] = {
    Capacity.OWNER: (
        _("read the national picture, rounds and reports"),
        _("follow response rates, but never who has answered"),
        _("read the history of what has been done"),
    ),
    Capacity.NATIONAL_LEAD: (
        _("read rounds and reports for the whole country"),
        _("follow response rates, but never who has answered"),
        _("read the history of what has been done"),
    ),
    Capacity.REGIONAL_OFFICE: (
        _("read about the municipalities of the region"),
        _("read published reports and the figures in them"),
    ),
    Capacity.MUNICIPALITY: (
        _("read about the programme and what the municipality is asked about"),
        _("answer surveys through the link in the letter"),
    ),
    Capacity.EVALUATOR: (
        _("make questionnaires and answer comments on them"),
        _("draw samples, send invitations and reminders, and close rounds"),
        _("analyse answers and write reports"),
    ),
    Capacity.PROJECT_GROUP: (
        _("comment on drafts by a date, and see how each comment was met"),
        _("follow response rates, but never answers or who has answered"),
    ),
    Capacity.PARTNER: (_("read about the programme and its published reports"),),
    Capacity.AUDITOR: (
        _("read the history of what has been done, by whom and when"),
        _("read rounds and reports, but change nothing"),
    ),
}

STATEMENT_TITLES: dict[str, str | Promise] = {
    "strategy": _("Strategy"),
    "purpose": _("Purpose"),
    "goal": _("Goals"),
    "subgoal": _("Subgoals"),
    "target_group": _("Who it is for"),
    "result_goal": _("Results aimed at"),
    "success_factor": _("What makes it work"),
    "mandate": _("Mandate"),
    "offer": _("What municipalities are offered"),
    "basic_offer": _("What every municipality is offered"),
    "responsibility": _("Who is responsible for what"),
    "role": _("Who does what"),
    "work_package": _("Work packages"),
    "arena": _("Where people meet"),
}

REFUSALS = {
    "home.history.not_yours": _(
        "Only the programme’s owner, national lead and auditors read the history. Ask one of them."
    ),
    "home.feedback.too_many": _(
        "You have written several times within the hour. Wait a while, or send us an e-mail."
    ),
}
