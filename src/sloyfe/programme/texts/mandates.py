"""Words for mandates and capacity, and a sentence for each refusal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sloyfe.programme.rules.mandates import (
    ChangeOf,
    Chapter,
    FaultKind,
    MandateState,
    Part,
    RoleKind,
)

ROLE_TEXT = {
    RoleKind.HEAD_OFFICE: _("Head office"),
    RoleKind.OWNER: _("Owner"),
    RoleKind.NATIONAL_LEAD: _("Nasjonalt fagansvar"),
    RoleKind.REGIONAL_OFFICE: _("Regional offices"),
    RoleKind.MUNICIPALITY: _("Municipalities"),
    RoleKind.EVALUATOR: _("Evaluator"),
    RoleKind.PROJECT_GROUP: _("The client’s project group"),
    RoleKind.PARTNER: _("Partners"),
    RoleKind.AUDITOR: _("Auditor"),
}
MANDATE_STATE_TEXT = {
    MandateState.DRAFT: _("draft"),
    MandateState.ISSUED: _("issued"),
    MandateState.REPLACED: _("replaced"),
}
PART_TEXT = {
    Part.RESPONSIBLE: _("does it"),
    Part.ACCOUNTABLE: _("answers for it"),
    Part.CONSULTED: _("is asked"),
    Part.INFORMED: _("is told"),
}
# One letter for the table, in the reader's language; each explained below the table.
PART_LETTER = {
    Part.RESPONSIBLE: pgettext_lazy("one letter for who does a task", "R"),
    Part.ACCOUNTABLE: pgettext_lazy("one letter for who answers for a task", "A"),
    Part.CONSULTED: pgettext_lazy("one letter for who is asked about a task", "C"),
    Part.INFORMED: pgettext_lazy("one letter for who is told of a task", "I"),
}
FAULT_TEXT = {
    FaultKind.NO_TASKS: _("The mandate has no tasks."),
    FaultKind.NO_ACCOUNTABLE: _("Nobody answers for the task."),
    FaultKind.TWO_ACCOUNTABLE: _("More than one role answers for the task: %(roles)s."),
    FaultKind.NO_RESPONSIBLE: _("Nobody does the task."),
}
CHAPTER_TEXT = {
    Chapter.PERIOD: _("Period"),
    Chapter.FOREWORD: _("Foreword"),
    Chapter.GOAL: _("Goals"),
    Chapter.RESOURCE: _("Resources"),
    Chapter.RESPONSIBILITY: _("What each role is responsible for"),
    Chapter.TASK: _("Tasks"),
}
CHANGE_TEXT = {
    ChangeOf.ADDED: _("new"),
    ChangeOf.REMOVED: _("gone"),
    ChangeOf.CHANGED: _("changed"),
}

EVENTS = {
    "programme.mandate.begin": _("The mandate %(about)s was begun as a draft."),
    "programme.mandate.write": _("Foreword and period of the mandate %(about)s were written."),
    "programme.mandate.goal": _("A goal of the mandate %(about)s was written."),
    "programme.mandate.resource": _("A resource of the mandate %(about)s was written."),
    "programme.mandate.responsibility": _("A responsibility in the mandate %(about)s was written."),
    "programme.mandate.task": _("A task of the mandate %(about)s was written."),
    "programme.mandate.remove": _("Something was taken out of the mandate %(about)s."),
    "programme.mandate.discard": _("The draft of the mandate %(about)s was thrown away."),
    "programme.mandate.issue": _("The mandate %(about)s was issued."),
    "programme.year.load": _("Mandates, capacity and year wheel of %(about)s were loaded."),
    "programme.capacity.set": _("%(about)s said how many days it has in %(year)s."),
}
REFUSALS = {
    "programme.only_the_owner": _("Only the programme’s owner writes and issues mandates."),
    "programme.mandate_in_work": _(
        "A mandate is being written already. Finish that one, or throw it away first."
    ),
    "programme.mandate_is_issued": _(
        "Mandate %(number)s has been issued and cannot be changed. Write a new one that replaces it."
    ),
    "programme.mandate_needs_a_day": _("Say first from which day the mandate holds."),
    "programme.mandate_needs_a_foreword": _("Write the foreword first."),
    "programme.mandate_needs_a_goal": _("The mandate needs at least one goal first."),
    "programme.mandate_has_faults": _(
        "The responsibility table has things to put right: %(count)s. They are listed above the table."
    ),
    "programme.mandate_begins_too_early": _(
        "The mandate must begin after mandate %(number)s did. Choose a later first day."
    ),
    "programme.mandate_ends_before_it_begins": _(
        "The mandate must end after the day on which it begins."
    ),
    "programme.goal_needs_words": _(
        "Choose one of the programme’s goals, or write the goal in your own words."
    ),
    "programme.parts_do_not_go_together": _(
        "A role that does a task or answers for it is neither asked nor told about it. Choose one."
    ),
    "programme.too_much_is_asked": _(
        "More is asked than there are days for: %(offices)s. Give a reason to go on all the same."
    ),
    "programme.capacity_is_for_the_offices": _(
        "What the offices have time for is shown to the offices of the programme only."
    ),
    "programme.capacity_is_the_offices_own": _(
        "Each office says itself how many days it has; so may nasjonalt fagansvar."
    ),
    "programme.not_an_office": _("%(organisation)s is not an office of this programme."),
}
