"""One municipality's year with the programme: where it stands on the ladder, and its papers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, Exists, F, Q
from django.utils import timezone

from sloyfe.delivery.models import Agreement, Matter, Meeting, Need, Plan, YearlyReport
from sloyfe.delivery.rules.agreements import (
    COUNTED_MEETINGS,
    AgreementState,
    EndKind,
    MeetingKind,
    MeetingState,
)
from sloyfe.delivery.rules.municipality_year import Ladder, LadderFacts, ladder
from sloyfe.delivery.rules.needs import NeedState
from sloyfe.delivery.rules.plans import UNFINISHED, PlanState
from sloyfe.delivery.rules.reports import ReportState
from sloyfe.delivery.rules.steering import DecisionState, MatterState
from sloyfe.organisations.models import (
    MunicipalityPeriod,
    Organisation,
    valid_on,
)
from sloyfe.organisations.rules import Kind
from sloyfe.programme.models import Membership, Programme, RegionArea, YearDate
from sloyfe.programme.queries import Visitor
from sloyfe.programme.rules.mandates import RoleKind


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
    for municipality, state, valid_from, valid_to, ended_on, end_kind, priorities in (
        agreements.filter(programme=pk, municipality__in=wanted)
        .exclude(state=AgreementState.REPLACED.value)
        .annotate(chosen=Count("priorities"))
        .values_list(
            "municipality_id", "state", "valid_from", "valid_to", "ended_on", "end_kind", "chosen"
        )
        .order_by("pk")
    ):
        known = facts[municipality]
        facts[municipality] = (
            _with_end(known, ended_on, end_kind)
            if state == AgreementState.ENDED
            else _with_agreement(known, state, valid_from, valid_to, priorities)
        )
    for municipality, state, adopted_at, measures, unfinished, late in (
        plans.filter(programme=pk, municipality__in=wanted, year=on.year)
        .annotate(
            all=Count("measures"),
            open=Count("measures", filter=Q(measures__status__in=UNFINISHED)),
            late=Count(
                "measures",
                filter=Q(measures__status__in=UNFINISHED, measures__by_when__lt=on)
                & ~Q(state=PlanState.CLOSED.value),
            ),
        )
        .values_list("municipality_id", "state", "adopted_at", "all", "open", "late")
        .order_by()
    ):
        facts[municipality] = replace(
            facts[municipality],
            plan=PlanState(state),
            plan_adopted=_day_of(adopted_at),
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


def _day_of(at: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(at) if at else None


def _with_agreement(
    facts: LadderFacts,
    state: str,
    valid_from: dt.date,
    valid_to: dt.date | None,
    priorities: int,
) -> LadderFacts:
    """Add one agreement; of several in force the one that runs out first is told."""
    if state == AgreementState.DRAFT:
        return replace(facts, drafting=True)
    if state == AgreementState.PROPOSED:
        return replace(facts, proposed=True)
    ends = min(filter(None, (facts.valid_to, valid_to)), default=None)
    return replace(
        facts,
        in_force=True,
        since=min(filter(None, (facts.since, valid_from))),
        valid_to=ends,
        priorities=facts.priorities + priorities,
    )


def _with_end(facts: LadderFacts, ended_on: dt.date | None, end_kind: str) -> LadderFacts:
    """Add an agreement that has ended; of several the one that did so last is told."""
    if ended_on is None or (facts.ended_on is not None and facts.ended_on > ended_on):
        return facts
    return replace(facts, ended_on=ended_on, end_kind=EndKind(end_kind) if end_kind else None)


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


@dataclass(frozen=True)
class Before:
    """A municipality that another came from."""

    name: str
    slug: str


@dataclass(frozen=True)
class AgreementLine:
    """An agreement as the municipality's page tells it; `valid_to` is the first day it no longer holds."""

    pk: int
    municipality_id: int
    version: int
    state: AgreementState
    subprogramme: dict[str, str]
    valid_from: dt.date
    valid_to: dt.date | None
    ended_on: dt.date | None
    priorities: tuple[tuple[dict[str, str], str], ...]
    end_kind: EndKind | None = None
    end_reason: str = ""


@dataclass(frozen=True)
class PlanLine:
    municipality_id: int
    year: int
    state: PlanState
    adopted_on: dt.date | None
    measures: int
    finished: int
    late: int


@dataclass(frozen=True)
class MeetingLine:
    pk: int
    municipality_id: int
    kind: MeetingKind
    state: MeetingState
    on: dt.date


@dataclass(frozen=True)
class NeedLine:
    pk: UUID
    municipality_id: int
    text: str
    state: NeedState
    received_on: dt.date | None


@dataclass(frozen=True)
class ReportLine:
    municipality_id: int
    year: int
    state: ReportState
    due_on: dt.date
    answered_on: dt.date | None


@dataclass(frozen=True)
class DecisionLine:
    text: str
    owner: str
    state: DecisionState
    due_on: dt.date


@dataclass(frozen=True)
class MatterLine:
    """What was asked upwards because of the municipality's reports or needs, and what was decided."""

    pk: int
    title: str
    state: MatterState
    asked_on: dt.date
    asked_of: str
    answer: str
    decisions: tuple[DecisionLine, ...]


@dataclass(frozen=True)
class DateLine:
    title: dict[str, str]
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True)
class MunicipalityYear:
    """Everything on a municipality's page that a person may read. `came_from` names those it came from."""

    ladder: Ladder
    came_from: dict[int, Before]
    has_basic_offer_only: bool
    agreements: tuple[AgreementLine, ...]
    plans: tuple[PlanLine, ...]
    meetings: tuple[MeetingLine, ...]
    needs: tuple[NeedLine, ...]
    reports: tuple[ReportLine, ...]
    matters: tuple[MatterLine, ...]
    dates: tuple[DateLine, ...]


# How many of each the page shows, newest first; a municipality's whole past stands in its papers.
_SHOWN = 12
_DATES = 5


def with_past(slug: str) -> tuple[Organisation, dict[int, Before]] | None:
    """Give a municipality by its address, and those it came from by id. One query; None where there is none."""
    rows = (
        Organisation.objects.filter(Q(slug=slug) | Q(periods__changes_after__isnull=False))
        .filter(kind=Kind.MUNICIPALITY.value)
        .annotate(became=F("periods__changes_after__after__organisation_id"))
    )
    told: dict[int, Organisation] = {}
    before_of: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        told[row.pk] = row
        if row.became is not None:
            before_of[row.became].add(row.pk)
    municipality = next((row for row in told.values() if row.slug == slug), None)
    if municipality is None:
        return None
    found: set[int] = set()
    waiting = [municipality.pk]
    while waiting:
        for before in before_of.get(waiting.pop(), set()) - found - {municipality.pk}:
            found.add(before)
            waiting.append(before)
    ordered = sorted((told[each] for each in found), key=lambda each: each.sort_key)
    return municipality, {each.pk: Before(each.name, each.slug) for each in ordered}


def municipality_year(
    programme: int,
    municipality: Organisation,
    before: dict[int, Before],
    person: Visitor,
    on: dt.date,
) -> MunicipalityYear:
    """Give one municipality's year with a programme, as far as a person may read it. Eight queries at most.

    `before` are those it came from, as `with_past` gives them.
    """
    ids = [municipality.pk, *before]
    agreements = _agreements(programme, ids, person, on)
    plans = _plans(programme, ids, person, on)
    meetings = tuple(
        MeetingLine(pk, owner, MeetingKind(kind), MeetingState(state), day)
        for pk, owner, kind, state, day in Meeting.objects.visible_to(person, on)
        .filter(programme=programme, municipality__in=ids)
        .order_by("-on", "-pk")
        .values_list("pk", "municipality_id", "kind", "state", "on")
    )
    needs = tuple(
        NeedLine(pk, owner, text, NeedState(state), at.date() if at else None)
        for pk, owner, text, state, at in Need.objects.visible_to(person, on)
        .filter(programme=programme, municipality__in=ids)
        .order_by("-received_at", "pk")
        .values_list("pk", "municipality_id", "text", "state", "received_at")[:_SHOWN]
    )
    reports = tuple(
        ReportLine(owner, year, ReportState(state), due, at.date() if at else None)
        for owner, year, state, due, at in YearlyReport.objects.visible_to(person, on)
        .filter(programme=programme, municipality__in=ids)
        .order_by("-reporting_year__year", "pk")
        .values_list("municipality_id", "reporting_year__year", "state", "due_on", "answered_at")[
            :_SHOWN
        ]
    )
    # Whoever has papers with the programme is on its way into it, member or not.
    is_outside = not (agreements or plans or meetings or reports)
    return MunicipalityYear(
        has_basic_offer_only=is_outside
        and not Membership.objects.filter(
            valid_on(on), organisation=municipality, subprogramme__programme=programme
        ).exists(),
        ladder=ladder(_facts(municipality.pk, agreements, plans, meetings, on), on),
        came_from=before,
        agreements=agreements,
        plans=plans,
        meetings=meetings[:_SHOWN],
        needs=needs,
        reports=reports,
        matters=_matters(programme, ids, person, on),
        dates=_dates(programme, municipality, person, on),
    )


def _agreements(
    programme: int, ids: list[int], person: Visitor, on: dt.date
) -> tuple[AgreementLine, ...]:
    found: dict[int, AgreementLine] = {}
    for pk, owner, version, state, title, start, end, ended, kind, reason, area, why in (
        Agreement.objects.visible_to(person, on)
        .filter(programme=programme, municipality__in=ids)
        .order_by("-version", "pk", "priorities__position")
        .values_list(
            "pk", "municipality_id", "version", "state", "subprogramme__title", "valid_from",
            "valid_to", "ended_on", "end_kind", "end_reason", "priorities__area__title",
            "priorities__why",
        )
    ):  # fmt: skip
        known = found.get(pk) or AgreementLine(
            pk,
            owner,
            version,
            AgreementState(state),
            title,
            start,
            end,
            ended,
            (),
            EndKind(kind) if kind else None,
            reason,
        )
        chosen = known.priorities if area is None else (*known.priorities, (area, why))
        found[pk] = replace(known, priorities=chosen)
    return tuple(found.values())


def _plans(programme: int, ids: list[int], person: Visitor, on: dt.date) -> tuple[PlanLine, ...]:
    return tuple(
        PlanLine(
            owner,
            year,
            PlanState(state),
            _day_of(adopted_at),
            measures,
            measures - unfinished,
            late,
        )
        for owner, year, state, adopted_at, measures, unfinished, late in Plan.objects.visible_to(
            person, on
        )
        .filter(programme=programme, municipality__in=ids)
        .annotate(
            all=Count("measures"),
            open=Count("measures", filter=Q(measures__status__in=UNFINISHED)),
            late=Count(
                "measures",
                filter=Q(measures__status__in=UNFINISHED, measures__by_when__lt=on)
                & ~Q(state=PlanState.CLOSED.value),
            ),
        )
        .order_by("-year", "pk")
        .values_list("municipality_id", "year", "state", "adopted_at", "all", "open", "late")
    )


def _facts(
    municipality: int,
    agreements: Collection[AgreementLine],
    plans: Collection[PlanLine],
    meetings: Collection[MeetingLine],
    on: dt.date,
) -> LadderFacts:
    """Give the facts of the ladder from the papers at hand; those of others it came from do not count."""
    facts = LadderFacts()
    for agreement in agreements:
        if agreement.municipality_id != municipality:
            continue
        if agreement.state is AgreementState.ENDED:
            facts = _with_end(facts, agreement.ended_on, agreement.end_kind or "")
        elif agreement.state is not AgreementState.REPLACED:
            facts = _with_agreement(
                facts,
                agreement.state,
                agreement.valid_from,
                agreement.valid_to,
                len(agreement.priorities),
            )
    for plan in plans:
        if plan.municipality_id == municipality and plan.year == on.year:
            facts = replace(
                facts,
                plan=plan.state,
                plan_adopted=plan.adopted_on,
                measures=plan.measures,
                finished=plan.finished,
                late=plan.late,
            )
    rows: list[tuple[str, str, dt.date]] = [
        (row.kind, row.state, row.on) for row in meetings if row.municipality_id == municipality
    ]
    return _with_meetings(facts, rows, on.year)


def _matters(
    programme: int, ids: list[int], person: Visitor, on: dt.date
) -> tuple[MatterLine, ...]:
    of_reports = Matter.reports.through.objects.filter(yearlyreport__municipality__in=ids).values(
        "matter_id"
    )
    found: dict[int, MatterLine] = {}
    for pk, title, state, asked, whom, answer, decided, owner, stands, due in (
        Matter.objects.visible_to(person, on)
        .filter(Q(need__municipality__in=ids) | Q(pk__in=of_reports), programme=programme)
        .exclude(state=MatterState.WITHDRAWN.value)
        .order_by("-asked_on", "pk", "decisions__decided_on", "decisions__pk")
        .values_list(
            "pk", "title", "state", "asked_on", "addressed_to__name", "answer",
            "decisions__text", "decisions__owner__name", "decisions__state", "decisions__due_on",
        )
    ):  # fmt: skip
        known = found.get(pk) or MatterLine(pk, title, MatterState(state), asked, whom, answer, ())
        if decided is not None:
            line = DecisionLine(decided, owner, DecisionState(stands), due)
            known = replace(known, decisions=(*known.decisions, line))
        found[pk] = known
    return tuple(found.values())[:_SHOWN]


def _dates(
    programme: int, municipality: Organisation, person: Visitor, on: dt.date
) -> tuple[DateLine, ...]:
    """Give the next dates that concern a municipality: all's, its subprogrammes' and its region's."""
    here = MunicipalityPeriod.objects.filter(valid_on(on), organisation=municipality)
    areas = RegionArea.objects.filter(valid_on(on), region__programme=programme)
    own = areas.filter(municipality_code__in=here.values("code"))
    # A municipality's own row wins over its county's.
    by_county = areas.filter(
        ~Exists(own), ~Q(county_code=""), county_code__in=here.values("county_code")
    )
    member = Membership.objects.filter(
        valid_on(on), organisation=municipality, subprogramme__programme=programme
    )
    rows = (
        YearDate.objects.visible_to(person, on)
        .filter(
            Q(subprogramme=None) | Q(subprogramme__in=member.values("subprogramme")),
            Q(region=None)
            | Q(region__in=own.values("region"))
            | Q(region__in=by_county.values("region")),
            Q(starts_on__gte=on) | Q(ends_on__gte=on),
            programme=programme,
            is_cancelled=False,
            roles__contains=[RoleKind.MUNICIPALITY.value],
        )
        .order_by("starts_on", "pk")
        .values_list("title", "starts_on", "ends_on")[:_DATES]
    )
    return tuple(DateLine(*row) for row in rows)
