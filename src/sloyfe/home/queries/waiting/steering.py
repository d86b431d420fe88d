"""What waits and comes back between the levels: summaries, matters, steering dialogues, decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sloyfe.accounts.models import Person
from sloyfe.delivery.models import Decision, Matter, ReportingYear, SteeringMeeting, Summary
from sloyfe.delivery.queries.offices import OFFICES, STEERS
from sloyfe.delivery.rules.reports import YearState
from sloyfe.delivery.rules.steering import DecisionState, MatterState, SteeringState
from sloyfe.delivery.rules.summaries import NATIONAL, Level, SummaryState
from sloyfe.home.queries.waiting.shapes import News, Waiting
from sloyfe.home.rules import NEWS_DAYS
from sloyfe.programme.models import Region
from sloyfe.programme.queries import programmes_where, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.ui.templatetags.ui import pick


def _offices(person: Person, on: dt.date, *capacities: Capacity) -> set[int]:
    return {role.organisation_id for role in roles_of(person, on) if role.capacity in capacities}


def _summary_url(programme: str, year: int, key: str) -> str:
    return reverse("delivery:summary", args=[programme, year, key])


def _summaries_to_write(person: Person, today: dt.date) -> list[Waiting]:
    """Regional summaries from the day the reports are due, the national one from the day those are."""
    offices = _offices(person, today, Capacity.REGIONAL_OFFICE)
    leads = programmes_where(person, today, {Capacity.NATIONAL_LEAD})
    if not offices and not leads:
        return []
    regions = list(Region.objects.filter(office__in=offices)) if offices else []
    programmes = leads | {region.programme_id for region in regions}
    years = (
        ReportingYear.objects.filter(programme__in=programmes, due_on__lt=today)
        .exclude(state=YearState.PLANNED.value)
        .select_related("programme")
    )
    gone: set[tuple[int, int | None]] = set(
        Summary.objects.filter(reporting_year__in=years)
        .exclude(state=SummaryState.DRAFT.value)
        .values_list("reporting_year_id", "region_id")
    )
    found = []
    for year in years:
        for region in regions:
            if region.programme_id == year.programme_id and (year.pk, region.pk) not in gone:
                text = _("%(region)s: write the summary of %(year)s and send it up.") % {
                    "region": region.name,
                    "year": year.year,
                }
                found.append(_to_write(year, text, region.code, year.summary_by, today))
        if year.programme_id in leads and year.summary_by < today and (year.pk, None) not in gone:
            text = _("Write the national summary of %(year)s and send it to the owner.") % {
                "year": year.year
            }
            found.append(_to_write(year, text, NATIONAL, year.national_by, today))
    return found


def _to_write(year: ReportingYear, text: str, key: str, due: dt.date, today: dt.date) -> Waiting:
    return Waiting(
        text=text,
        programme=pick(year.programme.title),
        label=_("Write the summary"),
        url=_summary_url(year.programme.slug, year.year, key),
        due=due,
        is_late=due < today,
    )


def _summaries_to_answer(person: Person, today: dt.date) -> list[Waiting]:
    offices = _offices(person, today, Capacity.NATIONAL_LEAD, Capacity.OWNER)
    if not offices:
        return []
    own = {role.organisation_id for role in roles_of(person, today)}
    rows = (
        Summary.objects.filter(
            to_office__in=offices, state__in=[SummaryState.SENT.value, SummaryState.READ.value]
        )
        .exclude(office__in=own)
        .exclude(sent_by=person)
        .select_related("programme", "reporting_year", "region")
    )
    found = []
    for row in rows:
        year, regional = row.reporting_year, row.level == Level.REGION
        due = year.national_by if regional else None
        text = (
            _("The summary of %(region)s for %(year)s waits to be read and answered.")
            % {"region": row.region, "year": year.year}
            if regional
            else _("The national summary of %(year)s waits to be read and answered.")
            % {"year": year.year}
        )
        found.append(
            Waiting(
                text=text,
                programme=pick(row.programme.title),
                label=_("Read and answer"),
                url=_summary_url(
                    row.programme.slug, year.year, row.region.code if row.region else NATIONAL
                ),
                due=due,
                is_late=due is not None and due < today,
            )
        )
    return found


def _matters_to_answer(person: Person, today: dt.date) -> list[Waiting]:
    offices = _offices(person, today, *Capacity)
    if not offices:
        return []
    rows = (
        Matter.objects.filter(addressed_to__in=offices, state=MatterState.ASKED.value)
        .exclude(asked_by__in=offices)
        .exclude(asked_by_person=person)
        .select_related("programme", "asked_by")
        .order_by("asked_on", "pk")
    )
    found = []
    for row in rows:
        days = (today - row.asked_on).days
        text = ngettext(
            "%(office)s asks: %(title)s. It has waited for %(days)s day.",
            "%(office)s asks: %(title)s. It has waited for %(days)s days.",
            days,
        ) % {"office": row.asked_by.name, "title": row.title, "days": days}
        found.append(
            Waiting(
                text=text,
                programme=pick(row.programme.title),
                label=_("Answer"),
                url=reverse("delivery:matter", args=[row.programme.slug, row.pk]),
            )
        )
    return found


def _decisions_to_carry_out(person: Person, today: dt.date) -> list[Waiting]:
    offices = _offices(person, today, *Capacity)
    if not offices:
        return []
    rows = Decision.objects.filter(
        owner__in=offices, state=DecisionState.OPEN.value
    ).select_related("programme")
    return [
        Waiting(
            text=_("Carry out the decision: %(text)s") % {"text": row.text[:160]},
            programme=pick(row.programme.title),
            label=_("Report as carried out"),
            url=reverse("delivery:finish_decision", args=[row.programme.slug, row.pk]),
            due=row.due_on,
            is_late=row.due_on < today,
        )
        for row in rows
    ]


def _next_dialogues(person: Person, today: dt.date) -> list[Waiting]:
    programmes = programmes_where(person, today, STEERS)
    if not programmes:
        return []
    rows = (
        SteeringMeeting.objects.filter(programme__in=programmes, state=SteeringState.PLANNED.value)
        .select_related("programme")
        .order_by("programme_id", "on", "number")
        .distinct("programme_id")
    )
    return [
        Waiting(
            text=_("Steering dialogue %(number)s: look through the agenda.")
            % {"number": row.number},
            programme=pick(row.programme.title),
            label=_("Open the agenda"),
            url=reverse("delivery:steering_meeting", args=[row.programme.slug, row.number]),
            due=row.on,
            is_late=row.on < today,
        )
        for row in rows
    ]


WAITING: list[Callable[[Person, dt.date], list[Waiting]]] = [
    _summaries_to_write,
    _summaries_to_answer,
    _matters_to_answer,
    _decisions_to_carry_out,
    _next_dialogues,
]


def _answered_summaries(person: Person, since: dt.date) -> list[News]:
    offices = _offices(person, since + NEWS_DAYS, *Capacity)
    if not offices:
        return []
    rows = Summary.objects.filter(office__in=offices, answered_at__date__gte=since).select_related(
        "programme", "reporting_year", "region", "to_office"
    )
    return [
        News(
            text=_("%(office)s answered your summary of %(year)s.")
            % {"office": row.to_office.name, "year": row.reporting_year.year},
            on=timezone.localdate(row.answered_at),
            url=_summary_url(
                row.programme.slug,
                row.reporting_year.year,
                row.region.code if row.region else NATIONAL,
            ),
        )
        for row in rows
        if row.answered_at is not None
    ]


def _answered_matters(person: Person, since: dt.date) -> list[News]:
    """Those who asked, and the municipalities whose report or need it rests on."""
    today = since + NEWS_DAYS
    offices = _offices(person, today, *OFFICES)
    rows = (
        Matter.objects.visible_to(person, today)
        .filter(state=MatterState.ANSWERED.value, answered_at__date__gte=since)
        .select_related("programme", "answered_by", "addressed_to")
    )
    if offices:
        rows = rows.filter(asked_by__in=offices)
    return [
        News(
            text=_("%(office)s answered “%(title)s”.")
            % {"office": (row.answered_by or row.addressed_to).name, "title": row.title},
            on=timezone.localdate(row.answered_at),
            url=reverse("delivery:matter", args=[row.programme.slug, row.pk]),
        )
        for row in rows
        if row.answered_at is not None
    ]


def _finished_decisions(person: Person, since: dt.date) -> list[News]:
    offices = _offices(person, since + NEWS_DAYS, *Capacity)
    if not offices:
        return []
    rows = (
        Decision.objects.filter(
            matter__asked_by__in=offices, state=DecisionState.DONE.value, done_on__gte=since
        )
        .select_related("programme", "matter", "owner")
        .order_by("-done_on")
    )
    return [
        News(
            text=_("%(office)s has carried out what was decided on “%(title)s”.")
            % {"office": row.owner.name, "title": row.matter.title},
            on=row.done_on,
            url=reverse("delivery:matter", args=[row.programme.slug, row.matter.pk]),
        )
        for row in rows
        if row.done_on is not None and row.matter is not None
    ]


NEWS: list[Callable[[Person, dt.date], list[News]]] = [
    _answered_summaries,
    _answered_matters,
    _finished_decisions,
]
