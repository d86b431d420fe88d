"""Sent and answered: what somebody's office or municipality sent, who received it, and what came of it.

The same page for every level. What is told is read from the rows themselves, so it cannot differ from them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from sloyfe.delivery.models import Decision, Matter, Need, Summary, YearlyReport
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.queries.matters import Outcome
from sloyfe.delivery.queries.offices import OFFICES, STEERS, works_at
from sloyfe.delivery.rules.needs import NeedState
from sloyfe.delivery.rules.reports import SENT_STATES
from sloyfe.delivery.rules.steering import MatterState
from sloyfe.delivery.rules.summaries import SummaryState
from sloyfe.programme.models import Mandate, Programme
from sloyfe.programme.queries import Visitor, has_capacity
from sloyfe.programme.rules import Capacity
from sloyfe.programme.rules.mandates import MandateState


class Sent(StrEnum):
    """What can be sent to another office."""

    REPORT = "report"
    NEED = "need"
    SUMMARY = "summary"
    MATTER = "matter"


@dataclass(frozen=True)
class Passage:
    """One thing that was sent: by whom, when, which office received it, where it stands, what came of it.

    `thing` is the row itself. `answered_on` is None while there is no answer.
    """

    kind: Sent
    thing: YearlyReport | Need | Summary | Matter
    sent_by: str
    sent_on: dt.date
    received_by: str
    received_on: dt.date | None
    answered_on: dt.date | None
    answer: str
    outcomes: tuple[Outcome, ...] = ()
    raised_on: dt.date | None = None

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer."""
        return self.answered_on is not None


class Settled(StrEnum):
    """What an office has settled for others."""

    SUMMARY = "summary"
    MATTER = "matter"
    DECISION = "decision"
    MANDATE = "mandate"


@dataclass(frozen=True)
class Settlement:
    """One thing that an office answered, decided or gave: what, on which day, and in which words."""

    kind: Settled
    thing: Summary | Matter | Decision | Mandate
    on: dt.date
    text: str


def has_passage(person: Visitor, programme: Programme, on: dt.date) -> bool:
    """Tell whether a person works where something is sent from: an office or a municipality."""
    return bool(works_at(person, programme.pk, on, {*OFFICES, Capacity.MUNICIPALITY}))


def passages(programme: Programme, person: Visitor, on: dt.date) -> list[Passage]:
    """Give what a person's office and municipality sent in a programme, the latest first. At most twelve queries."""
    mine = works_at(person, programme.pk, on, {*OFFICES, Capacity.MUNICIPALITY})
    municipalities = reach_of(person, on).municipalities
    if not mine:
        return []
    found = [
        *_reports(programme, person, on, municipalities),
        *_needs(programme, person, on, municipalities, mine),
        *_summaries(programme, person, on, mine),
        *_matters(programme, person, on, mine),
    ]
    return sorted(found, key=lambda row: (row.sent_on, row.kind, str(row.thing.pk)), reverse=True)


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(moment) if moment else None


def _by_thing(
    programme: Programme, person: Visitor, on: dt.date, field: str, ids: Iterable[object]
) -> dict[object, tuple[Outcome, ...]]:
    """Group what came of things by the thing. Three queries at most."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = (
        Matter.objects.visible_to(person, on)
        .filter(programme=programme, **{f"{field}__in": wanted})
        .exclude(state__in=[MatterState.PREPARED.value, MatterState.WITHDRAWN.value])
        .select_related("programme", "asked_by", "addressed_to")
        .prefetch_related("decisions__owner")
        .distinct()
        .order_by("asked_on", "pk")
    )
    if field == "reports":
        rows = rows.prefetch_related("reports")
    found: dict[object, list[Outcome]] = {}
    for matter in rows:
        outcome = Outcome(matter, tuple(matter.decisions.all()))
        things: list[object] = (
            [report.pk for report in matter.reports.all()]
            if field == "reports"
            else [getattr(matter, f"{field}_id")]
        )
        for thing in things:
            found.setdefault(thing, []).append(outcome)
    return {thing: tuple(outcomes) for thing, outcomes in found.items()}


def _reports(
    programme: Programme, person: Visitor, on: dt.date, municipalities: frozenset[int]
) -> list[Passage]:
    if not municipalities:
        return []
    rows = list(
        YearlyReport.objects.visible_to(person, on)
        .filter(
            programme=programme,
            municipality__in=municipalities,
            state__in=[state.value for state in SENT_STATES],
        )
        .select_related("municipality", "office", "reporting_year", "programme")
    )
    outcomes = _by_thing(programme, person, on, "reports", [row.pk for row in rows])
    return [
        Passage(
            kind=Sent.REPORT,
            thing=row,
            sent_by=row.municipality.name,
            sent_on=_day(row.sent_at) or on,
            received_by=row.office.name,
            received_on=_day(row.received_at),
            answered_on=_day(row.answered_at),
            answer=row.answer,
            outcomes=outcomes.get(row.pk, ()),
        )
        for row in rows
    ]


def _needs(
    programme: Programme,
    person: Visitor,
    on: dt.date,
    municipalities: frozenset[int],
    mine: frozenset[int],
) -> list[Passage]:
    """A municipality's own needs, and those that an office raised because it could not meet them itself."""
    rows = list(
        Need.objects.visible_to(person, on)
        .filter(programme=programme)
        .exclude(state=NeedState.UNCONFIRMED.value)
        .filter(Q(municipality__in=municipalities) | Q(office__in=mine, raised_at__isnull=False))
        .select_related("municipality", "office", "answered_by", "programme")
    )
    outcomes = _by_thing(programme, person, on, "need", [row.pk for row in rows])
    return [
        Passage(
            kind=Sent.NEED,
            thing=row,
            sent_by=row.municipality.name,
            sent_on=_day(row.written_at) or on,
            received_by=row.office.name if row.office else "",
            raised_on=_day(row.raised_at),
            received_on=_day(row.received_at),
            answered_on=_day(row.answered_at),
            answer=row.answer,
            outcomes=outcomes.get(row.pk, ()),
        )
        for row in rows
    ]


def _summaries(
    programme: Programme, person: Visitor, on: dt.date, mine: frozenset[int]
) -> list[Passage]:
    rows = list(
        Summary.objects.visible_to(person, on)
        .filter(programme=programme, office__in=mine)
        .exclude(state=SummaryState.DRAFT.value)
        .select_related("office", "to_office", "reporting_year", "region", "programme")
    )
    outcomes = _by_thing(programme, person, on, "summary", [row.pk for row in rows])
    return [
        Passage(
            kind=Sent.SUMMARY,
            thing=row,
            sent_by=row.office.name,
            sent_on=_day(row.sent_at) or on,
            received_by=row.to_office.name,
            received_on=_day(row.read_at),
            answered_on=_day(row.answered_at),
            answer=row.answer,
            outcomes=outcomes.get(row.pk, ()),
        )
        for row in rows
    ]


def _matters(
    programme: Programme, person: Visitor, on: dt.date, mine: frozenset[int]
) -> list[Passage]:
    """Matters that went up with a summary are told with it, not once more."""
    rows = list(
        Matter.objects.visible_to(person, on)
        .filter(programme=programme, asked_by__in=mine, summary__isnull=True)
        .exclude(state=MatterState.PREPARED.value)
        .select_related("asked_by", "addressed_to", "programme")
        .prefetch_related("decisions__owner")
    )
    return [
        Passage(
            kind=Sent.MATTER,
            thing=row,
            sent_by=row.asked_by.name,
            sent_on=row.asked_on,
            received_by=row.addressed_to.name,
            received_on=row.asked_on,
            answered_on=_day(row.answered_at),
            answer=row.answer,
            outcomes=(Outcome(row, tuple(row.decisions.all())),) if row.decisions.all() else (),
        )
        for row in rows
    ]


def settled(programme: Programme, person: Visitor, on: dt.date) -> list[Settlement]:
    """Give what a person's office answered and decided in a programme, the latest first. At most four queries.

    The owner's are the decisions of the steering dialogues and the mandates as well. What a regional office
    answered to single municipalities stands with these.
    """
    mine = works_at(person, programme.pk, on, STEERS)
    if not mine:
        return []
    found = [
        Settlement(Settled.SUMMARY, row, _day(row.answered_at) or on, row.answer)
        for row in Summary.objects.visible_to(person, on)
        .filter(programme=programme, to_office__in=mine, answered_at__isnull=False)
        .select_related("region", "reporting_year", "programme")
    ]
    found += [
        Settlement(Settled.MATTER, row, _day(row.answered_at) or on, row.answer)
        for row in Matter.objects.visible_to(person, on)
        .filter(programme=programme, answered_by__in=mine, answered_at__isnull=False)
        .select_related("programme")
    ]
    if has_capacity(person, on, programme.pk, Capacity.OWNER):
        found += [
            Settlement(Settled.DECISION, row, row.decided_on, row.text)
            for row in Decision.objects.visible_to(person, on)
            .filter(programme=programme)
            .select_related("programme", "matter")
        ]
        found += [
            Settlement(Settled.MANDATE, row, row.issued_on or on, "")
            for row in Mandate.objects.filter(programme=programme).exclude(
                state=MandateState.DRAFT.value
            )
        ]
    return sorted(found, key=lambda row: (row.on, row.kind, row.thing.pk), reverse=True)
