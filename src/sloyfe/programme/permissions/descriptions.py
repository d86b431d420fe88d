"""Who may write and publish a programme description."""

from __future__ import annotations

import datetime as dt

from sloyfe.common.errors import NotAllowed
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, has_capacity
from sloyfe.programme.rules import Capacity


def check_may_publish_description(person: Visitor, programme: Programme, on: dt.date) -> None:
    """Nasjonalt fagansvar writes the introductions and publishes both descriptions."""
    if not has_capacity(person, on, programme.pk, Capacity.NATIONAL_LEAD):
        raise NotAllowed("programme.description.only_national_lead")
