"""One municipality's year with the programme: where it stands on the ladder, and its papers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from django.db.models import Count, Q

from sloyfe.delivery.models import Agreement, Meeting, Plan
from sloyfe.delivery.rules.agreements import (
    COUNTED_MEETINGS,
    AgreementState,
    MeetingKind,
    MeetingState,
)
from sloyfe.delivery.rules.municipality_year import Ladder, LadderFacts, ladder
from sloyfe.delivery.rules.plans import UNFINISHED, PlanState
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor


def ladder_of(
    programme: Programme | int,
    municipality_ids: Collection[int],
    on: dt.date,
    person: Visitor | None = None,
) -> dict[int, Ladder]:
    """Give where each municipality stands on a day, by its id. Three queries, however many there are.

    With a person only what that person may read counts; without one everything does, which is for
    those who may read all of it: its own office and the levels above.
    """
    pk = programme.pk if isinstance(programme, Programme) else programme
    wanted = list(municipality_ids)
    agreements, plans, meetings = (
        Agreement.objects.all(),
        Plan.objects.all(),
        Meeting.objects.all(),
    )
    if person is not None:
        agreements = agreements.visible_to(person, on)
        plans = plans.visible_to(person, on)
        meetings = meetings.visible_to(person, on)
    facts = dict.fromkeys(wanted, LadderFacts())
    for municipality, state, valid_to, priorities in (
        agreements.filter(programme=pk, municipality__in=wanted)
        .exclude(state__in=[AgreementState.REPLACED.value, AgreementState.ENDED.value])
        .annotate(chosen=Count("priorities"))
        .values_list("municipality_id", "state", "valid_to", "chosen")
        .order_by("pk")
    ):
        facts[municipality] = _with_agreement(facts[municipality], state, valid_to, priorities)
    for municipality, state, measures, unfinished, late in (
        plans.filter(programme=pk, municipality__in=wanted, year=on.year)
        .annotate(
            all=Count("measures"),
            open=Count("measures", filter=Q(measures__status__in=UNFINISHED)),
            late=Count(
                "measures",
                filter=Q(measures__status__in=UNFINISHED, measures__by_when__lt=on),
            ),
        )
        .values_list("municipality_id", "state", "all", "open", "late")
        .order_by()
    ):
        facts[municipality] = replace(
            facts[municipality],
            plan=PlanState(state),
            measures=measures,
            finished=measures - unfinished,
            late=late,
        )
    seen: dict[int, list[tuple[str, str, dt.date]]] = defaultdict(list)
    for municipality, kind, state, day in (
        meetings.filter(programme=pk, municipality__in=wanted)
        .exclude(state=MeetingState.CANCELLED.value)
        .filter(Q(on__year=on.year) | Q(kind=MeetingKind.DIALOGUE.value))
        .values_list("municipality_id", "kind", "state", "on")
    ):
        seen[municipality].append((kind, state, day))
    for municipality, rows in seen.items():
        facts[municipality] = _with_meetings(facts[municipality], rows, on.year)
    return {municipality: ladder(facts[municipality], on) for municipality in wanted}


def _with_agreement(
    facts: LadderFacts, state: str, valid_to: dt.date | None, priorities: int
) -> LadderFacts:
    """Add one agreement; of several in force the one that runs out first is told."""
    if state == AgreementState.DRAFT:
        return replace(facts, drafting=True)
    if state == AgreementState.PROPOSED:
        return replace(facts, proposed=True)
    ends = min(filter(None, (facts.valid_to, valid_to)), default=None)
    return replace(facts, in_force=True, valid_to=ends, priorities=facts.priorities + priorities)


def _with_meetings(
    facts: LadderFacts, rows: list[tuple[str, str, dt.date]], year: int
) -> LadderFacts:
    def days(state: MeetingState, kinds: Collection[MeetingKind]) -> list[dt.date]:
        return [day for kind, stands, day in rows if stands == state and kind in kinds]

    counted = {
        state: [day for day in days(state, COUNTED_MEETINGS) if day.year == year]
        for state in (MeetingState.HELD, MeetingState.PLANNED)
    }
    return replace(
        facts,
        dialogue_held=max(days(MeetingState.HELD, {MeetingKind.DIALOGUE}), default=None),
        dialogue_planned=min(days(MeetingState.PLANNED, {MeetingKind.DIALOGUE}), default=None),
        meetings_held=len(counted[MeetingState.HELD]),
        meetings_planned=len(counted[MeetingState.PLANNED]),
    )
