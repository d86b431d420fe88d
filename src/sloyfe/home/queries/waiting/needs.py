"""What waits and comes back about needs that municipalities have said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sloyfe.accounts.models import Person
from sloyfe.delivery.models import Need
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.needs import NeedState
from sloyfe.home.queries.waiting.shapes import News, Waiting
from sloyfe.home.rules import NEWS_DAYS
from sloyfe.programme.queries import programmes_where, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.ui.templatetags.ui import pick

# More than these are led to by the list of needs.
MOST_LINES = 20


def _url(need: Need) -> str:
    return reverse("delivery:need", args=[need.programme.slug, need.pk])


def _waiting(need: Need, text: str, label: str, today: dt.date, due: dt.date | None) -> Waiting:
    return Waiting(
        text=text % {"municipality": need.municipality.name},
        programme=pick(need.programme.title),
        label=label,
        url=_url(need),
        due=due,
        is_late=due is not None and due < today,
    )


def _needs_to_look_at(person: Person, today: dt.date) -> list[Waiting]:
    """A need that has come to an office waits for it to say who does what."""
    reach = reach_of(person, today)
    national = programmes_where(person, today, {Capacity.NATIONAL_LEAD})
    offices = programmes_where(person, today, {Capacity.REGIONAL_OFFICE})
    if not (national or offices):
        return []
    own = Q(office__in=reach.offices) | Q(municipality__in=reach.region, programme__in=offices)
    # Where a municipality lies in no office's region, nasjonalt fagansvar has its needs.
    lead = [
        role.organisation_id
        for role in roles_of(person, today)
        if role.capacity is Capacity.NATIONAL_LEAD
    ]
    own |= Q(programme__in=national, office__in=lead)
    needs = (
        Need.objects.filter(own, state=NeedState.RECEIVED.value)
        .exclude(municipality__in=reach.municipalities)
        .select_related("programme", "municipality")
        .order_by("triage_due", "pk")[:MOST_LINES]
    )
    return [
        _waiting(
            need,
            _("%(municipality)s has said what it needs. Say who does what."),
            _("Look at the need"),
            today,
            need.triage_due,
        )
        for need in needs
    ]


def _needs_raised(person: Person, today: dt.date) -> list[Waiting]:
    programmes = programmes_where(person, today, {Capacity.NATIONAL_LEAD})
    if not programmes:
        return []
    needs = (
        Need.objects.filter(programme__in=programmes, state=NeedState.RAISED.value)
        .select_related("programme", "municipality")
        .order_by("raised_at", "pk")[:MOST_LINES]
    )
    return [
        _waiting(
            need,
            _("The region could not meet what %(municipality)s needs. It waits for your answer."),
            _("Answer the need"),
            today,
            None,
        )
        for need in needs
    ]


def _needs_answered(person: Person, today: dt.date) -> list[Waiting]:
    if not programmes_where(person, today, {Capacity.MUNICIPALITY}):
        return []
    needs = (
        Need.objects.filter(
            municipality__in=reach_of(person, today).municipalities,
            state=NeedState.ANSWERED.value,
        )
        .exclude(access=Access.INTERNAL.value)
        .select_related("programme", "municipality")
        .order_by("answered_at", "pk")[:MOST_LINES]
    )
    return [
        _waiting(
            need,
            _("What %(municipality)s needs has been answered. Read it and say whether it helped."),
            _("Read the answer"),
            today,
            None,
        )
        for need in needs
    ]


WAITING: list[Callable[[Person, dt.date], list[Waiting]]] = [
    _needs_to_look_at,
    _needs_raised,
    _needs_answered,
]


def _news_for_municipality(person: Person, since: dt.date) -> list[News]:
    today = since + NEWS_DAYS
    if not programmes_where(person, today, {Capacity.MUNICIPALITY}):
        return []
    needs = (
        Need.objects.filter(municipality__in=reach_of(person, today).municipalities)
        .exclude(access=Access.INTERNAL.value)
        .filter(Q(triaged_at__date__gte=since) | Q(raised_at__date__gte=since))
        .select_related("programme", "municipality")
        .order_by("-triaged_at")[:MOST_LINES]
    )
    found = []
    for need in needs:
        if need.raised_at is not None and timezone.localdate(need.raised_at) >= since:
            text, at = (
                _("The need of %(municipality)s went on to nasjonalt fagansvar."),
                need.raised_at,
            )
        elif need.triaged_at is not None:
            text, at = _("The office has said who does what for %(municipality)s."), need.triaged_at
        else:
            continue
        found.append(
            News(
                text=text % {"municipality": need.municipality.name},
                on=timezone.localdate(at),
                url=_url(need),
            )
        )
    return found


def _news_for_offices(person: Person, since: dt.date) -> list[News]:
    """An office hears what nasjonalt fagansvar answered on what it raised, and which answers did not help."""
    reach = reach_of(person, since + NEWS_DAYS)
    if not reach.offices:
        return []
    needs = (
        Need.objects.filter(office__in=reach.offices)
        .filter(
            Q(raised_at__isnull=False, answered_at__date__gte=since)
            | Q(reopened_at__date__gte=since)
        )
        .select_related("programme", "municipality")
        .order_by("-answered_at")[:MOST_LINES]
    )
    found = []
    for need in needs:
        if need.reopened_at is not None and need.state == NeedState.IN_WORK:
            text, at = _("The answer to %(municipality)s did not help."), need.reopened_at
        elif need.answered_at is not None and need.raised_at is not None:
            text, at = _("Nasjonalt fagansvar answered %(municipality)s."), need.answered_at
        else:
            continue
        found.append(
            News(
                text=text % {"municipality": need.municipality.name},
                on=timezone.localdate(at),
                url=_url(need),
            )
        )
    return found


NEWS: list[Callable[[Person, dt.date], list[News]]] = [_news_for_municipality, _news_for_offices]
