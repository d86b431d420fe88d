"""Taking in what a programme's texts disagree on, as matters for the owner to decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sloyfe.audit.actions import Actor, action
from sloyfe.common.errors import NotPossible
from sloyfe.delivery.models import Matter
from sloyfe.delivery.rules.steering import MatterKind
from sloyfe.organisations.models import Organisation, valid_on
from sloyfe.programme.models import Participation, Programme
from sloyfe.programme.rules import Capacity


@dataclass(frozen=True)
class Disagreement:
    """Two readings of a programme's texts. `code` begins with the chapter that it belongs to."""

    code: str
    title: str
    text: str
    proposal: str


def load_contradictions(
    *, programme: Programme, rows: Sequence[Disagreement], actor: Actor, now: dt.datetime
) -> int:
    """Ask the owner to decide each of them; those that are asked already stand as they are.

    Gives how many were new. Nasjonalt fagansvar asks, since that office keeps the description.
    """
    known = set(Matter.objects.filter(programme=programme).values_list("code", flat=True))
    missing = [row for row in rows if row.code not in known]
    if not missing:
        return 0
    asks = _office(programme, Capacity.NATIONAL_LEAD, now.date())
    decides = _office(programme, Capacity.OWNER, now.date())
    with action("delivery.contradictions.load", actor=actor, now=now, about=programme) as event:
        for row in missing:
            Matter.objects.create(
                programme=programme,
                kind=MatterKind.CONTRADICTION.value,
                code=row.code,
                title=row.title,
                text=row.text,
                proposal=row.proposal,
                asked_by=asks,
                asked_on=now.date(),
                addressed_to=decides,
            )
        event.details["added"] = len(missing)
    return len(missing)


def _office(programme: Programme, capacity: Capacity, on: dt.date) -> Organisation:
    # A programme that has ended is asked about as it was on its last day.
    last = programme.valid_to - dt.timedelta(days=1) if programme.valid_to else on
    part = (
        Participation.objects.filter(
            valid_on(min(on, last)), programme=programme, capacity=capacity.value
        )
        .select_related("organisation")
        .order_by("organisation__sort_key")
        .first()
    )
    if part is None:
        raise NotPossible("delivery.contradictions.no_office")
    return part.organisation
