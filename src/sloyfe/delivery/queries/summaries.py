"""Summaries on their way up: what they stand on, where they are, and what came of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from sloyfe.delivery.models import Matter, Need, ReportingYear, Summary, YearlyReport
from sloyfe.delivery.queries.offices import office_with
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.needs import OPEN_NEEDS
from sloyfe.delivery.rules.reports import SENT_STATES, ReportState
from sloyfe.delivery.rules.reports import Completeness as Completeness
from sloyfe.delivery.rules.reports import completeness as completeness
from sloyfe.delivery.rules.steering import MatterState
from sloyfe.delivery.rules.summaries import NATIONAL, Level, SummaryState
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Region
from sloyfe.programme.queries import Visitor
from sloyfe.programme.rules import Capacity

# The items of the yearly report in which a municipality speaks in its own words.
WORDS = ("worked_well", "was_hard", "needs_from_programme")
_SETTLED = (ReportState.ANSWERED, ReportState.CLOSED, ReportState.EXCUSED)


def reports_below(summary: Summary) -> QuerySet[YearlyReport]:
    """Give the reports that a summary stands on: those received by its office, or all of the year."""
    reports = YearlyReport.objects.filter(reporting_year_id=summary.reporting_year_id)
    return reports if summary.is_national else reports.filter(office_id=summary.office_id)


def completeness_below(summary: Summary) -> Completeness:
    """Count the reports that a summary stands on. One query."""
    return completeness(reports_below(summary).values_list("state", flat=True))


def completeness_by_office(year: ReportingYear) -> dict[int, Completeness]:
    """Count the reports of a year by the office that receives them. One query."""
    states: dict[int, list[str]] = {}
    for office, state in YearlyReport.objects.filter(reporting_year=year).values_list(
        "office_id", "state"
    ):
        states.setdefault(office, []).append(state)
    return {office: completeness(found) for office, found in states.items()}


@dataclass(frozen=True)
class Words:
    """What one municipality wrote in its report, as far as the reader may see it."""

    report: YearlyReport
    worked_well: str
    was_hard: str
    needs: str


def words_below(summary: Summary, person: Visitor, on: dt.date) -> list[Words]:
    """Give what the municipalities wrote, in Norwegian order: in the reports that the figures are made of.

    So in those that everybody may read, and that had come when the summary was sent. One query.
    """
    reports = reports_below(summary).filter(
        pk__in=YearlyReport.objects.visible_to(person, on).values("pk"),
        state__in=[state.value for state in SENT_STATES],
        access=Access.PUBLIC.value,
    )
    if summary.sent_at is not None:
        reports = reports.filter(sent_at__lte=summary.sent_at)
    return [
        Words(report, *(str(report.answers.get(item) or "") for item in WORDS))
        for report in reports.select_related("municipality").order_by("municipality__sort_key")
    ]


def not_public_below(summary: Summary) -> int:
    """Count the reports that have come and are in no figure, since not everybody may read them. One query."""
    reports = reports_below(summary).filter(state__in=[state.value for state in SENT_STATES])
    if summary.sent_at is not None:
        reports = reports.filter(sent_at__lte=summary.sent_at)
    return reports.exclude(access=Access.PUBLIC.value).count()


def unanswered_needs(summary: Summary, person: Visitor, on: dt.date) -> list[Need]:
    """Give the needs below a summary that nobody has answered, the oldest first. One query.

    Of a summary that has been sent, those that had been said and not answered on that day, whatever came later.
    """
    needs = Need.objects.visible_to(person, on).filter(programme_id=summary.programme_id)
    if summary.sent_at is None:
        needs = needs.filter(state__in=[state.value for state in OPEN_NEEDS])
    else:
        needs = needs.filter(written_at__lte=summary.sent_at).filter(
            Q(state__in=[state.value for state in OPEN_NEEDS]) | Q(answered_at__gt=summary.sent_at)
        )
    if not summary.is_national:
        needs = needs.filter(office_id=summary.office_id)
    return list(needs.select_related("municipality").order_by("written_at", "pk"))


def summary_of(year: ReportingYear, key: str, on: dt.date) -> Summary | None:
    """Give a summary of a year, or a new one that is not stored yet.

    `key` is a region's code, or the word for the nation. None where there is no such region, the region has
    no office, or nobody is there to receive it.
    """
    stored = Summary.objects.filter(reporting_year=year).select_related(
        "programme", "reporting_year", "region", "office", "to_office", "sent_by"
    )
    programme = year.programme
    if key == NATIONAL:
        found = stored.filter(level=Level.NATION.value).first()
        level, region = Level.NATION, None
    else:
        found = stored.filter(region__code=key).first()
        level = Level.REGION
        region = (
            Region.objects.filter(programme=programme, code=key).select_related("office").first()
        )
        if region is None:
            return None
    if found is not None:
        return found
    office, above = _ends(year, region, on)
    if office is None or above is None:
        return None
    return Summary(
        programme=programme,
        reporting_year=year,
        level=level.value,
        region=region,
        office=office,
        to_office=above,
    )


def _ends(
    year: ReportingYear, region: Region | None, on: dt.date
) -> tuple[Organisation | None, Organisation | None]:
    lead = office_with(year.programme, on, Capacity.NATIONAL_LEAD)
    if region is not None:
        return region.office, lead
    return lead, office_with(year.programme, on, Capacity.OWNER)


@dataclass(frozen=True)
class SummaryLine:
    """One summary in the overview of a year; `summary` is None where nobody has begun."""

    key: str
    name: str
    office: str
    summary: Summary | None
    completeness: Completeness

    @property
    def state(self) -> SummaryState | None:
        """Where it stands; None where nobody has begun."""
        return SummaryState(self.summary.state) if self.summary else None


def regional_lines(year: ReportingYear) -> list[SummaryLine]:
    """Give every region's summary of a year, in the programme's order. Three queries."""
    counts = completeness_by_office(year)
    stored = {
        summary.region_id: summary
        for summary in Summary.objects.filter(reporting_year=year, level=Level.REGION.value)
    }
    regions = year.programme.regions.select_related("office").order_by("position")
    return [
        SummaryLine(
            region.code,
            str(region),
            region.office.name if region.office else "",
            stored.get(region.pk),
            counts.get(region.office_id or 0, Completeness(0, 0, 0)),
        )
        for region in regions
    ]


def regions_not_answered(summary: Summary) -> list[str]:
    """Name the regions whose summary nobody has answered yet; only those of which reports are expected."""
    return [
        line.name
        for line in regional_lines(summary.reporting_year)
        if line.completeness.expected and line.state is not SummaryState.ANSWERED
    ]


def matters_of_summary(summary: Summary, person: Visitor, on: dt.date) -> list[Matter]:
    """Give what a summary asks for, as far as a person may read it. One query; none for one not stored."""
    if not summary.is_stored:
        return []
    return list(
        Matter.objects.visible_to(person, on)
        .filter(summary=summary)
        .exclude(state=MatterState.WITHDRAWN.value)
        .select_related("addressed_to", "programme")
        .order_by("pk")
    )
