"""How the audit trail is told in words.

Every app has ``EVENTS`` in its own ``texts``: name of an action → sentence with the named slots
``%(about)s`` (what it was about) and those of the event's details. Where a detail is a code,
``EVENT_WORDS`` gives its words: name of an action → slot → code → word. An action that nobody has a
sentence for is told by its dotted name.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# What a person reads of row history.
ROW_LABELS = {
    "insert": _("Made"),
    "update": _("Changed"),
    "delete": _("Removed"),
}
