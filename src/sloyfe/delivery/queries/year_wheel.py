"""What of the programme year stands on the year wheel: the reporting, meetings, agreements that end, steering dialogues.

Handed in to the wheel, which lies below. A municipality is told what concerns itself and nothing that is
internal; an office what concerns the municipalities of its region; those who hold the steering dialogue its days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from sloyfe.delivery.models import (
    Agreement,
    Meeting,
    ReportingYear,
    SteeringMeeting,
    YearlyReport,
)
from sloyfe.delivery.models.visible import land_of
from sloyfe.delivery.rules.agreements import AgreementState, MeetingKind, MeetingState, last_day
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.reports import ReportState, YearState
from sloyfe.delivery.rules.steering import SteeringState
from sloyfe.delivery.texts.meetings import MEETING_KIND_TEXT
from sloyfe.programme.models import Programme
from sloyfe.programme.rules.mandates import RoleKind
from sloyfe.programme.rules.year_wheel import DateKind, OwnDay, Reader
from sloyfe.ui.templatetags.ui import pick

# Those who hold the steering dialogue.
STEERING = (RoleKind.HEAD_OFFICE, RoleKind.OWNER, RoleKind.NATIONAL_LEAD)
SIDES = (RoleKind.MUNICIPALITY, RoleKind.REGIONAL_OFFICE)
_REPORTING = (*SIDES, RoleKind.NATIONAL_LEAD)
_SUMMARIES = (RoleKind.REGIONAL_OFFICE, RoleKind.NATIONAL_LEAD)
# Agreements that somebody confirmed once; the others may be thrown away without a trace.
_SETTLED = [
    state.value
    for state in AgreementState
    if state not in (AgreementState.DRAFT, AgreementState.PROPOSED)
]


@dataclass(frozen=True)
class _Asked:
    """Whose days are asked for: roles of any organisation, own municipalities, and an office's municipalities."""

    programme: Programme
    roles: frozenset[RoleKind]
    anybody: frozenset[RoleKind]
    own: frozenset[int]
    offices: frozenset[int]
    region: frozenset[int]
    starts: dt.date
    ends: dt.date

    def has(self, day: dt.date) -> bool:
        """Tell whether a day lies in the time that is asked for."""
        return self.starts <= day < self.ends

    @property
    def of_sides(self) -> Q:
        """The filter for papers of the two sides; what is internal is the office's alone."""
        office = Q(office__in=self.offices) | Q(municipality__in=self.region)
        return (Q(municipality__in=self.own) & ~Q(access=Access.INTERNAL.value)) | office


def days_of_the_year(
    programme: Programme,
    readers: Collection[Reader],
    starts: dt.date,
    ends: dt.date,
    on: dt.date,
) -> list[OwnDay]:
    """Give the days of the programme year that concern one of the readers. Eight queries at most."""

    def named(role: RoleKind) -> set[int]:
        return {r.organisation for r in readers if r.role == role and r.organisation is not None}

    offices = named(RoleKind.REGIONAL_OFFICE)
    land = land_of({programme.pk}, on)
    asked = _Asked(
        programme=programme,
        roles=frozenset(reader.role for reader in readers),
        anybody=frozenset(reader.role for reader in readers if reader.organisation is None),
        own=land.with_predecessors(named(RoleKind.MUNICIPALITY)),
        offices=frozenset(offices),
        region=frozenset(land.lying_in(offices)),
        starts=starts,
        ends=ends,
    )
    found = list(_steering(asked)) if asked.roles.intersection(STEERING) else []
    reporting: set[int] = set()
    agreed = False
    if asked.own or asked.offices:
        found += _meetings(asked)
        agreements = list(_agreements(asked))
        agreed = any(
            row.municipality_id in asked.own and row.state == AgreementState.IN_FORCE
            for row in agreements
        )
        found += _ends(asked, agreements)
        reports = list(_reports(asked))
        found += _reports_due(asked, reports)
        reporting = {
            row.reporting_year_id
            for row in reports
            if row.municipality_id in asked.own and row.state != ReportState.EXCUSED
        }
    found += _reporting(asked, reporting, agreed=agreed)
    return [day for day in found if asked.has(day.day)]


def _sequence(row: Any) -> int:
    """Give how often a row has changed since it was made; its history never shrinks."""
    return max(int(row.versions) - 1, 0)


def _steering(asked: _Asked) -> Iterator[OwnDay]:
    rows: Any = SteeringMeeting.objects.filter(
        programme=asked.programme, on__gte=asked.starts, on__lt=asked.ends
    ).annotate(versions=Count("events"), changed=Max("events__pgh_created_at"))
    for row in rows:
        yield OwnDay(
            code=f"steering.{row.number}",
            title=_("Steering dialogue %(number)s") % {"number": row.number},
            kind=DateKind.MEETING,
            day=row.on,
            roles=STEERING,
            changed_at=row.changed,
            sequence=_sequence(row),
            is_cancelled=row.state == SteeringState.CANCELLED,
            url=reverse("delivery:steering_meeting", args=[asked.programme.slug, row.number]),
        )


def _meetings(asked: _Asked) -> Iterator[OwnDay]:
    rows: Any = (
        Meeting.objects.filter(
            asked.of_sides, programme=asked.programme, on__gte=asked.starts, on__lt=asked.ends
        )
        .select_related("municipality", "office")
        .annotate(versions=Count("events"), changed=Max("events__pgh_created_at"))
    )
    for row in rows:
        other = row.office if row.municipality_id in asked.own else row.municipality
        slots = {"meeting": MEETING_KIND_TEXT[MeetingKind(row.kind)], "name": other.name}
        yield OwnDay(
            code=f"meeting.{row.pk}",
            title=_("%(meeting)s with %(name)s") % slots,
            kind=DateKind.MEETING,
            day=row.on,
            roles=SIDES,
            concerns=f"{row.municipality.name}, {row.office.name}",
            changed_at=row.changed,
            sequence=_sequence(row),
            is_cancelled=row.state == MeetingState.CANCELLED,
            url=reverse(
                "delivery:meeting", args=[asked.programme.slug, row.municipality.slug, row.pk]
            ),
        )


def _agreements(asked: _Asked) -> Any:
    return (
        Agreement.objects.filter(asked.of_sides, programme=asked.programme, state__in=_SETTLED)
        .select_related("municipality", "office", "subprogramme")
        .annotate(versions=Count("events"), changed=Max("events__pgh_created_at"))
        .order_by("subprogramme_id", "municipality_id", "version")
    )


def _ends(asked: _Asked, rows: list[Any]) -> Iterator[OwnDay]:
    """Give the last days of agreements. One that is renewed is the same thing, with another last day."""
    changes: dict[tuple[int, int], int] = {}
    latest: dict[tuple[int, int], Any] = {}
    for row in rows:
        same = (row.subprogramme_id, row.municipality_id)
        changes[same] = changes.get(same, 0) + row.versions
        latest[same] = row
    for same, row in latest.items():
        ended = row.state == AgreementState.ENDED
        day = last_day(row.ended_on if ended else row.valid_to)
        if day is None or row.state == AgreementState.REPLACED:
            continue
        slots = {"subprogramme": pick(row.subprogramme.title), "name": row.municipality.name}
        own = row.municipality_id in asked.own
        yield OwnDay(
            code=f"agreement.{row.subprogramme.code}.{row.municipality.slug}",
            title=_("Last day of the agreement on %(subprogramme)s") % slots
            if own
            else _("Last day of the agreement with %(name)s on %(subprogramme)s") % slots,
            kind=DateKind.DEADLINE,
            day=day,
            roles=SIDES,
            concerns=f"{row.municipality.name}, {row.office.name}",
            changed_at=row.changed,
            sequence=changes[same] - 1,
            url=reverse(
                "delivery:agreement", args=[asked.programme.slug, row.municipality.slug, row.pk]
            ),
        )


def _reports(asked: _Asked) -> Any:
    """Give the reports of own municipalities, and those in the region that have got a later day than the others."""
    later = Q(due_on__gt=F("reporting_year__due_on")) & ~Q(state=ReportState.EXCUSED.value)
    return (
        YearlyReport.objects.filter(
            asked.of_sides,
            Q(municipality__in=asked.own) | later,
            programme=asked.programme,
            # So long after the first of its days a year's reporting is over.
            reporting_year__national_by__gte=asked.starts - dt.timedelta(days=366),
        )
        .select_related("reporting_year", "municipality", "office")
        .annotate(
            longer=Count("extensions", distinct=True),
            granted=Max("extensions__granted_at"),
            made=Min("events__pgh_created_at"),
            excused=Min(
                "events__pgh_created_at", filter=Q(events__state=ReportState.EXCUSED.value)
            ),
        )
        .order_by("reporting_year_id", "municipality_id")
    )


def _reports_due(asked: _Asked, rows: list[Any]) -> Iterator[OwnDay]:
    for row in rows:
        excused = row.state == ReportState.EXCUSED
        slots = {"year": row.reporting_year.year, "name": row.municipality.name}
        own = row.municipality_id in asked.own
        yield OwnDay(
            code=f"report.{row.reporting_year.year}.{row.municipality.slug}",
            title=_("The yearly report for %(year)s is due") % slots
            if own
            else _("Later day: the yearly report for %(year)s from %(name)s is due") % slots,
            kind=DateKind.REPORT_DUE,
            day=row.due_on,
            roles=SIDES,
            concerns=f"{row.municipality.name}, {row.office.name}",
            # Neither what is written in the report nor when: only what moves its day.
            changed_at=max(filter(None, (row.made, row.granted, row.excused if excused else None))),
            sequence=row.longer + excused,
            is_cancelled=excused,
            url=reverse(
                "delivery:report",
                args=[asked.programme.slug, row.reporting_year.year, row.municipality.slug],
            ),
        )


def _reporting(asked: _Asked, own_years: set[int], *, agreed: bool) -> Iterator[OwnDay]:
    """Give the days of each year's reporting. A municipality is told where a report is, or will be, expected of it."""
    rows: Any = ReportingYear.objects.filter(
        programme=asked.programme, opens_on__lt=asked.ends, national_by__gte=asked.starts
    ).annotate(versions=Count("events"), changed=Max("events__pgh_created_at"))
    for row in rows:
        expected = row.pk in own_years or (agreed and row.state == YearState.PLANNED)
        slots = {"year": row.year}
        url = f"{reverse('delivery:reporting')}?program={asked.programme.slug}"
        for code, day, kind, roles, title in (
            ("opens", row.opens_on, DateKind.OTHER, _REPORTING, _("Opening of the reporting for %(year)s")),
            ("due", row.due_on, DateKind.REPORT_DUE, _REPORTING, _("The yearly reports for %(year)s are due")),
            ("answer", row.answer_by, DateKind.ANSWER_DUE, _REPORTING, _("The yearly reports for %(year)s are answered by now")),
            ("summary", row.summary_by, DateKind.SUMMARY_DUE, _SUMMARIES, _("The regions’ summaries for %(year)s are due")),
            ("national", row.national_by, DateKind.SUMMARY_DUE, STEERING, _("The national summary for %(year)s is due")),
        ):  # fmt: skip
            concerned = asked.roles.intersection(roles) - {RoleKind.MUNICIPALITY}
            if RoleKind.MUNICIPALITY in roles:
                # A municipality's own last day stands with its report.
                own = expected and not (code == "due" and row.pk in own_years)
                if own or RoleKind.MUNICIPALITY in asked.anybody:
                    concerned |= {RoleKind.MUNICIPALITY}
            if concerned:
                yield OwnDay(
                    code=f"reporting.{row.year}.{code}",
                    title=title % slots,
                    kind=kind,
                    day=day,
                    roles=roles,
                    changed_at=row.changed,
                    sequence=_sequence(row),
                    url=url,
                )
