"""Words for the headings of the basic offer."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.basic_offer import Theme

THEME_TEXT: dict[Theme, str | Promise] = {
    Theme.FUNDING: _("Loans and grants"),
    Theme.ADVICE: _("Advice and networks"),
    Theme.COURSES: _("Courses and events"),
    Theme.GUIDES: _("Guides and websites"),
    Theme.OTHER: _("More of the offer"),
}
