"""What is asked upwards: which matters wait, on what each rests, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from sloyfe.delivery.models import (
    AgendaItem,
    Decision,
    Matter,
    Need,
    StandingGroup,
    Summary,
    YearlyReport,
)
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.queries.offices import OFFICES, STEERS, offices_with, works_at
from sloyfe.delivery.rules.needs import NeedState
from sloyfe.delivery.rules.reports import SENT_STATES
from sloyfe.delivery.rules.steering import MatterState, SteeringState
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor


def matters_to_show(programme: Programme, person: Visitor, on: dt.date) -> QuerySet[Matter]:
    """Give the matters of a programme that a person may read, with what a list says of each. Two queries."""
    return (
        Matter.objects.visible_to(person, on)
        .filter(programme=programme)
        .select_related("programme", "asked_by", "addressed_to", "group")
        .prefetch_related("decisions__owner")
    )


@dataclass(frozen=True)
class Chain:
    """The way of one matter: what it rests on, who asked, where it was taken up, what was decided, what is done.

    Reports, need and summary only as far as the reader may see them; `hidden` counts the reports that they
    may not.
    """

    matter: Matter
    reports: tuple[YearlyReport, ...]
    hidden: int
    need: Need | None
    summary: Summary | None
    group: StandingGroup | None
    agenda: tuple[AgendaItem, ...]
    decisions: tuple[Decision, ...]

    @property
    def rests_on_something(self) -> bool:
        """Whether anything is named that the matter rests on."""
        return bool(self.reports or self.hidden or self.need or self.summary or self.group)


def chain_of(matter: Matter, person: Visitor, on: dt.date) -> Chain:
    """Follow a matter from what it rests on to what was done. At most eight queries."""
    all_reports = matter.reports.count()
    reports = (
        YearlyReport.objects.visible_to(person, on)
        .filter(matters=matter)
        .select_related("municipality", "reporting_year", "programme")
        .order_by("municipality__sort_key", "-reporting_year__year")
    )
    seen = tuple(reports)
    need = summary = group = None
    if matter.need_id is not None:
        need = (
            Need.objects.visible_to(person, on)
            .filter(pk=matter.need_id)
            .select_related("municipality")
            .first()
        )
    if matter.summary_id is not None:
        summary = (
            Summary.objects.visible_to(person, on)
            .filter(pk=matter.summary_id)
            .select_related("reporting_year", "region", "programme")
            .first()
        )
    if matter.group_id is not None:
        group = StandingGroup.objects.visible_to(person, on).filter(pk=matter.group_id).first()
    agenda = (
        AgendaItem.objects.filter(matter=matter)
        .exclude(meeting__state=SteeringState.CANCELLED.value)
        .select_related("meeting")
        .order_by("meeting__on")
    )
    decisions = (
        Decision.objects.visible_to(person, on)
        .filter(matter=matter)
        .select_related("owner", "meeting")
        .order_by("decided_on", "pk")
    )
    return Chain(
        matter,
        seen,
        all_reports - len(seen),
        need,
        summary,
        group,
        tuple(agenda),
        tuple(decisions),
    )


@dataclass(frozen=True)
class Outcome:
    """What came of something that was sent: a matter that rests on it, with its decisions."""

    matter: Matter
    decisions: tuple[Decision, ...]


def _outcomes(matters: Iterable[Matter]) -> list[Outcome]:
    return [Outcome(matter, tuple(matter.decisions.all())) for matter in matters]


def _told(person: Visitor, on: dt.date) -> QuerySet[Matter]:
    return (
        Matter.objects.visible_to(person, on)
        .exclude(state__in=[MatterState.PREPARED.value, MatterState.WITHDRAWN.value])
        .select_related("programme", "asked_by", "addressed_to")
        .prefetch_related("decisions__owner")
        .order_by("asked_on", "pk")
    )


def came_of_report(report: YearlyReport, person: Visitor, on: dt.date) -> list[Outcome]:
    """Give what came of a report, as far as a person may read it. Two queries."""
    return _outcomes(_told(person, on).filter(reports=report))


def came_of_need(need: Need, person: Visitor, on: dt.date) -> list[Outcome]:
    """Give what came of a need, as far as a person may read it. Two queries."""
    return _outcomes(_told(person, on).filter(need=need))


def came_of_municipality(
    programme: Programme, municipality: Organisation, person: Visitor, on: dt.date
) -> list[Outcome]:
    """Give what came of all that a municipality reported and said that it needs. Two queries."""
    own = Matter.reports.through.objects.filter(
        yearlyreport__municipality=municipality
    ).values_list("matter_id", flat=True)
    told = _told(person, on).filter(programme=programme)
    return _outcomes(told.filter(pk__in=own) | told.filter(need__municipality=municipality))


def answering_offices(
    programme: Programme, asker_ids: Iterable[int], on: dt.date
) -> list[Organisation]:
    """Give the offices that somebody may ask: those above, from the top. One query."""
    asking = set(asker_ids)
    return [office for office in offices_with(programme, on, STEERS) if office.pk not in asking]


def asking_offices(programme: Programme, person: Visitor, on: dt.date) -> list[Organisation]:
    """Give the offices for which a person may ask. At most one query."""
    mine = works_at(person, programme.pk, on, OFFICES)
    return list(Organisation.objects.filter(pk__in=mine).order_by("sort_key")) if mine else []


def reports_to_rest_on(
    programme: Programme, person: Visitor, on: dt.date, summary: Summary | None = None
) -> QuerySet[YearlyReport]:
    """Give the sent reports that a matter may rest on: of the summary's year, or of the newest one.

    An office rests what it asks on the reports of its own region; those above choose among all.
    """
    reports = YearlyReport.objects.visible_to(person, on).filter(
        programme=programme, state__in=[state.value for state in SENT_STATES]
    )
    if summary is not None:
        reports = reports.filter(reporting_year_id=summary.reporting_year_id)
        if not summary.is_national:
            reports = reports.filter(office_id=summary.office_id)
    else:
        reach = reach_of(person, on)
        if programme.pk not in reach.above:
            reports = reports.filter(Q(office__in=reach.offices) | Q(municipality__in=reach.region))
        newest = reports.order_by("-reporting_year__year").values("reporting_year")[:1]
        reports = reports.filter(reporting_year__in=newest)
    return reports.select_related("municipality", "reporting_year__programme").order_by(
        "-reporting_year__year", "municipality__sort_key"
    )


def needs_to_rest_on(programme: Programme, person: Visitor, on: dt.date) -> QuerySet[Need]:
    """Give the needs that a matter may rest on, newest first; closed ones were met."""
    return (
        Need.objects.visible_to(person, on)
        .filter(programme=programme)
        .exclude(state=NeedState.CLOSED.value)
        .select_related("municipality")
        .order_by("-written_at")
    )
