"""Questions about yearly reports: who is expected to report, what is known beforehand, where they stand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from sloyfe.comments.models import Comment
from sloyfe.delivery.models import (
    Agreement,
    Meeting,
    Need,
    Plan,
    ReportingYear,
    YearlyReport,
)
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.queries.agreements import became
from sloyfe.delivery.rules.agreements import AgreementState, MeetingKind, MeetingState, last_day
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.needs import OPEN_NEEDS
from sloyfe.delivery.rules.plans import MeasureStatus, PlanState
from sloyfe.delivery.rules.prefill import (
    AGREEMENT_FROM,
    AGREEMENT_TO,
    INHABITANTS,
    Known,
    PlannedMeasure,
    Source,
    SourceKind,
)
from sloyfe.delivery.rules.reports import (
    MOST_REMINDERS,
    REMIND_ON,
    REMIND_WITHIN,
    SENT_STATES,
    TIME_ITEM,
    WRITABLE,
    Completeness,
    Remindable,
    ReportState,
    YearState,
    completeness,
    typical_time,
)
from sloyfe.delivery.rules.steering import MatterState
from sloyfe.delivery.texts.needs import without_words
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules import InstrumentKind, VersionState
from sloyfe.instruments.rules.answers import Form, Value, read_form
from sloyfe.organisations.models import Affiliation, Organisation, valid_on
from sloyfe.organisations.queries import Municipality, as_of
from sloyfe.programme.models import Programme, Region
from sloyfe.programme.queries import Visitor, region_map, register_of

_SENT = [state.value for state in ReportState if state in SENT_STATES]
_AWAITED = [state.value for state in ReportState if state in WRITABLE]


@lru_cache(maxsize=32)
def form_of(version_id: int, content_hash: str) -> Form:
    """Give a version's form. Kept in the process: the hash names the content, which never changes."""
    return read_form(Version.objects.values_list("definition", flat=True).get(pk=version_id))


def form_of_year(year: ReportingYear) -> Form:
    """Give the form of a year's reporting; the version at hand."""
    return form_of(year.form_id, year.form.content_hash)


def report_forms(programme: Programme | int) -> QuerySet[Version]:
    """Give the released forms of yearly reports in a programme, the newest first."""
    return (
        Version.objects.filter(
            instrument__programme=programme,
            instrument__kind=InstrumentKind.REPORT.value,
            state=VersionState.RELEASED.value,
        )
        .select_related("instrument")
        .order_by("-released_at", "-pk")
    )


def was_changed_since(report: YearlyReport, revision: int, items: Collection[str]) -> bool:
    """Tell whether any of these items has been changed since a revision, or the report been sent since.

    What a revision held is asked of the row's history. Two who write on different pages of a report
    thereby do not disturb each other.
    """
    history: Any = YearlyReport.pgh_event_model  # type: ignore[attr-defined]
    then = (
        history.objects.filter(pgh_obj_id=report.pk, revision=revision)
        .order_by("pgh_id")
        .values_list("answers", "state")
        .first()
    )
    if then is None:
        return True
    answers, state = then
    if report.stands in SENT_STATES and state not in _SENT:
        return True
    return any(answers.get(item) != report.answers.get(item) for item in items)


# Who reports


def answers_before(report: YearlyReport) -> dict[str, Value]:
    """Give what the municipality sent the year before; empty where it sent nothing. One query."""
    found = (
        YearlyReport.objects.filter(
            programme=report.programme_id,
            municipality=report.municipality_id,
            reporting_year__year=report.reporting_year.year - 1,
            state__in=_SENT,
        )
        .values_list("answers", flat=True)
        .first()
    )
    return dict(found or {})


def planned_areas(report: YearlyReport) -> frozenset[str]:
    """Give the effort areas in the municipality's plan for the year that is reported on. One query."""
    return frozenset(
        Plan.objects.filter(
            programme=report.programme_id,
            municipality=report.municipality_id,
            year=report.reporting_year.year,
            measures__area__isnull=False,
        )
        .exclude(state=PlanState.DRAFT.value)
        .values_list("measures__area__code", flat=True)
    )


@dataclass(frozen=True)
class Expected:
    """A municipality from which a report is expected: by which agreement, and to which office."""

    municipality: Organisation
    agreement: Agreement | None
    office: Organisation | None
    place: (
        Municipality | None
    )  # as it stands in the register on the day; None where it is not there


def agreements_on(programme: Programme, on: dt.date) -> dict[int, Agreement]:
    """Give the agreement in force of each municipality on a day, also of days long past. One query.

    Where several subprogrammes have one, the one that began first is given.
    """
    settled = [
        AgreementState.IN_FORCE.value,
        AgreementState.REPLACED.value,
        AgreementState.ENDED.value,
    ]
    rows = (
        Agreement.objects.filter(programme=programme, state__in=settled, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))
        .select_related("municipality")
    )
    found: dict[int, Agreement] = {}
    # Newer versions first within a subprogramme, so that the one which holds is kept.
    for row in sorted(rows, key=lambda row: (row.subprogramme_id, -row.version)):
        found.setdefault(row.municipality_id, row)
    return found


def expected_on(programme: Programme, on: dt.date) -> list[Expected]:
    """Give from whom a report is expected on a day, in Norwegian order.

    What a municipality has become by then reports in its place. Seven queries, and two more for each
    municipality that is no longer there.
    """
    there = {row.organisation_id for row in as_of(register_of(programme), on)}
    found: dict[int, tuple[Organisation, Agreement]] = {}
    for agreement in agreements_on(programme, on).values():
        own = agreement.municipality
        heirs = [own] if own.pk in there else became(own, on) or [own]
        for municipality in heirs:
            if municipality.pk not in found or municipality.pk == own.pk:
                found[municipality.pk] = (municipality, agreement)
    return placed(programme, found.values(), on)


def placed(
    programme: Programme, rows: Iterable[tuple[Organisation, Agreement | None]], on: dt.date
) -> list[Expected]:
    """Give municipalities with where they lie on a day and the office of that region. Five queries."""
    places = {row.organisation_id: row for row in as_of(register_of(programme), on)}
    regions = region_map(programme, on)
    offices = {
        region.pk: region.office
        for region in Region.objects.filter(programme=programme).select_related("office")
    }
    found = []
    for municipality, agreement in rows:
        place = places.get(municipality.pk)
        region = regions.region(place.code, place.county_code) if place else None
        office = offices.get(region.pk) if region else None
        found.append(Expected(municipality, agreement, office, place))
    return sorted(found, key=lambda row: row.municipality.sort_key)


def known_of(year: ReportingYear, expected: Collection[Expected], form: Form) -> dict[int, Known]:
    """Give what is known of each municipality when its report is opened. Four queries, however many there are."""
    ids = [row.municipality.pk for row in expected]
    known = {row.municipality.pk: Known(facts=_facts(row)) for row in expected}
    reports = (
        YearlyReport.objects.filter(
            programme=year.programme_id,
            municipality__in=ids,
            state__in=_SENT,
            reporting_year__year=year.year - 1,
        )
        .values_list("municipality_id", "reporting_year__year", "answers")
        .order_by()
    )
    for municipality, last_year, answers in reports:
        known[municipality] = replace(
            known[municipality], last_year=last_year, last_answers=answers
        )
    for municipality, measures in _measures(year, ids).items():
        known[municipality] = replace(
            known[municipality], plan_year=year.year, measures=tuple(measures)
        )
    for municipality, lines in needs_told(year.programme, ids).items():
        known[municipality] = replace(known[municipality], needs=tuple(lines))
    return known


def told_without_words(need: Need) -> str:
    """Say that there is a need which not everybody may read, in the language of its letters."""
    with override(need.language):
        return without_words(timezone.localdate(need.written_at))


def needs_told(programme: Programme, municipalities: Collection[int]) -> dict[int, list[str]]:
    """Give what each municipality needs and has not been answered on, as it may stand in an open report. One query.

    A need that not everybody may read is told of without its words: a report is read by more than the need is. What
    has been decided on waits for its answer, not for somebody who meets it.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for need in (
        Need.objects.filter(
            programme=programme,
            municipality__in=municipalities,
            state__in=[state.value for state in OPEN_NEEDS],
        )
        .exclude(access=Access.INTERNAL.value)
        .exclude(matters__state=MatterState.ANSWERED.value)
        .order_by("written_at", "pk")
        .only("municipality_id", "access", "text", "language", "written_at")
    ):
        is_public = need.access == Access.PUBLIC
        found[need.municipality_id].append(need.text if is_public else told_without_words(need))
    return found


def _facts(row: Expected) -> dict[str, tuple[Value, Source]]:
    facts: dict[str, tuple[Value, Source]] = {}
    agreement = {"from": SourceKind.AGREEMENT.value}
    if row.agreement is not None:
        facts[AGREEMENT_FROM] = (row.agreement.valid_from.isoformat(), agreement)
        last = last_day(row.agreement.valid_to)
        if last is not None:
            facts[AGREEMENT_TO] = (last.isoformat(), agreement)
    if row.place is not None and row.place.inhabitants is not None:
        counted = row.place.counted_on
        source = {
            "from": SourceKind.POPULATION.value,
            "on": counted.isoformat() if counted else "",
        }
        facts[INHABITANTS] = (row.place.inhabitants, source)
    return facts


def _measures(year: ReportingYear, ids: list[int]) -> dict[int, list[PlannedMeasure]]:
    found: dict[int, list[PlannedMeasure]] = defaultdict(list)
    rows = (
        Plan.objects.filter(
            programme=year.programme_id,
            municipality__in=ids,
            year=year.year,
            access=Access.PUBLIC.value,
            measures__isnull=False,
        )
        .exclude(state=PlanState.DRAFT.value)
        .order_by("municipality_id", "measures__position", "measures__pk")
        .values_list(
            "municipality_id", "measures__text", "measures__area__code", "measures__status"
        )
    )
    for municipality, text, area, status in rows:
        found[municipality].append(PlannedMeasure(text, area or "", MeasureStatus(status)))
    return found


def people_of(organisations: Iterable[int], on: dt.date) -> dict[int, list[str]]:
    """Give the addresses of those who work in each organisation on a day. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    for organisation, address in (
        Affiliation.objects.filter(
            valid_on(on), organisation__in=list(organisations), person__is_active=True
        )
        .order_by("organisation_id", "person_id")
        .values_list("organisation_id", "person__email")
    ):
        if address and address not in found[organisation]:
            found[organisation].append(address)
    return found


# One report


# Everything that a page shows of a report, fetched with it.
SHOWN_WITH = (
    "programme",
    "municipality",
    "office",
    "reporting_year__form__instrument",
    "filled_in_at",
    "discussed_at",
    "agreement",
)


def with_all(reports: QuerySet[YearlyReport]) -> QuerySet[YearlyReport]:
    """Give reports with everything that a page shows of them, in the same query."""
    return reports.select_related(*SHOWN_WITH)


def wrote_for_municipality(report: YearlyReport, comments: Collection[Comment]) -> set[int]:
    """Give which authors of comments have worked in the report's municipality. One query."""
    return set(
        Affiliation.objects.filter(
            organisation=report.municipality_id,
            person__in={comment.author_id for comment in comments},
        ).values_list("person_id", flat=True)
    )


def questions_on(report: YearlyReport) -> list[Comment]:
    """Give the questions about a report with their replies, the oldest first. One query."""
    return list(Comment.objects.about(report).select_related("author", "answered_by"))


def meetings_for(report: YearlyReport) -> QuerySet[Meeting]:
    """Give the held meetings in which a report may have been discussed: since it was sent, the newest first."""
    since = timezone.localdate(report.sent_at) if report.sent_at else dt.date.min
    return Meeting.objects.filter(
        on__gte=since,
        programme=report.programme_id,
        municipality=report.municipality_id,
        state=MeetingState.HELD.value,
        kind__in=[MeetingKind.REPORT.value, MeetingKind.STATUS.value],
    ).order_by("-on", "-pk")


def meetings_to_fill_in(report: YearlyReport) -> QuerySet[Meeting]:
    """Give the meetings in which a report may be filled in: planned or held since the year was opened."""
    return (
        Meeting.objects.filter(
            programme=report.programme_id,
            municipality=report.municipality_id,
            on__gte=report.reporting_year.opens_on,
        )
        .exclude(state=MeetingState.CANCELLED.value)
        .order_by("-on", "-pk")
    )


# Many reports


@dataclass(frozen=True)
class ReportLine:
    """One report in a list. `open_questions` are those that nobody has replied to."""

    pk: int
    municipality_id: int
    municipality: str
    slug: str
    office_id: int
    office: str
    state: ReportState
    due_on: dt.date
    was_extended: bool
    was_mended: bool
    open_questions: int
    asks_municipality: int = 0  # how many of them the municipality is to reply to

    def is_late(self, on: dt.date) -> bool:
        """Tell whether it should have been sent before a day."""
        return self.state in WRITABLE and self.due_on < on


def lines_of(year: ReportingYear, person: Visitor, on: dt.date) -> list[ReportLine]:
    """Give the reports of a year that a person may follow, in Norwegian order. Five queries at most.

    An office follows its own region's; the levels above and the auditor follow all, sent or not.
    """
    reach = reach_of(person, on)
    reports = YearlyReport.objects.filter(reporting_year=year)
    if year.programme_id not in reach.above:
        reports = reports.filter(Q(office__in=reach.offices) | Q(municipality__in=reach.region))
    rows = list(
        reports.order_by("municipality__sort_key").values_list(
            "pk",
            "municipality_id",
            "municipality__name",
            "municipality__slug",
            "office_id",
            "office__name",
            "state",
            "due_on",
            "changed_at",
            "sent_at",
            "received_at",
        )
    )
    asked: dict[str, list[int]] = defaultdict(list)
    for about, author in (
        Comment.objects.unanswered()
        .filter(
            about_kind=YearlyReport._meta.label_lower, about_id__in=[str(row[0]) for row in rows]
        )
        .values_list("about_id", "author_id")
    ):
        asked[about].append(author)
    works_at = (
        set(
            Affiliation.objects.filter(
                person__in={author for authors in asked.values() for author in authors}
            ).values_list("person_id", "organisation_id")
        )
        if asked
        else set()
    )
    return [
        ReportLine(
            *row[:6],
            ReportState(row[6]),
            row[7],
            was_extended=row[7] > year.due_on,
            was_mended=row[8] is not None and row[9] is not None and row[8] > row[9],
            open_questions=len(asked[str(row[0])]),
            asks_municipality=sum(
                (author, row[1]) not in works_at for author in asked[str(row[0])]
            ),
        )
        for row in rows
    ]


def year_to_show(years: Collection[ReportingYear]) -> ReportingYear | None:
    """Give the year that a page shows until another is asked for, of years that come newest first.

    The newest that is open; else the newest that was; a year that is only planned hides none of these.
    """
    order = [YearState.OPEN, YearState.CLOSED, YearState.PLANNED]
    return min(years, key=lambda year: order.index(YearState(year.state)), default=None)


def years_of(programmes: Collection[int]) -> list[ReportingYear]:
    """Give the years of reporting in some programmes, the newest first. One query."""
    return list(
        ReportingYear.objects.filter(programme__in=programmes)
        .select_related("programme", "form")
        .order_by("-year", "programme__slug")
    )


@dataclass(frozen=True)
class RegionStand:
    """How far a region, or all of them, has come with the reports of a year."""

    name: str
    code: str
    counts: Completeness
    late: int


def by_region(year: ReportingYear, lines: Collection[ReportLine], on: dt.date) -> list[RegionStand]:
    """Count the reports of a year by the region whose office they go to. One query."""
    offices: dict[int, list[ReportLine]] = defaultdict(list)
    for line in lines:
        offices[line.office_id].append(line)
    regions = {
        region.office_id: region
        for region in Region.objects.filter(programme=year.programme_id).order_by("-position")
        if region.office_id is not None
    }
    # In the programme's own order; offices that no longer have a region come last.
    order = {pk: place for place, pk in enumerate(reversed(regions))}
    found = []
    for office, own in sorted(offices.items(), key=lambda each: order.get(each[0], len(order))):
        region = regions.get(office)
        found.append(
            RegionStand(
                region.name if region else own[0].office,
                region.code if region else "",
                completeness(line.state for line in own),
                sum(line.is_late(on) for line in own),
            )
        )
    return found


def time_used(year: ReportingYear) -> float | None:
    """Give the middle estimate of minutes that reports of a year took; None where fewer than five told. One query."""
    return typical_time(
        YearlyReport.objects.filter(reporting_year=year, state__in=_SENT).values_list(
            f"answers__{TIME_ITEM}", flat=True
        )
    )


def remindable(on: dt.date) -> list[YearlyReport]:
    """Give the reports of open years that are still awaited and due soon or past due. One query."""
    return list(
        with_all(
            YearlyReport.objects.filter(
                state__in=_AWAITED,
                reporting_year__state=YearState.OPEN.value,
                reminders__lt=MOST_REMINDERS,
                due_on__lte=on - min(REMIND_ON),
                due_on__gte=on - max(REMIND_ON) - REMIND_WITHIN,
            )
        ).order_by("pk")
    )


def reminding_of(report: YearlyReport) -> Remindable:
    """Give what decides whether the municipality of a report is reminded; its year at hand."""
    told = report.reminded_at
    return Remindable(
        state=report.stands,
        due_on=report.due_on,
        reminders=report.reminders,
        reminded_on=timezone.localdate(told) if told else None,
        invited_on=report.reporting_year.opens_on,
    )


def newest_report_of(organisations: Collection[int]) -> YearlyReport | None:
    """Give the report that a municipality comes to first: the newest year's. One query."""
    return (
        with_all(YearlyReport.objects.filter(municipality__in=organisations))
        .order_by("-reporting_year__year", "-pk")
        .first()
    )


def other_years(report: YearlyReport, person: Visitor, on: dt.date) -> list[int]:
    """Give the other years that a municipality has a report for, which a person may read, the newest first."""
    return list(
        YearlyReport.objects.visible_to(person, on)
        .filter(programme=report.programme_id, municipality=report.municipality_id)
        .exclude(pk=report.pk)
        .order_by("-reporting_year__year")
        .values_list("reporting_year__year", flat=True)
    )
