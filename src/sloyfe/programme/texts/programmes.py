"""Words for programmes, and a sentence for each refusal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sloyfe.programme.rules import Capacity

CAPACITY_TEXT = {
    Capacity.HEAD_OFFICE: _("head office"),
    Capacity.OWNER: _("programme owner"),
    Capacity.NATIONAL_LEAD: _("nasjonalt fagansvar"),
    Capacity.REGIONAL_OFFICE: _("regional office"),
    Capacity.MUNICIPALITY: _("municipality"),
    Capacity.EVALUATOR: _("evaluator"),
    Capacity.PROJECT_GROUP: _("the client's project group"),
    Capacity.PARTNER: _("partner"),
    Capacity.AUDITOR: _("auditor"),
}

EVENTS = {
    "programme.load": _("The programme %(about)s was loaded from its folder."),
    "programme.members.import": _("A list of members of %(about)s was imported."),
    "programme.person.register": _("A person who works at %(about)s was registered."),
    "programme.demo.people": _("People to try %(about)s as were added."),
}
REFUSALS = {
    "programme.members_need_source": _(
        "A list of members needs a source. Say where the list comes from, and import it again."
    ),
    "programme.source_too_long": _("The source may hold at most %(most)s characters. Shorten it."),
    "programme.demo_only_in_exercise": _(
        "Demo people can only be added to an exercise programme. Choose one of those."
    ),
    "programme.person_needs_address": _(
        "A person signs in by e-mail. Write an address such as name@example.org."
    ),
    "programme.takes_no_part": _(
        "%(organisation)s takes no part in the programme. Put it into the programme’s folder first."
    ),
    "programme.ends_before_it_begins": _("The work must end after the day it begins."),
}
