"""The steering dialogue: what the next one is about, what was decided, and what is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from sloyfe.delivery.models import (
    AgendaItem,
    Decision,
    Matter,
    Need,
    SteeringMeeting,
    Summary,
)
from sloyfe.delivery.queries.offices import OFFICES, deciding_ids
from sloyfe.delivery.rules.needs import NeedState
from sloyfe.delivery.rules.steering import (
    WAITED_LONG,
    AgendaKind,
    AgendaPlace,
    DecisionState,
    MatterState,
    SteeringState,
    agenda_order,
)
from sloyfe.delivery.rules.summaries import Level, SummaryState
from sloyfe.organisations.models import Organisation, valid_on
from sloyfe.programme.models import Participation, Programme
from sloyfe.programme.queries import Visitor
from sloyfe.programme.queries.mandates import capacity_rows
from sloyfe.programme.rules import Capacity


def meetings_of(programme: Programme) -> list[SteeringMeeting]:
    """Give the steering dialogues of a programme by day, the latest first. One query."""
    return list(
        SteeringMeeting.objects.filter(programme=programme)
        .select_related("programme")
        .order_by("-on", "-number")
    )


def next_meeting(programme: Programme) -> SteeringMeeting | None:
    """Give the dialogue that comes next: the earliest that is planned and has not been held. One query."""
    return (
        SteeringMeeting.objects.filter(programme=programme, state=SteeringState.PLANNED.value)
        .select_related("programme")
        .order_by("on", "number")
        .first()
    )


@dataclass(frozen=True)
class AgendaLine:
    """One line of an agenda. `item` is not stored where nothing has been written on the line yet."""

    item: AgendaItem
    place: AgendaPlace

    @property
    def key(self) -> str:
        """What names the line."""
        return self.place.key

    @property
    def carried(self) -> bool:
        """Whether it stood on an agenda before and got no answer."""
        return self.place.carried

    @property
    def since(self) -> dt.date:
        """From when it has waited."""
        return self.place.since


def _waiting_matters(programme: Programme, on: dt.date) -> QuerySet[Matter]:
    """What those above are asked, and what has waited long; `is_carried`: on an agenda before, without an answer."""
    held: Any = AgendaItem.objects.filter(
        matter=OuterRef("pk"), meeting__state=SteeringState.HELD.value
    )
    return (
        # What was asked after the day stands on no agenda of that day.
        Matter.objects.filter(programme=programme, state=MatterState.ASKED.value, asked_on__lte=on)
        .annotate(is_carried=Exists(held))
        .filter(
            Q(is_carried=True)
            | Q(addressed_to__in=deciding_ids(programme, on))
            | Q(asked_on__lte=on - WAITED_LONG)
        )
        .select_related("programme", "asked_by", "addressed_to")
    )


def _raised_needs(programme: Programme) -> QuerySet[Need]:
    asked = Matter.objects.filter(programme=programme, need__isnull=False).exclude(
        state=MatterState.WITHDRAWN.value
    )
    return (
        Need.objects.filter(programme=programme, state=NeedState.RAISED.value)
        .exclude(pk__in=asked.values("need_id"))
        .select_related("municipality", "office")
    )


def _late_decisions(programme: Programme, on: dt.date) -> QuerySet[Decision]:
    return Decision.objects.filter(
        programme=programme, state=DecisionState.OPEN.value, due_on__lt=on
    ).select_related("owner")


def _unanswered_summaries(programme: Programme) -> QuerySet[Summary]:
    return Summary.objects.filter(
        programme=programme,
        level=Level.NATION.value,
        state__in=[SummaryState.SENT.value, SummaryState.READ.value],
    ).select_related("reporting_year", "office", "programme", "region")


def _since(item: AgendaItem, fallback: dt.date) -> dt.date:
    if item.matter is not None:
        return item.matter.asked_on
    if item.need is not None:
        return (item.need.raised_at or item.need.written_at).date()
    if item.decision is not None:
        return item.decision.due_on
    if item.summary is not None and item.summary.sent_at is not None:
        return item.summary.sent_at.date()
    if item.continues is not None:
        return item.continues.meeting.on
    return fallback


def stored_items(meeting: SteeringMeeting) -> list[AgendaItem]:
    """Give the lines that have been written down for a dialogue, with what each is about. One query."""
    rows = list(
        AgendaItem.objects.filter(meeting=meeting)
        .select_related(
            "matter__asked_by",
            "matter__addressed_to",
            "matter__programme",
            "need__municipality",
            "need__office",
            "decision__owner",
            "summary__reporting_year",
            "summary__office",
            "summary__programme",
            "summary__region",
            "continues__meeting",
        )
        .order_by("position", "pk")
    )
    for row in rows:
        row.meeting = meeting  # known already, with its programme
    return rows


def agenda_of(meeting: SteeringMeeting, on: dt.date, *, is_next: bool) -> list[AgendaLine]:
    """Give the agenda of a dialogue. At most five queries.

    Of one that has been held: its lines as they stood. Of the next one: what waits now, with what was
    written by hand; what no longer waits has left it. Of a later one: what was written by hand.
    """
    stored = stored_items(meeting)
    if meeting.state != SteeringState.PLANNED:
        return [
            AgendaLine(
                item,
                AgendaPlace(item.key, AgendaKind(item.kind), _since(item, meeting.on)),
            )
            for item in stored
        ]
    by_key = {item.key: item for item in stored}
    carried: set[int] = set()
    lines = [item for item in stored if item.kind == AgendaKind.HANDWRITTEN]
    if is_next:
        for waits in waiting_items(meeting, on):
            if waits.matter is not None and waits.matter.is_carried:  # type: ignore[attr-defined]
                carried.add(waits.matter.pk)
            known = by_key.get(waits.key)
            lines.append(known or waits)
        # What was decided in this very dialogue stays on its agenda, for the minutes.
        shown = {item.key for item in lines}
        lines += [item for item in stored if item.key not in shown and (item.note or _met(item))]
    places = {
        item.key: AgendaPlace(
            key=item.key,
            kind=AgendaKind(item.kind),
            since=_since(item, meeting.on),
            carried=item.matter_id in carried or item.continues_id is not None,
            position=item.position if item.pk else None,
        )
        for item in lines
    }
    found = {item.key: item for item in lines}
    return [AgendaLine(found[place.key], place) for place in agenda_order(places.values())]


def _met(item: AgendaItem) -> bool:
    return item.matter is not None and item.matter.state == MatterState.ANSWERED


def waiting_items(meeting: SteeringMeeting, on: dt.date) -> list[AgendaItem]:
    """Give a line, not stored yet, for each thing that waits to be decided. Four queries."""
    programme = meeting.programme

    def line(kind: AgendaKind, **about: Matter | Need | Decision | Summary) -> AgendaItem:
        return AgendaItem(meeting=meeting, kind=kind.value, position=0, **about)

    return [
        *(line(AgendaKind.MATTER, matter=row) for row in _waiting_matters(programme, on)),
        *(line(AgendaKind.NEED, need=row) for row in _raised_needs(programme)),
        *(line(AgendaKind.DECISION, decision=row) for row in _late_decisions(programme, on)),
        *(line(AgendaKind.SUMMARY, summary=row) for row in _unanswered_summaries(programme)),
    ]


def unsettled(lines: Iterable[AgendaLine]) -> list[AgendaLine]:
    """Give the lines of an agenda that a dialogue would leave open: without an answer, or written by hand."""
    return [line for line in lines if not _met(line.item)]


def unfinished_items(programme: Programme) -> QuerySet[AgendaItem]:
    """Give the lines written by hand that go on, and stand on no later agenda yet, the oldest first."""
    return AgendaItem.objects.filter(
        meeting__programme=programme, goes_on=True, continued__isnull=True
    ).order_by("meeting__number", "position", "pk")


def overloaded_offices(programme: Programme, year: int, on: dt.date) -> list[str]:
    """Name the offices of which more is asked in a year than they have days for."""
    return [row.office.name for row in capacity_rows(programme, year, on) if row.load.is_too_much]


@dataclass(frozen=True)
class DecisionList:
    """The decisions of a programme: late and open ones by due day, finished ones the latest first."""

    late: tuple[Decision, ...]
    open: tuple[Decision, ...]
    ended: tuple[Decision, ...]


def _sorted(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    return tuple(sorted(decisions, key=lambda row: (row.due_on, row.pk)))


def decision_list(programme: Programme, person: Visitor, on: dt.date) -> DecisionList:
    """Give the decisions of a programme that a person may read. Two queries."""
    rows = list(
        Decision.objects.visible_to(person, on)
        .filter(programme=programme)
        .select_related("owner", "matter", "meeting", "programme")
        .order_by("-done_on", "-pk")
    )
    still = [row for row in rows if row.state == DecisionState.OPEN]
    return DecisionList(
        late=_sorted(row for row in still if row.due_on < on),
        open=_sorted(row for row in still if row.due_on >= on),
        ended=tuple(row for row in rows if row.state != DecisionState.OPEN),
    )


def decisions_in(meeting: SteeringMeeting) -> list[Decision]:
    """Give what was decided in a dialogue. One query."""
    return list(
        Decision.objects.filter(meeting=meeting)
        .select_related("owner", "matter", "programme")
        .order_by("pk")
    )


def carriers(programme: Programme, on: dt.date) -> QuerySet[Organisation]:
    """Give the offices that may be asked to carry out a decision: those of the programme, and partners."""
    able = [*OFFICES, Capacity.PARTNER, Capacity.PROJECT_GROUP]
    return Organisation.objects.filter(
        pk__in=Participation.objects.filter(
            valid_on(on), programme=programme, capacity__in=[c.value for c in able]
        ).values("organisation_id")
    ).order_by("sort_key")
