"""A sentence for each action and refusal around the programme description."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, str | Promise] = {
    "delivery.contradictions.load": _(
        "%(added)s questions on which the texts of %(about)s disagree were put to the owner."
    ),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {}
REFUSALS: dict[str, str | Promise] = {
    "delivery.contradictions.no_office": _(
        "The programme needs an owner and a nasjonalt fagansvar before questions can be put to the owner."
    ),
}
