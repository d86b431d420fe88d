"""How the audit trail is told in words.

Every app may have ``EVENTS`` in its own ``texts``: name of an action → sentence with the named slots
``%(about)s`` (what it was about) and those of the event's details. An action that nobody has a sentence
for is told by its dotted name.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "accounts.person.make": _("%(about)s was registered as a person."),
    "organisations.load": _("The register of organisations was loaded."),
    "organisations.affiliate": _("%(about)s was registered as a workplace."),
    "programme.load": _("The programme %(about)s was loaded."),
    "programme.import_members": _("Members of %(about)s were imported."),
}

# What a person reads of row history.
ROW_LABELS = {
    "insert": _("Made"),
    "update": _("Changed"),
    "delete": _("Removed"),
}
