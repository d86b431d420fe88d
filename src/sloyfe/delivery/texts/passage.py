"""Words for what was sent to another office."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENT_TEXT: dict[str, str | Promise] = {
    "report": _("Yearly report"),
    "need": _("Need"),
    "summary": _("Summary"),
    "matter": _("Matter"),
}
SETTLED_TEXT: dict[str, str | Promise] = {
    "summary": _("Summary answered"),
    "matter": _("Matter answered"),
    "decision": _("Decision"),
    "mandate": _("Mandate given"),
}
