"""What waits and comes back about needs that municipalities have said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from sloyfe.accounts.models import Person
from sloyfe.delivery.models import Matter, Need
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.needs import NeedState
from sloyfe.delivery.rules.steering import MatterState
from sloyfe.home.queries.waiting.shapes import PLACE, News, Row, Source, Waiting, day, each
from sloyfe.home.rules import NEWS_DAYS
from sloyfe.programme.queries import programmes_where, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.ui.templatetags.ui import pick

# More than these are led to by the list of needs.
MOST_LINES = 20
_NEED = PLACE | {"pk": "pk", "state": "state"}


def _url(row: Row) -> str:
    return reverse("delivery:need", args=[row["slug"], row["pk"]])


def _waiting(row: Row, text: str, label: str, today: dt.date) -> Waiting:
    due = day(row.get("due"))
    return Waiting(
        text=text % row,
        programme=pick(row["programme"]),
        label=label,
        url=_url(row),
        due=due,
        since=day(row["since"]),
        is_late=due is not None and due < today,
    )


def _needs_to_look_at(person: Person, today: dt.date) -> Source[Waiting] | None:
    """A need that has come to an office waits for it to say who does what."""
    reach = reach_of(person, today)
    national = programmes_where(person, today, {Capacity.NATIONAL_LEAD})
    offices = programmes_where(person, today, {Capacity.REGIONAL_OFFICE})
    if not (national or offices):
        return None
    own = Q(office__in=reach.offices) | Q(municipality__in=reach.region, programme__in=offices)
    # Where a municipality lies in no office's region, nasjonalt fagansvar has its needs.
    lead = [
        role.organisation_id
        for role in roles_of(person, today)
        if role.capacity is Capacity.NATIONAL_LEAD
    ]
    own |= Q(programme__in=national, office__in=lead)

    def tell(row: Row) -> Waiting:
        text = _("%(municipality)s has said what it needs. Say who does what.")
        return _waiting(row, text, _("Look at the need"), today)

    return Source(
        Need.objects.filter(own, state=NeedState.RECEIVED.value)
        .exclude(municipality__in=reach.municipalities)
        .order_by("triage_due", "pk")[:MOST_LINES],
        _NEED | {"due": "triage_due", "since": F("received_at__date")},
        each(tell),
    )


def _needs_raised(person: Person, today: dt.date) -> Source[Waiting] | None:
    """What a region could not meet. Once it has been decided on, nothing is missing but the answer."""
    programmes = programmes_where(person, today, {Capacity.NATIONAL_LEAD})
    if not programmes:
        return None

    def tell(row: Row) -> Waiting:
        text = (
            _(
                "A decision has been made on a need of %(municipality)s. Give the municipality the answer."
            )
            if row["is_decided"]
            else _(
                "The region could not meet what %(municipality)s needs. It waits for your answer."
            )
        )
        return _waiting(row, text, _("Answer the need"), today)

    decided: Any = Matter.objects.filter(
        need=OuterRef("pk"),
        state=MatterState.ANSWERED.value,
        answered_at__gte=OuterRef("raised_at"),
    )
    return Source(
        Need.objects.filter(programme__in=programmes, state=NeedState.RAISED.value)
        .annotate(is_decided=Exists(decided))
        .order_by("raised_at", "pk")[:MOST_LINES],
        _NEED | {"since": F("raised_at__date"), "is_decided": "is_decided"},
        each(tell),
    )


def _needs_answered(person: Person, today: dt.date) -> Source[Waiting] | None:
    if not programmes_where(person, today, {Capacity.MUNICIPALITY}):
        return None

    def tell(row: Row) -> Waiting:
        text = _(
            "What %(municipality)s needs has been answered. Read it and say whether it helped."
        )
        return _waiting(row, text, _("Read the answer"), today)

    return Source(
        Need.objects.filter(
            municipality__in=reach_of(person, today).municipalities,
            state=NeedState.ANSWERED.value,
        )
        .exclude(access=Access.INTERNAL.value)
        .order_by("answered_at", "pk")[:MOST_LINES],
        _NEED | {"since": F("answered_at__date")},
        each(tell),
    )


WAITING: list[Callable[[Person, dt.date], Source[Waiting] | None]] = [
    _needs_to_look_at,
    _needs_raised,
    _needs_answered,
]

_WHEN = {
    name: F(f"{name}__date") for name in ("triaged_at", "raised_at", "answered_at", "reopened_at")
}


def _news(row: Row, text: str, on: dt.date) -> News:
    return News(text=text % row, on=on, url=_url(row))


def _news_for_municipality(person: Person, since: dt.date) -> Source[News] | None:
    today = since + NEWS_DAYS
    if not programmes_where(person, today, {Capacity.MUNICIPALITY}):
        return None

    def tell(row: Row) -> News | None:
        raised, triaged = day(row["raised_at"]), day(row["triaged_at"])
        if raised is not None and raised >= since:
            return _news(
                row, _("The need of %(municipality)s went on to nasjonalt fagansvar."), raised
            )
        if triaged is not None:
            return _news(row, _("The office has said who does what for %(municipality)s."), triaged)
        return None

    return Source(
        Need.objects.filter(municipality__in=reach_of(person, today).municipalities)
        .exclude(access=Access.INTERNAL.value)
        .filter(Q(triaged_at__date__gte=since) | Q(raised_at__date__gte=since))
        .order_by("-triaged_at")[:MOST_LINES],
        _NEED | _WHEN,
        each(tell),
    )


def _news_for_offices(person: Person, since: dt.date) -> Source[News] | None:
    """An office hears what nasjonalt fagansvar answered on what it raised, and which answers did not help."""
    reach = reach_of(person, since + NEWS_DAYS)
    if not reach.offices:
        return None

    def tell(row: Row) -> News | None:
        reopened, answered = day(row["reopened_at"]), day(row["answered_at"])
        if reopened is not None and row["state"] == NeedState.IN_WORK:
            return _news(row, _("The answer to %(municipality)s did not help."), reopened)
        if answered is not None and row["raised_at"] is not None:
            return _news(row, _("Nasjonalt fagansvar answered %(municipality)s."), answered)
        return None

    return Source(
        Need.objects.filter(office__in=reach.offices)
        .filter(
            Q(raised_at__isnull=False, answered_at__date__gte=since)
            | Q(reopened_at__date__gte=since)
        )
        .order_by("-answered_at")[:MOST_LINES],
        _NEED | _WHEN,
        each(tell),
    )


NEWS: list[Callable[[Person, dt.date], Source[News] | None]] = [
    _news_for_municipality,
    _news_for_offices,
]
