"""Words of the joining pages: roles, what programmes say, refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.programme.rules import Capacity
from sloyfe.programme.texts import CAPACITY_TEXT

ROLE_NAMES = CAPACITY_TEXT

# What each role comes here to do, as the person reads it.
ROLE_RIGHTS: dict[Capacity, tuple[str | Promise, ...]] = {
    Capacity.OWNER: (
        _("comment on drafts of the programme’s templates"),
        _("read the national picture, rounds and reports"),
        _("follow response rates, but never who has answered"),
        _("read the history of what has been done"),
    ),
    Capacity.NATIONAL_LEAD: (
        _("make the programme’s templates and answer comments on them"),
        _("read rounds and reports for the whole country"),
        _("follow response rates, but never who has answered"),
        _("read the history of what has been done"),
    ),
    Capacity.REGIONAL_OFFICE: (
        _("comment on drafts of the programme’s templates, and try them"),
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
    "goal": _("Goals"),
    "target_group": _("Who it is for"),
    "success_factor": _("What makes it work"),
    "basic_offer": _("What every municipality is offered"),
    "subprogramme": _("What members of subprogrammes are offered"),
    "ladder_step": _("Step by step"),
    "criterion": _("How members are chosen"),
    "learning_tool": _("Tools for learning"),
    "template": _("Templates"),
    "arena": _("Where people meet"),
    "role": _("Who is responsible for what"),
    "group": _("Groups"),
    "ministry": _("Ministries behind it"),
    "directorate": _("Directorates that take part"),
    "fact": _("Good to know"),
}

REFUSALS = {
    "home.history.not_yours": _(
        "Only the programme’s owner, national lead and auditors read the history. Ask one of them."
    ),
    "home.feedback.too_many": _(
        "You have written several times within the hour. Wait a while, or send us an e-mail."
    ),
}
