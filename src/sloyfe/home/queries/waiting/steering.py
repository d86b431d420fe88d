"""What waits and comes back between the levels: summaries, matters, steering dialogues, decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from sloyfe.accounts.models import Person
from sloyfe.delivery.models import Decision, Matter, ReportingYear, SteeringMeeting, Summary
from sloyfe.delivery.queries.offices import OFFICES, STEERS
from sloyfe.delivery.rules.reports import YearState
from sloyfe.delivery.rules.steering import DecisionState, MatterState, SteeringState
from sloyfe.delivery.rules.summaries import NATIONAL, Level, SummaryState
from sloyfe.home.queries.waiting.shapes import PROGRAMME, News, Row, Source, Waiting, day, each
from sloyfe.home.rules import NEWS_DAYS, SOON
from sloyfe.programme.models import Region, YearDate
from sloyfe.programme.queries import programmes_where, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.programme.rules.year_wheel import DateKind
from sloyfe.ui.templatetags.ui import pick

_SUMMARY = PROGRAMME | {
    "year": "reporting_year__year",
    "region": "region__name",
    "code": "region__code",
}


def _offices(person: Person, on: dt.date, *capacities: Capacity) -> set[int]:
    return {role.organisation_id for role in roles_of(person, on) if role.capacity in capacities}


def _summary_url(row: Row) -> str:
    return reverse("delivery:summary", args=[row["slug"], row["year"], row["code"] or NATIONAL])


def _summaries_to_write(person: Person, today: dt.date) -> Source[Waiting] | None:
    """Regional summaries from the day the reports are due, the national one from the day those are."""
    offices = _offices(person, today, Capacity.REGIONAL_OFFICE)
    leads = programmes_where(person, today, {Capacity.NATIONAL_LEAD})
    if not offices and not leads:
        return None

    def tell(rows: list[Row]) -> list[Waiting]:
        return [line for row in rows for line in _to_write(row, today, leads)]

    gone: Any = Summary.objects.exclude(state=SummaryState.DRAFT.value)
    regions: Any = Region.objects.filter(
        ~Exists(gone.filter(region=OuterRef("pk"), reporting_year=OuterRef(OuterRef("pk")))),
        office__in=offices,
        programme=OuterRef("programme"),
    )
    programmes = Region.objects.filter(office__in=offices).values("programme_id")
    years = ReportingYear.objects.exclude(state=YearState.PLANNED.value).filter(due_on__lt=today)
    years = years.filter(programme__in=leads) | years.filter(programme__in=programmes)
    return Source(
        years.annotate(
            regions=ArraySubquery(
                regions.order_by("position").values(one=JSONObject(region="name", code="code"))
            ),
            is_national_gone=Exists(gone.filter(region=None, reporting_year=OuterRef("pk"))),
        ),
        PROGRAMME
        | {"programme_id": "programme_id", "year": "year", "regions": "regions"}
        | {"is_national_gone": "is_national_gone"}
        | {"summary_by": "summary_by", "national_by": "national_by"},
        tell,
    )


def _to_write(row: Row, today: dt.date, leads: set[int]) -> list[Waiting]:
    found = []
    summary_by = dt.date.fromisoformat(row["summary_by"])
    # Nothing at all where the person has no office.
    for region in row["regions"] or ():
        text = _("%(region)s: write the summary of %(year)s and send it up.")
        found.append((text, {**row, **region}, summary_by))
    if row["programme_id"] in leads and summary_by < today and not row["is_national_gone"]:
        text = _("Write the national summary of %(year)s and send it to the owner.")
        found.append((text, {**row, "code": ""}, dt.date.fromisoformat(row["national_by"])))
    return [
        Waiting(
            text=text % one,
            programme=pick(one["programme"]),
            label=_("Write the summary"),
            url=_summary_url(one),
            due=due,
            is_late=due < today,
        )
        for text, one, due in found
    ]


def _summaries_to_answer(person: Person, today: dt.date) -> Source[Waiting] | None:
    """A region's is due when the national one is; the nation's when owner and fagansvar meet the next time."""
    offices = _offices(person, today, Capacity.NATIONAL_LEAD, Capacity.OWNER)
    if not offices:
        return None

    def tell(row: Row) -> Waiting:
        regional = row["level"] == Level.REGION
        due = day(row["national_by"] if regional else row["meets_on"])
        text = (
            _("The summary of %(region)s for %(year)s waits to be read and answered.")
            if regional
            else _("The national summary of %(year)s waits to be read and answered.")
        )
        return Waiting(
            text=text % row,
            programme=pick(row["programme"]),
            label=_("Read and answer"),
            url=_summary_url(row),
            due=due,
            since=day(row["since"]),
            is_late=due is not None and due < today,
        )

    meetings: Any = SteeringMeeting.objects.filter(
        programme=OuterRef("programme"), state=SteeringState.PLANNED.value, on__gte=today
    ).order_by("on")
    return Source(
        Summary.objects.filter(
            to_office__in=offices, state__in=[SummaryState.SENT.value, SummaryState.READ.value]
        )
        .exclude(office__in={role.organisation_id for role in roles_of(person, today)})
        .exclude(sent_by=person)
        .annotate(meets_on=Subquery(meetings.values("on")[:1])),
        _SUMMARY
        | {"level": "level", "meets_on": "meets_on", "since": F("sent_at__date")}
        | {"national_by": "reporting_year__national_by"},
        each(tell),
    )


def _matters_to_answer(person: Person, today: dt.date) -> Source[Waiting] | None:
    offices = _offices(person, today, *Capacity)
    if not offices:
        return None

    def tell(row: Row) -> Waiting:
        return Waiting(
            text=_("%(office)s asks: %(title)s") % row,
            programme=pick(row["programme"]),
            label=_("Answer"),
            url=reverse("delivery:matter", args=[row["slug"], row["pk"]]),
            since=day(row["since"]),
        )

    return Source(
        Matter.objects.filter(addressed_to__in=offices, state=MatterState.ASKED.value)
        .exclude(asked_by__in=offices)
        .exclude(asked_by_person=person),
        PROGRAMME | {"pk": "pk", "title": "title", "office": "asked_by__name", "since": "asked_on"},
        each(tell),
    )


def _decisions_to_carry_out(person: Person, today: dt.date) -> Source[Waiting] | None:
    offices = _offices(person, today, *Capacity)
    if not offices:
        return None

    def tell(row: Row) -> Waiting:
        due = dt.date.fromisoformat(row["due"])
        return Waiting(
            text=_("Carry out the decision: %(text)s") % {"text": row["text"][:160]},
            programme=pick(row["programme"]),
            label=_("Report as carried out"),
            url=reverse("delivery:finish_decision", args=[row["slug"], row["pk"]]),
            due=due,
            since=day(row["since"]),
            is_late=due < today,
        )

    return Source(
        Decision.objects.filter(owner__in=offices, state=DecisionState.OPEN.value),
        PROGRAMME | {"pk": "pk", "text": "text", "due": "due_on", "since": "decided_on"},
        each(tell),
    )


def _next_dialogues(person: Person, today: dt.date) -> Source[Waiting] | None:
    """The agenda of the next dialogue, once it is near; or one whose day has passed and was not ended."""
    programmes = programmes_where(person, today, STEERS)
    if not programmes:
        return None

    def tell(rows: list[Row]) -> list[Waiting]:
        nearest: dict[str, Row] = {}
        for row in sorted(rows, key=lambda row: (row["on"], row["number"])):
            nearest.setdefault(row["slug"], row)
        return [_dialogue(row, today) for row in nearest.values()]

    return Source(
        SteeringMeeting.objects.filter(
            programme__in=programmes, state=SteeringState.PLANNED.value, on__lte=today + SOON
        ),
        PROGRAMME | {"number": "number", "on": "on"},
        tell,
    )


def _dialogue(row: Row, today: dt.date) -> Waiting:
    on = dt.date.fromisoformat(row["on"])
    return Waiting(
        text=_("Steering dialogue %(number)s: look through the agenda.") % row,
        programme=pick(row["programme"]),
        label=_("Open the agenda"),
        url=reverse("delivery:steering_meeting", args=[row["slug"], row["number"]]),
        due=on,
        is_late=on < today,
    )


def _deadlines_on_the_wheel(person: Person, today: dt.date) -> Source[Waiting] | None:
    """What those who steer have to do by a day of the year wheel that no page of its own keeps."""
    programmes: dict[Capacity, set[int]] = {
        capacity: found
        for capacity in STEERS
        if (found := programmes_where(person, today, {capacity}))
    }
    if not programmes:
        return None

    def tell(row: Row) -> Waiting:
        return Waiting(
            text=pick(row["title"]),
            programme=pick(row["programme"]),
            label=_("Open the year wheel"),
            url=reverse("programme:year_wheel", args=[row["slug"]]),
            due=dt.date.fromisoformat(row["due"]),
        )

    dates = YearDate.objects.annotate(last_day=Coalesce("ends_on", "starts_on")).filter(
        kind=DateKind.DEADLINE.value, is_cancelled=False, last_day__range=(today, today + SOON)
    )
    own = YearDate.objects.none()
    for capacity, where in programmes.items():
        own |= dates.filter(programme__in=where, roles__contains=[capacity.value])
    return Source(own, PROGRAMME | {"title": "title", "due": "last_day"}, each(tell))


WAITING: list[Callable[[Person, dt.date], Source[Waiting] | None]] = [
    _summaries_to_write,
    _summaries_to_answer,
    _matters_to_answer,
    _decisions_to_carry_out,
    _next_dialogues,
    _deadlines_on_the_wheel,
]


def _answered_summaries(person: Person, since: dt.date) -> Source[News] | None:
    offices = _offices(person, since + NEWS_DAYS, *Capacity)
    if not offices:
        return None

    def tell(row: Row) -> News:
        return News(
            text=_("%(office)s answered your summary of %(year)s.") % row,
            on=dt.date.fromisoformat(row["on"]),
            url=_summary_url(row),
        )

    return Source(
        Summary.objects.filter(office__in=offices, answered_at__date__gte=since),
        _SUMMARY | {"office": "to_office__name", "on": F("answered_at__date")},
        each(tell),
    )


def _answered_matters(person: Person, since: dt.date) -> Source[News] | None:
    """Those who asked, and the municipalities whose report or need it rests on."""
    today = since + NEWS_DAYS
    offices = _offices(person, today, *OFFICES)

    def tell(row: Row) -> News:
        return News(
            text=_("%(office)s answered “%(title)s”.") % row,
            on=dt.date.fromisoformat(row["on"]),
            url=reverse("delivery:matter", args=[row["slug"], row["pk"]]),
        )

    rows = Matter.objects.visible_to(person, today).filter(
        state=MatterState.ANSWERED.value, answered_at__date__gte=since
    )
    if offices:
        rows = rows.filter(asked_by__in=offices)
    return Source(
        rows,
        PROGRAMME
        | {"pk": "pk", "title": "title", "on": F("answered_at__date")}
        | {"office": Coalesce("answered_by__name", "addressed_to__name")},
        each(tell),
    )


def _finished_decisions(person: Person, since: dt.date) -> Source[News] | None:
    offices = _offices(person, since + NEWS_DAYS, *Capacity)
    if not offices:
        return None

    def tell(row: Row) -> News:
        return News(
            text=_("%(office)s has carried out what was decided on “%(title)s”.") % row,
            on=dt.date.fromisoformat(row["on"]),
            url=reverse("delivery:matter", args=[row["slug"], row["matter"]]),
        )

    return Source(
        Decision.objects.filter(
            matter__asked_by__in=offices, state=DecisionState.DONE.value, done_on__gte=since
        ),
        PROGRAMME
        | {"matter": "matter_id", "title": "matter__title", "on": "done_on"}
        | {"office": "owner__name"},
        each(tell),
    )


NEWS: list[Callable[[Person, dt.date], Source[News] | None]] = [
    _answered_summaries,
    _answered_matters,
    _finished_decisions,
]
