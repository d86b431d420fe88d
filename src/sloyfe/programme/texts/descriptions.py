"""Words of the programme description, and a sentence for each action and refusal."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.programme.rules.descriptions import Audience, ChangeKind, Part

AUDIENCE_TEXT: dict[Audience, str | Promise] = {
    Audience.EXTERNAL: _("Programme description"),
    Audience.INTERNAL: _("Guide for the offices"),
}
AUDIENCE_LEAD: dict[Audience, str | Promise] = {
    Audience.EXTERNAL: _("For municipalities: what the programme is, and how it works."),
    Audience.INTERNAL: _("For regional offices: how the programme is carried out."),
}
PART_TEXT: dict[Part, str | Promise] = {
    Part.WHAT: _("What the programme is"),
    Part.HOW: _("How it works"),
}
CHAPTER_TEXT: dict[str, str | Promise] = {
    "about": _("About the programme"),
    "goals": _("Goals"),
    "offer": _("What every municipality is offered"),
    "subprogrammes": _("Subprogrammes"),
    "ladder": _("Step by step"),
    "year": _("The year"),
    "roles": _("Who is responsible for what"),
    "tasks": _("Who does what in each task"),
    "arenas": _("Where people meet"),
    "groups": _("Standing groups"),
    "templates": _("Templates and forms"),
    "results": _("What is worked on and counted"),
}
CHANGE_TEXT: dict[ChangeKind, str | Promise] = {
    ChangeKind.ADDED: _("New"),
    ChangeKind.REMOVED: _("Gone"),
    ChangeKind.CHANGED: _("Changed"),
}
CHAPTER_CHANGE_TEXT: dict[ChangeKind, str | Promise] = {
    ChangeKind.ADDED: _("new chapter"),
    ChangeKind.REMOVED: _("chapter gone"),
    ChangeKind.CHANGED: _("changed"),
}
# What the chapters say around the data.
SAYS: dict[str, str | Promise] = {
    "period": _("Period: %(period)s."),
    "strategy": _("The programme serves the strategy %(strategy)s. %(purpose)s"),
    "result_goals": _("Result goals for %(group)s"),
    "success": _("What makes it work"),
    "criteria": _("How members are chosen"),
    "tools": _("Tools for learning"),
    "work_package": _("Work package %(number)s: %(title)s"),
    "members": _("%(number)s municipalities."),
    "per_year": _("%(what)s, %(number)s times a year"),
    "holder": _("%(role)s: %(office)s"),
    "date": _("%(day)s: %(what)s"),
    "days": _("%(first)s to %(last)s: %(what)s"),
    "task": _("%(task)s. Answers for it: %(accountable)s. Does it: %(responsible)s."),
    "nobody": _("not said"),
}

EVENTS: dict[str, str | Promise] = {
    "programme.description.write": _(
        "The introductions of a description of %(about)s were written."
    ),
    "programme.description.publish": _(
        "Version %(number)s of a description of %(about)s was published."
    ),
}
REFUSALS: dict[str, str | Promise] = {
    "programme.description.only_national_lead": _(
        "Only nasjonalt fagansvar writes and publishes the descriptions of the programme."
    ),
    "programme.description.too_long": _(
        "An introduction may hold at most %(most)s characters. Shorten it."
    ),
    "programme.description.note_too_long": _(
        "What changed may be told in at most %(most)s characters. Shorten it."
    ),
    "programme.description.changed_meanwhile": _(
        "Somebody else changed the introductions while you were writing. Look at them as they are now, and write once more."
    ),
    "programme.description.data_changed": _(
        "The programme’s data has changed since you looked the description over. Look it over once more, and publish then."
    ),
    "programme.description.nothing_new": _(
        "Version %(number)s says the same already. There is nothing new to publish."
    ),
    "programme.description.needs_note": _(
        "Say in a sentence what has changed since the last version."
    ),
}
