"""Words of the joining pages: roles, what programmes say, refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.programme.rules import Capacity
from sloyfe.programme.texts import CAPACITY_TEXT

ROLE_NAMES = CAPACITY_TEXT

_READS_THE_YEAR = _(
    "read the mandate, and what is public of what municipalities and offices have sent"
)

# What each role comes here to do, as the person reads it.
ROLE_RIGHTS: dict[Capacity, tuple[str | Promise, ...]] = {
    Capacity.HEAD_OFFICE: (
        _("read the mandate, the national picture, and what municipalities and offices have sent"),
        _("put items on the agenda of the steering dialogue and write its minutes"),
        _("decide on what the head office is asked, and ask the owner or nasjonalt fagansvar"),
        _("say what the head office has time for, and report decisions that it has carried out"),
    ),
    Capacity.OWNER: (
        _("give the programme its mandate, and say who does and who answers for each task"),
        _("plan and hold the steering dialogues, and decide"),
        _("read the national picture, and answer the national summary and what the offices ask"),
        _("put dates on the year wheel, and set up standing groups"),
        _("comment on drafts of the programme’s templates"),
        _("publish the programme’s yearly report"),
        _("read surveys and reports"),
        _("follow response rates, but never who has answered"),
        _("read the history of what has been done"),
    ),
    Capacity.NATIONAL_LEAD: (
        _("make the programme’s templates and answer comments on them"),
        _("plan, open and close the reporting of a year"),
        _("answer the summaries of the regions, and send the national one to the owner"),
        _(
            "answer needs that the regions cannot meet, or take them to the owner or the head office"
        ),
        _("put items on the agenda of the steering dialogue and write its minutes"),
        _("put dates on the year wheel, and set up standing groups"),
        _("publish the description of the programme, and make its yearly report"),
        _("read rounds and reports for the whole country"),
        _("follow response rates, but never who has answered"),
        _("read the history of what has been done"),
    ),
    Capacity.REGIONAL_OFFICE: (
        _("meet the municipalities of the region, and write agreements with them"),
        _("receive, talk through and answer the reports of the municipalities"),
        _("answer what the municipalities need, or raise it to nasjonalt fagansvar"),
        _("send the summary of the region, and ask for decisions from above"),
        _("put dates of the region on the year wheel, and say what the office has time for"),
        _("comment on drafts of the programme’s templates, and try them"),
        _("read the national picture and compare the regions"),
        _("read published reports and the figures in them"),
    ),
    Capacity.MUNICIPALITY: (
        _("read about the programme and what the municipality is asked about"),
        _("say what the municipality needs, at any time, and whether the answer helped"),
        _("confirm the agreement with the regional office, and make the action plan"),
        _("fill in and send the yearly report, and see what it led to"),
        _("answer surveys through the link in the letter"),
    ),
    Capacity.EVALUATOR: (
        _("make questionnaires and answer comments on them"),
        _("draw samples, send invitations and reminders, and close rounds"),
        _("analyse answers and write reports"),
        _READS_THE_YEAR,
    ),
    Capacity.PROJECT_GROUP: (
        _("comment on drafts by a date, and see how each comment was met"),
        _("follow response rates, but never answers or who has answered"),
        _READS_THE_YEAR,
    ),
    Capacity.PARTNER: (
        _("read about the programme and its published reports"),
        _READS_THE_YEAR,
        _("raise issues through the standing groups of which your organisation is a member"),
    ),
    Capacity.AUDITOR: (
        _("read the history of what has been done, by whom and when"),
        _(
            "read all that municipalities and offices have sent, what is asked and decided, and the guide of the offices"
        ),
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
        "Only the programme’s owner, nasjonalt fagansvar and auditors read the history. Ask one of them."
    ),
    "home.feedback.too_many": _(
        "You have written several times within the hour. Wait a while, or send us an e-mail."
    ),
}
